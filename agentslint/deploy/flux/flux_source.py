"""What the Kustomizations and HelmReleases of Flux have in common: their names, their source, and how a row of one comes to be."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from agentslint.deploy.deployer import DeployContext
from agentslint.deploy.deployer_object import DeployerObject
from agentslint.deploy.flux.flux_ignored import left_over
from agentslint.deploy.flux.flux_types import checked_spec
from agentslint.deploy.listed import ListedSource, ProblemKind, SourceProblem
from agentslint.deploy.source_types import SourceError
from agentslint.deploy.typed import flag, mapping, text
from agentslint.model import Closure, Location, Pointer
from agentslint.model.application import Application, Changes, Destination, RecipeError
from agentslint.paths import is_link

DEPLOYER = "flux"
_DEFAULT_NAMESPACE = "default"


def application_of(found: DeployerObject) -> Application:
    """Return what identifies an object of Flux."""
    spec = mapping(found.body, "spec")
    return Application(
        name=found.name,
        namespace=found.namespace or _DEFAULT_NAMESPACE,
        deployer=DEPLOYER,
        kind=found.kind,
        destination=_destination(found, spec),
        enabled=not flag(spec, "suspend"),
        location=found.location,
    )


def _destination(found: DeployerObject, spec: Mapping[str, Any]) -> Destination:
    """The Secret or ConfigMap of a `kubeConfig` stands for its cluster, whose name nobody writes."""
    access = mapping(spec, "kubeConfig")
    cluster = text(mapping(access, "secretRef"), "name") or text(mapping(access, "configMapRef"), "name")
    return Destination(cluster, namespace=text(spec, "targetNamespace") or (found.namespace if found.kind == "HelmRelease" else ""))


class FluxSource:
    """An object of Flux with what it is read with."""

    def __init__(self, found: DeployerObject, around: DeployContext) -> None:
        self.found = found
        self.around = around
        self.here = around.here
        self.application = application_of(found)

    def outside(self, data: Iterable[DeployerObject] = ()) -> tuple[str, ...]:
        """Return the objects outside of the repository that may fill in parts of the object itself, or of the data that it takes."""
        makers = (each.manifest.target.deployed for each in (self.found, *data) if each.manifest)
        return tuple(dict.fromkeys(name for maker in makers if maker for name in maker.outside))

    def data(self, references: Iterable[tuple[str, str]]) -> list[DeployerObject]:
        """Return the ConfigMaps and Secrets (kind and name) that the object refers to, and that the repository has."""
        found = [self.around.objects.find("", kind, self.found.namespace, name, self.found) for kind, name in references]
        return [each for each in found if each]

    def data_files(self, data: Iterable[DeployerObject], own: Closure) -> frozenset[str]:
        """Return the files that decide over some data, and that the source does not read itself (`own`)."""
        return frozenset[str]().union(*(each.closure.files for each in data)) - own.files

    @property
    def resources(self) -> frozenset[str]:
        """The files that a generated kustomization took to make the object."""
        maker = self.found.manifest.target.deployed if self.found.manifest else None
        return maker.resources if maker else frozenset()

    def spec(self, changes: Changes) -> Mapping[str, Any]:
        """Return the spec if some files held other bytes; raises RecipeError."""
        return checked_spec(self.found.read(changes))

    def listed(self, row: ListedSource, judged: Callable[[ListedSource], ListedSource]) -> ListedSource:
        """Return a row with its target, or with the reason why it has none."""
        row = replace(row, location=self.found.place(("metadata", "name")), manifest=self.found.manifest)
        try:
            return judged(row)
        except SourceError as error:
            kind = ProblemKind.FILE if error.file else ProblemKind.SOURCE
            refused = self.problem(row, error.message, error.pointer, kind, error.file)
            problem = replace(refused.problem, leave_out=error.leave_out) if refused.problem else None
            return replace(refused, problem=problem)
        except RecipeError as error:
            where = error.location or self.found.location
            return replace(row, reason=error.message, problem=SourceProblem(error.message, where))

    def problem(
        self, row: ListedSource, message: str, pointer: Pointer, kind: ProblemKind = ProblemKind.SOURCE, subject: str = ""
    ) -> ListedSource:
        """Return a row that Flux would refuse. Of what git has and the work tree has not, nobody knows that here."""
        is_here = not (kind in (ProblemKind.PATH, ProblemKind.FILE) and self.here.is_committed("" if subject == "." else subject))
        said = message if is_here else f"{subject} is not checked out"
        field = self.found.field_at(pointer)
        found = SourceProblem(said, self.place(pointer), is_checked_out=is_here, kind=kind, subject=subject, field=field)
        return replace(row, reason=said, problem=found)

    def place(self, pointer: Pointer) -> Location:
        """Return where a part of the object is written."""
        return self.found.place(pointer)

    def missing(self, row: ListedSource, path: str, pointer: Pointer) -> ListedSource | None:
        """Return what a row becomes whose folder is not there, None where it is."""
        folder = "" if path == "." else path
        if self.here.holds(folder):
            is_linked = self.here.real_folder(folder) != folder
            message = f"path {path} is, or lies below, a symbolic link, and Flux leaves links out of what it fetches"
            return self.problem(row, message, pointer) if is_linked else None
        return self.problem(row, f"path {path} is not in the repository", pointer, ProblemKind.PATH, path)

    def paths(self, ignore: str | None) -> list[str]:
        """Return the files of the repository that Flux gets; `ignore` are the patterns of the GitRepository."""
        key = "flux", ignore
        if key not in self.around.kept:
            paths = (path for path in self.here.repository.files("") if not is_link(str(self.here.root / path)))
            self.around.kept[key] = left_over(self.here.root, paths, ignore)
        found: list[str] = self.around.kept[key]
        return found

    def joined(self, *closures: Closure, read: Iterable[str] = (), folders: Iterable[str] = ()) -> Closure:
        """Return one closure of several and of the object's own; charts are left out but for those that make the object."""
        plain = (replace(each, charts=()) for each in closures)
        first = Closure(frozenset(read), frozenset(folders), pins=next((each.pins for each in closures), ()))
        return first.joined(*plain, self.found.closure)


def normal(path: str) -> str:
    """Return a path as a bare target is named; one cannot lead out of the repository, as Flux joins it securely."""
    return posixpath.normpath(posixpath.join("/", path)).lstrip("/") or "."
