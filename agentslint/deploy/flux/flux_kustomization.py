"""The kustomization that Flux builds: the folder's own, or a generated one, with what the Kustomization lays over it.

`Generator` in github.com/fluxcd/pkg/kustomize, kustomize_generator.go.
"""

from __future__ import annotations

import json
import os
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from agentslint import files
from agentslint.deploy.source_types import SourceError
from agentslint.deploy.typed import flag, mapping, sequence, text, texts
from agentslint.model import Location, Region
from agentslint.model.application import Changes, KustomizeRecipe, RecipeError
from agentslint.model.target import KUSTOMIZATION_FILES
from agentslint.paths import ancestors, join, parent
from agentslint.yamlread import YamlError, compose, value

_OPTIONS = ("--load-restrictor=LoadRestrictionsNone",)
_HEAD = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}
_ENDINGS = (".yaml", ".yml")
_REMOTE = ("git::", "gh:", "ssh://", "https://", "http://", "git@", "github.com:", "github.com/")
_KEYS = frozenset(
    (
        *("apiVersion", "kind", "metadata", "openapi", "namePrefix", "nameSuffix", "namespace", "commonLabels", "labels"),
        *("commonAnnotations", "patchesStrategicMerge", "patchesJson6902", "patches", "images", "imageTags", "replacements", "replicas"),
        *("vars", "sortOptions", "resources", "components", "crds", "bases", "configMapGenerator", "secretGenerator"),
        *("helmGlobals", "helmCharts", "helmChartInflationGenerator", "generatorOptions", "configurations", "generators"),
        *("transformers", "validators", "buildMetadata"),
    )
)
"""The keys of kustomize's `types.Kustomization`: Flux drops all others."""


def own_file(root: Path, folder: str) -> str:
    """Return the path of a folder's kustomization, "" where it has none."""
    return next((path for name in KUSTOMIZATION_FILES if os.path.isfile(root / (path := join(folder, name)))), "")


def kustomization_recipe(spec: Mapping[str, Any], folder: str, tree: SourceTree, changes: Changes) -> KustomizeRecipe:
    """Return how a folder is built; raises RecipeError for what Flux would refuse."""
    path = own_file(tree.root, folder)
    body = _read(tree.root, path, changes) if path else tree.generated(folder)
    written = _laid_over(body, spec, folder, tree.root, is_own=bool(path))
    data = json.dumps(written, ensure_ascii=False).encode()
    return KustomizeRecipe(folder, written={path or join(folder, KUSTOMIZATION_FILES[0]): data}, options=_OPTIONS, helm=False)


