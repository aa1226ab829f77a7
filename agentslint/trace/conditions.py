"""Values on which a field depends although nothing of them is in its text: those that a template compares, and switches.

Booleans have no unique text, nor have their words: scalars are switched, and the field has to switch with its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from agentslint.authorship.authored_scalar import AuthoredScalar, Layer, Segment
from agentslint.authorship.image_settings import operated_key, values_path
from agentslint.experiment.marked_render import MarkedRender
from agentslint.experiment.marked_renders import MarkedRenders
from agentslint.experiment.marks import Mark
from agentslint.model import Field, Pointer
from agentslint.model.manifest import text_of
from agentslint.trace.asked import FieldKey, key
from agentslint.trace.template_literals import literal_scalar

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
_NUMBERED = 255
"""The most scalars that eight renders can identify; each render switches half of them."""
_OF_VALUES = (Layer.KUSTOMIZATION, Layer.SETTINGS, Layer.CHART, Layer.DEPLOYER)


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
    """Return the scalar that switches each field with a boolean, or with the text of one, as far as one could be found.

    With the other value the field has to have the other one, or a template has to leave it out of its manifest.
    """
    places = list(places)
    found = _switched_in_templates([place for place in places if isinstance(place.value, bool)], changing)
    tainted: dict[AuthoredScalar, MarkedRender | None] = {}
    for place in places:
        text = "" if key(place) in found else _as_text(place)
        for scalar in _candidates(place, text, changing.changeable.scalars) if text in _ON | _OFF else ():
            if scalar not in tainted:
                tainted[scalar] = changing.tainted([(scalar, _switch(scalar))])
            if (render := tainted[scalar]) and _is_switched(place, render):
                found[key(place)] = (Segment(0, len(text_of(place)), scalar),)
                break
    left = [place for place in places if key(place) not in found and _as_text(place) in _ON | _OFF]
    return found | _switched_in_values(left, changing)


def _switched_in_templates(places: Iterable[Field], changing: MarkedRenders) -> dict[FieldKey, tuple[Segment, ...]]:
    """Return the literal of a template that decides each boolean field, as far as one does."""
    literals = {key(place): (place, scalar) for place in places if (scalar := _literal(place, changing))}
    scalars = list(dict.fromkeys(scalar for _, scalar in literals.values()))
    follows = _followed([place for place, _ in literals.values()], scalars, changing)
    return {name: (Segment(0, 0, scalar),) for name, (_, scalar) in literals.items() if follows.get(name) is scalar}


def _switched_in_values(places: Sequence[Field], changing: MarkedRenders) -> dict[FieldKey, tuple[Segment, ...]]:
    """Return the value that decides each field, whatever its key is; proven by a render in which it alone is switched."""
    scalars = [each for each in changing.changeable.scalars if each.layer in _OF_VALUES and each.text.lower() in _ON | _OFF]
    follows = _followed(places, scalars[:_NUMBERED], changing) if places else {}
    alone = {scalar: changing.tainted([(scalar, _switch(scalar))]) for scalar in dict.fromkeys(follows.values())}
    return {
        key(place): (Segment(0, len(text_of(place)), scalar),)
        for place in places
        if (scalar := follows.get(key(place))) and (render := alone[scalar]) and _is_switched(place, render)
    }


def _followed(places: Iterable[Field], scalars: Sequence[AuthoredScalar], changing: MarkedRenders) -> dict[FieldKey, AuthoredScalar]:
    """Return the scalar that each field follows.

    Each scalar has a number, and is switched in the renders of the ones of its binary digits: a field that changes in just these
    renders follows that scalar and no other.
    """
    numbers = {key(place): (place, 0) for place in places}
    for digit in range(len(scalars).bit_length()):
        switches = [(scalar, _switch(scalar)) for number, scalar in enumerate(scalars, 1) if number >> digit & 1]
        if (tainted := changing.tainted(switches)) is None:
            return {}
        for name, (place, number) in numbers.items():
            numbers[name] = place, number | _is_switched(place, tainted) << digit
    return {name: scalars[number - 1] for name, (_, number) in numbers.items() if 0 < number <= len(scalars)}


def _literal(place: Field, changing: MarkedRenders) -> AuthoredScalar | None:
    path = changing.rendered.template_path(place.manifest)
    scalar = literal_scalar(path, changing.changeable.lines(path), place) if path else None
    return scalar if scalar and scalar.style == "plain" else None


def _switch(scalar: AuthoredScalar) -> Mark:
    return Mark(scalar.text, "false" if scalar.text.lower() in _ON else "true", ())


def _as_text(place: Field) -> str:
    return str(place.value).lower() if isinstance(place.value, (bool, str)) else ""


def _is_switched(place: Field, render: MarkedRender) -> bool:
    after = render.value(place)
    if after is None:
        return render.value(Field(place.manifest, place.pointer[:-1])) is not None
    return type(after) is type(place.value) and str(after).lower() in (_OFF if _as_text(place) in _ON else _ON)


def _candidates(place: Field, text: str, scalars: Iterable[AuthoredScalar]) -> list[AuthoredScalar]:
    """Scalars with the same value under the same key, those with the most keys in common first, then what a deployer sets otherwise."""
    words = _ON if text in _ON else _OFF
    path = [step for step in place.pointer if isinstance(step, str)]
    # A text is no value of its own in YAML, but the template may print it without its quotes.
    like = [scalar for scalar in scalars if scalar.text.lower() in words]
    same = [scalar for scalar in like if path and _is_called(_name(scalar), path[-1])]

    def order(scalar: AuthoredScalar) -> tuple[int, bool]:
        return -len(set(path).intersection(map(str, (*scalar.key_path, *values_path(scalar))))), scalar.layer is not Layer.DEPLOYER

    same.sort(key=order)
    others = [scalar for scalar in like if scalar.layer is Layer.DEPLOYER and scalar not in same]
    return [*same[:_TRIED], *others[:_TRIED]]


def _is_called(key: str, name: str) -> bool:
    """Tell whether the key of a scalar is that of a field: of resources kustomize keeps the key `y`, which stands for true elsewhere."""
    return key == name or (name.lower() in _ON and key == "true") or (name.lower() in _OFF and key == "false")


def _name(scalar: AuthoredScalar) -> str:
    """The key of a value as a chart or a manifest has it: that of a parameter is in its name, that of an operation in its path."""
    path = values_path(scalar)
    return operated_key(scalar) or next((step for step in reversed(path) if isinstance(step, str)), "")
