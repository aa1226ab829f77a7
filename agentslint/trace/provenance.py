"""Findings -> provenances: the authored place of a finding, proven if possible, else the nearest one by text alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from agentslint.authorship.authored_scalar import AuthoredScalar, Segment
from agentslint.authorship.documents import narrowed
from agentslint.authorship.lines import target_location
from agentslint.experiment.marks import parts_of
from agentslint.model import Certainty, Field, Finding, Location, Place, Provenance, Region
from agentslint.model.manifest import text_of
from agentslint.trace.asked import beside, spans
from agentslint.trace.deployer_variables import setting_with_variables
from agentslint.trace.nearest_text import line_in_file, line_in_part, nearest_text

if TYPE_CHECKING:
    from agentslint.trace.remote_defaults import Defaults
    from agentslint.trace.tracer import Tracer

Tracers = Mapping[str, "Tracer"]
"""The tracers of a run by the names of their targets."""


def locate(finding: Finding, tracers: Tracers) -> tuple[Provenance, tuple[Location, ...]]:
    """Return where a finding is, and its related places in order."""
    related = []
    for other in finding.related:
        where = place_of(other.place, tracers).location
        related.append(Location(where.path, where.region, other.message, where.key_path))
    own = place_of(finding.place, tracers)
    if isinstance(finding.place, Location) and finding.certainty is not own.certainty:
        own = replace(own, certainty=finding.certainty)
    return own, (*related, *_advice(finding.place, tracers))


def place_of(place: Place, tracers: Tracers) -> Provenance:
    """Return where one place is, and how that is known."""
    if isinstance(place, Location):
        return Provenance(place, Certainty.EXACT)
    target = place.manifest.target
    if not target.is_built:
        return Provenance(line_in_file(place), Certainty.EXACT, rendered_as(place))
    if tracer := tracers.get(target.name):
        with tracer.faults.of(target):
            return _at_key(place, _proven(place, tracer) or _nearest(place, tracer), tracer)
    return Provenance(target_location(target), Certainty.RESOURCE, rendered_as(place))


def _at_key(place: Field, found: Provenance, tracer: Tracer) -> Provenance:
    """Move a place from a value to its key on the same line, where the finding is about the key."""
    region, key = found.location.region, place.pointer[-1] if place.pointer else None
    if not place.at_key or not isinstance(key, str) or found.certainty not in (Certainty.EXACT, Certainty.MATCHED):
        return found
    lines = tracer.changeable.authored.lines(found.location.path)
    before = lines[region.start_line - 1][: region.start_column - 1] if region.start_line <= len(lines) else ""
    match = re.search(rf"""(["']?){re.escape(key)}\1[ \t]*:[ \t]*$""", before)
    if match is None:
        return found
    moved = Region(region.start_line, match.start() + 1, region.start_line, match.start() + 1 + len(key) + 2 * len(match[1]))
    return replace(found, location=replace(found.location, region=moved))


def fields_of(findings: Iterable[Finding]) -> list[Field]:
    """The fields of findings, related ones included."""
    places = [place for finding in findings for place in (finding.place, *(other.place for other in finding.related))]
    return [place for place in places if isinstance(place, Field)]


def _proven(place: Field, tracer: Tracer) -> Provenance | None:
    if segment := _dropped(place, tracer.segments(place)) or _decisive(beside(place), tracer.segments(place)):
        steps = tracer.steps.to(beside(place), segment.scalar, tracer.conditions(place))
        return Provenance(_in_segment(place, segment), Certainty.EXACT, rendered_as(place), steps)
    if default := _default(place, tracer):
        return Provenance(default[0].location(), Certainty.CHART, rendered_as(place))
    return None


def _nearest(place: Field, tracer: Tracer) -> Provenance:
    rendering = tracer.rendered.rendering
    if rendering and rendering.parts:
        return Provenance(line_in_part(place, rendering), Certainty.EXACT, rendered_as(place))
    deployed = place.manifest.target.deployed
    if deployed and (filled := setting_with_variables(place, tracer.of_deployer, deployed.application)):
        return Provenance(filled.location(), Certainty.MATCHED, rendered_as(place))
    if fixed := _fixed(place, tracer):
        return Provenance(fixed.location(), Certainty.MATCHED, rendered_as(place))
    cleared = {scalar.place for scalar in tracer.cleared(place)}
    location, certainty = nearest_text(place, tracer.changeable.authored, tracer.rendered, cleared)
    segment = _beside_missing(place, tracer.segments(place))
    if segment and certainty is not Certainty.MATCHED:
        location, certainty = segment.scalar.location(), Certainty.MATCHED
    return Provenance(location, certainty, rendered_as(place))


def _fixed(place: Field, tracer: Tracer) -> AuthoredScalar | None:
    """The one text that cannot be changed, so that nothing proves it, and that is what nobody else decides: the field, or a part of it."""
    whole, near = text_of(place), beside(place)
    if not whole or not (tracer.changeable.target.deployed or tracer.changeable.target.closure.kustomizations):
        return None
    known = tracer.segments(place)
    left = [span for span in spans(near) if all(segment.overlap(span) <= 0 for segment in known)]
    parts = [text_of(near)[start:end] for start, end in reversed(left)]
    for text in dict.fromkeys((whole, *parts)):
        found = tracer.changeable.fixed_like(text, is_part=text != whole)
        if len({each.place for each in found}) == 1:
            return found[0]
    return None


def _advice(place: Place, tracers: Tracers) -> Iterable[Location]:
    """The value to set if a chart's own default decides, which is not in the repository."""
    tracer = tracers.get(place.manifest.target.name) if isinstance(place, Field) else None
    if isinstance(place, Field) and tracer:
        with tracer.faults.of(place.manifest.target):
            if found := _default(place, tracer):
                yield found[0].advice(found[1].scalar)


def _default(place: Field, tracer: Tracer) -> tuple[Defaults, Segment] | None:
    defaults, found = tracer.defaults(place)
    segment = _decisive(beside(place), found)
    return (defaults, segment) if defaults and segment else None


def _decisive(place: Field, found: Sequence[Segment]) -> Segment | None:
    """The segment that decides the subject of a finding; for a whole image the one of its digest, else of its tag."""
    if isinstance(place.value, bool):
        return found[0] if found else None
    best = max(found, key=lambda segment: segment.overlap(spans(place)[-1]), default=None)
    return best if best and best.overlap(spans(place)[-1]) > 0 else None


def _dropped(place: Field, found: Sequence[Segment]) -> Segment | None:
    """What decides the digest, where the tag is missing because kustomize drops the one that is written with the repository."""
    repository = _decisive(place, found) if place.missing == "tag" else None
    if repository is None or not any(repository.scalar.text[start - 1] == ":" for start, _ in parts_of(repository.scalar.text)[1:]):
        return None
    digest = max(found, key=lambda segment: segment.overlap(spans(place)[0]))
    return digest if digest.scalar != repository.scalar and digest.overlap(spans(place)[0]) > 0 else None


def _beside_missing(place: Field, found: Sequence[Segment]) -> Segment | None:
    """Where the tag is not known and a digest is missing, the block that the repository stands in is the nearest place."""
    return found[0] if place.missing and found else None


def _in_segment(place: Field, segment: Segment) -> Location:
    """The scalar that made a part of a field, narrowed to the part that the finding is about."""
    location = segment.scalar.location()
    if place.span and segment.start <= place.span[0] and place.span[1] <= segment.end:
        return narrowed(
            location, segment.scalar.text, (place.span[0] - segment.start + segment.offset, place.span[1] - segment.start + segment.offset)
        )
    return location


def rendered_as(field: Field) -> str:
    """Describe the rendered field: `Deployment/agents spec.containers[0].image = ...`; Secrets keep their values."""
    where = f"{field.manifest.resource} {field.path}"
    value = field.value
    if field.manifest.kind == "Secret" or not isinstance(value, (str, int, float)):
        return where
    return f"{where} = {str(value).lower() if isinstance(value, bool) else value}"
