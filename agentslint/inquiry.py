"""Questions about targets, outside of any rule: where does a field come from, and what does a scalar decide?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from agentslint.errors import UsageError
from agentslint.facts import RenderedTarget
from agentslint.lint import Run, render_all
from agentslint.manifests import read_manifests
from agentslint.model import Certainty, Failure, Field, Location, Manifest, Pointer, RenderFailure, Rendering, TargetKind, dotted
from agentslint.trace import Tracer
from agentslint.trace.authored import by_name
from agentslint.trace.edit import edited
from agentslint.trace.scalar import AuthoredScalar
from agentslint.trace.sentinel import sentinel
from agentslint.trace.taint import key, text_of

_FLIPPED = {"true": "false", "false": "true"}


@dataclass(frozen=True)
class Origin:
    """A part of a field's text and where it was written."""

    text: str
    location: Location
    certainty: Certainty


@dataclass(frozen=True)
class TracedField:
    """A rendered field and where each part of it comes from."""

    target: str
    field: Field
    origins: tuple[Origin, ...]


@dataclass(frozen=True)
class Impact:
    """What one authored scalar decides: rendered fields, before and after a change; and what decides instead where it is nothing."""

    scalar: AuthoredScalar
    changed: tuple[tuple[str, str], ...]
    """(target, `Deployment/agents spec...image`), in the order of the render."""
    failures: tuple[str, ...]
    instead: tuple[TracedField, ...] = ()


def origins(run: Run, resource: str | None, path: str | None) -> tuple[list[TracedField], list[Failure]]:
    """Trace image fields and claims of all targets, or the fields that a `Kind/name` glob and a dotted path name."""
    found: list[TracedField] = []
    targets, failures = rendered_targets(run)
    tracer = Tracer(run.render_changed, {target.target.name: target for target in targets})
    for target in targets:
        fields = [place for place in _fields(target, path) if resource is None or fnmatchcase(place.manifest.resource, resource)]
        tracer.prove(target.target.name, fields)
        found += [TracedField(target.target.name, place, tuple(_origins(tracer, place))) for place in fields]
    if not found and not failures:
        raise UsageError(f"no field {path or 'with an image'} in {resource or 'any resource'} of these targets")
    return found, failures


def impact(run: Run, file: str, where: str) -> tuple[list[Impact], list[Failure]]:
    """Change the scalars of `file` on a line or at a key path, one at a time, and say what becomes different."""
    targets, failures = rendered_targets(run)
    tracer = Tracer(run.render_changed, {target.target.name: target for target in targets})
    named: dict[tuple[str, int, int], AuthoredScalar] = {}
    for target in targets:
        for scalar in tracer.changeable(target.target).scalars:
            if scalar.path == file and _is_named(scalar, where):
                named.setdefault((scalar.path, scalar.region.start_line, scalar.region.start_column), scalar)
    if not named and not failures:
        raise UsageError(f"{file} {where}: no value is written there that a render could depend on (names and labels are not tried)")
    return [_impact(run, tracer, targets, scalar) for scalar in named.values()], failures


def rendered_targets(run: Run) -> tuple[list[RenderedTarget], list[Failure]]:
    """Render the targets of a run; those that fail are named, not skipped."""
    targets, failures = [], list(run.discovery.failures)
    for outcome in render_all(run):
        if isinstance(outcome, RenderFailure):
            failures.append(Failure(outcome.message, outcome.target.name, location=outcome.location))
        else:
            manifests = read_manifests(outcome, lambda kind: kind != "CustomResourceDefinition").manifests
            targets.append(RenderedTarget(outcome.target, manifests, run.context, outcome))
    return targets, failures


def _fields(target: RenderedTarget, path: str | None) -> list[Field]:
    if path is None:
        places = [*(use.field for use in target.image_uses), *(claim.field for claim in target.claims)]
        return list({key(place): Field(place.manifest, place.pointer) for place in places}.values())
    wanted = re.sub(r"\.\[", "[", path)
    return [
        Field(manifest, pointer)
        for manifest in target.manifests
        for pointer, _ in leaves(manifest.body)
        if wanted in (dotted(pointer), named(manifest, pointer))
    ]


