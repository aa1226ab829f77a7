"""The line of a deployer's object that names the source of a target, where the object comes out of a render."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from agentslint import files
from agentslint.authorship.documents import FileDocuments
from agentslint.authorship.template_objects import object_in_template
from agentslint.model import Location, Pointer, Target, TargetKind
from agentslint.model.target import KUSTOMIZATION_FILES
from agentslint.yamlread import region_at

_SOURCES: tuple[Pointer, ...] = (("spec", "source"), ("spec", "template", "spec", "source"))
_CHART_FILE, _TEMPLATES = "Chart.yaml", (".yaml", ".yml", ".tpl", ".json")
_MOST = 1_000
"""Templates of a chart that are read."""
_HELM_RELEASE: tuple[Pointer, ...] = (("spec", "chart", "spec", "chart"), ("spec", "chartRef", "name"), ("spec", "path"))


def named_in(target: Target) -> Location | None:
    """Return where the one object of the application's kind and name, or the set that makes it, names its chart.

    Of an object that a chart makes, that is the one template which names it. None where there is not one such object, or it was read
    from its file and the place is known.
    """
    application_place = target.deployed.application.location if target.deployed else None
    if target.deployed is None or target.kind is not TargetKind.CHART or application_place is None:
        return None
    # The place of an object in a rendering is its target's file.
    folder, name = posixpath.split(application_place.path)
    application = target.deployed.application
    owner = ("ApplicationSet", application.set) if application.set else (application.kind, application.name)
    if name == _CHART_FILE:
        return _in_template(target, folder, owner)
    return _in_manifest(target, target.deployed.number, owner) if name in KUSTOMIZATION_FILES else None


def _in_manifest(target: Target, number: int, owner: tuple[str, str]) -> Location | None:
    read = FileDocuments()
    paths = [path for path in sorted(target.closure.files) if read.mentions(target.root, path, owner[0])]
    every = [each for path in paths for document in read(target.root, path) for each in document.manifests]
    same = [each for each in every if each.resource[0] == owner[0] and each.resource[1] and isinstance(each.body, Mapping)]
    # kustomize may put something around the name.
    found = [each for each in same if each.resource == owner] or [each for each in same if each.resource[1] in owner[1]]
    if len(found) != 1:
        return None
    several: Pointer = ("spec", "sources", number)
    sources: list[Pointer] = [*_SOURCES, several, ("spec", "template", *several)]
    node = (found[0].outer or found[0]).node
    ways = [(*source, key) for source in sources for key in ("chart", "path", "repoURL")]
    for way in (*ways, *_HELM_RELEASE, ("metadata", "name")):
        if region := region_at(node, (*found[0].prefix, *way)):
            return Location(found[0].path, region, "", ("/".join(owner), *way))
    return None


def _in_template(target: Target, folder: str, owner: tuple[str, str]) -> Location | None:
    templates = posixpath.join(folder, "templates")
    found = []
    for path in sorted(each for each in (target.root / templates).rglob("*") if each.suffix in _TEMPLATES)[:_MOST]:
        name = path.relative_to(target.root).as_posix()
        try:
            lines = files.text_in(target.root, name, files.MANIFEST).split("\n")
        except OSError:
            continue
        if region := object_in_template(lines, *owner):
            found.append(Location(name, region, "", ("/".join(owner),)))
    return found[0] if len(found) == 1 else None
