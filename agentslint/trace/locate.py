"""Findings -> provenances, from near to far: the field's own line, the one setting with that text, the helmCharts entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agentslint.facts import RenderedTarget
from agentslint.images import InvalidReference, Reference
from agentslint.model import Certainty, Field, Finding, Location, Manifest, Place, Pointer, Provenance, Region, Target, TargetKind
from agentslint.render.failure import chart_entry, whole_line, whole_target
from agentslint.trace.authored import Authored, Document, FileDocuments, by_name, follow_names, narrowed
from agentslint.yamlread import Scalar, YamlError, compose, region_at


class Tracer:
    """Locates the findings of a run."""

    def __init__(self) -> None:
        self._files = FileDocuments()
        self._authored: dict[str, Authored] = {}

    def locate(self, finding: Finding, rendered: Mapping[str, RenderedTarget]) -> tuple[Provenance, tuple[Location, ...]]:
        """Return where a finding is, and its related places in order. `rendered` holds the targets by name."""
        place = self._place(finding.place, rendered)
        related = []
        for other in finding.related:
            where = self._place(other.place, rendered).location
            related.append(Location(where.path, where.region, other.message, where.key_path))
        return place, tuple(related)

    def _place(self, place: Place, rendered: Mapping[str, RenderedTarget]) -> Provenance:
        if isinstance(place, Location):
            return Provenance(place, Certainty.EXACT)
        location, certainty = self._field(place, rendered)
        return Provenance(location, certainty, rendered_as(place))

    def _field(self, field: Field, rendered: Mapping[str, RenderedTarget]) -> tuple[Location, Certainty]:
        target = field.manifest.target
        if target.kind is not TargetKind.KUSTOMIZATION:
            return own_line(field), Certainty.EXACT
        authored = self._of(target)
        return (
            _in_resource(field, authored)
            or _in_settings(field, authored)
            or _in_chart(field, rendered.get(target.name))
            or _near_resource(field, authored)
            or (_remote(target), Certainty.RESOURCE)
        )

    def _of(self, target: Target) -> Authored:
        if target.name not in self._authored:
            self._authored[target.name] = Authored(target, self._files)
        return self._authored[target.name]


def rendered_as(field: Field) -> str:
    """Say what the renderer made of it: `Deployment/agents spec.containers[0].image = ...`; Secrets keep their values."""
    where = f"{field.manifest.resource} {field.path}"
    value = field.value
    if field.manifest.kind == "Secret" or not isinstance(value, (str, int, float)):
        return where
    return f"{where} = {value}"


def own_line(field: Field) -> Location:
    """Locate a field in the file or stream that was linted as it is."""
    manifest = field.manifest
    key_path: Pointer = (manifest.resource, *by_name(manifest.body, field.pointer))
    try:
        node = compose(manifest.text, manifest.target.file)[0]
    except (YamlError, IndexError):
        return Location(manifest.target.file, Region(manifest.line, 1, manifest.line, 1), "", key_path)
    pointer = (*manifest.prefix, *field.pointer)
    region = _nearest_region(node, pointer)
    first = manifest.line - 1
    region = Region(region.start_line + first, region.start_column, region.end_line + first, region.end_column)
    text = field.value if isinstance(field.value, str) else ""
    scalar = Scalar(pointer=field.pointer, text=text, region=region, style="plain", key_region=None)
    return narrowed(Location(manifest.target.file, region, "", key_path), scalar, field.span)


def _nearest_region(node: object, pointer: Pointer) -> Region:
    """The region at the pointer; of what is not there, the key of the nearest thing around it."""
    exact = region_at(node, pointer)
    while exact is None and pointer:
        exact = region_at(node, pointer, key=True)
        pointer = pointer[:-1]
    return exact or Region(1, 1, 1, 1)


def _in_resource(field: Field, authored: Authored) -> tuple[Location, Certainty] | None:
    """A plain resource (or a patch of it) that holds this very text at this very field; the one nearest to the target wins."""
    if not isinstance(field.value, (str, int, float)):
        return _parent_in_resource(field, authored)
    names = by_name(field.manifest.body, field.pointer)
    hits = [(document, scalar) for document, scalar in _scalars_at(field.manifest, names, authored) if scalar.text == str(field.value)]
    if not hits:
        return None
    home = authored.target.file.rpartition("/")[0]
    document, scalar = max(hits, key=lambda hit: (hit[0].path not in authored.resource_files, hit[0].path.startswith(home)))
    return narrowed(document.location(scalar), scalar, field.span), Certainty.MATCHED


def _scalars_at(manifest: Manifest, names: Pointer, authored: Authored) -> Iterator[tuple[Document, Scalar]]:
    for document in authored.manifests_like(manifest):
        pointer = follow_names(document.body, names)
        yield from ((document, scalar) for scalar in document.scalars if scalar.pointer == pointer)


def _parent_in_resource(field: Field, authored: Authored) -> tuple[Location, Certainty] | None:
    """What is absent belongs to the nearest mapping around it that a person wrote."""
    for document in authored.manifests_like(field.manifest):
        if document.path not in authored.resource_files:
            continue
        names = by_name(field.manifest.body, field.pointer)
        while names:
            pointer = follow_names(document.body, names)
            region = region_at(document.node, pointer, key=True) if pointer else None
            if region:
                return Location(document.path, region, "", (field.manifest.resource, *names)), Certainty.RESOURCE
            names = names[:-1]
    return None


def _in_settings(field: Field, authored: Authored) -> tuple[Location, Certainty] | None:
    """The one setting whose whole text is the part that the finding speaks of, else the one that is the repository."""
    for text in _wanted(field):
        hits = [(document, scalar) for document, scalar in authored.settings if scalar.text == text]
        if len(hits) == 1:
            document, scalar = hits[0]
            return document.location(scalar), Certainty.MATCHED
    return None


def _wanted(field: Field) -> Iterator[str]:
    """Texts to look for, the most telling first."""
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


def _in_chart(field: Field, rendered: RenderedTarget | None) -> tuple[Location, Certainty] | None:
    call = rendered.call_of(field.manifest) if rendered else None
    if call is None:
        return None
    target = field.manifest.target
    for chart in target.closure.charts:
        if chart.name == call.chart and chart.release == call.release:
            where = chart_entry(chart, target.root)
            return Location(where.path, where.region, "", ("helmCharts", chart.name, chart.release)), Certainty.CHART
    return None


def _near_resource(field: Field, authored: Authored) -> tuple[Location, Certainty] | None:
    """The same field of the authored resource, though a transformer changed its text; else the resource itself."""
    names = by_name(field.manifest.body, field.pointer)
    for document, scalar in _scalars_at(field.manifest, names, authored):
        return document.location(scalar), Certainty.RESOURCE
    for document in authored.manifests_like(field.manifest):
        region = region_at(document.node, ("metadata", "name")) or region_at(document.node, ("kind",))
        if region:
            return Location(document.path, region, "", (field.manifest.resource,)), Certainty.RESOURCE
    return None


def _remote(target: Target) -> Location:
    """What comes from the network is known by the entry that fetches it."""
    if len(target.closure.remotes) == 1:
        remote = target.closure.remotes[0]
        return Location(remote.kustomization, whole_line(target.root / remote.kustomization, remote.line))
    return whole_target(target)
