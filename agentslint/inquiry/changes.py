"""Other texts for one scalar, to see what it decides."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agentslint.trace.scalar import AuthoredScalar
from agentslint.trace.sentinel import sentinel, variations
from agentslint.yamlread.numbers import number_texts

_FLIPPED = {"true": "false", "false": "true", "yes": "no", "no": "yes", "on": "off", "off": "on"}
_NUMBER = re.compile(r"[0-9]+")


def of_same_shape(scalar: AuthoredScalar) -> Iterator[str]:
    """Yield what to write in the place of a scalar, in its style; the next one is for templates and schemas that refuse the one before."""
    text, plain = scalar.text, scalar.style == "plain"
    if flipped := _FLIPPED.get(text.lower()):
        yield flipped.capitalize() if text.istitle() else flipped
    elif plain and _NUMBER.fullmatch(text):
        yield str(int(text) + 1)
    else:
        mark = sentinel(text, 1, numeric=plain and number_texts(text) is not None)
        offered = [*([mark.text] if mark else []), *variations(text)]
        yield from (scalar.written(other) for other in dict.fromkeys(offered))


def of_another(scalar: AuthoredScalar) -> Iterator[str]:
    """Yield what to write for templates that do not look at a text closely, but at whether there is one: nothing, or zero."""
    plain = scalar.style == "plain"
    if scalar.text.lower() in _FLIPPED:
        return
    if plain and _NUMBER.fullmatch(scalar.text):
        yield "0" if int(scalar.text) else "2"
    elif scalar.style in ("plain", "single", "double"):
        yield '""' if plain else ""
