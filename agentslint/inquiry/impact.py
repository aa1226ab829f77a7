"""What an authored scalar decides, found by changing it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agentslint import files
from agentslint.facts import RenderedTarget
from agentslint.inquiry.changes import of_another, of_same_shape
from agentslint.inquiry.differences import differences
from agentslint.inquiry.meant import meant
from agentslint.inquiry.origins import image_fields, trace_fields
from agentslint.inquiry.overrides import overriding
from agentslint.inquiry.targets import rendered_targets, tracer_of
from agentslint.manifests import read_manifests
from agentslint.model import Failure, Location, RenderFailure, Rendering, TargetKind
from agentslint.parallel import each
from agentslint.run import Run
from agentslint.trace import Tracer
from agentslint.trace.asked import text_of
from agentslint.trace.edit import edited
from agentslint.trace.scalar import AuthoredScalar

Changed = tuple[str, str]
"""A target, and what is different in it: `Deployment/agents spec...image`, or a resource that comes or goes."""


@dataclass(frozen=True)
class Instead:
    """What decides a field that one might have thought another scalar decides."""

    target: str
    words: str
    location: Location


@dataclass(frozen=True)
class Impact:
    """What one authored scalar decides: rendered fields, in the order of the render; and what decides instead where it is nothing."""

    scalar: AuthoredScalar
    changed: tuple[Changed, ...]
    failures: tuple[str, ...]
    """Targets that render with no other value, and why."""
    instead: tuple[Instead, ...] = ()

    @property
    def is_secret(self) -> bool:
        """Whether its text ends up in a Secret, as far as can be told: then it must not be shown."""
        key_path = self.scalar.key_path
        written = str(key_path[:1]).find("Secret/") >= 0 or "secretGenerator" in key_path
        return written or bool(self.failures) or any(words.startswith("Secret/") for _, words in self.changed)


def impact(run: Run, file: str, where: str) -> tuple[list[Impact], list[Failure]]:
    """Change the scalars of `file` on a line or at a key path, one at a time, and say what becomes different.

    Raises UsageError where there is no such scalar, or none that can be changed.
    """
    targets, failures = rendered_targets(run)
    tracer = tracer_of(run, targets)
    reading = [target for target in targets if target.target.closure.reads(file)]
    if not reading and failures:
        return [], failures
    found = [_impact(run, tracer, reading, scalar) for scalar in meant(tracer, reading, file, where)]
    return found, [*failures, *tracer.faults.take()]


def _impact(run: Run, tracer: Tracer, targets: Sequence[RenderedTarget], scalar: AuthoredScalar) -> Impact:
    changed, failures = _try(run, targets, scalar)
    if changed or failures:
        return Impact(scalar, changed, failures)
    found = [*_same_text(tracer, targets, scalar), *_overriding(run, tracer, targets, scalar)]
    return Impact(scalar, (), (), tuple(dict.fromkeys(found)))


def _try(run: Run, targets: Sequence[RenderedTarget], scalar: AuthoredScalar) -> tuple[tuple[Changed, ...], tuple[str, ...]]:
    """Change a scalar in all targets; what is different, and which targets render with no other text."""
    outcomes = list(each(lambda target: _try_one(run, target, scalar), targets, run.jobs, run.renderer.close))
    changed = [
        (target.target.name, words) for target, found in zip(targets, outcomes, strict=True) if isinstance(found, list) for words in found
    ]
    return tuple(changed), tuple(found for found in outcomes if isinstance(found, str))


def _try_one(run: Run, target: RenderedTarget, scalar: AuthoredScalar) -> list[str] | str:
    """What is different in one target for the first text that makes a difference; why not, where it renders with none of its shape."""
    refusal = f"{scalar.text!r} cannot be changed"
    for text in of_same_shape(scalar):
        outcome = _rendered(run, target, scalar, text)
        if not isinstance(outcome, RenderFailure):
            return _different(target, outcome) or _with_another(run, target, scalar)
        refusal = f"{target.target.name} does not render with another value: {outcome.message}"
    return refusal


def _with_another(run: Run, target: RenderedTarget, scalar: AuthoredScalar) -> list[str]:
    outcomes = (_rendered(run, target, scalar, text) for text in of_another(scalar))
    return next((found for each in outcomes if isinstance(each, Rendering) and (found := _different(target, each))), [])


def _different(target: RenderedTarget, outcome: Rendering) -> list[str]:
    return list(differences(target.manifests, read_manifests(outcome, lambda kind: True).manifests))


def _rendered(run: Run, target: RenderedTarget, scalar: AuthoredScalar, text: str) -> Rendering | RenderFailure:
    """What comes of another text; a manifest that is linted as it stands is what was written."""
    data = edited(files.read_in(run.root, scalar.path), [(scalar.region, text)])
    if target.target.kind is TargetKind.KUSTOMIZATION:
        return run.render_changed(target.target, {scalar.path: data})
    return Rendering(target.target, data)


def _same_text(tracer: Tracer, targets: Sequence[RenderedTarget], scalar: AuthoredScalar) -> Iterator[Instead]:
    """The image fields of which another scalar with the same text decides a part."""
    for target in targets:
        fields = [place for place in image_fields(target) if scalar.text in text_of(place)]
        for traced in trace_fields(tracer, target.target.name, fields):
            yield from (Instead(traced.target, traced.words, origin.location) for origin in traced.origins if origin.text == scalar.text)


def _overriding(run: Run, tracer: Tracer, targets: Sequence[RenderedTarget], scalar: AuthoredScalar) -> Iterator[Instead]:
    """What the values that stand at the same key path elsewhere decide."""
    for other in overriding(tracer, targets, scalar):
        changed, _ = _try(run, targets, other)
        yield from (Instead(target, words, other.location()) for target, words in changed)
