"""Locates a field by text alone, if the taint render has not proven its origin.

From near to far: the authored resource's own field, the image that a deployer sets, the one setting with that very text, the
`helmCharts` entry, the resource. A field of a file or stream that was linted as it is has its own line.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from msgspec.structs import replace

from agentslint.authorship.deployer_scalars import images_set_by, is_of_application, sets_repository
from agentslint.authorship.documents import Authored, Document, follow_names, narrowed
from agentslint.authorship.embedded import lines_like
from agentslint.authorship.lines import line_region, target_location
from agentslint.authorship.template_patch import patched_image
from agentslint.facts.target_facts import TargetFacts
from agentslint.images import InvalidReference, Reference
from agentslint.model import Certainty, Field, Location, Manifest, Pointer, Region, Rendering, Target
from agentslint.places import by_name
from agentslint.trace.template_literals import literal_region
from agentslint.yamlread import Node, Scalar, YamlError, compose, region_at

Near = tuple[Location, Certainty]
_NO_VALUE = re.compile(r"\s*(?:chart|folder|name|release|namespace|values)\s*=")
"""Keys of a `[[targets]]` table that set no value of the chart."""
Cleared = Collection[tuple[str, Region]]
"""Files and regions of scalars that were changed, and the field did not show it."""


def nearest_text(field: Field, authored: Authored, rendered: TargetFacts, cleared: Cleared = ()) -> Near:
    """Return the nearest place that is known, and none of the `cleared` ones; there always is one."""
    return (
        (_in_deployer(field, authored) if _is_set_by_deployer(field) else None)
        or _in_resource(field, authored, rendered, cleared)
        or _in_deployer(field, authored)
        or _literal_in_template(field, authored, rendered)
        or _in_settings(field, authored, cleared)
        or _in_table(field, authored)
        or _in_template(field, authored, rendered)
        or (_key_in_template(field, authored, rendered) if field.at_key else None)
        or in_chart(field.manifest, rendered)
        or _near_resource(field, authored, rendered)
        or (_remote(field.manifest.target), Certainty.RESOURCE)
    )


def in_chart(manifest: Manifest, rendered: TargetFacts) -> Near | None:
    """The `helmCharts` entry that made a manifest, if one did."""
    entry = rendered.entry_of(manifest)
    return (rendered.chart_place(entry), Certainty.CHART) if entry else None


def _in_resource(field: Field, authored: Authored, rendered: TargetFacts, cleared: Cleared) -> Near | None:
    """A plain resource (or a patch of it) that holds this very text at this very field; the one nearest to the target wins."""
    if not isinstance(field.value, (str, int, float)):
        return _parent_in_resource(field, authored, rendered)
    names = by_name(field.manifest.body, field.pointer)
    hits = [
        (document, scalar)
        for document, scalar in _scalars_at(field.manifest, names, authored)
        if scalar.text == str(field.value) and (document.path, scalar.region) not in cleared
    ]
    if not hits:
        return None
    home = authored.target.file.rpartition("/")[0]
    document, scalar = max(hits, key=lambda hit: (hit[0].path not in authored.resource_files, hit[0].path.startswith(home)))
    return narrowed(document.location(scalar), scalar.text, field.span, authored.lines(document.path)), Certainty.MATCHED


def _scalars_at(manifest: Manifest, names: Pointer, authored: Authored) -> Iterator[tuple[Document, Scalar]]:
    for document in authored.manifests_like(manifest):
        pointer = follow_names(document.body, names)
        yield from ((document, scalar) for scalar in document.scalars if scalar.pointer == pointer)


def _parent_in_resource(field: Field, authored: Authored, rendered: TargetFacts) -> Near | None:
    """An absent key belongs to the nearest authored mapping around it."""
    for document in authored.manifests_like(field.manifest, rendered.manifests):
        if document.path not in authored.resource_files:
            continue
        names = by_name(field.manifest.body, field.pointer)
        while names:
            pointer = follow_names(document.body, names)
            region = region_at(document.node, pointer, key=True) if pointer else None
            if region:
                return Location(document.path, region, "", ("/".join(document.resource), *names)), Certainty.RESOURCE
            names = names[:-1]
    return None


def _in_settings(field: Field, authored: Authored, cleared: Cleared) -> Near | None:
    """The one setting whose whole text is the part that the finding is about, else the one that is the repository."""
    for text in _wanted(field):
        hits = [(document, scalar) for document, scalar in authored.settings if scalar.text == text]
        hits = [(document, scalar) for document, scalar in hits if (document.path, scalar.region) not in cleared]
        if len(hits) == 1:
            document, scalar = hits[0]
            return document.location(scalar), Certainty.MATCHED
    return None


def _is_set_by_deployer(field: Field) -> bool:
    """Whether an Application's images set this one: then nothing that stands in the folder decides it."""
    deployed, text = field.manifest.target.deployed, field.value if isinstance(field.value, str) else ""
    return deployed is not None and bool(text) and any(new == _repository(text) for _, new in images_set_by(deployed))


