"""How Argo CD renders a Helm chart: the arguments of `helm template`.

`helmTemplate` and `getResolvedValueFiles` in reposerver/repository/repository.go, `template` in util/helm/cmd.go;
https://argo-cd.readthedocs.io/en/stable/user-guide/helm/.
"""

from __future__ import annotations

import json
import os
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from agentslint import files
from agentslint.deploy.argo.build_variables import BuildVariables
from agentslint.deploy.argo.path_globs import MAGIC, matching_files
from agentslint.deploy.local_charts import Dependencies, dependencies
from agentslint.deploy.source_types import SourceError
from agentslint.deploy.typed import flag, mapping, sequence, text, texts
from agentslint.model import Pointer
from agentslint.model.application import HelmRecipe, Inline, InTree
from agentslint.model.listed_manifests import shape
from agentslint.yamlread import YamlError, compose, value

_LEAVE_OUT = "ignoreMissingValueFiles"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_COMMA = re.compile(r"(?<!\\),")


class HelmPlace(Struct, frozen=True):
    """Where a chart is rendered: the folder of the source, and the folders (from the root) of the sources that others refer to by `$ref`.

    The folder is None for a chart that is pulled: then its own files are not in the repository.
    """

    root: Path
    folder: str | None
    references: Mapping[str, str | None]
    """By name the root of the referred repository here: "" for this one, None for another."""
    several: bool = False
    """Whether the application has a list of sources: then each `$name` in front of a path is one of them."""
    charts: frozenset[str] = frozenset()
    """The references to sources with a chart: Argo CD refuses values files from them."""


def helm_recipe(
    source: Mapping[str, Any], place: HelmPlace, variables: BuildVariables, *, name: str, namespace: str, pull: tuple[str, ...] = ()
) -> HelmRecipe:
    """Return how a source is rendered; `name` is that of the application, `namespace` that of its destination. Raises SourceError."""
    helm = mapping(source, "helm")
    if text(helm, "version") not in ("", "v3"):
        raise SourceError(f"helm.version is {text(helm, 'version')}, which Argo CD does not support", ("helm", "version"))
    needed = Dependencies() if place.folder is None else dependencies(place.root, place.folder)
    if needed.outdated:
        raise SourceError(needed.outdated, ("path",))
    arguments: list[str | InTree | Inline] = []
    if where := text(helm, "namespace") or namespace:
        arguments += ["--namespace", where]
    arguments += _set(helm, variables)
    arguments += _set_files(helm, place, variables)
    for path in value_files(helm, place, variables):
        arguments += ["--values", InTree(path)]
    if (extra := _extra_values(helm)) is not None:
        arguments += ["--values", Inline(extra)]
    arguments += [] if flag(helm, "skipCrds") else ["--include-crds"]
    arguments += ["--skip-schema-validation"] if flag(helm, "skipSchemaValidation") else []
    arguments += ["--skip-tests"] if flag(helm, "skipTests") else []
    return HelmRecipe(
        release=text(helm, "releaseName") or name,
        chart=place.folder or "",
        pull=pull,
        arguments=tuple(arguments),
        dependencies=needed.pulled,
        local_dependencies=needed.local,
        kube_version=text(helm, "kubeVersion").removeprefix("v"),
        api_versions=tuple(texts(helm, "apiVersions")),
    )


def value_files(helm: Mapping[str, Any], place: HelmPlace, variables: BuildVariables) -> list[str]:
    """Return the values files of a source in their order, from the root; raises SourceError for one that is not there."""
    ignored = flag(helm, "ignoreMissingValueFiles")
    written = sequence(helm, "valueFiles")
    explicit = set()
    for number, each in enumerate(written):
        try:
            explicit.add(_resolved(str(each), place, variables, ("helm", "valueFiles", number)))
        except SourceError:
            continue
    found: dict[str, None] = {}
    for number, each in enumerate(written):
        pointer: Pointer = ("helm", "valueFiles", number)
        path = _resolved(str(each), place, variables, pointer)
        if MAGIC.search(path):
            fitting = matching_files(place.root, path)
            if folder := next((match for match in fitting if os.path.isdir(place.root / match)), ""):
                raise SourceError(f"{each} matches the folder {folder}, which helm cannot read as values", pointer)
            matches = [match for match in fitting if match not in explicit and files.is_file_in(place.root, match)]
            if not matches and not ignored:
                raise SourceError(f"no value file matches {each}", pointer, file=path, leave_out=_LEAVE_OUT)
            found.update(dict.fromkeys(matches))
        elif files.is_file_in(place.root, path):
            found.setdefault(path)
        elif os.path.lexists(place.root / path) and files.way_out(place.root, os.path.join(place.root, path)) is not None:
            raise SourceError(f"value file {each} leads out of the repository", pointer)
        elif not ignored:
            message = f"value file {each} does not exist ({path}){_hint(str(each), place, variables)}"
            raise SourceError(message, pointer, file=path, leave_out=_LEAVE_OUT)
    return list(found)


