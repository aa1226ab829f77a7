"""What an `images:` entry finds: the target is rendered with another name in its place, and the images that differ are those."""

from __future__ import annotations

from agentslint import files
from agentslint.authorship.authored_scalar import AuthoredScalar
from agentslint.authorship.changeable import ChangeableScalars
from agentslint.authorship.edits import edited
from agentslint.experiment.marked_renders import MarkedRenders
from agentslint.experiment.renders import Allowance, Renders
from agentslint.facts.target_facts import TargetFacts
from agentslint.images import ImageUse

_NO_IMAGE = "agentslint.invalid/none"


def found_by_entry(
    rendered: TargetFacts, renders: Renders, changeable: ChangeableScalars, part: AuthoredScalar
) -> list[tuple[ImageUse, str]] | None:
    """Return the image uses that the entry finds of which `part` is a scalar, each with its text without the entry.

    None where the target could not be rendered without it.
    """
    names = [name for name in changeable.image_names if (name.path, name.key_path[:-1]) == (part.path, part.key_path[:-1])]
    if not names:
        return []
    name = min(names, key=lambda name: abs(name.region.start_line - part.region.start_line))
    data = edited(files.read_in(rendered.target.root, name.path), [(name.region, name.written(_NO_IMAGE))])
    without = MarkedRenders(rendered, changeable, Allowance(renders, 1)).rendered_with({name.path: data}, ())
    if without is None:
        return None
    texts = ((use, without.text(use.field)) for use in rendered.image_uses if not use.parts)
    return [(use, text) for use, text in texts if text and text != use.text]
