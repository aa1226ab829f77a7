"""What Argo CD refuses in an Application before it reads a source, and how it finds out what a source says of its type.

`validateSourcePermissions` and `NormalizeSource` in util/argo/argo.go, `Path` in util/app/path/path.go; the
CustomResourceDefinition in manifests/crds/application-crd.yaml.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from typing import Any

from agentslint.deploy.source_types import ANYTHING, TEXT, SourceError, checked
from agentslint.deploy.typed import mapping, sequence, text

_NAME = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*")
_LONGEST_NAME = 253
"""https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names"""
_REFERENCE = re.compile(r"[a-zA-Z0-9_-]+")
_TEXTS = {"*": TEXT}
_APPLICATION = {
    "metadata": {"name": ANYTHING, "namespace": TEXT, "labels": _TEXTS, "annotations": _TEXTS},
    "spec": {
        "source": {},
        "sources": [{}],
        "sourceHydrator": {"drySource": {}},
        "project": TEXT,
        "destination": {"name": TEXT, "server": TEXT, "namespace": TEXT},
    },
}
_OPTIONS_ALONE = {
    "kustomize": (
        *("forceCommonLabels", "forceCommonAnnotations", "commonAnnotationsEnvsubst"),
        *("labelWithoutSelector", "labelIncludeTemplates"),
    ),
    "helm": (),
    "directory": (),
}
"""By type the settings that Argo CD drops where nothing else is set, and the type with them."""


def check_spec(body: Mapping[str, Any]) -> None:
    """Raise SourceError where a part that must be a mapping or a list is something else, or where it has no name or no source."""
    name = mapping(body, "metadata").get("name")
    if not name:
        raise SourceError("it has no metadata.name", ("metadata",))
    if not isinstance(name, str):
        raise SourceError("metadata.name is no text, as Kubernetes expects it: put it in quotes", ("metadata", "name"))
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        raise SourceError(f"Kubernetes takes no object of the name {name}", ("metadata", "name"))
    spec = checked(body, _APPLICATION, "Argo CD").get("spec", {})
    destination = spec.get("destination", {})
    if destination.get("name") and destination.get("server"):
        raise SourceError(
            "the destination names a cluster and an address, and Argo CD takes one of them", ("spec", "destination", "server")
        )
    _check_references(sequence(mapping(body, "spec"), "sources"))
    if "sourceHydrator" not in spec and not spec.get("sources") and "source" not in spec:
        raise SourceError("it names no source", ("spec",))


def _check_references(sources: Sequence[Mapping[str, Any]]) -> None:
    """`GetRefSources` in util/argo/argo.go."""
    seen: set[str] = set()
    for number, source in enumerate(sources):
        name, where = text(source, "ref"), ("spec", "sources", number, "ref")
        if name and not _REFERENCE.fullmatch(name):
            raise SourceError(f"ref {name} may hold letters, digits, _ and - alone", where)
        if name in seen:
            raise SourceError(f"two sources have ref: {name}", where)
        seen.update([name] if name else [])


def check_source(source: Mapping[str, Any], *, is_one_of_several: bool) -> None:
    """Raise SourceError where a source lacks what each source needs."""
    chart, path = text(source, "chart"), text(source, "path")
    if chart and path:
        raise SourceError("a source names either a chart or a path, not both", ("path",))
    if source.get("repoURL") in (None, ""):
        raise SourceError("the source names no repoURL", ("repoURL",))
    if source.get("path") in (None, "") and source.get("chart") in (None, "") and not (is_one_of_several and text(source, "ref")):
        raise SourceError("the source names neither a path nor a chart", ())
    if chart and source.get("targetRevision") in (None, ""):
        raise SourceError(f"the source names no version of chart {chart} (targetRevision)", ("chart",))
    if posixpath.isabs(path) and not chart:
        raise SourceError(f"path {path} is absolute, and Argo CD takes paths without a slash, from the root of the repository", ("path",))


def named_types(source: Mapping[str, Any]) -> list[str]:
    """Return the types that a source sets something of; settings that hold nothing name no type."""
    found = [name for name, ignored in _OPTIONS_ALONE.items() if _holds(mapping(source, name), ignored)]
    return found if source.get("plugin") in (None, {}) else [*found, "plugin"]


def _holds(settings: Mapping[str, Any], ignored: tuple[str, ...]) -> bool:
    """Tell whether any setting holds something: false, zero and what is empty are as good as absent, inside of a mapping, too."""
    return any(_holds(item, ()) if isinstance(item, Mapping) else bool(item) for key, item in settings.items() if key not in ignored)
