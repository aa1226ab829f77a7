"""Values that a template compares with something: a field may depend on one although nothing of it is in the field's text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from agentslint.model import Pointer
from agentslint.trace.scalar import AuthoredScalar, Layer

_COMPARING = re.compile(
    r"\{\{[^{}]*\b(?:eq|ne|lt|le|gt|ge|has|contains|hasPrefix|hasSuffix|mustHas|regexMatch|mustRegexMatch|semverCompare)\b[^{}]*\}\}"
)
"""Functions of Go's text/template, Sprig and helm whose outcome follows from the very text of a value."""
_VALUE = re.compile(r"\.Values((?:\.\w+)+)")


def compared_values(template: str) -> set[Pointer]:
    """Return the paths of the values that the actions of a template compare."""
    found = (path for action in _COMPARING.findall(template) for path in _VALUE.findall(action))
    return {tuple(path.strip(".").split(".")) for path in found}


def holding(scalars: Iterable[AuthoredScalar], paths: set[Pointer]) -> list[AuthoredScalar]:
    """Return the scalars of values that stand at one of the paths; a chart in a chart has its values under its name."""
    return [
        scalar for scalar in scalars if scalar.layer is not Layer.RESOURCE and any(scalar.key_path[-len(path) :] == path for path in paths)
    ]
