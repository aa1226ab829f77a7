"""Words: a message is short, and user-facing texts and docstrings are free of some mannered phrases."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import PROJECT

LONGEST = 120
"""Characters that a rule writes itself in one message; values come on top."""
MESSAGES = ("finding", "not_checked")
BANNED = {
    "a noun or a verb in its place": re.compile(r"\b(?!What is judged$)[Ww]hat (?:is|was|are|were) \w+(?:ed|en)\b", re.M),
    "has no effect": re.compile(r"\bdecides? nothing\b"),
    "reported, shown, known": re.compile(r"\b(?:is|are|was|were|be|been) told\b"),
    "is about, names, describes": re.compile(r"\b(?:speaks?|spoken) of\b"),
    "authored": re.compile(r"\b(?:a person|people) wrote\b"),
    "even if, whether": re.compile(r"\bbe it (?:that|used)\b"),
    "reported, checked": re.compile(r"\baccus(?:e|es|ed)\b"),
    "skipped": re.compile(r"\bnot looked at\b|\bpassed over\b"),
}
PAGES = [
    PROJECT / name
    for pattern in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "action.yml", "docs/**/*.md", "docs/**/*.json", ".pre-commit-hooks.yaml")
    for name in PROJECT.glob(pattern)
]
PACKAGES = sorted({path.parent for path in (PROJECT / "rules").glob("*/*.py")})
CODE = sorted([*(PROJECT / "agentslint").rglob("*.py"), *(PROJECT / "rules").glob("*/*.py")])


class Literals:
    """Counts the characters that the functions of one rule write into messages."""

    def __init__(self, folder: Path) -> None:
        trees = [ast.parse(path.read_bytes()) for path in folder.glob("*.py")]
        self.functions = {node.name: node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}

    def messages(self) -> Iterator[tuple[str, int]]:
        """Yield each message, with its length."""
        for function in self.functions.values():
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in MESSAGES:
                    yield ast.unparse(call.args[1]), self.length(call.args[1], function, 0)

    def length(self, node: ast.AST, function: ast.FunctionDef, depth: int) -> int:
        """Return the longest literal part of an expression: names and functions of the rule are followed."""
        if depth > 8:
            return 0
        match node:
            case ast.Constant(value=str() as text):
                return len(text)
            case ast.JoinedStr(values=parts):
                return sum(self.length(part, function, depth + 1) for part in parts)
            case ast.FormattedValue(value=value):
                return self.length(value, function, depth + 1)
            case ast.BinOp(left=left, right=right):
                return self.length(left, function, depth + 1) + self.length(right, function, depth + 1)
            case ast.IfExp(body=body, orelse=other):
                return max(self.length(each, function, depth + 1) for each in (body, other))
            case ast.Name(id=name):
                values = (each.value for each in ast.walk(function) if isinstance(each, ast.Assign) and _is_for(each, name))
                return max((self.length(value, function, depth + 1) for value in values), default=0)
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in self.functions:
                returned = (each.value for each in ast.walk(self.functions[name]) if isinstance(each, ast.Return) and each.value)
                return max((self.length(value, self.functions[name], depth + 1) for value in returned), default=0)
        return 0


def _is_for(assigned: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in assigned.targets)


@pytest.mark.parametrize("folder", PACKAGES, ids=lambda folder: folder.name)
def test_a_rule_writes_short_messages(folder: Path) -> None:
    assert {message: length for message, length in Literals(folder).messages() if length > LONGEST} == {}


def test_lengths_are_counted_through_names_and_functions(tmp_path: Path) -> None:
    (tmp_path / "rule.py").write_text(
        "class A:\n"
        "    def check(self):\n"
        "        tail = 'x' * 2 if self else 'four'\n"
        "        message = f'{self} and {said(3)} ' 'more'\n"
        "        yield self.finding(1, message + tail)\n"
        "def said(number):\n"
        "    return f'{number} words'\n"
    )
    assert [length for _, length in Literals(tmp_path).messages()] == [len(" and  more" + " words" + "four")]


def engine_messages() -> Iterator[tuple[str, int]]:
    """Every text of the engine with values in it, and the length of the rest; rows of tables and expressions are none."""
    for path in (PROJECT / "agentslint").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.JoinedStr):
                parts = [part.value for part in node.values if isinstance(part, ast.Constant)]
                if not any("\n" in part or "(?" in part for part in parts):
                    yield f"{path.relative_to(PROJECT)}:{node.lineno}", sum(map(len, parts))


def test_the_engine_writes_short_messages() -> None:
    assert {place: length for place, length in engine_messages() if length > LONGEST} == {}


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """The docstrings and texts of a module, with their lines."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def found(path: Path, line: int, text: str) -> Iterator[str]:
    for remedy, pattern in BANNED.items():
        for match in pattern.finditer(text):
            yield f"{path.relative_to(PROJECT)}:{line + text.count(chr(10), 0, match.start())}: {match.group()!r}: say {remedy}"


def test_texts_and_docstrings_are_plain() -> None:
    assert [complaint for path in CODE for line, text in texts(path) for complaint in found(path, line, text)] == []


def test_pages_are_plain() -> None:
    assert [complaint for path in PAGES for complaint in found(path, 1, path.read_text())] == []


@pytest.mark.parametrize(
    "text", ["what is linted", "a key that decides nothing", "nobody is told", "it speaks of another", "a person wrote it"]
)
def test_a_mannered_phrase_is_found(text: str) -> None:
    assert list(found(PROJECT / "README.md", 1, text))
