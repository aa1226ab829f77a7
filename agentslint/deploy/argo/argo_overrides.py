"""The files in a source's folder that override the source: `.argocd-source.yaml`, then `.argocd-source-NAME.yaml`.

`mergeSourceParameters` in reposerver/repository/repository.go;
https://argo-cd.readthedocs.io/en/stable/user-guide/parameters/#store-overrides-in-git.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from agentslint import files
from agentslint.deploy.argo.argo_types import SOURCE
from agentslint.deploy.argo.merge_patch import merged
from agentslint.deploy.source_types import SourceError, checked, read_over, spelled
from agentslint.model import Location, Pointer, Region
from agentslint.model.application import RecipeError
from agentslint.yamlread import YamlError, compose, region_at, value

_FIRST = Region(1, 1, 1, 2)


def override_files(root: Path, folder: str, name: str) -> list[str]:
    """Return the files that override the sources in a folder for the application of this name; the last one wins."""
    found = (posixpath.join(folder, each) for each in (".argocd-source.yaml", f".argocd-source-{name}.yaml"))
    return [path for path in found if files.is_file_in(root, path)]


def overridden(source: Mapping[str, Any], path: str, data: bytes | None, root: Path) -> Mapping[str, Any]:
    """Return a source with one file laid over it; `data` are its contents if they are other ones. Raises RecipeError."""
    try:
        data = files.read_in(root, path) if data is None else data
        patch = next(map(value, compose(data, path, duplicate_keys=True)), None)
    except (OSError, YamlError) as error:
        raise RecipeError(f"{path} cannot be read: {error}", Location(path, _FIRST)) from None
    if not isinstance(patch, Mapping):
        raise RecipeError(f"{path} is {'empty' if patch is None else 'no mapping'}, which Argo CD refuses", Location(path, _FIRST))
    try:
        laid_over = checked(spelled(merged(source, patch), SOURCE), SOURCE, "Argo CD")
    except SourceError as error:
        raise RecipeError(f"{path}: {error.message}", _place_in(path, data, error.pointer)) from None
    # Argo CD reads the result into the old source, where a key that is gone stays.
    found: Mapping[str, Any] = read_over(source, laid_over, SOURCE)
    return found


def place_in_override(root: Path, paths: Sequence[str], pointer: Pointer) -> Location | None:
    """Return where the last of some files sets a part of the source; None where none does."""
    for path in reversed(paths) if pointer else ():
        try:
            data = files.read_in(root, path)
            nodes = compose(data, path, duplicate_keys=True)
        except (OSError, YamlError):
            continue
        if nodes and region_at(nodes[0], pointer):
            return _place_in(path, data, pointer)
    return None


def _place_in(path: str, data: bytes, pointer: Pointer) -> Location:
    node = compose(data, path, duplicate_keys=True)[0]
    while pointer and region_at(node, pointer) is None:
        pointer = pointer[:-1]
    found = region_at(node, pointer)
    if found is None:
        return Location(path, _FIRST)
    one = (
        found
        if found.start_line == found.end_line
        else Region(found.start_line, found.start_column, found.start_line, found.start_column + 1)
    )
    return Location(path, one, "", pointer)
