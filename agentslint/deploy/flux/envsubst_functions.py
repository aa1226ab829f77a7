"""What `${name...}` may do with a value: case, length, parts, replacement, default.

github.com/fluxcd/pkg/envsubst, funcs.go and path/match.go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

_Token = Callable[[str], bool] | None
"""What a character must be; None stands for any number of characters."""


def apply(name: str, value: str, arguments: Sequence[str]) -> str:
    """Return what an operator makes of a value; one that is not known gives a default, as it does in Flux."""
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
    return int(text) if digits.isascii() and digits.isdigit() else None


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
    tokens = _tokens(pattern)
    if tokens is None:
        return value
    lengths = range(1, len(value) + 1) if name == "#" else range(len(value), 0, -1)
    found = next((length for length in lengths if _matches(tokens, value[:length])), 0)
    return value[found:]


def _tokens(pattern: str) -> list[_Token] | None:
    """Read a pattern; None for one that is malformed."""
    found: list[_Token] = []
    at = 0
    while at < len(pattern):
        sign, at = pattern[at], at + 1
        if sign == "*":
            found.append(None)
        elif sign == "?":
            found.append(lambda character: True)
        elif sign == "[":
            end = pattern.find("]", at + 2 if pattern[at : at + 1] == "^" else at + 1)
            if end < 0:
                return None
            found.append(_character_class(pattern[at:end]))
            at = end + 1
        else:
            if sign == "\\":
                if at == len(pattern):
                    return None
                sign, at = pattern[at], at + 1
            found.append(sign.__eq__)
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


def _matches(tokens: Sequence[_Token], text: str) -> bool:
    """Tell whether tokens match a whole text; after a failure only the last star is tried anew."""
    at = token = 0
    star, mark = -1, 0
    while at < len(text):
        want = tokens[token] if token < len(tokens) else None
        if token < len(tokens) and want is None:
            star, mark = token, at
            token += 1
        elif token < len(tokens) and want is not None and want(text[at]):
            token, at = token + 1, at + 1
        elif star >= 0:
            mark += 1
            token, at = star + 1, mark
        else:
            return False
    return all(left is None for left in tokens[token:])
