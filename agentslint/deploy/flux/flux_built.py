"""The Kustomizations of Flux as targets.

https://fluxcd.io/flux/components/kustomize/kustomizations/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from agentslint.deploy.deployer import DeployContext
from agentslint.deploy.deployer_object import DeployerObject
from agentslint.deploy.flux.flux_kustomization import SourceTree, component_folders, kustomization_recipe, own_file
from agentslint.deploy.flux.flux_metadata import with_common_metadata
from agentslint.deploy.flux.flux_source import FluxSource, normal
from agentslint.deploy.flux.flux_sources import git_source
from agentslint.deploy.flux.flux_variables import references, substituted, variables_of
from agentslint.deploy.listed import ListedSource
from agentslint.deploy.typed import mapping, text
from agentslint.model import Closure, Target, TargetKind
from agentslint.model.application import Changes, DeployedSource, KustomizeRecipe, RecipeError


class BuiltSource(FluxSource):
    """One Kustomization."""

    def __init__(self, found: DeployerObject, around: DeployContext) -> None:
        super().__init__(found, around)
        spec = mapping(found.body, "spec")
        self.path = normal(text(spec, "path"))
        self.folder = "" if self.path == "." else self.path
        self.source = git_source(found, mapping(spec, "sourceRef"), self.folder, around)

    def row(self) -> ListedSource:
        """Return it with a target, or with the reason why it has none."""
        source = self.source
        row = ListedSource(self.application, source.url, source.revision, self.path, is_ours=source.is_ours)
        return self.listed(row, self._listed)

    def _listed(self, row: ListedSource) -> ListedSource:
        spec = self.spec({})
        if not text(mapping(spec, "sourceRef"), "kind"):
            return self.problem(row, "it names no source", ("spec", "sourceRef"))
        if not self.application.enabled:
            return replace(row, reason="switched off (suspend)")
        if self.source.elsewhere:
            return replace(row, reason=self.source.elsewhere)
        return self.missing(row, self.path, ("spec", "path")) or self._judged(row)

    def _judged(self, row: ListedSource) -> ListedSource:
        spec = self.spec({})
        tree = SourceTree(self.here.root, self.paths(self.source.ignore))
        own = own_file(self.here.root, self.folder)
        manifests, folders = ([], [self.folder]) if own else tree.taken(self.folder)
        wanted = list(references(spec))
        data = self.data(wanted)
        built = self._closure(spec, manifests, folders)
        closure = self.joined(built, *(each.closure for each in data))
        _demand_inside(closure)

        def recipe(changes: Changes) -> KustomizeRecipe:
            return self._recipe(tree, changes)

        recipe({})
        variables = variables_of(self.found, spec, self.around.objects, {})
        deployed = DeployedSource(
            self.application,
            self.path,
            recipe,
            deployer_files=frozenset(self.found.closure.files),
            data_files=self.data_files(data, built),
            data=frozenset(wanted),
            resources=self.resources.union(manifests),
            outside=tuple(dict.fromkeys((*self.outside(data), *(variables.outside if variables else ())))),
        )
        where = own or self.found.location.path
        target = Target(deployed.name, TargetKind.KUSTOMIZATION, self.here.root, where, closure, deployed)
        covers = frozenset((*manifests, *(folder or "." for folder in folders)))
        return replace(row, target=target, reason=self.source.rule, covers=covers)

    def _recipe(self, tree: SourceTree, changes: Changes) -> KustomizeRecipe:
        spec = self.spec(changes)
        made = kustomization_recipe(spec, self.folder, tree, changes)
        variables = variables_of(self.found, spec, self.around.objects, changes)

        def after(stream: bytes) -> bytes:
            filled = substituted(stream, variables) if variables else stream
            return with_common_metadata(filled, spec, by_kustomize=True)

        return replace(made, after=after)

    def _closure(self, spec: Mapping[str, Any], manifests: list[str], folders: list[str]) -> Closure:
        here = self.here
        built = [*folders, *component_folders(spec, self.folder, here.root)]
        closures = [here.graph.closure(here.repository.real_folder(here.repository.full(folder))) for folder in built]
        return self.joined(*closures, read=manifests)


def _demand_inside(closure: Closure) -> None:
    """Flux reads nothing outside of the repository, though it lifts kustomize's own restriction."""
    outside = sorted(path for path in closure.files | closure.folders if path.startswith(("../", "/")))
    if outside:
        raise RecipeError(f"{outside[0]} is outside of the repository, where Flux reads nothing")