def _in_deployer(field: Field, authored: Authored) -> Near | None:
    """The image that the deployer sets in the place of this one, where a template or a variable hides a part of its text."""
    deployed, text = field.manifest.target.deployed, field.value if isinstance(field.value, str) else ""
    if deployed is None or not text:
        return None
    for document in authored.overriding:
        # A patch of the template replaces its list of images.
        for scalar in sorted(document.scalars, key=lambda scalar: scalar.pointer != ("spec", "templatePatch")):
            is_patch = scalar.pointer == ("spec", "templatePatch") and "images" in scalar.text
            is_image = scalar.pointer[-3:-1] == ("kustomize", "images") and sets_repository(scalar.text, _repository(text))
            if is_patch or is_image:
                region = patched_image(scalar, authored.lines(document.path), text, _repository(text)) if is_patch else None
                location = document.location(replace(scalar, region=region) if region else scalar)
                if is_of_application(document.path, location.key_path, deployed.application):
                    return location, Certainty.MATCHED
    return None


def _repository(image: str) -> str:
    """The part of an image before its tag and digest."""
    name = image.partition("@")[0]
    return name.rpartition(":")[0] if ":" in name.rpartition("/")[2] else name


def _wanted(field: Field) -> Iterator[str]:
    """Texts to look for, the most telling first; none for an object or a list."""
    if isinstance(field.value, (Mapping, list)):
        return
    whole = field.value if isinstance(field.value, str) else ""
    if field.text:
        yield field.text
    try:
        reference = Reference.parse(whole)
    except InvalidReference:
        return
    yield from (
        text for text in (reference.tag if field.missing == "digest" else None, whole, reference.repository, reference.path) if text
    )


def _in_table(field: Field, authored: Authored) -> Near | None:
    """The one text in the `[[targets]]` table of a chart that is the part which the finding is about: a value that it sets."""
    entries = field.manifest.target.closure.charts
    if len(entries) != 1 or not entries[0].kustomization.endswith(".toml"):
        return None
    path, first = entries[0].kustomization, entries[0].line
    lines = authored.lines(path)[first:]
    end = next((number for number, line in enumerate(lines) if line.startswith("[") and not line.startswith("[targets.")), len(lines))
    for text in _wanted(field):
        quoted = re.compile(rf"""(["']){re.escape(text)}(?=\1)""")
        said = ((number, line) for number, line in enumerate(lines[:end], first + 1) if not _NO_VALUE.match(line))
        hits = [(number, hit) for number, line in said for hit in quoted.finditer(line)]
        if len(hits) == 1:
            (line, hit) = hits[0]
            region = Region(line, hit.start() + 2, line, hit.end() + 1)
            return Location(path, region, "", ("targets", entries[0].release, _table_key(lines[line - first - 1]))), Certainty.MATCHED
    return None


def _table_key(line: str) -> str:
    return line.partition("=")[0].strip()


def _literal_in_template(field: Field, authored: Authored, rendered: TargetFacts) -> Near | None:
    """The one place at which the chart's template writes the field literally."""
    path = rendered.template_path(field.manifest)
    region = literal_region(authored.lines(path), field) if path else None
    return (Location(path, region, "", (field.manifest.resource, *field.pointer)), Certainty.MATCHED) if region else None


