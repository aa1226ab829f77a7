"""Values on which a field depends although nothing of them is in its text: those that a template compares, and switches.

Booleans have no unique text: one scalar at a time is switched, and the field has to switch with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from agentslint.authorship.authored_scalar import AuthoredScalar, Layer, Segment
from agentslint.experiment.marked_renders import MarkedRenders
from agentslint.experiment.marks import Mark
from agentslint.model import Field, Pointer
from agentslint.trace.asked import FieldKey, key

_COMPARING = re.compile(
    r"\{\{[^{}]*\b(?:eq|ne|lt|le|gt|ge|has|contains|hasPrefix|hasSuffix|mustHas|regexMatch|mustRegexMatch|semverCompare)\b[^{}]*\}\}"
)
"""Functions of Go's text/template, Sprig and helm whose outcome follows from the very text of a value."""
_PATH = re.compile(r"(?<![\w)])(?:\$(\w*))?((?:\.\w+)*)")
"""`.Values.image.tag`, `$.Values.image.tag`, `$image.tag`, and `.tag` below a `with` or in a helper that is given the block."""
_ASSIGNED = re.compile(r"\{\{-?\s*\$(\w+)\s*:?=([^{}]*)\}\}")
_OTHERS = frozenset(("Capabilities", "Chart", "Files", "Release", "Subcharts", "Template"))
_ON = frozenset(("true", "yes", "on", "y"))
_OFF = frozenset(("false", "no", "off", "n"))
_TRIED = 4
"""Scalars that are tried for one field."""


def compared_values(template: str) -> set[Pointer]:
    """Return the ends of the paths of the values that the actions of a template compare."""
    assigned: dict[str, list[str]] = {}
    for name, expression in _ASSIGNED.findall(template):
        assigned.setdefault(name, []).append(expression)
    return {path for action in _COMPARING.findall(template) for path in _paths(_without_strings(action), assigned)}


def _paths(expression: str, assigned: dict[str, list[str]]) -> Iterator[Pointer]:
    """The names in an expression, with those that its variables were made of."""
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


def switched(places: Iterable[Field], changing: MarkedRenders) -> dict[FieldKey, tuple[Segment, ...]]:
    """Return the scalar that switches each boolean field, as far as one could be found."""
    found: dict[FieldKey, tuple[Segment, ...]] = {}
    for place in places:
        if isinstance(place.value, bool):
            for scalar in _candidates(place, changing.changeable.scalars):
                other = "false" if place.value else "true"
                tainted = changing.tainted([(scalar, Mark(scalar.text, other, ()))])
                if tainted and tainted.value(place) is (not place.value):
                    found[key(place)] = (Segment(0, 0, scalar),)
                    break
    return found


def _is_called(scalar: AuthoredScalar, name: str) -> bool:
    """Tell whether a scalar's key is that of a field: of resources kustomize keeps the key `y`, which stands for true elsewhere."""
    return scalar.key == name or (name.lower() in _ON and scalar.key == "true") or (name.lower() in _OFF and scalar.key == "false")


def _candidates(place: Field, scalars: Iterable[AuthoredScalar]) -> list[AuthoredScalar]:
    """Scalars with the same value under the same key, those with the most keys in common first."""
    words = _ON if place.value else _OFF
    path = [step for step in place.pointer if isinstance(step, str)]
    same = [scalar for scalar in scalars if scalar.style == "plain" and scalar.text.lower() in words and _is_called(scalar, path[-1])]
    return sorted(same, key=lambda scalar: -len(set(path).intersection(map(str, scalar.key_path))))[:_TRIED]
