"""The text and the actions of a Go template, an action as its tokens (text/template/parse/lex.go)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

_OPEN = re.compile(r"\{\{(-(?=[ \t\r\n]))?")
_COMMENT = re.compile(r"[ \t\r\n]*/\*.*?\*/(?:[ \t\r\n]+-|)\}\}", re.S)
_CLOSE = re.compile(r"[ \t\r\n]+-\}\}|\}\}")
_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
    |(?P<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+')
    |(?P<number>[+-]?(?:0[xX][0-9a-fA-F_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eEpP][+-]?[0-9]+)?|\.[0-9]+)i?)
    |(?P<variable>\$\w*)
    |(?P<field>\.[^\W\d]\w*)
    |(?P<dot>\.)
    |(?P<word>[^\W\d]\w*)
    |(?P<open>\()
    |(?P<close>\))
    |(?P<sign>:=|[=,|])""",
    re.X,
)
_ENDS = frozenset(("space", "field", "sign", "close", "open"))
"""What may follow a name directly."""


class TemplateError(Exception):
    """A template that Go cannot parse."""


class Token(Struct, frozen=True):
    """A part of an action; `kind` is the name of its group."""

    kind: str
    text: str


class Action(Struct, frozen=True):
    """One `{{ ... }}` with its delimiters; a comment has no tokens."""

    opening: str
    tokens: tuple[Token, ...]
    closing: str


def parts(template: str) -> Iterator[str | Action]:
    """Yield the texts and the actions of a template; raises TemplateError."""
    at = 0
    while opening := _OPEN.search(template, at):
        yield template[at : opening.start()]
        if comment := _COMMENT.match(template, opening.end()):
            yield Action(template[opening.start() : comment.end()], (), "")
            at = comment.end()
            continue
        action, at = _action(template, opening)
        yield action
    yield template[at:]


def _action(template: str, opening: re.Match[str]) -> tuple[Action, int]:
    tokens: list[Token] = []
    at = opening.end()
    while not (closing := _CLOSE.match(template, at)):
        found = _TOKEN.match(template, at)
        if found is None:
            raise TemplateError(f"unexpected {template[at]!r} in an action" if at < len(template) else "unclosed action")
        kind = found.lastgroup or ""
        if tokens and tokens[-1].kind in ("field", "variable", "word") and kind not in _ENDS:
            raise TemplateError(f"unexpected {found[0]!r} after {tokens[-1].text!r}")
        tokens.append(Token(kind, found[0]))
        at = found.end()
    if all(token.kind == "space" for token in tokens):
        raise TemplateError("an action without a command")
    return Action(opening[0], tuple(tokens), closing[0]), closing.end()
