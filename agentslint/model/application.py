"""An application that a deployer deploys, and how the deployer renders a source of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from msgspec import Struct

from agentslint.places import Location
from agentslint.record import Record

Changes = Mapping[str, bytes]
"""Files (by path) that hold other bytes."""


class Destination(Struct, frozen=True):
    """The cluster (by name or by address) and the namespace that an application is deployed to."""

    name: str = ""
    server: str = ""
    namespace: str = ""


DECLARED = ("configuration", "target")
"""Deployer and kind of a target that the configuration declares."""


class Application(Record, frozen=True):
    """An application: `set` is the ApplicationSet that makes it, written in `set_file`, `location` the object in its file.

    `kind` is the kind of the object; `enabled` is false where the deployer leaves it alone.
    """

    not_compared: ClassVar[frozenset[str]] = frozenset(("set_file", "location"))

    name: str
    namespace: str
    deployer: str
    kind: str
    destination: Destination = Destination()
    project: str = ""
    enabled: bool = True
    set: str = ""
    set_file: str = ""
    location: Location | None = None

    @property
    def is_declared(self) -> bool:
        """Whether the configuration declares it (`[[targets]]`), and no object of a deployer does."""
        return (self.deployer, self.kind) == DECLARED

    def is_named_in(self, key_path: Iterable[str]) -> bool:
        """Tell whether a key path lies in its object, or in that of the set which makes it; a file may hold others."""
        names = {f"{self.kind}/{self.name}", f"ApplicationSet/{self.set}"}
        return not names.isdisjoint(step.strip("[]") for step in key_path)

    @property
    def id(self) -> str:
        """`namespace/name`: no two applications of one deployer share it. Without a namespace the name alone."""
        return f"{self.namespace}/{self.name}" if self.namespace else self.name


class RecipeError(Exception):
    """A source that cannot be rendered as its deployer would: the reason, and its place where that is known."""

    def __init__(self, message: str, location: Location | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.location = location


class InTree(Struct, frozen=True):
    """A path of the repository in a command line, behind a prefix (`web.config=` of `--set-file`)."""

    path: str
    prefix: str = ""


class Inline(Struct, frozen=True):
    """The contents of a temporary file in a command line."""

    data: bytes


class KustomizeRecipe(Struct, frozen=True):
    """Edit a copy of a folder as the deployer does, then run `kustomize build`.

    `written` are files as the deployer writes them anew; then come the argument lists of `kustomize edit` in `edits`, `patches` that are
    appended to the file, and the `components` that are added. `after` changes the output.
    """

    folder: str
    written: Mapping[str, bytes] = {}
    edits: tuple[tuple[str, ...], ...] = ()
    patches: tuple[Any, ...] = ()
    components: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    helm: bool = True
    kube_version: str = ""
    api_versions: tuple[str, ...] = ()
    after: Callable[[bytes], bytes] | None = None

    @property
    def edits_folder(self) -> bool:
        """Whether anything is changed before the build."""
        return bool(self.written or self.edits or self.patches or self.components)


class HelmRecipe(Struct, frozen=True):
    """Run `helm template RELEASE CHART` with arguments; the chart is a folder, or `pull` are the words of `helm pull` that get it.

    `dependencies` are the words of `helm pull` for charts that Chart.yaml names and the folder does not hold, `local_dependencies` the
    folders of such charts in the repository. `written` are files as the deployer writes them anew. The output goes through a
    `kustomize build` for each of the kustomizations in `post_renderers`, whose resource is `helm-output.yaml`; `after` changes it last.
    """

    release: str
    chart: str = ""
    pull: tuple[str, ...] = ()
    arguments: tuple[str | InTree | Inline, ...] = ()
    dependencies: tuple[tuple[str, ...], ...] = ()
    local_dependencies: tuple[str, ...] = ()
    kube_version: str = ""
    api_versions: tuple[str, ...] = ()
    written: Mapping[str, bytes] = {}
    post_renderers: tuple[bytes, ...] = ()
    after: Callable[[bytes], bytes] | None = None


class DirectoryRecipe(Struct, frozen=True):
    """Take the manifests in `files` as they are, in this order."""

    files: tuple[str, ...]


Recipe = KustomizeRecipe | HelmRecipe | DirectoryRecipe


class DeployedSource(Record, frozen=True):
    """One source of an application; `path` is its folder as a bare target is named, "" for a chart of a repository of charts.

    `recipe` says how the source is rendered if some files held other bytes; it raises RecipeError.
    """

    not_compared: ClassVar[frozenset[str]] = frozenset(("recipe", "passed_on"))

    application: Application
    path: str
    recipe: Callable[[Changes], Recipe]
    number: int = 0
    of: int = 1
    deployer_files: frozenset[str] = frozenset()
    """The files that decide over the source: those of the deployer's object, and those that override it."""
    data_files: frozenset[str] = frozenset()
    """The files that decide over the ConfigMaps and Secrets from which it takes values, and that it does not deploy."""
    data: frozenset[tuple[str, str]] = frozenset()
    """Kind and name of these ConfigMaps and Secrets, as the object refers to them."""
    resources: frozenset[str] = frozenset()
    """Files that the deployer takes as they stand, though no kustomization names them."""
    outside: tuple[str, ...] = ()
    """The objects that are not in the repository and may fill in `${...}`, which stays as it is written (`Secret/vars`)."""
    passed_on: Callable[[Location], Sequence[Location]] = lambda where: ()
    """The places that pass on what a place of the deployer's files sets, each with its description: template and source of a set."""

    @property
    def not_deployed(self) -> frozenset[str]:
        """The files that decide over the source without being deployed by it."""
        return self.deployer_files | self.data_files

    @cached_property
    def plain_recipe(self) -> Recipe | None:
        """How the source is rendered as the files are; None where the deployer would refuse it."""
        try:
            return self.recipe({})
        except RecipeError:
            return None

    @property
    def local_charts(self) -> tuple[str, ...]:
        """The folders of charts in the repository that its chart depends on and does not hold (`file://../redis`)."""
        recipe = self.plain_recipe
        return recipe.local_dependencies if isinstance(recipe, HelmRecipe) else ()

    @property
    def name(self) -> str:
        """The name of its target: that of the application, with a number where there are several sources."""
        return self.application.id if self.of == 1 else f"{self.application.id}#{self.number + 1}"
