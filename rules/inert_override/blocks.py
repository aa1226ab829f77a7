"""Settings without effect that are written together: a block of which nothing applies is one finding, not one for each of its keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from agentslint.rule import RenderedTarget, setting_names

from .deployers import values_object
from .instead import Related, why

if TYPE_CHECKING:
    from agentslint.rule import AuthoredScalar, Setting


def dead_blocks(target: RenderedTarget, idle: Iterable[AuthoredScalar]) -> Iterator[list[AuthoredScalar]]:
    """Yield the idle scalars, those of one block together if nothing of the block applies. Entries of `images:` are left out."""
    blocks: dict[object, list[AuthoredScalar]] = {}
    for scalar in idle:
        setting = target.settings.get(scalar)
        if values_object(target, scalar):
            blocks.setdefault((scalar.path, *scalar.key_path[: scalar.key_path.index("helm") + 2]), []).append(scalar)
        elif setting is None:
            blocks[scalar] = [scalar]
        elif not setting.entry:
            blocks.setdefault(_block(setting) if _is_dead(target, setting) else scalar, []).append(scalar)
    yield from blocks.values()


def message(target: RenderedTarget, block: Sequence[AuthoredScalar]) -> tuple[str, Related]:
    """Say that some settings have no effect, and what applies instead; the others of the block are related places."""
    first, *others = block
    reason, related = why(target, first)
    names = setting_names(block)
    listed = f"{', '.join(names[:-1])} and {names[-1]} have" if others else f"{names[0]} has"
    more = [(scalar.location(), "has no effect either") for scalar in others]
    known = {place for place, _ in related}
    instead = [one for scalar in others for one in why(target, scalar)[1] if one[0] not in known]
    return f"{listed} no effect{reason}", [*more, *related, *instead]


def _is_dead(target: RenderedTarget, mine: Setting) -> bool:
    """Whether no setting of the block applies to any image."""
    return not any(other.scalar in target.influence for other in target.settings.values() if _block(other) == _block(mine))


def _block(setting: Setting) -> object:
    return setting.scalar.path, setting.block, setting.charts
