"""Refuses an expression that could make a text or a list many times as long as the values that it reads; it is not evaluated for that.

The library bounds neither. A macro multiplies the length by the number of times that its variable stands in its body
(`map(x, x + x)` doubles it), `replace` and `join` by the length of the text that they insert.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agentslint.cel.outcomes import ExpressionError

CALLS = 6
"""The most calls of functions that make their result longer than their input."""
GROWTH = 10_000
"""The most times as long that a text or a list may become."""
_HIDDEN = re.compile(
    r"""//[^\n]*|(?:[bB]?[rR]|[rR][bB])(?:"{3}.*?"{3}|'{3}.*?'{3}|"[^"\n]*"|'[^'\n]*')"""
    r"""|"{3}(?:[^\\]|\\.)*?"{3}|'{3}(?:[^\\]|\\.)*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*\'""",
    re.S,
)
_CALL = re.compile(r"(?<!\w)(bind|replace|join|format|quote|encode|toJson|map|optMap|optFlatMap|all|exists|exists_one|filter)\s*\(")
_PREDICATES = ("all", "exists", "exists_one", "filter")
_FREE = ("map", "optMap", "optFlatMap", *_PREDICATES)
_MACROS = ("bind", *_FREE)
_ITEMS = 20
"""The items that `join` is taken to have."""
_UNKNOWN = 1_000
"""The length of a text that is not written in the expression."""


def refuse_growth(text: str) -> None:
    """Raise ExpressionError for an expression that multiplies too often, at the call that is one too many."""
    plain = without_texts(text)
    calls, growth = 0, 1
    for found in _CALL.finditer(plain):
        name = found.group(1)
        calls += name not in _FREE
        if calls > CALLS:
            said = f"it calls cel.bind, replace, join, format, strings.quote, base64.encode and toJson more than {CALLS} times"
            raise _refused(said, text, found.start())
        end = end_of_call(plain, found.end())
        growth *= max(1, _factor(name, plain[found.end() : end], text[found.end() : end]))
        if growth > GROWTH:
            raise _refused(f"it may make a text more than {GROWTH:,} times as long", text, found.start())


def without_texts(text: str) -> str:
    """Return an expression with blanks in the place of its texts and comments, so that no bracket in them counts."""
    return _HIDDEN.sub(_blank, text)


def _factor(name: str, plain: str, text: str) -> int:
    """How many times as long as its input the result of a call can be."""
    if name in _PREDICATES and not any(found.group(1) in _MACROS for found in _CALL.finditer(plain)):
        return 1  # The result is true or false, or some items of the input.
    if name in _MACROS:
        variable = re.match(r"\s*(\w+)", plain)
        return len(re.findall(rf"(?<!\w){variable.group(1)}(?!\w)", plain)) - 1 if variable else 1
    if name not in ("replace", "join"):
        return 2
    arguments = list(_arguments(plain, text))
    put = arguments[min(len(arguments), 2) - 1] if arguments else ""
    is_literal = _HIDDEN.fullmatch(put.strip()) is not None
    length = len(put.strip()) - 2 if is_literal else _UNKNOWN if put.strip() else 0
    return length + (_ITEMS if name == "join" else 0)


def _arguments(plain: str, text: str) -> Iterator[str]:
    """The arguments of a call as they are written, without comments."""
    start = depth = 0
    for at, char in enumerate(plain):
        depth += (char in "([{") - (char in ")]}")
        if char == "," and not depth:
            yield _uncommented(text[start:at])
            start = at + 1
    yield _uncommented(text[start:])


def _uncommented(text: str) -> str:
    return _HIDDEN.sub(lambda found: "" if found.group().startswith("//") else found.group(), text)


def end_of_call(plain: str, start: int) -> int:
    """Return where the bracket stands that closes a call whose arguments begin at `start`; the end of the text where none does."""
    depth = 1
    for at in range(start, len(plain)):
        depth += (plain[at] in "([{") - (plain[at] in ")]}")
        if not depth:
            return at
    return len(plain)


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found.group())


def _refused(said: str, text: str, start: int) -> ExpressionError:
    return ExpressionError(f"{said}; split it", text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))
