"""How Argo CD renders a folder with a kustomization: its `kustomize edit` commands, and the patches and components that it adds.

`Build` in util/kustomize/kustomize.go; https://argo-cd.readthedocs.io/en/stable/user-guide/kustomize/.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from agentslint.deploy.argo.build_variables import BuildVariables
from agentslint.deploy.source_types import SourceError
from agentslint.deploy.typed import flag, mapping, sequence, text, texts
from agentslint.discover.remote import is_repository, is_url
from agentslint.model import Pointer
from agentslint.model.application import KustomizeRecipe, RecipeError

_LABEL_FLAGS = {
    "forceCommonLabels": "--force",
    "labelWithoutSelector": "--without-selector",
    "labelIncludeTemplates": "--include-templates",
}


def kustomize_recipe(source: Mapping[str, Any], folder: str, root: Path, variables: BuildVariables) -> KustomizeRecipe:
    """Return how a source is rendered; raises RecipeError for what Argo CD would refuse."""
    said = mapping(source, "kustomize")
    _require_files(said, folder, root)
    return KustomizeRecipe(
        folder,
        edits=tuple(_edits(said, variables)),
        patches=tuple(_patch(each) for each in sequence(said, "patches")),
        components=tuple(_components(said, folder, root)),
        kube_version=text(said, "kubeVersion").removeprefix("v"),
        api_versions=tuple(texts(said, "apiVersions")),
    )


def patch_files(source: Mapping[str, Any], folder: str) -> Iterator[str]:
    """Yield the files that the patches of a source name."""
    for each in sequence(mapping(source, "kustomize"), "patches"):
        if isinstance(each, Mapping) and isinstance(each.get("path"), str) and each["path"]:
            yield _joined(folder, each["path"])


def component_folders(source: Mapping[str, Any], folder: str, root: Path) -> list[str]:
    """Return the folders of the components that are in the repository."""
    said = mapping(source, "kustomize")
    found = (_joined(folder, each) for each in _components(said, folder, root) if "://" not in each)
    return [each for each in found if os.path.isdir(root / each)]


def _edits(said: Mapping[str, Any], variables: BuildVariables) -> Iterator[tuple[str, ...]]:
    if prefix := text(said, "namePrefix"):
        yield "set", "nameprefix", "--", prefix
    if suffix := text(said, "nameSuffix"):
        yield "set", "namesuffix", "--", suffix
    if images := texts(said, "images"):
        yield "set", "image", *(_image(variables.filled(image), number) for number, image in enumerate(images))
    if replicas := sequence(said, "replicas"):
        yield "set", "replicas", *(_replicas(entry, number) for number, entry in enumerate(replicas))
    if labels := mapping(said, "commonLabels"):
        flags = [word for key, word in _LABEL_FLAGS.items() if flag(said, key)]
        yield "add", "label", *flags, *(f"{key}:{variables.filled(text(labels, key))}" for key in sorted(labels))
    if annotations := mapping(said, "commonAnnotations"):
        fill = variables.filled if flag(said, "commonAnnotationsEnvsubst") else str
        flags = ["--force"] if flag(said, "forceCommonAnnotations") else []
        yield "add", "annotation", *flags, *(f"{key}:{fill(text(annotations, key))}" for key in sorted(annotations))
    if namespace := text(said, "namespace"):
        yield "set", "namespace", "--", namespace


def _image(image: str, number: int) -> str:
    """An image as `kustomize edit set image` takes it: one that sets nothing is refused."""
    if not ("=" in image or "@" in image or ":" in image.rpartition("/")[2] or "*" in image):
        raise SourceError(f"{image} sets nothing: name a tag, a digest or another image", ("kustomize", "images", number))
    return image


def _replicas(entry: Any, number: int) -> str:
    count = entry.get("count") if isinstance(entry, Mapping) else None
    name = entry.get("name") if isinstance(entry, Mapping) else None
    if isinstance(count, bool) or not str(count).lstrip("+-").isdigit():
        raise SourceError(f"the count of {name} is no whole number: {count}", ("kustomize", "replicas", number, "count"))
    return f"{name}={int(str(count))}"


def _patch(entry: Any) -> Any:
    """A patch as Argo CD's types hold it: nothing else of it is passed on."""
    if not isinstance(entry, Mapping):
        raise RecipeError("kustomize.patches: an entry is no mapping")
    kept = {key: entry[key] for key in ("path", "patch", "options") if entry.get(key)}
    target = entry.get("target")
    if isinstance(target, Mapping):
        keys = ("group", "version", "kind", "name", "namespace", "labelSelector", "annotationSelector")
        kept["target"] = {key: str(target[key]) for key in keys if target.get(key) is not None}
    return kept


def _require_files(said: Mapping[str, Any], folder: str, root: Path) -> None:
    """Raise SourceError for a component or the file of a patch that is not in the repository."""
    for number, each in enumerate(_components(said, folder, root)):
        pointer: Pointer = ("kustomize", "components", number)
        if not is_repository(each) and not os.path.lexists(root / (path := _inside(each, folder, pointer))):
            raise SourceError(f"component {each} does not exist ({path})", pointer, file=path, leave_out="ignoreMissingComponents")
    for number, entry in enumerate(sequence(said, "patches")):
        named = text(entry, "path") if isinstance(entry, Mapping) else ""
        pointer = ("kustomize", "patches", number, "path")
        if named and not is_url(named) and not os.path.lexists(root / (path := _inside(named, folder, pointer))):
            raise SourceError(f"patch file {named} does not exist ({path})", pointer, file=path)


def _inside(named: str, folder: str, pointer: Pointer) -> str:
    """A path from the root of the repository; raises SourceError for one that leads out of it."""
    path = _joined(folder, named)
    if path == ".." or path.startswith(("../", "/")):
        raise SourceError(f"{named} leads out of the repository", pointer)
    return path


def _joined(folder: str, named: str) -> str:
    return posixpath.normpath(posixpath.join(folder, named))


def _components(said: Mapping[str, Any], folder: str, root: Path) -> list[str]:
    named = texts(said, "components")
    if not flag(said, "ignoreMissingComponents"):
        return named
    return [each for each in named if os.path.lexists(root / _joined(folder, each))]