def patch_targets(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return a patch as kustomize reads it."""
    kept: dict[str, Any] = {"patch": text(entry, "patch")}
    if target := mapping(entry, "target"):
        kept["target"] = dict(target)
    return kept


def component_folders(spec: Mapping[str, Any], folder: str, root: Path) -> list[str]:
    """Return the folders of the components that a Kustomization adds, and that are there."""
    found = (posixpath.normpath(posixpath.join(folder, each)) for each in texts(spec, "components"))
    return [each for each in found if not _leads_out(each) and os.path.isdir(root / each)]


class SourceTree(Struct, frozen=True):
    """The files of a repository that Flux gets."""

    root: Path
    paths: Sequence[str]

    def taken(self, folder: str) -> tuple[list[str], list[str]]:
        """Return what a generated kustomization takes of a folder: files with manifests, and whole folders with a kustomization."""
        below = [path for path in self.paths if not folder or path.startswith(f"{folder}/")]
        built = {parent(path) for path in below if path.rpartition("/")[2] in KUSTOMIZATION_FILES}
        manifests: dict[str, None] = {}
        folders: dict[str, None] = {}
        for path in below:
            above = [each for each in reversed(list(ancestors(parent(path)))) if each in built and each != folder]
            if above:
                folders.setdefault(above[0])
            elif path.endswith(_ENDINGS):
                manifests.setdefault(path)
        return list(manifests), list(folders)

    def generated(self, folder: str) -> dict[str, Any]:
        """Return a kustomization of all manifests below a folder."""
        manifests, folders = self.taken(folder)
        resources = sorted((*manifests, *folders), key=lambda path: path.split("/"))
        if not resources:
            return {**_HEAD, "namespace": "_placeholder"}
        return {**_HEAD, "resources": [f"./{posixpath.relpath(path, folder or '.')}" for path in resources]}


def _read(root: Path, path: str, changes: Changes) -> dict[str, Any]:
    try:
        data = changes[path] if path in changes else files.read_in(root, path)
        documents = compose(data, path, duplicate_keys=True)
    except YamlError as error:
        raise RecipeError(f"{path}: {error.message}", Location(path, Region(error.line, 1, error.line, 2))) from None
    except OSError as error:
        raise RecipeError(f"{path} cannot be read: {error.strerror or error}", _first(path)) from None
    body = value(documents[0]) if documents else {}
    if not isinstance(body, Mapping):
        raise RecipeError(f"{path} is no mapping", _first(path))
    return {**_HEAD, **{str(key): item for key, item in body.items() if str(key) in _KEYS and item is not None}}


def _laid_over(body: dict[str, Any], spec: Mapping[str, Any], folder: str, root: Path, *, is_own: bool) -> dict[str, Any]:
    if is_own and not body.get("resources"):
        # Flux does so to avoid an error of kustomize's about an empty file.
        body["buildMetadata"] = ["originAnnotations"]
    for ours, theirs in (("namespace", "targetNamespace"), ("namePrefix", "namePrefix"), ("nameSuffix", "nameSuffix")):
        if theirs in spec:
            body[ours] = text(spec, theirs)
    _append(body, "patches", [patch_targets(each) for each in sequence(spec, "patches")])
    _append(body, "components", list(_components(spec, folder, root)))
    _append(body, "patchesStrategicMerge", [json.dumps(each, ensure_ascii=False) for each in sequence(spec, "patchesStrategicMerge")])
    _append(
        body,
        "patchesJson6902",
        [{**each, "patch": json.dumps(each.get("patch"), ensure_ascii=False)} for each in sequence(spec, "patchesJson6902")],
    )
    if images := sequence(spec, "images"):
        body["images"] = merged_images(sequence(body, "images"), images)
    if metadata := texts(spec, "buildMetadata"):
        body["buildMetadata"] = metadata
    return {key: item for key, item in body.items() if item not in ("", [], {})}


def _append(body: dict[str, Any], key: str, more: Sequence[Any]) -> None:
    if not more:
        return
    listed = body.get(key, [])
    if not isinstance(listed, list):
        raise RecipeError(f"{key} of the kustomization is no list, so that nothing can be added")
    body[key] = [*listed, *more]


def merged_images(own: Sequence[Any], more: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return the entries of a kustomization with those of a Flux object.

    One of a known name changes the entry: tag and digest are one unit, the new name another (until kustomize-controller 1.9.4, it took
    the place of the whole entry).
    """
    found = [dict(each) if isinstance(each, Mapping) else each for each in own]
    for entry in more:
        kept = {key: text(entry, key) for key in ("name", "newName", "newTag", "digest") if text(entry, key)}
        known = next((each for each in found if text(each, "name") == text(entry, "name")), None)
        if known is None:
            found.append(kept)
            continue
        if "newTag" in kept or "digest" in kept:
            known.pop("newTag", None)
            known.pop("digest", None)
        known.update(kept)
    return found


def _components(spec: Mapping[str, Any], folder: str, root: Path) -> Iterator[str]:
    for number, each in enumerate(texts(spec, "components")):
        lower = each.lower()
        if lower.startswith(_REMOTE) or lower.removeprefix("file://").startswith("/"):
            raise SourceError(f"component {each} is no relative path, which Flux demands", ("spec", "components", number))
        if _leads_out(posixpath.normpath(posixpath.join(folder, each))):
            raise SourceError(f"component {each} leads out of the repository, where Flux reads nothing", ("spec", "components", number))
        if flag(spec, "ignoreMissingComponents") and not os.path.lexists(root / os.path.normpath(os.path.join(folder, each))):
            continue
        yield each


def _leads_out(path: str) -> bool:
    return path == ".." or path.startswith("../")


def _first(path: str) -> Location:
    return Location(path, Region(1, 1, 1, 2))
