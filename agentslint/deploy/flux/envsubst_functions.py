"""What `${name...}` may do with a value: case, length, parts, replacement, default.

github.com/fluxcd/pkg/envsubst, funcs.go and path/match.go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from agentslint.deploy.wildcards import Wildcard, anything

LARGEST = 64
"""In MiB."""
_LARGEST_NUMBER = 2**63 - 1
_DIGITS = 19


class TooLargeError(ValueError):
    """Variables that make more text than any cluster takes."""


class Room:
    """The room that is left for the texts that variables make, on the way to the last one, too."""

    def __init__(self) -> None:
        self._left = LARGEST * 2**20

    def take(self, count: int) -> None:
        """Use some of it up; raises TooLargeError."""
        self._left -= count
        if self._left < 0:
            raise TooLargeError


def apply(name: str, value: str, arguments: Sequence[str], room: Room) -> str:
    """Return what an operator makes of a value; one that is not known gives a default, as it does in Flux. Raises TooLargeError."""
    room.take(len(value) * _steps(name, arguments))
    made = _made(name, value, arguments, room)
    room.take(len(made))
    return made


def _steps(name: str, arguments: Sequence[str]) -> int:
    """How much is done with each character of a value: a pattern may be compared with all of it everywhere."""
    return 4 * (1 + len(arguments[0])) if arguments and name[:1] in ("#", "%") else 1


def _made(name: str, value: str, arguments: Sequence[str], room: Room) -> str:
    match name:
        case ",":
            return value[:1].lower() + value[1:]
        case ",,":
            return value.lower()
        case "^":
            return value[:1].upper() + value[1:]
        case "^^":
            return value.upper()
        case ":":
            return _part(value, *arguments)
        case "#" | "##" | "%" | "%%":
            return _trimmed(name, value, arguments[0]) if arguments else str(len(value.encode()))
        case "/" | "//" | "/#" | "/%":
            if name == "//" and len(arguments) > 1:
                room.take(value.count(arguments[0]) * len(arguments[1]))
            return _replaced(name, value, *arguments)
        case _:
            return value or "".join(arguments)


def _part(value: str, start: str, length: str | None = None) -> str:
    """Numbers count bytes; a text that is none leaves the value as it is."""
    data = value.encode()
    first, count = _number(start), None if length is None else _number(length)
    if first is None or (length is not None and count is None):
        return value
    first = max(0, len(data) + first) if first < 0 else first
    end = len(data) if count is None else first + count
    # A negative length beyond the start ends the controller itself.
    return data[first : max(first, end)].decode("utf-8", "replace")


def _number(text: str) -> int | None:
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not digits.isascii() or not digits.isdigit() or len(digits.lstrip("0")) > _DIGITS:
        return None
    found = int(text[: len(text) - len(digits)] + (digits.lstrip("0") or "0"))
    return found if -_LARGEST_NUMBER - 1 <= found <= _LARGEST_NUMBER else None


def _replaced(name: str, value: str, old: str, new: str | None = None) -> str:
    match name:
        case "/":
            return value.replace(old, new or "", 1)
        case "//":
            return value.replace(old, new or "")
        case "/#":
            return value.replace(old, new, 1) if new is not None and value.startswith(old) else value
        case _:
            return value.removesuffix(old) + new if new is not None and value.endswith(old) else value


def _trimmed(name: str, value: str, pattern: str) -> str:
    if name.startswith("%"):
        return _trimmed(name.replace("%", "#"), value[::-1], pattern[::-1])[::-1]
    found = _pattern(pattern)
    if found is None:
        return value
    lengths = (length for length in found.heads(value) if length)
    return value[next(lengths, 0) if name == "#" else max(lengths, default=0) :]


def _pattern(pattern: str) -> Wildcard | None:
    """Read a pattern; None for one that is malformed."""
    found = Wildcard()
    at = 0
    while at < len(pattern):
        sign, at = pattern[at], at + 1
        if sign == "*":
            found.any_of(anything)
        elif sign == "?":
            found.one(anything)
        elif sign == "[":
            end = pattern.find("]", at + 2 if pattern[at : at + 1] == "^" else at + 1)
            if end < 0:
                return None
            found.one(_character_class(pattern[at:end]))
            at = end + 1
        else:
            if sign == "\\":
                if at == len(pattern):
                    return None
                sign, at = pattern[at], at + 1
            found.one(sign.__eq__)
    return found


def _character_class(inside: str) -> Callable[[str], bool]:
    wanted = not inside.startswith("^")
    rest = inside if wanted else inside[1:]
    ranges = []
    at = 0
    while at < len(rest):
        low = rest[at]
        high = rest[at + 2] if rest[at + 1 : at + 2] == "-" and at + 2 < len(rest) else low
        at += 1 if high is low else 3
        ranges.append((low, high))
    return lambda character: any(low <= character <= high for low, high in ranges) is wanted
