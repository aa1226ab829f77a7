"""Which images would differ: the target is rendered with one text changed, and the images that are others then are those."""

from __future__ import annotations

from collections.abc import Sequence

from agentslint import files
from agentslint.authorship.authored_scalar import AuthoredScalar, Layer
from agentslint.authorship.changeable import ChangeableScalars
from agentslint.authorship.edits import edited
from agentslint.experiment.marked_renders import MarkedRenders
from agentslint.experiment.renders import Allowance, Renders
from agentslint.facts.target_facts import TargetFacts
from agentslint.images import ImageUse

_NO_IMAGE = "agentslint.invalid/none"
Differing = Sequence[tuple[ImageUse, str]]
"""Image uses, each with its text in the other render."""


def found_by_entry(rendered: TargetFacts, renders: Renders, changeable: ChangeableScalars, part: AuthoredScalar) -> Differing | None:
    """Return the images that an `images:` entry finds, each with its text without the entry. `part` is any scalar of the entry.

    None where the target could not be rendered without it.
    """
    listed = changeable.deployed_image_names if part.layer is Layer.DEPLOYER else changeable.image_names
    names = [name for name in listed if (name.path, name.key_path[:-1]) == (part.path, part.key_path[:-1])]
    if not names:
        return []
    name = min(names, key=lambda name: abs(name.region.start_line - part.region.start_line))
    # An image of Argo CD is one text: its name is a part of it.
    nothing = _NO_IMAGE if name.text == str(name.key_path[-2])[1:-1] else f"{_NO_IMAGE}={_NO_IMAGE}:none"
    found = images_otherwise(rendered, renders, changeable, name, name.written(nothing))
    return None if found is None else [(use, text) for use, text in found if not use.parts]


def images_otherwise(
    rendered: TargetFacts, renders: Renders, changeable: ChangeableScalars, scalar: AuthoredScalar, written: str
) -> Differing | None:
    """Return the image uses that differ where `written` stands in the place of a scalar, quotes and all.

    None where the target could not be rendered so.
    """
    data = edited(files.read_in(rendered.target.root, scalar.path), [(scalar.region, written)])
    other = MarkedRenders(rendered, changeable, Allowance(renders, 1)).rendered_with({scalar.path: data}, ())
    if other is None:
        return None
    fields = ((use, use.tag_field if use.parts else use.field) for use in rendered.image_uses)
    texts = ((use, field.text, other.text(field)) for use, field in fields)
    return [(use, text) for use, before, text in texts if text and text != before]