def _in_template(field: Field, authored: Authored, rendered: TargetFacts) -> Near | None:
    """The one line of the chart's template whose text this is, but for what actions print in it."""
    path = rendered.template_path(field.manifest)
    if not path or not isinstance(field.value, str) or not isinstance(field.pointer[-1], str):
        return None
    found = list(lines_like(authored.lines(path), field.pointer[-1], field.value))
    return (Location(path, found[0], "", (field.manifest.resource, *field.pointer)), Certainty.MATCHED) if len(found) == 1 else None


def _key_in_template(field: Field, authored: Authored, rendered: TargetFacts) -> Near | None:
    """The one line of the chart's template that begins with the field's key."""
    path, key = rendered.template_path(field.manifest), field.pointer[-1] if field.pointer else None
    if not path or not isinstance(key, str):
        return None
    begins = re.compile(rf"""\s*(?:- )?(["']?){re.escape(key)}\1\s*:(?!\S)""")
    found = [(number, match) for number, line in enumerate(authored.lines(path), 1) if (match := begins.match(line))]
    if len(found) != 1:
        return None
    (number, match) = found[0]
    start = match.end() - len(match[0].lstrip(" -")) + 1
    region = Region(number, start, number, start + len(key))
    return Location(path, region, "", (field.manifest.resource, *field.pointer)), Certainty.MATCHED


def _near_resource(field: Field, authored: Authored, rendered: TargetFacts) -> Near | None:
    """The same field of the authored resource, though a transformer changed its text; else the resource itself."""
    names = by_name(field.manifest.body, field.pointer)
    for document, scalar in _scalars_at(field.manifest, names, authored):
        return document.location(scalar), Certainty.RESOURCE
    for document in authored.manifests_like(field.manifest, rendered.manifests):
        region = region_at(document.node, ("metadata", "name")) or region_at(document.node, ("kind",))
        if region:
            return Location(document.path, region, "", ("/".join(document.resource),)), Certainty.RESOURCE
    return None


def _remote(target: Target) -> Location:
    """A manifest from the network is located at the entry that fetches it."""
    if len(target.closure.remotes) == 1:
        remote = target.closure.remotes[0]
        return Location(remote.kustomization, line_region(target.root, remote.kustomization, remote.line))
    return target_location(target)


def line_in_file(field: Field) -> Location:
    """Locate a field in the file or stream that was linted as it is."""
    manifest = field.manifest
    key_path: Pointer = (manifest.resource, *by_name(manifest.body, field.pointer))
    try:
        node = compose(manifest.text, manifest.target.file)[0]
    except (YamlError, IndexError):
        return Location(manifest.target.file, Region(manifest.line, 1, manifest.line, 1), "", key_path)
    pointer = (*manifest.prefix, *field.pointer)
    by_key = field.at_key or isinstance(field.value, Mapping) or (isinstance(field.value, list) and not field.missing)
    region = (region_at(node, pointer, key=True) if by_key else None) or _nearest_region(node, pointer)
    text = field.value if isinstance(field.value, str) else ""
    region = narrowed(Location("", region), text, field.span, manifest.text.split("\n")).region
    first = manifest.line - 1
    region = Region(region.start_line + first, region.start_column, region.end_line + first, region.end_column)
    return Location(manifest.target.file, region, "", key_path)


def line_in_part(field: Field, rendering: Rendering) -> Location:
    """Locate a field of a stream that was joined of files as they are."""
    found = line_in_file(field)
    path, first = rendering.place(field.manifest.line)
    up = field.manifest.line - first
    region = replace(found.region, start_line=found.region.start_line - up, end_line=found.region.end_line - up)
    return replace(found, path=path, region=region)


def _nearest_region(node: Node, pointer: Pointer) -> Region:
    """The region at the pointer; of what is not there, the key of the nearest thing around it."""
    exact = region_at(node, pointer)
    while exact is None and pointer:
        exact = region_at(node, pointer, key=True)
        pointer = pointer[:-1]
    return exact or Region(1, 1, 1, 1)