def named(manifest: Manifest, pointer: Pointer) -> str:
    """Write a pointer with names in place of indexes: `containers[app].image`."""
    return re.sub(r"\.\[", "[", dotted(by_name(manifest.body, pointer)))


def _origins(tracer: Tracer, place: Field) -> Iterator[Origin]:
    text = text_of(place)
    segments = tracer.segments(place)
    for segment in segments:
        yield Origin(text[segment.start : segment.end], segment.scalar.location(), Certainty.EXACT)
    if not segments:
        provenance = tracer.place(place)
        yield Origin(text, provenance.location, provenance.certainty)


def _is_named(scalar: AuthoredScalar, where: str) -> bool:
    if where.isdigit():
        return scalar.region.start_line <= int(where) <= scalar.region.end_line
    path = re.sub(r"\.\[", "[", dotted(scalar.key_path))
    return where == path or (path.endswith(f".{where}") and "/" in path.partition(".")[0])


def _impact(run: Run, tracer: Tracer, targets: Sequence[RenderedTarget], scalar: AuthoredScalar) -> Impact:
    mark = sentinel(scalar.text, 1)
    text = mark.text if mark else _FLIPPED.get(scalar.text.lower())
    if text is None:
        return Impact(scalar, (), (f"{scalar.text!r} cannot be changed in a way that keeps its shape",))
    changed: list[tuple[str, str]] = []
    failures: list[str] = []
    for target in targets:
        if target.target.kind is TargetKind.KUSTOMIZATION and target.target.closure.reads(scalar.path):
            data = (run.root / scalar.path).read_bytes()
            outcome = run.render_changed(target.target, {scalar.path: edited(data, [(scalar.region, text)])})
            if isinstance(outcome, RenderFailure):
                failures.append(f"{target.target.name} does not render with another value: {outcome.message}")
            else:
                changed += [(target.target.name, words) for words in _differences(target, outcome)]
    instead = () if changed or failures else tuple(_instead(tracer, targets, scalar))
    return Impact(scalar, tuple(changed), tuple(failures), instead)


def _differences(target: RenderedTarget, outcome: Rendering) -> Iterator[str]:
    """Name the fields that differ, and the resources that come and go."""
    before = {(m.kind, m.namespace, m.name): m for m in target.manifests}
    after = {
        (m.kind, m.namespace, m.name): m
        for m in read_manifests(outcome, lambda kind: kind != "CustomResourceDefinition").manifests
    }
    for name, manifest in before.items():
        if name not in after:
            yield f"{manifest.resource} (gone)"
            continue
        ours, theirs = dict(leaves(manifest.body)), dict(leaves(after[name].body))
        yield from (f"{manifest.resource} {dotted(pointer)}" for pointer in {**ours, **theirs} if ours.get(pointer) != theirs.get(pointer))
    yield from (f"{manifest.resource} (new)" for name, manifest in after.items() if name not in before)


def _instead(tracer: Tracer, targets: Sequence[RenderedTarget], scalar: AuthoredScalar) -> Iterator[TracedField]:
    """The image fields that hold the same text, and what decides them."""
    for target in targets:
        if target.target.closure.reads(scalar.path):
            fields = [place for place in _fields(target, None) if scalar.text in text_of(place)]
            tracer.prove(target.target.name, fields)
            yield from (TracedField(target.target.name, place, tuple(_origins(tracer, place))) for place in fields)


def leaves(body: Any, pointer: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    """Yield every scalar of a document with its pointer."""
    if isinstance(body, Mapping):
        for step, value in body.items():
            yield from leaves(value, (*pointer, str(step)))
    elif isinstance(body, list):
        for number, value in enumerate(body):
            yield from leaves(value, (*pointer, number))
    else:
        yield pointer, body
