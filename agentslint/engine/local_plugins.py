"""Python files and folders that bring rules without being installed, loaded as modules of their own."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

from agentslint import files
from agentslint.errors import PluginError


def load_plugin(place: Path, path: Path, where: str) -> ModuleType:
    """Load the plugin of a `path`, a Python file or a folder with an `__init__.py`, from the `place` where it stands in this run.

    Raises PluginError, which begins with `where` the plugin is named.

    The module stays in `sys.modules`: dataclasses and msgspec look there for the names that annotations use. Its name holds
    a hash of the path, so that two files of one name are two modules.
    """
    file = place / "__init__.py" if place.is_dir() else place
    name = f"agentslint_local_{re.sub(r'[^A-Za-z0-9]+', '_', path.stem)}_{hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:8]}"
    spec = importlib.util.spec_from_file_location(name, file, submodule_search_locations=[str(place)] if place.is_dir() else None)
    if spec is None or spec.loader is None or not file.is_file():
        raise PluginError(f"{where}: plugin {path} is not a Python file")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        _import_for_types(module, file)
    except BaseException as error:
        del sys.modules[name]
        if isinstance(error, Exception):
            raise PluginError(f"{where}: plugin {path} cannot be loaded: {type(error).__name__}: {error}") from error
        raise
    return module


def _import_for_types(module: ModuleType, file: Path) -> None:
    """Import what a plugin imports for type checkers alone: the annotations of its options may name it."""
    source = files.read(file).decode()
    for node in ast.parse(source).body if "TYPE_CHECKING" in source else ():
        if isinstance(node, ast.If) and ast.unparse(node.test).rpartition(".")[2] == "TYPE_CHECKING":
            with contextlib.suppress(ImportError):
                exec(compile(ast.Module(node.body, []), str(file), "exec"), module.__dict__)
