"""The fields that an authored scalar decides, found by changing it; and the other values at its key path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from agentslint.authorship.authored_scalar import AuthoredScalar, Layer
from agentslint.engine.session import Session, faults_of, rendered_targets
from agentslint.experiment.effect import effect_of
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.model import Failure, Location, Pointer
from agentslint.model.manifest import text_of
from agentslint.parallel import each
from agentslint.query.field_origins import image_fields, trace_fields
from agentslint.query.selection import selected

ChangedField = tuple[str, str]
"""A target, and what is different in it: `Deployment/agents spec...image`, or a resource that comes or goes."""
_INLINE = ("valuesInline", "valuesLocal")
_MOST = 4


class Instead(Struct, frozen=True):
    """The scalar that decides a field, where one might have expected another one."""

    target: str
    words: str
    location: Location


class Impact(Struct, frozen=True):
    """The rendered fields that one authored scalar decides, in rendered order; if none, the scalars that decide instead."""

    scalar: AuthoredScalar
    changed: tuple[ChangedField, ...]
    failures: tuple[str, ...]
    """Targets that render with no other value, and why."""
    instead: tuple[Instead, ...] = ()

    @property
    def is_secret(self) -> bool:
        """Whether its text is known to end up in a Secret: then it must not be shown."""
        key_path = self.scalar.key_path
        written = str(key_path[:1]).find("Secret/") >= 0 or "secretGenerator" in key_path
        return written or bool(self.failures) or any(words.startswith("Secret/") for _, words in self.changed)


def impact(session: Session, file: str, where: str) -> tuple[list[Impact], list[Failure]]:
    """Change the scalars of `file` on a line or at a key path, one at a time, and return the differences.

    Raises UsageError where there is no such scalar, or none that can be changed.
    """
    targets, failures = rendered_targets(session)
    reading = [target for target in targets if target.target.closure.reads(file)]
    if not reading and failures:
        return [], failures
    found = [_impact(session, reading, scalar) for scalar in selected(reading, file, where)]
    return found, [*failures, *faults_of(targets)]


def _impact(session: Session, targets: Sequence[RenderedTarget], scalar: AuthoredScalar) -> Impact:
    changed, failures = _try(session, targets, scalar)
    if changed or failures:
        return Impact(scalar, changed, failures)
    found = [*_same_text(targets, scalar), *_overriding(session, targets, scalar)]
    return Impact(scalar, (), (), tuple(dict.fromkeys(found)))


def _try(session: Session, targets: Sequence[RenderedTarget], scalar: AuthoredScalar) -> tuple[tuple[ChangedField, ...], tuple[str, ...]]:
    """Change a scalar in all targets; returns the differences, and the targets that render with no other text."""
    outcomes = list(each(lambda target: effect_of(target, target.renders, scalar), targets, session.jobs, session.renderer.stop))
    changed = [
        (target.target.name, words) for target, found in zip(targets, outcomes, strict=True) if isinstance(found, list) for words in found
    ]
    return tuple(changed), tuple(found for found in outcomes if isinstance(found, str))


def _same_text(targets: Sequence[RenderedTarget], scalar: AuthoredScalar) -> Iterator[Instead]:
    """The image fields of which another scalar with the same text decides a part."""
    for target in targets:
        fields = [place for place in image_fields(target) if scalar.text in text_of(place)]
        for traced in trace_fields(target, fields):
            yield from (Instead(traced.target, traced.words, origin.location) for origin in traced.origins if origin.text == scalar.text)


def _overriding(session: Session, targets: Sequence[RenderedTarget], scalar: AuthoredScalar) -> Iterator[Instead]:
    """The fields that the values at the same key path elsewhere decide."""
    for other in overriding(targets, scalar):
        changed, _ = _try(session, targets, other)
        yield from (Instead(target, words, other.location()) for target, words in changed)


def overriding(targets: Sequence[RenderedTarget], scalar: AuthoredScalar) -> list[AuthoredScalar]:
    """Return the other values at a value's key path, at most a few; none unless it is a value of a chart."""
    path = _values_path(scalar)
    if path is None:
        return []
    found = {other.place: other for target in targets for other in target.tracer.changeable.scalars if _is_same(path, scalar, other)}
    return list(found.values())[:_MOST]


def _is_same(path: Pointer, scalar: AuthoredScalar, other: AuthoredScalar) -> bool:
    """A parent's values hold those of a subchart below its name."""
    theirs = _values_path(other)
    if theirs is None or other.place == scalar.place:
        return False
    below = (
        scalar.layer is Layer.CHART and theirs[-len(path) :] == path and len(theirs) == len(path) + 1 and f"/{theirs[0]}/" in scalar.path
    )
    return theirs == path or below


def _values_path(scalar: AuthoredScalar) -> Pointer | None:
    """The path of a value as a template sees it."""
    if scalar.layer is Layer.KUSTOMIZATION:
        at = next((number for number, step in enumerate(scalar.key_path) if step in _INLINE), None)
        return None if at is None else scalar.key_path[at + 1 :]
    is_manifest = "/" in str(scalar.key_path[:1])
    return scalar.key_path if scalar.layer in (Layer.SETTINGS, Layer.CHART) and not is_manifest else None
