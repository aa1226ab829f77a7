"""The Applications of Argo CD: their sources as targets, rendered as Argo CD renders them.

https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/; `GenerateManifests` in
reposerver/repository/repository.go.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from agentslint.credentials import dropped
from agentslint.deploy.argo.argo_directory import JSONNET, directory_files, require_single_objects
from agentslint.deploy.argo.argo_helm import HelmPlace, helm_recipe, parameter_files, references, value_files
from agentslint.deploy.argo.argo_kustomize import component_folders, kustomize_recipe, patch_files
from agentslint.deploy.argo.argo_overrides import overridden, override_files, place_in_override
from agentslint.deploy.argo.argo_types import SOURCE
from agentslint.deploy.argo.argo_validation import check_source, check_spec, named_types
from agentslint.deploy.argo.argo_variables import unknown_variables
from agentslint.deploy.argo.build_variables import BuildVariables, of_application
from agentslint.deploy.deployer_object import Body, DeployerObject
from agentslint.deploy.here import Here
from agentslint.deploy.listed import ListedSource, ProblemKind, SourceProblem
from agentslint.deploy.local_charts import chart_name, dependencies
from agentslint.deploy.source_types import SourceError, checked
from agentslint.deploy.typed import at, flag, mapping, sequence, text
from agentslint.model import Closure, HelmChartEntry, Location, Place, Pointer, Target, TargetKind
from agentslint.model.application import (
    Application,
    Changes,
    DeployedSource,
    Destination,
    DirectoryRecipe,
    Recipe,
    RecipeError,
)
from agentslint.model.target import KUSTOMIZATION_FILES

GROUP = "argoproj.io"
DEPLOYER = "argocd"
_KEPT = ("chart", "path", "repoURL", "targetRevision")
"""Settings of a source that an override file cannot change (`mergeSourceParameters`)."""


def is_application(found: DeployerObject) -> bool:
    """Tell whether an object is an Application of Argo CD."""
    return found.group == GROUP and found.kind == "Application"


def application_of(found: DeployerObject, here: Here, *, of_set: str = "") -> Application:
    """Return what identifies an Application; one that names no namespace is in that of Argo CD."""
    spec = mapping(found.body, "spec")
    to = mapping(spec, "destination")
    return Application(
        name=found.name,
        namespace=found.namespace or here.settings.argocd_namespace,
        deployer=DEPLOYER,
        kind=found.kind,
        destination=Destination(text(to, "name"), text(to, "server"), text(to, "namespace")),
        project=text(spec, "project") or "default",
        set=of_set,
        location=found.location,
    )


def source_pointers(body: Body) -> list[Pointer]:
    """Return where the sources stand; where there are several, Argo CD does not look at the single one."""
    spec = mapping(body, "spec")
    if spec.get("sourceHydrator") is not None:
        return [("spec", "sourceHydrator", "drySource")]
    if several := sequence(spec, "sources"):
        return [("spec", "sources", number) for number in range(len(several))]
    return [("spec", "source")] if spec.get("source") is not None else []


def sources_of(body: Body) -> list[Mapping[str, Any]]:
    """Return the sources of an Application, in their order."""
    found = [at(body, pointer) for pointer in source_pointers(body)]
    return [each if isinstance(each, Mapping) else {} for each in found]


def listed_sources(found: DeployerObject, application: Application, here: Here) -> list[ListedSource]:
    """Return the sources of an Application, with a target for each that is judged."""
    try:
        check_spec(found.body)
    except SourceError as error:
        problem = SourceProblem(error.message, found.place(error.pointer), field=found.field_at(error.pointer))
        return [ListedSource(application, reason=error.message, problem=problem, manifest=found.manifest)]
    several = bool(source_pointers(found.body)[0][1] == "sources")
    rendered = [index for index, each in enumerate(sources_of(found.body)) if not (several and _is_only_referred_to(each))]
    if not rendered:
        where = found.place(("metadata", "name"))
        return [ListedSource(application, reason="its sources are only referred to", location=where, manifest=found.manifest)]
    return [_ArgoSource(found, application, here, index, number, len(rendered)).listed() for number, index in enumerate(rendered)]


class _ArgoSource:
    """One source of an Application; `index` is its number in the object, `number` that among the `of` that render something."""

    def __init__(self, found: DeployerObject, application: Application, here: Here, index: int, number: int, of: int) -> None:
        self.found = found
        self.application = application
        self.here = here
        self.index = index
        self.number = number
        self.of = of
        self.written = sources_of(found.body)[index]
        self.pointer = source_pointers(found.body)[index]
        path = text(self.written, "path")
        self.path = posixpath.normpath(path.strip("/") or ".")
        self.folder = here.real_folder("" if self.path == "." else self.path)
        self.chart = text(self.written, "chart")

    def listed(self) -> ListedSource:
        """Return it with a target, or with the reason why it has none."""
        url, revision = text(self.written, "repoURL"), text(self.written, "targetRevision")
        plugin = text(mapping(self.written, "plugin"), "name") or ("(unnamed)" if self.written.get("plugin") is not None else "")
        row = ListedSource(
            self.application,
            url,
            revision,
            "" if self.chart else self.path,
            self.chart,
            plugin,
            is_ours=bool(self.chart) or not url or self.here.is_ours(url),
            location=self.found.place(("metadata", "name")),
            manifest=self.found.manifest,
        )
        try:
            checked(self.written, SOURCE, "Argo CD")
            check_source(self.written, is_one_of_several=self.pointer[1] == "sources")
        except SourceError as error:
            return self._refused(row, error)
        if not self.chart:
            if not row.is_ours:
                return replace(row, reason=f"deployed from another repository ({dropped(url)})")
            if elsewhere := self.here.elsewhere(revision):
                return replace(row, reason=elsewhere)
            if problem := self._path_problem():
                return replace(row, reason=problem.message, problem=problem)
        return self._judged(row)

    def _judged(self, row: ListedSource) -> ListedSource:
        try:
            source = self._merged({})
            kind = self._type(source)
            if kind == "kustomize" and (version := text(mapping(self.written, "kustomize"), "version")):
                return replace(row, reason=f"built by kustomize {version}, which only Argo CD's own settings provide")
            if kind == "plugin":
                name = text(mapping(source, "plugin"), "name")
                if self.here.settings.plugins.get(name) != "kustomize" or not self._is_kustomization:
                    return replace(row, reason=f"made by plugin {name or '(unnamed)'}")
                kind = "kustomize"
                row = replace(row, reason=f"plugin {name} is judged as kustomize ([deploy.plugins])")
            target = self._target(source, kind)
        except SourceError as error:
            return self._refused(row, error)
        except RecipeError as error:
            return replace(row, reason=error.message, problem=SourceProblem(error.message, error.location or self._place(())))
        if isinstance(target, str):
            return replace(row, reason=target)
        rule = row.reason or ("" if self.chart else self.here.rule(row.revision))
        return replace(row, target=target, reason=rule, covers=self._covered(source, kind), doubts=self._doubts(source, kind))

    def _refused(self, row: ListedSource, error: SourceError) -> ListedSource:
        """Of a file that git has and the work tree has not, nobody knows here whether Argo CD would take it."""
        if not error.refused:
            return replace(row, reason=error.message)
        kind = ProblemKind.FILE if error.file else ProblemKind.SOURCE
        problem = replace(self._at(error.message, error.pointer, kind, error.file), leave_out=error.leave_out)
        if error.file and self.here.is_committed(error.file):
            problem = replace(problem, message=f"{error.file} is not checked out", is_checked_out=False)
        return replace(row, reason=problem.message, problem=problem)

    def _path_problem(self) -> SourceProblem | None:
        if self.folder == ".." or self.folder.startswith("../"):
            return self._at(f"path {self.path} leads out of the repository", ("path",), ProblemKind.PATH, self.path)
        if self.here.holds(self.folder):
            return None
        known = self.here.is_committed(self.path)
        message = f"path {self.path} is not checked out" if known else f"path {self.path} is not in the repository"
        return replace(self._at(message, ("path",), ProblemKind.PATH, self.path), is_checked_out=not known)

    def _at(self, message: str, pointer: Pointer, kind: ProblemKind = ProblemKind.SOURCE, subject: str = "") -> SourceProblem:
        """A problem of a part of the source, which stands in the object or in a file that overrides it."""
        if over := place_in_override(self.here.root, self._override_files(), pointer):
            return SourceProblem(message, over, kind=kind, subject=subject)
        inside = (*self.pointer, *pointer)
        return SourceProblem(message, self._place(pointer), kind=kind, subject=subject, field=self.found.field_at(inside))

    def _doubts(self, source: Mapping[str, Any], kind: str) -> tuple[SourceProblem, ...]:
        found = unknown_variables(source, kind, self._variables(source), self._helm_place(self.found.body).references)
        unknown = (self._at(message, pointer, ProblemKind.VARIABLE, name) for pointer, name, message in found)
        return (*unknown, *(() if self.number else self._lacking_destination()))

    def _lacking_destination(self) -> Iterator[SourceProblem]:
        """`GetDestinationCluster` in util/argo/argo.go; what the source renders is known all the same."""
        to, where = self.application.destination, ("spec", "destination")
        if not to.name and not to.server:
            message = "the destination names no cluster, by name or server"
            yield SourceProblem(message, self.found.place(where), kind=ProblemKind.SOURCE, field=self.found.field_at(where))

    def _place(self, inside: Pointer) -> Location:
        return self.found.place((*self.pointer, *inside))

    @property
    def _is_kustomization(self) -> bool:
        return any(os.path.lexists(self.here.root / self.folder / name) for name in KUSTOMIZATION_FILES)

    def _type(self, source: Mapping[str, Any]) -> str:
        """The type as Argo CD finds it (`GetAppSourceType`): said, else by the files in the folder itself."""
        said = named_types(source)
        if len(said) > 1:
            raise SourceError(f"a source has one type, not {' and '.join(said)}", ())
        if said:
            return said[0]
        if self.chart:
            return "helm"
        if self._is_kustomization:
            return "kustomize"
        return "helm" if any(name.endswith("Chart.yaml") for name in self._names()) else "directory"

    def _names(self) -> list[str]:
        try:
            return os.listdir(self.here.root / self.folder)
        except OSError:
            return []

    def _merged(self, changes: Changes, body: Body | None = None) -> Mapping[str, Any]:
        """The source with the files that override it; raises RecipeError."""
        written = sources_of(self.found.read(changes) if body is None else body)[self.index]
        source: Mapping[str, Any] = checked(written, SOURCE, "Argo CD")
        for path in self._override_files():
            source = overridden(source, path, changes.get(path), self.here.root)
        kept = {key: written[key] for key in _KEPT if key in written}
        return {**{key: item for key, item in source.items() if key not in _KEPT}, **kept}

    def _override_files(self) -> list[str]:
        return [] if self.chart else override_files(self.here.root, self.folder, self._instance_name)

    @property
    def _instance_name(self) -> str:
        """What Argo CD calls it (`InstanceName`): an application in another namespace than Argo CD's own is called by both."""
        own = self.application
        return own.name if own.namespace == self.here.settings.argocd_namespace else f"{own.namespace}_{own.name}"

    def _variables(self, source: Mapping[str, Any]) -> BuildVariables:
        own = self.application
        url, path, revision = (text(source, key) for key in ("repoURL", "path", "targetRevision"))
        return of_application(self._instance_name, own.destination.namespace, own.project, self.here.revision, url, path, revision)

    def _is_here(self, url: str, revision: str) -> bool:
        """Whether a source that others refer to is this tree."""
        return self.here.is_ours(url) and not self.here.elsewhere(revision)

    def _helm_place(self, body: Body) -> HelmPlace:
        sources, several = sources_of(body), bool(sequence(mapping(body, "spec"), "sources"))
        charts = frozenset(f"${name}" for each in sources if (name := text(each, "ref")) and text(each, "chart"))
        return HelmPlace(self.here.root, None if self.chart else self.folder, references(sources, self._is_here), several, charts)

    def _target(self, source: Mapping[str, Any], kind: str) -> Target | str:
        """The target, or why there is none."""
        kinds = {"kustomize": TargetKind.KUSTOMIZATION, "helm": TargetKind.CHART, "directory": TargetKind.DIRECTORY}
        of_source, overrides = self._closure(source, kind), self._override_files()
        closure = of_source.joined(Closure(frozenset(overrides)), self.found.closure)
        if kind == "directory":
            taken = self._directory(source)
            require_single_objects(taken, self.here.root)
            if unread := min((path for path in taken if path.endswith(JSONNET)), default=""):
                return f"made by jsonnet ({unread})"
        if kind == "kustomize" and not self._is_kustomization:
            raise SourceError(f"{self.path} has no kustomization", ("path",))
        deployer_files = frozenset((*self.found.closure.files, *overrides))
        path = "" if self.chart else self.folder or "."
        deployed = DeployedSource(
            self.application, path, self._recipe(kind), self.number, self.of, deployer_files, passed_on=self.found.passed_on
        )
        self._recipe(kind)({})
        return Target(deployed.name, kinds[kind], self.here.root, self._file(kind), closure, deployed, source=of_source)

    def _file(self, kind: str) -> str:
        names = {"kustomize": KUSTOMIZATION_FILES, "helm": ("Chart.yaml",)}.get(kind, ())
        own = (posixpath.join(self.folder, name) for name in names if not self.chart)
        return next(
            (path for path in own if os.path.lexists(self.here.root / path)),
            self.application.location.path if self.application.location else "",
        )

    def _recipe(self, kind: str) -> Callable[[Changes], Recipe]:
        def recipe(changes: Changes) -> Recipe:
            body = self.found.read(changes)
            source = self._merged(changes, body)
            variables = self._variables(source)
            match kind:
                case "kustomize":
                    return kustomize_recipe(source, self.folder, self.here.root, variables)
                case "helm":
                    namespace = self.application.destination.namespace
                    return helm_recipe(
                        source, self._helm_place(body), variables, name=self.application.name, namespace=namespace, pull=self._pull(source)
                    )
                case _:
                    return DirectoryRecipe(tuple(self._directory(source)))

        return recipe

    def _pull(self, source: Mapping[str, Any]) -> tuple[str, ...]:
        """The words of `helm pull`."""
        if not self.chart:
            return ()
        url, version = _chart_repository(source), text(source, "targetRevision")
        own = [f"{url}/{self.chart}"] if url.startswith("oci://") else ["--repo", url, self.chart]
        return (*own, *(("--version", version) if version else ()))

    def _directory(self, source: Mapping[str, Any]) -> list[str]:
        return list(directory_files(source, self.folder, self.here.root))

    def _closure(self, source: Mapping[str, Any], kind: str) -> Closure:
        """All files that its render reads: those of the source, and of what is laid over it."""
        root = self.here.root
        own = Closure()
        read: set[str] = set()
        charts: tuple[HelmChartEntry, ...] = ()
        folders: set[str] = set()
        if kind == "kustomize" and self._is_kustomization:
            folder, *components = map(self._kustomization, (self.folder, *component_folders(source, self.folder, root)))
            own = folder.joined(*components)
            read |= set(patch_files(source, self.folder))
        elif kind == "directory":
            read |= set(self._directory(source))
        elif kind == "helm":
            variables, place = self._variables(source), self._helm_place(self.found.body)
            helm = mapping(source, "helm")
            named = value_files(helm, place, variables)
            read |= {*named, *parameter_files(helm, place, variables).values()}
            charts = (self._chart_entry(source, named),)
            folders |= set() if self.chart else {self.folder, *dependencies(root, self.folder).local}
        return own.joined(Closure(frozenset(read), frozenset(folders), charts=charts))

    def _kustomization(self, folder: str) -> Closure:
        return self.here.graph.closure(self.here.repository.real_folder(self.here.repository.full(folder)))

    def _chart_entry(self, source: Mapping[str, Any], named: Sequence[str]) -> HelmChartEntry:
        where = self._place(("chart",) if self.chart else ("path",))
        repo = _chart_repository(source) if self.chart else ""
        version = self._place(("targetRevision",)) if self.chart and text(source, "targetRevision") else None
        inline = self._place(("helm", "valuesObject")).key_path[1:] if "valuesObject" in mapping(source, "helm") else None
        return HelmChartEntry(
            where.path,
            where.region.start_line,
            self.chart or chart_name(self.here.root, self.folder),
            release=text(mapping(source, "helm"), "releaseName") or self.application.name,
            repo=repo,
            version=text(source, "targetRevision") if self.chart else "",
            directory=None if self.chart else self.folder,
            present=not self.chart,
            version_region=version.region if version and version.path == where.path else None,
            version_at=self._elsewhere(where, ("targetRevision",)) if version else None,
            crds_at=self._at("", ("helm", "skipCrds")).place if flag(mapping(source, "helm"), "skipCrds") else None,
            value_files=tuple(named),
            inline=inline,
        )

    def _elsewhere(self, where: Location, pointer: Pointer) -> Place | None:
        """Where a part of the source is written, if that is not in the file of `where` as it is read."""
        found = self._at("", pointer).place
        return None if isinstance(found, Location) and found.path == where.path else found

    def _covered(self, source: Mapping[str, Any], kind: str) -> frozenset[str]:
        """The bare targets in whose place it is judged: the kustomization, or the files of a folder."""
        if self.chart:
            return frozenset()
        return frozenset(self._directory(source)) if kind == "directory" else frozenset((self.folder or ".",))


def _chart_repository(source: Mapping[str, Any]) -> str:
    """The address of a repository of charts; one without a scheme is one of OCI."""
    url = text(source, "repoURL")
    plain = url.startswith(("https://", "http://", "file://"))
    return url if plain else f"oci://{url.removeprefix('oci://').rstrip('/')}"


def _is_only_referred_to(source: Mapping[str, Any]) -> bool:
    """One of `sources` that has neither path nor chart is there for its `ref` alone."""
    return bool(text(source, "ref")) and not text(source, "chart") and source.get("path") in (None, "")
