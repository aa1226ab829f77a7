r"""Patterns in the syntax of RE2, as schemas have them, matched by the `regex` package.

https://github.com/google/re2/wiki/Syntax. What differs is rewritten: `$` is the end of the text alone, `{` may be a plain character,
`\z`, `\C` and `\Q...\E` exist. What RE2 does not have (look-around, references to groups, possessive repeats) the API server refuses.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_TOKEN = re.compile(
    r"(?P<quoted>\\Q(?:.*?)(?:\\E|$))"
    r"|(?P<property>\\[pP](?:\{[^}]*\}|.))"
    r"|(?P<escape>\\(?:x\{[0-9A-Fa-f]{1,6}\}|.))"
    r"|(?P<class>\[\^?\]?(?:\[:\^?\w+:\]|\\[pP]\{[^}]*\}|\\.|[^\]\\])*\])"
    r"|(?P<repeat>\{\d+(?:,\d*)?\}\??\+?)"
    r"|(?P<group>\(\?(?:P?<\w+>|[a-zA-Z-]*[:)]|.))"
    r"|(?P<stars>[*+?]\??[*+]?)"
    r"|(?P<other>.)",
    re.S,
)
_PLAIN = {"A", "a", "f", "t", "n", "r", "v", "x"} | set("0")
_WORD = "0-9A-Za-z_"
_KINDS = {"d": "0-9", "D": r"\x00-/:-\U0010FFFF", "w": _WORD, "W": r"\x00-/:-@\[-\^`{-\U0010FFFF"}
_KINDS |= {"s": r"\t\n\f\r ", "S": r"\x00-\x08\x0b\x0e-\x1f!-\U0010FFFF"}
"""Kinds of characters are of ASCII."""
_CLASSES = {"alnum": "0-9A-Za-z", "alpha": "A-Za-z", "ascii": r"\x00-\x7f", "blank": r"\t ", "cntrl": r"\x00-\x1f\x7f", "digit": "0-9"}
_CLASSES |= {"graph": "!-~", "lower": "a-z", "print": " -~", "punct": r"!-/:-@\[-`{-~", "space": r"\t\n\v\f\r ", "upper": "A-Z"}
_CLASSES |= {"word": _WORD, "xdigit": "0-9A-Fa-f"}
_NOT_CLASSES = {"alnum": r"\x00-/:-@\[-`{-\U0010FFFF", "alpha": r"\x00-@\[-`{-\U0010FFFF", "digit": _KINDS["D"], "word": _KINDS["W"]}
_NOT_CLASSES |= {"space": r"\x00-\x08\x0e-\x1f!-\U0010FFFF", "upper": r"\x00-@\[-\U0010FFFF", "lower": r"\x00-`{-\U0010FFFF"}
_BOUNDARY = f"(?:(?<=[{_WORD}])(?![{_WORD}])|(?<![{_WORD}])(?=[{_WORD}]))"
_IN_SET = re.compile(
    r"\[:(?P<not>\^?)(?P<class>\w+):\]|\\(?P<kind>[dDwWsS])|\\x\{(?P<hex>[0-9A-Fa-f]{1,6})\}|\\(?P<other>.)|(?P<bracket>\[)", re.S
)
_SECONDS = 0.2
"""For one text; every pattern that took longer leaves less to the next ones."""
_MOST = 1000
"""Times that a part is repeated, and the product of those of repeats within repeats."""
_LINES = re.compile(r"\(\?[a-zA-Z]*m")
_END = "(?:$)"
"""The end of the text; with the flag `m` the end of a line."""
_MOST_OF_ALL = 10_000
_COUNT = re.compile(r"[{,](\d{1,9})(?=[,}])")
_LONGEST = 4_000


class UnmatchableError(ValueError):
    """A pattern that cannot be evaluated here."""


_slow: set[str] = set()


def matches(pattern: str, text: str) -> bool:
    """Tell whether a pattern is found in a text; raises UnmatchableError where that is not known, or not in time."""
    compiled = _compiled(pattern)
    if compiled is None or pattern in _slow:
        raise UnmatchableError(pattern)
    try:
        return bool(compiled.search(text, timeout=_SECONDS / (1 + len(_slow))))
    except TimeoutError:
        _slow.add(pattern)
        raise UnmatchableError(pattern) from None


@lru_cache(1024)
def _compiled(pattern: str) -> Any:
    """Return the compiled pattern; None where it cannot be evaluated."""
    import regex

    repeats = sum(int(number) for number in _COUNT.findall(pattern))
    if len(pattern) > _LONGEST or repeats > _MOST_OF_ALL:
        return None
    try:
        return regex.compile(_rewritten(pattern), regex.VERSION0)
    except (regex.error, UnmatchableError, OverflowError, MemoryError, RecursionError):
        return None


def _rewritten(pattern: str) -> str:
    tokens = list(_TOKEN.finditer(pattern))
    _refuse_large(tokens)
    parts = "".join(map(_translated, tokens))
    return parts if _LINES.search(pattern) else parts.replace(_END, r"\Z")


def _refuse_large(tokens: list[re.Match[str]]) -> None:
    """Refuse repeats that multiply to more than the limit, as Go's regexp does (syntax/parse.go: repeatIsValid)."""
    around: list[int] = []
    inside, last = 1, 1
    for token in tokens:
        text, kind = token[0], token.lastgroup
        if text == "(" or (kind == "group" and not text.endswith(")")):
            around.append(inside)
            inside, last = 1, 1
        elif text == ")":
            last = inside
            inside = max(inside, around.pop() if around else 1)
        elif kind == "repeat":
            last *= max(int(number) for number in re.findall(r"\d+", text))
            inside = max(inside, last)
            if last > _MOST:
                raise UnmatchableError(text)
        elif kind != "stars":
            last = 1


