"""The layout of the code: a name stands for one thing, no file is long, and every folder has its place in the import contract."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import tomli

from tests.conftest import PROJECT

PACKAGE = PROJECT / "agentslint"
FILES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 400


def twice(named: Iterable[tuple[str, Path]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, path in named:
        found[name].append(path.relative_to(PROJECT).as_posix())
    return {name: paths for name, paths in found.items() if len(paths) > 1}


def test_no_two_files_have_one_name() -> None:
    assert twice((path.name, path) for path in FILES if path.name != "__init__.py") == {}


def test_no_two_classes_have_one_name() -> None:
    classes = ((node.name, path) for path in FILES for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.ClassDef))
    assert twice((name, path) for name, path in classes if name != "Options") == {}


def test_no_name_of_a_type_stands_for_two() -> None:
    types: dict[str, set[str]] = defaultdict(set)
    for path in FILES:
        for node in ast.parse(path.read_bytes()).body:
            match node:
                case ast.ClassDef(name=name) if name != "Options":
                    types[name].add(f"{path}")
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if name[0].isupper() and not name.isupper():
                    types[name].add(ast.unparse(value))
    assert {name: sorted(meanings) for name, meanings in types.items() if len(meanings) > 1} == {}


def test_no_file_is_long() -> None:
    lines = {path.relative_to(PROJECT).as_posix(): len(path.read_bytes().splitlines()) for path in FILES}
    assert {path: count for path, count in lines.items() if count > LONGEST} == {}


def test_every_folder_and_file_at_the_top_is_in_the_import_contract() -> None:
    contracts = tomli.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (layers,) = (contract for contract in contracts["contracts"] if contract.get("containers") == ["agentslint"])
    listed = {name for layer in layers["layers"] for name in re.findall(r"\w+", layer)}
    rooms = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()} - {"__init__"}
    assert rooms - listed == set()
    assert layers["exhaustive"]
    assert not contracts["exclude_type_checking_imports"]
    assert all("ignore_imports" not in contract for contract in contracts["contracts"])
