"""Values that a template compares with something: a field may depend on one although nothing of it is in the field's text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from agentslint.model import Pointer
from agentslint.trace.scalar import AuthoredScalar, Layer

_COMPARING = re.compile(
    r"\{\{[^{}]*\b(?:eq|ne|lt|le|gt|ge|has|contains|hasPrefix|hasSuffix|mustHas|regexMatch|mustRegexMatch|semverCompare)\b[^{}]*\}\}"
)
"""Functions of Go's text/template, Sprig and helm whose outcome follows from the very text of a value."""
_PATH = re.compile(r"(?<![\w)])(?:\$(\w*))?((?:\.\w+)*)")
"""`.Values.image.tag`, `$.Values.image.tag`, `$image.tag`, and `.tag` below a `with` or in a helper that is given the block."""
_ASSIGNED = re.compile(r"\{\{-?\s*\$(\w+)\s*:?=([^{}]*)\}\}")
_OTHERS = frozenset(("Capabilities", "Chart", "Files", "Release", "Subcharts", "Template"))


def compared_values(template: str) -> set[Pointer]:
    """Return the ends of the paths of the values that the actions of a template compare."""
    assigned: dict[str, list[str]] = {}
    for name, expression in _ASSIGNED.findall(template):
        assigned.setdefault(name, []).append(expression)
    return {path for action in _COMPARING.findall(template) for path in _paths(_without_strings(action), assigned)}


def _paths(expression: str, assigned: dict[str, list[str]]) -> Iterator[Pointer]:
    """What an expression names, and what the variables in it were made of."""
    for variable, dotted in _PATH.findall(expression):
        path = tuple(dotted.strip(".").split(".")) if dotted else ()
        if variable and not path:
            for made_of in assigned.get(variable, ()):
                yield from _paths(_without_strings(made_of), {})
        elif path and path[0] not in _OTHERS and path != ("Values",):
            yield path[1:] if path[0] == "Values" else path


def _without_strings(expression: str) -> str:
    return re.sub(r"\"(?:[^\"\\]|\\.)*(?:\"|\\?\Z)|`[^`]*(?:`|\Z)", '""', expression, flags=re.S)


def holding(scalars: Iterable[AuthoredScalar], paths: set[Pointer]) -> list[AuthoredScalar]:
    """Return the scalars of values that stand at one of the paths; a chart in a chart has its values under its name."""
    return [
        scalar for scalar in scalars if scalar.layer is not Layer.RESOURCE and any(scalar.key_path[-len(path) :] == path for path in paths)
    ]
