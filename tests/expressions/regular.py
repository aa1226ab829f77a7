"""Finds every regular expression of the package and the rules, and makes inputs that are nasty for each of them."""

from __future__ import annotations

import ast
import importlib
import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

PROJECT = Path(__file__).parents[2]
ROOTS = ("agentslint", "rules")
METHODS = ("search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer")
FILLERS = ("a", "1", " ", "\n", "/")
_MOST = 8
_END = "\x01"
"""What no expression expects behind a run of blanks or letters, so that it has to look for another end."""


@dataclass(frozen=True)
class Expression:
    """A regular expression, where it stands, and how it is used."""

    where: str
    pattern: str | bytes
    flags: int
    methods: tuple[str, ...]

    def runs(self) -> Iterator[Callable[[str], object]]:
        """Yield what the code does with it, as functions of a text."""
        compiled = re.compile(self.pattern, self.flags)
        for method in self.methods:
            yield lambda text, method=method: _run(compiled, method, text)  # type: ignore[misc]


def _run(compiled: re.Pattern[Any], method: str, text: str) -> object:
    given: Any = text.encode() if isinstance(compiled.pattern, bytes) else text
    empty: Any = b"" if isinstance(given, bytes) else ""
    if method in ("sub", "subn"):
        return getattr(compiled, method)(empty, given)
    found = getattr(compiled, method)(given)
    return list(found) if method == "finditer" else found


def expressions() -> list[Expression]:
    """Return every expression that the code compiles or names in a call of `re`."""
    files = [file for root in ROOTS for file in sorted((PROJECT / root).rglob("*.py")) if not {"pass", "fail", "fixed"} & set(file.parts)]
    trees = {file: ast.parse(file.read_text(), str(file)) for file in files}
    uses = {file: _uses([tree]) for file, tree in trees.items()}
    found: dict[tuple[str | bytes, int], Expression] = {}
    for file, tree in trees.items():
        where = str(file.relative_to(PROJECT))
        for name, pattern in _compiled(file):
            _note(found, Expression(f"{where}: {name}", pattern.pattern, pattern.flags, tuple(sorted(uses[file].get(name, {"match"})))))
        # What a module compiles is among its names, as it really is.
        of_module = {id(each) for node in tree.body if isinstance(node, (ast.Assign, ast.AnnAssign)) for each in ast.walk(node)}
        for node in ast.walk(tree):
            if id(node) not in of_module and (called := _called(node)) is not None:
                _note(found, Expression(f"{where}:{node.lineno}", *called))  # type: ignore[attr-defined]
    return list(found.values())


def _note(found: dict[tuple[str | bytes, int], Expression], new: Expression) -> None:
    key = (new.pattern, re.compile(new.pattern, new.flags).flags)
    old = found.get(key)
    methods = tuple(sorted({*new.methods, *(old.methods if old else ())}))
    found[key] = Expression(old.where if old else new.where, new.pattern, new.flags, methods)


def _uses(trees: Iterable[ast.Module]) -> dict[str, set[str]]:
    """The methods that are called on each name of a compiled expression."""
    used: dict[str, set[str]] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in METHODS and isinstance(node.value, ast.Name):
                used.setdefault(node.value.id, set()).add(node.attr)
    return used


def _compiled(file: Path) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """The expressions that a module holds, also those inside of its tables."""
    relative = file.relative_to(PROJECT).with_suffix("")
    parts = ("agentslint_rules", *relative.parts[1:]) if relative.parts[0] == "rules" else relative.parts
    if parts[-1] == "__main__":
        return
    module = importlib.import_module(".".join(parts).removesuffix(".__init__"))
    for name, value in vars(module).items():
        yield from ((name, pattern) for pattern in _patterns(value, 4))


def _patterns(value: object, depth: int) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, (tuple, list, dict, frozenset, set)):
        for each in [*value, *value.values()] if isinstance(value, dict) else value:
            yield from _patterns(each, depth - 1)


