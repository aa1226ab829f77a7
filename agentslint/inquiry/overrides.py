"""Values that stand at the same key path in another file of a target: one of them wins."""

from __future__ import annotations

from collections.abc import Sequence

from agentslint.facts import RenderedTarget
from agentslint.model import Pointer
from agentslint.trace import Tracer
from agentslint.trace.scalar import AuthoredScalar, Layer

_INLINE = ("valuesInline", "valuesLocal")
_MOST = 4


def overriding(tracer: Tracer, targets: Sequence[RenderedTarget], scalar: AuthoredScalar) -> list[AuthoredScalar]:
    """Return the other values at a value's key path, at most a few; none for what is no value of a chart."""
    path = _values_path(scalar)
    if path is None:
        return []
    found = {
        other.place: other for target in targets for other in tracer.changeable(target.target).scalars if _is_same(path, scalar, other)
    }
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
