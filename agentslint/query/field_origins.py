"""Where rendered fields come from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct
from msgspec.structs import replace

from agentslint.engine.session import Session, faults_of, rendered_targets
from agentslint.errors import UsageError
from agentslint.facts.named_places import did_you_mean, leaves, length_of, named, spellings
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.model import Certainty, Failure, Field, Location, Manifest
from agentslint.model.manifest import text_of
from agentslint.trace import place_of
from agentslint.trace.asked import key, spans
from agentslint.trace.tracer import Tracer


class Origin(Struct, frozen=True):
    """A part of a field's text, where it was written, and how it came from there."""

    text: str
    location: Location
    certainty: Certainty
    steps: tuple[Location, ...] = ()


class TracedField(Struct, frozen=True):
    """A rendered field and where each part of it comes from."""

    target: str
    field: Field
    origins: tuple[Origin, ...]
    conditions: tuple[Location, ...] = ()
    """Scalars on which it depends otherwise than by their text."""

    @property
    def words(self) -> str:
        """Its name in messages: `Deployment/agents spec.template.spec.containers[app].image`."""
        return f"{self.field.manifest.resource} {named(self.field.manifest.body, self.field.pointer)}"

    @property
    def is_secret(self) -> bool:
        """Whether its text must not be shown."""
        return self.field.manifest.kind in ("Secret", "SecretList")


def origins(session: Session, resource: str | None, path: str | None) -> tuple[list[TracedField], list[Failure]]:
    """Trace image fields and claims of all targets, or the fields that a `Kind/name` glob and a path name.

    Raises UsageError, naming what is near, where there is no such resource or field.
    """
    targets, failures = rendered_targets(session)
    chosen = [(target, _fields(target, resource, path)) for target in targets]
    if targets and not any(fields for _, fields in chosen):
        raise UsageError(_nothing(targets, resource, path))
    found = [traced for target, fields in chosen for traced in trace_fields(target, fields)]
    return found, [*failures, *faults_of(targets)]


def trace_fields(target: RenderedTarget, fields: Sequence[Field]) -> list[TracedField]:
    """Trace fields of one target together."""
    tracer = target.tracer
    tracer.prove(fields)
    return [
        TracedField(target.target.name, place, tuple(_origins(tracer, place)), tuple(each.location() for each in tracer.conditions(place)))
        for place in fields
    ]


def image_fields(target: RenderedTarget) -> list[Field]:
    """Return the fields that hold an image, a digest or a git SHA, whole, each once."""
    places = [*(use.field for use in target.image_uses), *(claim.field for claim in target.claims)]
    return list({key(place): Field(place.manifest, place.pointer) for place in places}.values())


def _fields(target: RenderedTarget, resource: str | None, path: str | None) -> list[Field]:
    if path is None:
        return [place for place in image_fields(target) if _is_meant(place.manifest, resource)]
    manifests = [manifest for manifest in target.manifests if _is_meant(manifest, resource)]
    found: dict[bool, list[Field]] = {True: [], False: []}
    for manifest in manifests:
        for pointer, _ in leaves(manifest.body):
            if length := length_of(path, spellings(manifest.body, pointer)):
                found[length == len(pointer)].append(Field(manifest, pointer))
    return found[True] or found[False]


def _is_meant(manifest: Manifest, resource: str | None) -> bool:
    return resource is None or fnmatchcase(manifest.resource, resource)


def _origins(tracer: Tracer, place: Field) -> Iterator[Origin]:
    """The parts of a text that are proven, and as near as can be those that are not; what has no text is one part."""
    text = text_of(place)
    if not text:
        yield _origin(tracer, place, shown(place))
        return
    proven = [(segment.start, segment.end) for segment in tracer.segments(place)]
    left = [span for span in spans(place) if not any(start < span[1] and span[0] < end for start, end in proven)]
    for start, end in sorted({*proven, *left}):
        yield _origin(tracer, replace(place, span=(start, end)), text[start:end])


def _origin(tracer: Tracer, place: Field, text: str) -> Origin:
    provenance = place_of(place, {place.manifest.target.name: tracer})
    return Origin(text, provenance.location, provenance.certainty, provenance.steps)


def shown(place: Field) -> str:
    """Return the value of a field as people write it."""
    return json.dumps(place.value) if isinstance(place.value, (bool, dict, list)) or place.value is None else text_of(place)


def _nothing(targets: Sequence[RenderedTarget], resource: str | None, path: str | None) -> str:
    """Describe a missing resource or field, with similar names."""
    where = ", ".join(target.target.name for target in targets[:3]) + (", ..." if len(targets) > 3 else "")
    manifests = [manifest for target in targets for manifest in target.manifests]
    meant = [manifest for manifest in manifests if _is_meant(manifest, resource)]
    if resource is not None and not meant:
        return f"{where} renders no {resource}{did_you_mean(resource, (manifest.resource for manifest in manifests))}"
    owner = resource or where
    if path is None:
        return f"{owner} holds no image, digest or SHA; name a field: `agentslint trace TARGET RESOURCE FIELD`"
    known = (named(manifest.body, pointer) for manifest in meant for pointer, _ in leaves(manifest.body))
    return f"{owner} has no field {path}{did_you_mean(path, known)}"
