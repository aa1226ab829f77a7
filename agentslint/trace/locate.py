"""Findings -> provenances: proven by the taint render where it can be, else as near as text alone tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute

from agentslint.facts import RenderedTarget
from agentslint.images import InvalidReference, Reference
from agentslint.model import (
    Certainty,
    Field,
    Finding,
    Location,
    Place,
    Pointer,
    Provenance,
    Region,
    RenderFailure,
    Rendering,
    Target,
    TargetKind,
)
from agentslint.render.failure import whole_target
from agentslint.trace.authored import Authored, FileDocuments, by_name, narrowed
from agentslint.trace.collect import Changeable
from agentslint.trace.near import near
from agentslint.trace.reading import Segment
from agentslint.trace.scalar import AuthoredScalar
from agentslint.trace.taint import FieldKey, RenderChanged, Taint, key, text_of
from agentslint.yamlread import Node, YamlError, compose, region_at


@dataclass
class Tracer:
    """Locates the findings of a run. `render` renders a target with changed files; None where nothing is to be proven."""

    render: RenderChanged | None = None
    targets: dict[str, RenderedTarget] = attribute(default_factory=dict)
    """The targets that may be asked about; the pipeline adds each one that rendered."""
    renders: int = 0
    _files: FileDocuments = attribute(default_factory=FileDocuments)
    _authored: dict[str, Authored] = attribute(default_factory=dict)
    _asked: set[str] = attribute(default_factory=set)
    _traced: dict[str, dict[FieldKey, tuple[Segment, ...]]] = attribute(default_factory=dict)

    def prove(self, target: str, fields: Iterable[Field]) -> None:
        """Trace fields of one target by taint renders; the targets may be asked for from several threads."""
        rendered = self.targets[target]
        if self.render is None or rendered.target.kind is not TargetKind.KUSTOMIZATION:
            return
        wanted = [place for place in fields if key(place) not in self._traced.get(target, {})]
        changeable = self.changeable(rendered.target)
        taint = Taint(rendered, changeable.scalars, changeable.matched_on, self.render)
        taint.trace(wanted)
        left = [place for place in wanted if key(place) not in taint.traced and text_of(place)]
        literals = [scalar for place in left for scalar in self._literals(changeable, rendered, place)]
        if literals:
            taint.scalars = literals
            taint.trace(left)
        self._traced.setdefault(target, {}).update(taint.traced)
        self.renders += taint.renders

    def origins(self, rendered: RenderedTarget, place: Field) -> tuple[Segment, ...]:
        """Return the proven parts of a field's text; the first question about a target proves all of its image fields at once."""
        name = rendered.target.name
        if name not in self._asked:
            self._asked.add(name)
            self.prove(name, [place, *(use.field for use in rendered.image_uses), *(claim.field for claim in rendered.claims)])
        elif not self.segments(place):
            self.prove(name, [place])
        return self.segments(place)

    def authored(self, rendered: RenderedTarget) -> tuple[AuthoredScalar, ...]:
        """Return the scalars that people wrote and that the render may depend on."""
        return self.changeable(rendered.target).scalars

    def render_changed(self, rendered: RenderedTarget, changes: Mapping[str, bytes]) -> Rendering | RenderFailure:
        """Render a staged copy of a target in which some files hold other bytes."""
        if self.render is None:
            return RenderFailure(rendered.target, "tool", "nothing is rendered again (--no-trace)", whole_target(rendered.target))
        self.renders += 1
        return self.render(rendered.target, changes)

    def locate(self, finding: Finding) -> tuple[Provenance, tuple[Location, ...]]:
        """Return where a finding is, and its related places in order."""
        related = []
        for other in finding.related:
            where = self.place(other.place).location
            related.append(Location(where.path, where.region, other.message, where.key_path))
        return self.place(finding.place), tuple(related)

    def place(self, place: Place) -> Provenance:
        """Return where one place is, and how that is known."""
        if isinstance(place, Location):
            return Provenance(place, Certainty.EXACT)
        target = place.manifest.target
        if target.kind is not TargetKind.KUSTOMIZATION:
            return Provenance(own_line(place), Certainty.EXACT, rendered_as(place))
        found = self.segments(place)
        if found:
            return Provenance(_in_segment(place, found), Certainty.EXACT, rendered_as(place))
        location, certainty = near(place, self._of(target), self.targets.get(target.name))
        return Provenance(location, certainty, rendered_as(place))

    def segments(self, place: Field) -> tuple[Segment, ...]:
        """Return the proven parts of a field's text; none before `prove`, or where nothing could be proven."""
        return self._traced.get(place.manifest.target.name, {}).get(key(place), ())

    def changeable(self, target: Target) -> Changeable:
        """Return the scalars of a target that may be changed to see what they decide."""
        return Changeable(target, self._of(target), self._files)

    def _of(self, target: Target) -> Authored:
        if target.name not in self._authored:
            self._authored[target.name] = Authored(target, self._files)
        return self._authored[target.name]

    @staticmethod
    def _literals(changeable: Changeable, rendered: RenderedTarget, place: Field) -> Iterable[AuthoredScalar]:
        call = rendered.call_of(place.manifest)
        template = call.template_of(place.manifest.kind, place.manifest.name) if call else ""
        return changeable.literals(template, _parts(text_of(place))) if template else ()


def fields_of(findings: Iterable[Finding]) -> list[Field]:
    """The fields that findings speak of, related ones included."""
    places = [place for finding in findings for place in (finding.place, *(other.place for other in finding.related))]
    return [place for place in places if isinstance(place, Field)]


def _in_segment(place: Field, found: Sequence[Segment]) -> Location:
    """The scalar that made the part which the finding speaks of, narrowed to that part."""
    segment = _segment(place, found)
    location = segment.scalar.location()
    if place.span and segment.start <= place.span[0] and place.span[1] <= segment.end:
        return narrowed(location, segment.scalar.text, (place.span[0] - segment.start, place.span[1] - segment.start))
    return location


def _segment(place: Field, found: Sequence[Segment]) -> Segment:
    """What is missing belongs beside the tag, else beside the repository; what is there, where it was written."""
    span = place.span or _beside(place)
    if span is None:
        return found[-1]
    return max(found, key=lambda segment: min(segment.end, span[1]) - max(segment.start, span[0]))


def _beside(place: Field) -> tuple[int, int] | None:
    text = text_of(place)
    try:
        reference = Reference.parse(text)
    except InvalidReference:
        return None
    if place.missing == "digest":
        return reference.tag_span or reference.repository_span
    return reference.repository_span if place.missing else None


def _parts(text: str) -> list[str]:
    """What a template may hold of an image, the longest first."""
    try:
        reference = Reference.parse(text)
    except InvalidReference:
        return [text]
    return [part for part in dict.fromkeys((text, reference.repository, reference.path, reference.tag, reference.digest)) if part]


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
    absent = field.missing and isinstance(field.value, Mapping)
    region = (region_at(node, pointer, key=True) if absent else None) or _nearest_region(node, pointer)
    first = manifest.line - 1
    region = Region(region.start_line + first, region.start_column, region.end_line + first, region.end_column)
    text = field.value if isinstance(field.value, str) else ""
    return narrowed(Location(manifest.target.file, region, "", key_path), text, field.span)


def _nearest_region(node: Node, pointer: Pointer) -> Region:
    """The region at the pointer; of what is not there, the key of the nearest thing around it."""
    exact = region_at(node, pointer)
    while exact is None and pointer:
        exact = region_at(node, pointer, key=True)
        pointer = pointer[:-1]
    return exact or Region(1, 1, 1, 1)
