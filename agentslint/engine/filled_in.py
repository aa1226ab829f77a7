"""A note on the images that no rule judges because the cluster writes over them."""

from __future__ import annotations

from collections.abc import Iterable

from agentslint.fleet.rendered_target import RenderedTarget

_SHOWN = 2


def filled_in(fleet: Iterable[RenderedTarget]) -> list[str]:
    """Say which images are placeholders and who fills them in; nothing where no rule looked at images."""
    looked_at = (rendered for rendered in fleet if rendered.knows_images)
    found = {f"{use.owner}: {use.filled_by}": None for rendered in looked_at for use in rendered.image_uses if use.filled_by}
    if not found:
        return []
    more = [f"{len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
    return [f"placeholders, filled in by the cluster, are not judged: {', '.join([*list(found)[:_SHOWN], *more])}"]
