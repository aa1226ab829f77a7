"""The settings of a source in which Argo CD fills in build variables, and the variables in them that it does not know.

`Envsubst` is called for them in util/kustomize/kustomize.go (`Build`) and reposerver/repository/repository.go (`helmTemplate`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from agentslint.deploy.argo.build_variables import BuildVariables
from agentslint.deploy.typed import at, flag, mapping, sequence, text
from agentslint.model import Pointer, dotted


def unknown_variables(
    source: Mapping[str, Any], kind: str, variables: BuildVariables, references: Collection[str]
) -> Iterator[tuple[Pointer, str, str]]:
    """Yield the place of each unknown variable in a source, the variable, and a message; `references` are the `$name` of other sources."""
    found = {"kustomize": _of_kustomize, "helm": _of_helm}.get(kind)
    for pointer in found(source) if found else ():
        written = str(at(source, pointer))
        first, _, rest = written.partition("/")
        is_path = pointer[1] in ("valueFiles", "fileParameters")
        for name in variables.unknown(rest if is_path and first in references else written):
            yield pointer, name, f"{dotted(pointer)} names {name}, which is not a build variable of Argo CD, so it becomes empty"


def _of_kustomize(source: Mapping[str, Any]) -> Iterator[Pointer]:
    said = mapping(source, "kustomize")
    yield from (("kustomize", "images", number) for number, each in enumerate(sequence(said, "images")) if isinstance(each, str))
    yield from (("kustomize", "commonLabels", key) for key in mapping(said, "commonLabels"))
    if flag(said, "commonAnnotationsEnvsubst"):
        yield from (("kustomize", "commonAnnotations", key) for key in mapping(said, "commonAnnotations"))


def _of_helm(source: Mapping[str, Any]) -> Iterator[Pointer]:
    said = mapping(source, "helm")
    parameters = sequence(said, "parameters")
    last = {text(each, "name"): number for number, each in enumerate(parameters) if isinstance(each, Mapping)}
    yield from (("helm", "parameters", number, "value") for number in sorted(last.values()) if "value" in parameters[number])
    for number, each in enumerate(sequence(said, "fileParameters")):
        if isinstance(each, Mapping) and "path" in each:
            yield "helm", "fileParameters", number, "path"
    yield from (("helm", "valueFiles", number) for number, _ in enumerate(sequence(said, "valueFiles")))
