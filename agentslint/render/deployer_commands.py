"""The commands by which a deployer renders a source: `kustomize edit` in a copy of the folder, and `helm template`."""

from __future__ import annotations

import json
import os
import posixpath
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from agentslint import files
from agentslint.model import Target
from agentslint.model.application import Changes, DirectoryRecipe, HelmRecipe, Inline, InTree, KustomizeRecipe, RecipeError
from agentslint.render.process import Completed
from agentslint.yamlread import YamlError, compose, value

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
Run = Callable[[Sequence[str], Path], Completed]


def edit_folder(recipe: KustomizeRecipe, root: Path, run: Run) -> Completed | None:
    """Change the kustomization in a staged copy as the deployer does; returns the command that failed, if one did. Raises RecipeError.

    The order is that of Argo CD (util/kustomize/kustomize.go, `Build`).
    """
    folder = root / recipe.folder
    for path, data in recipe.written.items():
        files.write_in(root, path, data)
    for words in recipe.edits:
        done = run(("edit", *words), folder)
        if done.status or done.breach:
            return done
    if recipe.patches:
        _append_patches(recipe, root)
    if recipe.components:
        done = run(("edit", "add", "component", *recipe.components), folder)
        if done.status or done.breach:
            return done
    return None


def _append_patches(recipe: KustomizeRecipe, root: Path) -> None:
    """JSON is YAML, too: what is written keeps all types, and kustomize alone reads it."""
    name = next((name for name in NAMES if (root / recipe.folder / name).exists()), None)
    if name is None:
        raise RecipeError(f"{recipe.folder} has no kustomization to which patches could be added")
    path = posixpath.join(recipe.folder, name)
    try:
        documents = compose(files.read_in(root, path), path, duplicate_keys=True)
    except YamlError as error:
        raise RecipeError(f"{path}:{error.line}: {error.message}") from None
    body: Any = value(documents[0]) if documents else {}
    listed = body.get("patches", []) if isinstance(body, dict) else None
    if not isinstance(listed, list):
        raise RecipeError(f"{path}: patches is no list, so that none can be added")
    body["patches"] = [*listed, *recipe.patches]
    files.write_in(root, path, json.dumps(body, ensure_ascii=False).encode())


def helm_command(recipe: HelmRecipe, chart: Path, root: Path, temporary: Path, kube_version: str, api_versions: Sequence[str]) -> list[str]:
    """Return the arguments of helm: those of `Template` in Argo CD's util/helm/cmd.go, in their order."""
    words = ["template", recipe.release, str(chart)]
    version = recipe.kube_version or kube_version
    words += ["--kube-version", version] if version else []
    for number, word in enumerate(recipe.arguments):
        if isinstance(word, InTree):
            words.append(f"{word.prefix}{os.path.join(root, word.path)}")
        elif isinstance(word, Inline):
            temporary.mkdir(parents=True, exist_ok=True)
            place = temporary / f"values-{number}.yaml"
            files.write(place, word.data)
            words.append(str(place))
        else:
            words.append(word)
    for each in recipe.api_versions or api_versions:
        words += ["--api-versions", each]
    return words


def add_dependencies(chart: Path, folders: Sequence[Path]) -> None:
    """Put charts into the `charts/` of a staged one."""
    for folder in folders:
        shutil.copytree(folder, chart / "charts" / folder.name, dirs_exist_ok=True)


def directory_stream(target: Target, recipe: DirectoryRecipe, changes: Changes) -> bytes:
    """Return the manifests of a folder as one stream; raises OSError."""
    parts: list[bytes] = []
    for path in recipe.files:
        data = changes[path] if path in changes else files.read_in(target.root, path)
        parts.append(data if data.endswith(b"\n") else data + b"\n")
    return b"---\n".join(parts)
