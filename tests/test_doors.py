"""Files are read and written in one place, and programs started in one: nobody else may forget a limit."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOORS = {"agentslint/files.py", "agentslint/children.py"}
BESIDE = {
    "agentslint/testing/histories.py": {"copy"},
    "agentslint/confine.py": {"open"},
    "agentslint/run_folder.py": {"open"},
}
"""What some places use beside the doors: copies of cases that the author of a rule wrote, into a temporary folder; paths that are
named to the kernel and not read; the locks of temporary folders, which are looked at through the folder's own descriptor."""
FORBIDDEN = {"open", "read_bytes", "read_text", "write_bytes", "write_text", "copy", "copy2", "copyfile", "fdopen"}
MODULES = {"subprocess", "io", "os", "shutil"}
"""Of these only what is not forbidden may be used, and of `subprocess` nothing."""
HARMLESS = {("tarfile", "open"), ("self", "open"), ("re", "copy")}


def source_files() -> list[str]:
    folders = ("agentslint", "rules")
    return sorted(path.relative_to(ROOT).as_posix() for folder in folders for path in (ROOT / folder).rglob("*.py") if _is_ours(path))


def _is_ours(path: Path) -> bool:
    return not {"pass", "fail", "fixed"}.intersection(path.relative_to(ROOT).parts)


def around(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield what goes around the doors, with its line."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names) if any(name.name.partition(".")[0] == "subprocess" for name in names):
                yield "subprocess", node.lineno
            case ast.ImportFrom(module="subprocess"):
                yield "subprocess", node.lineno
            case ast.ImportFrom(module=str(module), names=names) if module in MODULES:
                yield from ((name.name, node.lineno) for name in names if name.name in FORBIDDEN)
            case ast.Call(func=ast.Name(id="open")):
                yield "open", node.lineno
            case ast.Attribute(attr=name, value=owner) if name in FORBIDDEN and (ast.unparse(owner), name) not in HARMLESS:
                yield name, node.lineno


def test_there_is_something_to_look_at() -> None:
    assert len(source_files()) > 250


@pytest.mark.parametrize("path", source_files())
def test_nobody_goes_around_the_doors(path: str) -> None:
    found = {(name, line) for name, line in around(ast.parse((ROOT / path).read_text(encoding="utf-8"))) if path not in DOORS}
    allowed = BESIDE.get(path, set())
    assert [f"{path}:{line}: {name}" for name, line in sorted(found) if name not in allowed] == []


def test_an_exception_is_still_used() -> None:
    for path, names in BESIDE.items():
        assert names <= {name for name, _ in around(ast.parse((ROOT / path).read_text(encoding="utf-8")))}, path


@pytest.mark.parametrize(
    "code",
    [
        "import subprocess", "import subprocess as s", "from subprocess import run", "open('a')", "os.open('a', 0)", "path.open()",
        "x.read_bytes()", "x.read_text()", "x.write_bytes(b'')", "f = x.write_text", "shutil.copy(a, b)", "from os import open",
        "io.open('a')", "builtins.open('a')",
    ],
)  # fmt: skip
def test_the_test_sees_each_way_around(code: str) -> None:
    assert list(around(ast.parse(code)))
