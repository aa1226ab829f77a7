"""Fills `${name}` in, as Flux does after a build.

The grammar is that of github.com/fluxcd/pkg/envsubst (parse/parse.go, parse/scan.go), a fork of drone/envsubst: `$$` is a dollar, and
some forms that bash has (`${name-default}`) are errors.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from agentslint.deploy.flux.envsubst_functions import Room, apply

_DEEPEST = 50
Look = Callable[[str], str | None]
"""The value of a variable; None for one that nobody knows, which stays as it is written."""


class BadSubstitutionError(ValueError):
    """A `${` that Flux cannot read; the message is Flux's own."""


class _Variable(Struct, frozen=True):
    """`${name}` with an operator and its arguments, and as it is written."""

    name: str
    operator: str
    arguments: tuple[str | _Variable, ...]
    written: str


def expand(text: str, look: Look, room: Room) -> str:
    """Return a text with its variables filled in; raises BadSubstitutionError, and TooLargeError where there is no room left."""
    if "$" not in text:
        return text
    room.take(len(text))
    return "".join(each if isinstance(each, str) else _value(each, look, room) for each in _Parser(text).parts())


def _value(found: _Variable, look: Look, room: Room) -> str:
    value = look(found.name)
    if value is None:
        room.take(len(found.written))
        return found.written
    return apply(found.operator, value, [each if isinstance(each, str) else _value(each, look, room) for each in found.arguments], room)


class _Parser:
    """Reads a text from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def parts(self) -> list[str | _Variable]:
        """The texts and variables."""
        found: list[str | _Variable] = []
        text = self._text
        while self._at < len(text):
            dollar = text.find("$", self._at)
            if dollar < 0:
                found.append(text[self._at :])
                break
            follows = text[dollar + 1 : dollar + 2]
            found.append(text[self._at : dollar + (follows != "{")])
            self._at = dollar + (2 if follows in ("$", "{") else 1)
            if follows == "{":
                found.append(self._variable())
        return found

    def _variable(self) -> _Variable:
        """What follows `${`, up to its brace."""
        start = self._at - 2
        self._depth += 1
        if self._depth > _DEEPEST:
            raise BadSubstitutionError("too deeply nested")
        if self._peek() == "#":
            self._at += 1
            name, operator = self._name("bad substitution"), "#"
            arguments: list[str | _Variable] = []
        else:
            name = self._name("unable to parse variable name")
            operator, arguments = self._operation()
        if self._peek() != "}":
            raise BadSubstitutionError("bad substitution" if operator else "missing closing brace")
        self._at += 1
        self._depth -= 1
        return _Variable(name, operator, tuple(arguments), self._text[start : self._at])

    def _operation(self) -> tuple[str, list[str | _Variable]]:
        sign = self._peek()
        if sign == ":" and self._text[self._at + 1 : self._at + 2] in ("=", "-", "?", "+"):
            return self._take(2), self._default()
        match sign:
            case "=":
                return self._take(1), self._default()
            case ":":
                return self._take(1), self._places()
            case "," | "^":
                return self._take(1 + (self._text[self._at + 1 : self._at + 2] in (",", "^"))), []
            case "#" | "%":
                return self._take(1 + (self._text[self._at + 1 : self._at + 2] == sign)), [self._argument("}")]
            case "/":
                more = self._text[self._at + 1 : self._at + 2]
                return self._take(1 + (more in ("/", "#", "%") and more != "")), self._replacement()
            case _:
                return "", []

    def _default(self) -> list[str | _Variable]:
        found: list[str | _Variable] = []
        while self._peek() != "}":
            found.append(self._argument("}"))
        return found

    def _places(self) -> list[str | _Variable]:
        found = [self._argument(":}")]
        if self._peek() == ":":
            while self._peek() == ":":
                self._at += 1
            found.append(self._argument("}"))
        return found

    def _replacement(self) -> list[str | _Variable]:
        found = [self._argument("/", escapes=True)]
        if self._peek() != "/":
            raise BadSubstitutionError("bad substitution")
        while self._peek() == "/":
            self._at += 1
        return found if self._peek() == "}" else [*found, self._argument("}", escapes=True)]

    def _argument(self, ends: str, *, escapes: bool = False) -> str | _Variable:
        """A text that does not end yet, at least one character of it, or a variable."""
        if self._text.startswith("${", self._at):
            self._at += 2
            return self._variable()
        found = []
        while self._at < len(self._text) and not self._text.startswith("${", self._at):
            sign, pair = self._text[self._at], self._text[self._at : self._at + 2]
            if escapes and pair in ("$$", "\\/", "\\\\"):
                found.append(pair[1])
                self._at += 2
            elif sign in ends:
                break
            else:
                found.append(sign)
                self._at += 1
        if not found:
            raise BadSubstitutionError("unable to parse substitution within function")
        return "".join(found)

    def _name(self, complaint: str) -> str:
        start = self._at
        while self._at < len(self._text) and (self._text[self._at].isalpha() or self._text[self._at].isdigit() or self._peek() == "_"):
            self._at += 1
        if start == self._at:
            raise BadSubstitutionError(complaint)
        return self._text[start : self._at]

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self, count: int) -> str:
        self._at += count
        return self._text[self._at - count : self._at]
