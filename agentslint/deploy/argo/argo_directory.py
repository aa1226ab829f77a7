"""How Argo CD renders a folder without kustomization and chart: it takes the manifests in it.

`getPotentiallyValidManifests` in reposerver/repository/repository.go;
https://argo-cd.readthedocs.io/en/stable/user-guide/directory/.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from agentslint import files
from agentslint.deploy.argo.path_globs import anywhere
from agentslint.deploy.typed import flag, mapping, text
from agentslint.model import Location, Region
from agentslint.model.application import RecipeError
from agentslint.yamlread import YamlError, compose, value

_MANIFEST = re.compile(r".*\.(?:yaml|yml|json|jsonnet)")
_SKIPPED = b"+argocd:skip-file-rendering"
JSONNET = ".jsonnet"


def directory_files(source: Mapping[str, Any], folder: str, root: Path) -> Iterator[str]:
    """Yield the files that Argo CD takes, in its order; those of jsonnet, which it evaluates, too."""
    said = mapping(source, "directory")
    include, exclude = text(said, "include"), text(said, "exclude")
    any_ending = flag(said, "disableExtensionFilter")
    for path in _walk(root, folder, recurse=flag(said, "recurse")):
        inside = path[len(folder) + 1 :] if folder else path
        if not any_ending and not _MANIFEST.fullmatch(inside.rpartition("/")[2]):
            continue
        if (exclude and _fits(exclude, inside)) or (include and not _fits(include, inside)):
            continue
        if path.endswith(JSONNET) or _holds_manifest(root, path) or _second_object(root, path):
            yield path


def require_single_objects(paths: Iterable[str], root: Path) -> None:
    """Raise RecipeError for a JSON file with several objects, which Argo CD refuses (`findManifests` in the same file)."""
    for path in paths:
        if line := _second_object(root, path):
            message = f"{path} holds several objects, and Argo CD takes one from a JSON file"
            raise RecipeError(message, Location(path, Region(line, 1, line, 1)))


def _second_object(root: Path, path: str) -> int:
    """The line of the second object in a JSON file; 0 where there is none."""
    if not path.endswith(".json"):
        return 0
    try:
        text = files.text_in(root, path)
        if _SKIPPED.decode() in text:
            return 0
        _, end = json.JSONDecoder().raw_decode(text, len(text) - len(text.lstrip()))
    except (OSError, ValueError, RecursionError):
        return 0
    rest = text[end:].lstrip()
    return text.count("\n", 0, len(text) - len(rest)) + 1 if rest else 0


def _fits(pattern: str, path: str) -> bool:
    glob = anywhere(pattern)
    return glob is not None and glob.fullmatch(path)


def _holds_manifest(root: Path, path: str) -> bool:
    """Tell whether Argo CD finds a manifest in a file, or stumbles over it; it passes over files that look like none."""
    try:
        data = files.read_in(root, path)
    except OSError:
        return (root / path).exists()
    if _SKIPPED in data:
        return False
    try:
        documents = [value(node) for node in compose(data, path, duplicate_keys=True)]
    except YamlError:
        return all(word in data for word in (b"apiVersion:", b"kind:", b"metadata:"))
    bodies = [body for body in documents if body is not None]
    return any(isinstance(body, Mapping) and body.get("kind") for body in bodies)


def _walk(root: Path, folder: str, *, recurse: bool) -> Iterator[str]:
    """The files below a folder in the order of Go's filepath.Walk, which follows no links to folders."""
    try:
        entries = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        path = f"{folder}/{entry.name}" if folder else entry.name
        if entry.is_dir(follow_symlinks=False):
            if recurse and entry.name != ".git":
                yield from _walk(root, path, recurse=True)
        elif not entry.is_dir():
            yield path