def _translated(token: re.Match[str]) -> str:
    text, kind = token[0], token.lastgroup
    if kind == "quoted":
        return re.escape(text[2:].removesuffix("\\E"))
    if kind == "escape":
        return _escape(text)
    if kind == "class":
        return _set(text)
    if kind == "repeat":
        numbers = [int(number) for number in re.findall(r"\d+", text)]
        if text.endswith("+") or max(numbers) > _MOST:
            raise UnmatchableError(text)
    if kind == "group":
        return _group(text)
    if kind == "stars" and len(text) > 1 and text[-1] in "*+":
        raise UnmatchableError(text)
    if text == "[":
        _refuse(text)  # it is never closed
    return {"$": _END, "{": r"\{", "}": r"\}"}.get(text, text) if kind == "other" else text


def _escape(text: str) -> str:
    name = text[1]
    if text.startswith(r"\x{"):
        return _character(text[3:-1])
    if name in _KINDS:
        return f"[{_KINDS[name]}]"
    if name in "bB":
        return _BOUNDARY if name == "b" else f"(?!{_BOUNDARY})"
    if text == r"\z":
        return r"\Z"
    return _refuse(text) if name.isalnum() and name not in _PLAIN else text


def _character(digits: str) -> str:
    code = int(digits, 16)
    return re.escape(chr(code)) if code <= 0x10FFFF else _refuse(digits)


def _set(text: str) -> str:
    """A set of characters, in which `[` is a plain one."""
    start = 2 if text.startswith("[^") else 1
    # A bracket that closes nothing, as it comes first, and a range with a kind of characters in it, are read as RE2 reads them.
    first = r"\]" if text[start] == "]" else ""
    return text[:start] + first + _IN_SET.sub(_in_set, text[start + len(first) // 2 : -1]) + "]"


def _in_set(found: re.Match[str]) -> str:
    if found["class"]:
        known = _NOT_CLASSES if found["not"] else _CLASSES
        return known[found["class"]] if found["class"] in known else _refuse(found[0])
    if found["kind"]:
        return _KINDS[found["kind"]]
    if found["hex"]:
        return _character(found["hex"])
    if found["bracket"]:
        return r"\["
    name = found["other"]
    return _refuse(found[0]) if name.isalnum() and name not in (*_PLAIN, "p", "P") else found[0]


def _group(text: str) -> str:
    """Look-around and flags that RE2 does not have are refused; `(?U)` swaps greediness, which changes no answer."""
    flags = text[2:-1]
    if text[-1] in ":)" and set(flags) <= set("imsU-"):
        flags = flags.replace("U", "").rstrip("-")
        return f"(?{flags}{text[-1]}" if flags or text[-1] == ":" else ""
    return text if text.startswith(("(?P<", "(?<")) and text.endswith(">") else _refuse(text)


def _refuse(text: str) -> str:
    raise UnmatchableError(text)
