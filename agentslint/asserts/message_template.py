"""A message with expressions in braces: `{object.spec.replicas} replicas`; `{{` and `}}` stand for a literal brace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from agentslint.cel import Expression, ExpressionError, Missing, Scope, Unanswered

LONGEST = 120
"""Characters of a value in a message."""


class MessageTemplate(Struct, frozen=True):
    """The texts and the expressions of a message, in their order."""

    parts: tuple[str | Expression, ...]

    def fill(self, scope: Scope) -> str:
        """Return the message about one subject."""
        return "".join(part if isinstance(part, str) else _shown(part.read(scope)) for part in self.parts)


def read_template(text: str, compiled: Callable[[str, int], Expression]) -> MessageTemplate:
    """Read a message; `compiled` makes an expression of a text that begins at a column (0-based). Raises ExpressionError."""
    return MessageTemplate(tuple(_parts(text, compiled)))


def _parts(text: str, compiled: Callable[[str, int], Expression]) -> Iterator[str | Expression]:
    at, plain = 0, ""
    while at < len(text):
        if text[at : at + 2] in ("{{", "}}"):
            plain, at = plain + text[at], at + 2
        elif text[at] == "{":
            end = _end(text, at)
            yield plain
            yield compiled(text[at + 1 : end], at + 1)
            plain, at = "", end + 1
        else:
            plain, at = plain + text[at], at + 1
    yield plain


def _end(text: str, start: int) -> int:
    """Return the index of the brace that closes the one at `start`; braces in quotes do not count."""
    depth, quote, at = 0, "", start
    while at < len(text):
        char = text[at]
        if quote:
            at += char == "\\"
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        else:
            depth += (char == "{") - (char == "}")
            if not depth:
                return at
        at += 1
    raise ExpressionError("this brace is never closed; two braces are one that is meant", *_place(text, start))


def _place(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _shown(value: Any) -> str:
    if isinstance(value, Missing):
        return "(not there)"
    if isinstance(value, Unanswered):
        return "(unknown)"
    if value is None or isinstance(value, bool):
        value = {None: "null", True: "true", False: "false"}[value]
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
