"""Renders a source as its deployer does: `kustomize edit` in a copy of the folder and a build, or `helm template`, or neither."""

from __future__ import annotations

import json
import os
import posixpath
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from agentslint import files
from agentslint.authorship.deployed_from import named_in
from agentslint.authorship.given_values import GIVEN_PATH, with_values
from agentslint.authorship.lines import target_location
from agentslint.children import Profile
from agentslint.model import Certainty, Location, RenderFailure, Rendering, Target
from agentslint.model.application import (
    Changes,
    DeployedSource,
    DirectoryRecipe,
    HelmRecipe,
    Inline,
    InTree,
    KustomizeRecipe,
    RecipeError,
)
from agentslint.model.target import KUSTOMIZATION_FILES
from agentslint.render.chart_cache import ChartCache
from agentslint.render.options import RenderOptions
from agentslint.render.process import Completed
from agentslint.render.pull import Pull, PullError
from agentslint.render.renderers import Programs
from agentslint.render.stage import needs_stage
from agentslint.render.staged_copies import Stage
from agentslint.tools.program_environment import helm_homes
from agentslint.yamlread import YamlError, compose, value

Run = Callable[[Sequence[str], Path], Completed]
Outcome = Rendering | RenderFailure


class Workshop(Protocol):
    """The part of a renderer that a deployer's commands need."""

    programs: Programs
    folder: Path
    shim: Path
    environ: dict[str, str]
    charts: ChartCache

    def run(
        self, target: Target, command: Sequence[str], environ: Mapping[str, str], options: RenderOptions, profile: Profile,
        folder: Path | None = None,
    ) -> Completed:  # fmt: skip
        """Run a program for a target."""

    def recording(self, options: RenderOptions, calls: Path) -> dict[str, str]:
        """Return the environment in which the shim keeps helm's calls."""

    def build_folder(
        self, target: Target, options: RenderOptions, root: Path, stage: Stage, number: int, folder: str | None = None
    ) -> Outcome:
        """Run `kustomize build`."""

    def outcome(self, target: Target, options: RenderOptions, root: Path, calls: Path, done: Completed) -> Outcome:
        """Return what came of a program."""


class DeployedRender(Struct, frozen=True):
    """One render of a source in which the files of `changes` hold other bytes; `stage` is a copy for it."""

    workshop: Workshop
    target: Target
    options: RenderOptions
    changes: Changes
    stage: Stage
    number: int

    def outcome(self, deployed: DeployedSource) -> Outcome:
        """Render it; every failure is a value, but for OSError."""
        try:
            recipe = deployed.recipe(self.changes)
            if isinstance(recipe, DirectoryRecipe):
                return joined_files(self.target, recipe, self.changes)
            if isinstance(recipe, HelmRecipe):
                return self._template(with_values(recipe, self.changes[GIVEN_PATH]) if GIVEN_PATH in self.changes else recipe)
            return self._build(recipe)
        except RecipeError as error:
            from agentslint.render.failures.in_deployers import setting_of_message

            place = error.location or setting_of_message(self.target, error.message) or self._place
            return RenderFailure(self.target, "deployer", error.message, place, certainty=certainty_of(place))
        except PullError as error:
            from agentslint.render.failures.of_program import not_provided

            return not_provided(self.target, error, self._place, certainty=certainty_of(self._place))

    def _build(self, recipe: KustomizeRecipe) -> Outcome:
        """Build a folder as it is once its deployer has edited it."""
        work, target, options = self.workshop, self.target, self.options
        root = self._root(staged=recipe.edits_folder)

        def edit(words: Sequence[str], folder: Path) -> Completed:
            return work.run(target, [str(work.programs.kustomize), *words], work.environ, options, Profile.RENDERER, folder)

        if failed := edit_folder(recipe, root, self.stage, edit):
            return self._not_edited(failed, root)
        own = replace(
            options,
            build_options=tuple(dict.fromkeys((*options.build_options, *recipe.options))),
            kube_version=kubernetes_numbers(recipe.kube_version or options.kube_version),
            api_versions=recipe.api_versions or options.api_versions,
            helm=recipe.helm and options.helm,
        )
        outcome = work.build_folder(target, own, root, self.stage, self.number, recipe.folder)
        if isinstance(outcome, RenderFailure) and recipe.written and target.file not in recipe.written:
            # A generated kustomization has no line: the object that asks for it has.
            return replace(outcome, location=self._place) if outcome.location.path == target.file else outcome
        if isinstance(outcome, RenderFailure):
            return replace(outcome, location=self._place) if _is_of_edits(outcome, recipe) else outcome
        return replace(outcome, stream=recipe.after(outcome.stream)) if recipe.after else outcome

    def _not_edited(self, failed: Completed, root: Path) -> RenderFailure:
        from agentslint.render.failures.cause import cause
        from agentslint.render.failures.explain import relative_paths, without_secrets

        stderr = failed.stderr.partition("\nUsage:")[0]
        said = cause(without_secrets(relative_paths(stderr, root, self.workshop.folder))) or self.options.limits.breach(failed.breach)
        return RenderFailure(self.target, "deployer", f"kustomize edit: {said}", self._place)

    def _template(self, recipe: HelmRecipe) -> Outcome:
        """Render a chart without kustomize; raises PullError."""
        work, options = self.workshop, self.options
        root = self._root(staged=bool(recipe.dependencies or recipe.local_dependencies or recipe.written))
        for path, data in recipe.written.items():
            self.stage.write(path, data)
        if recipe.dependencies or recipe.local_dependencies:
            self.stage.spoil()
        chart = self._pulled(recipe.pull) if recipe.pull else root / recipe.chart
        add_dependencies(chart, [*map(self._pulled, recipe.dependencies), *(root / path for path in recipe.local_dependencies)])
        calls = work.folder / f"calls-{self.number}-0"
        words = helm_command(recipe, chart, root, work.folder / f"values-{self.number}", options.kube_version, options.api_versions)
        environ = {**work.recording(options, calls), **helm_homes(str(work.folder / "homes" / "deployed"))}
        done = work.run(self.target, [str(work.shim), *words], environ, options, Profile.RENDERER)
        outcome = work.outcome(self.target, options, root, calls, done)
        for number, kustomization in enumerate(recipe.post_renderers):
            outcome = self._post_rendered(outcome, kustomization, work.folder / f"post-{self.number}-{number}")
        if recipe.after is None or isinstance(outcome, RenderFailure):
            return outcome
        return replace(outcome, stream=recipe.after(outcome.stream))

    def _post_rendered(self, outcome: Outcome, kustomization: bytes, folder: Path) -> Outcome:
        """Build what a chart rendered, in a folder of ours."""
        if isinstance(outcome, RenderFailure):
            return outcome
        work = self.workshop
        folder.mkdir(parents=True)
        files.write(folder / "helm-output.yaml", outcome.stream)
        files.write(folder / "kustomization.yaml", kustomization)
        command = [str(work.programs.kustomize), "build", str(folder)]
        done = work.run(self.target, command, work.environ, self.options, Profile.RENDERER)
        built = work.outcome(self.target, self.options, folder, work.folder / f"{folder.name}-calls", done)
        return built if isinstance(built, RenderFailure) else replace(outcome, stream=built.stream)

    def _pulled(self, words: tuple[str, ...]) -> Path:
        pull = Pull(words)
        if any(word.startswith("-") for word in words if word not in ("--repo", "--version", "--devel")):
            raise RecipeError(f"{pull} is an option to helm, and no chart")
        return self.workshop.charts.provide(pull, self.options.limits) / pull.name

    def _root(self, *, staged: bool) -> Path:
        staged = staged or bool(self.changes) or needs_stage(self.target)
        changes = {path: data for path, data in self.changes.items() if path != GIVEN_PATH}
        return self.stage.root(changes) if staged else self.target.root

    @property
    def _place(self) -> Location:
        """The object of the deployer."""
        own = self.target.deployed.application.location if self.target.deployed else None
        return named_in(self.target) or own or target_location(self.target)


