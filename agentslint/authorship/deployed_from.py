"""The line of a deployer's object that names the source of a target, where the object comes out of a render."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from agentslint.authorship.documents import FileDocuments
from agentslint.model import Location, Pointer, Target, TargetKind
from agentslint.model.target import KUSTOMIZATION_FILES
from agentslint.yamlread import region_at

_SOURCES: tuple[Pointer, ...] = (("spec", "source"), ("spec", "template", "spec", "source"))
_HELM_RELEASE: tuple[Pointer, ...] = (("spec", "chart", "spec", "chart"), ("spec", "chartRef", "name"), ("spec", "path"))


def named_in(target: Target) -> Location | None:
    """Return where the one object of the application's kind and name, or the set that makes it, names its chart.

    None where there is not one such object, or it was read from its file and the place is known.
    """
    application_place = target.deployed.application.location if target.deployed else None
    if target.deployed is None or target.kind is not TargetKind.CHART or application_place is None:
        return None
    # The place of an object in a rendering is its target's file.
    if posixpath.basename(application_place.path) not in KUSTOMIZATION_FILES:
        return None
    application, read = target.deployed.application, FileDocuments()
    owner = ("ApplicationSet", application.set) if application.set else (application.kind, application.name)
    files = [path for path in sorted(target.closure.files) if read.mentions(target.root, path, owner[1])]
    every = (each for path in files for document in read(target.root, path) for each in document.manifests)
    found = [each for each in every if each.resource == owner]
    if len(found) != 1 or not isinstance(found[0].body, Mapping):
        return None
    several: Pointer = ("spec", "sources", target.deployed.number)
    sources: list[Pointer] = [*_SOURCES, several, ("spec", "template", *several)]
    ways = [(*source, key) for source in sources for key in ("chart", "path", "repoURL")]
    node = (found[0].outer or found[0]).node
    for way in (*ways, *_HELM_RELEASE, ("metadata", "name")):
        if region := region_at(node, (*found[0].prefix, *way)):
            return Location(found[0].path, region, "", ("/".join(owner), *way))
    return None