def _hint(written: str, place: HelmPlace, variables: BuildVariables) -> str:
    """An application with one source has no references: there `$name` is a build variable."""
    first = written.partition("/")[0]
    unknown = [] if first in place.references else variables.unknown(first)
    return f", as {unknown[0]} is no source" if unknown else ""


def _resolved(written: str, place: HelmPlace, variables: BuildVariables, pointer: Pointer) -> str:
    """The path of a values file from the root: `$ref/` and `/` begin at the root of a repository, else in the folder of the source."""
    first, _, rest = written.partition("/")
    if first in place.charts:
        raise SourceError(f"{written} refers to a source with a chart, which Argo CD refuses; set `ref` on a git source", pointer)
    if place.several and first.startswith("$") and first not in place.references:
        raise SourceError(f"no source has ref: {first[1:]}, which {written} names", pointer)
    if first.startswith("$") and first in place.references:
        root = place.references[first]
        if root is None:
            raise SourceError(f"{written} is in another repository or at another revision", pointer, refused=False)
        filled = variables.filled(f"/{rest}")
        folder: str | None = ""
    else:
        filled, folder = variables.filled(written), place.folder
    if _SCHEME.match(filled):
        raise SourceError(f"value file {written} is fetched from the network, which agentslint does not do", pointer, refused=False)
    if folder is None and not filled.startswith("/"):
        raise SourceError(f"value file {written} is in the chart itself, which is not in the repository", pointer, refused=False)
    path = posixpath.normpath(filled.lstrip("/") if filled.startswith("/") else posixpath.join(folder or "", filled))
    if path == ".." or path.startswith("../"):
        raise SourceError(f"value file {written} leads out of the repository", pointer)
    return path


def _set(helm: Mapping[str, Any], variables: BuildVariables) -> Iterator[str]:
    """One argument a name, the last entry's; in the order of names, where Argo CD has none."""
    plain: dict[str, str] = {}
    strings: dict[str, str] = {}
    for entry in sequence(helm, "parameters"):
        if isinstance(entry, Mapping):
            (strings if flag(entry, "forceString") else plain)[text(entry, "name")] = text(entry, "value")
    for option, chosen in (("--set", plain), ("--set-string", strings)):
        for name in sorted(chosen):
            yield option
            yield f"{name}={_clean(variables.filled(chosen[name]))}"


def parameter_files(helm: Mapping[str, Any], place: HelmPlace, variables: BuildVariables) -> dict[str, str]:
    """Return the files whose texts are parameters, by the name of the parameter; raises SourceError for one that is not there."""
    chosen = {}
    for number, entry in enumerate(sequence(helm, "fileParameters")):
        if isinstance(entry, Mapping):
            pointer: Pointer = ("helm", "fileParameters", number, "path")
            path = _resolved(text(entry, "path"), place, variables, pointer)
            if not files.is_file_in(place.root, path):
                raise SourceError(f"file {text(entry, 'path')} of a parameter does not exist ({path})", pointer, file=path)
            chosen[text(entry, "name")] = path
    return chosen


def _set_files(helm: Mapping[str, Any], place: HelmPlace, variables: BuildVariables) -> Iterator[str | InTree]:
    chosen = parameter_files(helm, place, variables)
    for name in sorted(chosen):
        yield "--set-file"
        yield InTree(chosen[name], f"{name}=")


def _clean(value: str) -> str:
    """`cleanSetParameters`: a comma separates for helm, except in a list."""
    return value if value.startswith("{") and value.endswith("}") else _COMMA.sub(r"\\,", value)


def _extra_values(helm: Mapping[str, Any]) -> bytes | None:
    """`valuesObject` replaces `values`; raises SourceError for a text that is no YAML, and for what is no mapping."""
    written = helm.get("valuesObject")
    if written is not None:
        _demand_mapping(written, "valuesObject")
        return json.dumps(written, ensure_ascii=False).encode()
    inline = text(helm, "values")
    try:
        documents = compose(inline, "", duplicate_keys=True)
    except YamlError as error:
        raise SourceError(f"the values are no YAML: line {error.line}: {error.message}", ("helm", "values")) from None
    for document in documents:
        _demand_mapping(value(document), "values")
    return inline.encode() if inline else None


def _demand_mapping(values: Any, setting: str) -> None:
    if values is not None and not isinstance(values, Mapping):
        raise SourceError(f"helm expects a mapping in {setting}, and not {shape(values)}", ("helm", setting))


def references(sources: Sequence[Mapping[str, Any]], is_here: Callable[[str, str], bool]) -> dict[str, str | None]:
    """Return the sources that others refer to: `$name`, and the root of the repository where they are this tree."""
    named = ((text(each, "ref"), text(each, "repoURL"), text(each, "targetRevision")) for each in sources)
    return {f"${name}": "" if is_here(url, revision) else None for name, url, revision in named if name}