def _called(node: ast.AST) -> tuple[str | bytes, int, tuple[str, ...]] | None:
    """An expression that is written in a call: `re.sub(r"...", ...)`; one made at run time with a word in place of its parts."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)):
        return None
    compiles = node.func.attr == "compile"
    if node.func.value.id != "re" or not node.args or not (compiles or node.func.attr in METHODS):
        return None
    pattern = _text(node.args[0])
    if pattern is None or (compiles and isinstance(node.args[0], ast.Constant)):
        return None
    written = [ast.unparse(each) for each in [*node.args[1:], *(keyword.value for keyword in node.keywords)]]
    flags = sum(getattr(re, name) for text in written for name in re.findall(r"\bre\.([A-Z]+)\b", text))
    return pattern, flags, ("search" if compiles else node.func.attr,)


def _text(node: ast.expr) -> str | bytes | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else "word" for part in node.values)
        return "".join(str(part) for part in parts)
    return None


def nasty(expression: Expression, size: int) -> Iterator[str]:
    """Yield texts of about `size` characters: beginnings of what the expression matches, over and over, and mixes of its parts."""
    starts = _starts(expression)
    pieces = list(dict.fromkeys([*starts, *FILLERS]))
    for piece in pieces:
        yield _filled(piece, size)
    for start in starts:
        for filler in FILLERS:
            yield start + _filled(filler, size)
            yield (start + _filled(filler, size))[: size - 1] + _END
    chance = random.Random(7)
    for _ in range(4):
        some = chance.sample(pieces, min(len(pieces), chance.randint(2, 5)))
        yield "".join(chance.choices(some, k=size // 2))[:size]


def _filled(piece: str, size: int) -> str:
    return (piece * (size // len(piece) + 1))[:size]


def _starts(expression: Expression) -> list[str]:
    """Samples of every beginning of a match, and of every part on its own."""
    tree = _parser.parse(expression.pattern, expression.flags)
    found: list[str] = []
    _walk(list(tree), "", found)
    some = [text for text in dict.fromkeys(found) if text]
    return some if len(some) <= _MOST else [*some[: _MOST // 2], *some[-_MOST // 2 :]]


def _walk(items: list[Any], before: str, found: list[str]) -> str:
    for position, (kind, value) in enumerate(items):
        part = _sample([(kind, value)])
        found += [part, before + part]
        for inner in _inside(kind, value):
            _walk(inner, before, found)
        if position and len(found) < 60:
            found.append(_sample(items[position:]))
        before += part
    return before


def _inside(kind: Any, value: Any) -> list[list[Any]]:
    if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT) or "POSSESSIVE" in str(kind):
        return [list(value[2])]
    if kind is sre.SUBPATTERN:
        return [list(value[3])]
    if kind is sre.BRANCH:
        return [list(branch) for branch in value[1]]
    return []


def _sample(items: list[Any]) -> str:
    """A text that these parts of an expression match, roughly."""
    text = ""
    for kind, value in items:
        if kind is sre.LITERAL:
            text += chr(value)
        elif kind in (sre.ANY, sre.NOT_LITERAL):
            text += "x"
        elif kind is sre.IN:
            text += _member(value)
        elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT) or "POSSESSIVE" in str(kind):
            text += _sample(list(value[2])) * max(1, min(value[0], 40))
        elif kind is sre.SUBPATTERN:
            text += _sample(list(value[3]))
        elif kind is sre.BRANCH:
            text += _sample(list(value[1][0]))
        elif kind is sre.ASSERT and value[0] < 0:
            text += _sample(list(value[1]))
        elif kind is getattr(sre, "ATOMIC_GROUP", None):
            text += _sample(list(value))
    return text


def _member(members: list[Any]) -> str:
    letters = "a1 \n/:-_.x\"'`{}[]()#,;=@A\\\u2028\x7f"
    probe = re.compile(_class(members))
    return next((letter for letter in letters if probe.fullmatch(letter)), "a")


def _class(members: list[Any]) -> str:
    names = {"CATEGORY_SPACE": r"\s", "CATEGORY_NOT_SPACE": r"\S", "CATEGORY_WORD": r"\w", "CATEGORY_NOT_WORD": r"\W"}
    names |= {"CATEGORY_DIGIT": r"\d", "CATEGORY_NOT_DIGIT": r"\D"}
    text = ""
    for kind, value in members:
        if kind is sre.NEGATE:
            text = "^" + text
        elif kind is sre.LITERAL:
            text += re.escape(chr(value))
        elif kind is sre.RANGE:
            text += f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
        elif kind is sre.CATEGORY:
            text += names[str(value)]
    return f"[{text}]"