def certainty_of(place: Location) -> Certainty:
    """How sure the place of a deployer's object is.

    An object that a chart or a generator makes has no place of its own: it is that of the kustomization which renders it.
    """
    return Certainty.RESOURCE if posixpath.basename(place.path) in KUSTOMIZATION_FILES else Certainty.EXACT


def edit_folder(recipe: KustomizeRecipe, root: Path, stage: Stage, run: Run) -> Completed | None:
    """Change the kustomization in a staged copy as the deployer does; returns the command that failed, if one did. Raises RecipeError.

    The order is that of Argo CD (util/kustomize/kustomize.go, `Build`).
    """
    folder = root / recipe.folder
    for path, data in recipe.written.items():
        stage.write(path, data)
    for name in KUSTOMIZATION_FILES:
        if (folder / name).exists():
            stage.changes(posixpath.join(recipe.folder, name))
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
    """Write JSON, which is YAML: it keeps all types, and kustomize alone reads it."""
    name = next((name for name in KUSTOMIZATION_FILES if (root / recipe.folder / name).exists()), None)
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


def kubernetes_numbers(version: str) -> str:
    """Return the numbers of a Kubernetes version, which Argo CD passes on alone: 1.28.4 for v1.28.4-gke.1."""
    found = re.match(r"\s*v?(\d+(?:\.\d+)+)", version)
    return found[1] if found else version


def helm_command(recipe: HelmRecipe, chart: Path, root: Path, temporary: Path, kube_version: str, api_versions: Sequence[str]) -> list[str]:
    """Return the arguments of helm: those of `Template` in Argo CD's util/helm/cmd.go, in their order."""
    for name in (recipe.release, chart.name):
        if name.startswith("-"):
            raise RecipeError(f"{name} is an option to helm, and no name")
    words = ["template", recipe.release, str(chart)]
    version = kubernetes_numbers(recipe.kube_version or kube_version)
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
        shutil.copytree(folder, chart / "charts" / folder.name, symlinks=True, dirs_exist_ok=True)


def _is_of_edits(failure: RenderFailure, recipe: KustomizeRecipe) -> bool:
    """Whether a failure without a line is about what the deployer laid over the folder: a name whose replicas it sets."""
    named = [word.partition("=")[0] for edit in recipe.edits if edit[:2] == ("set", "replicas") for word in edit[2:]]
    return failure.certainty is Certainty.RESOURCE and any(f"name {name} does not match" in failure.message for name in named)


def joined_files(target: Target, recipe: DirectoryRecipe, changes: Changes) -> Rendering:
    """Return the manifests of a folder as one stream; raises OSError."""
    texts: list[bytes] = []
    parts: list[tuple[int, str]] = []
    line = 1
    for path in recipe.files:
        data = changes[path] if path in changes else files.read_in(target.root, path)
        texts.append(data if data.endswith(b"\n") else data + b"\n")
        parts.append((line, path))
        line += texts[-1].count(b"\n") + 1
    return Rendering(target, b"---\n".join(texts), parts=tuple(parts))
