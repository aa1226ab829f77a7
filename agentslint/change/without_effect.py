"""Edits of image settings that change nothing: another setting decides, or no target reads the file at all.

Of a file that targets read it is proven: with the edits undone each of them renders the same, and so they do with any other text in a
new setting.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct

from agentslint import files
from agentslint.authorship.authored_scalar import AuthoredScalar, Layer, Segment
from agentslint.authorship.image_settings import is_setting_of
from agentslint.change.decided_by import decided_by
from agentslint.change.edited_repository import SUFFIXES, EditedRepository, EditWithoutEffect
from agentslint.change.edited_settings import EditedSettings, edited_settings
from agentslint.change.target_change import TargetChange
from agentslint.change.unread_edits import beside_chart, unread_edits
from agentslint.experiment.undone import Undone, Verdicts
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.model import Rendering


def edits_without_effect(change: EditedRepository) -> Iterator[EditWithoutEffect]:
    """Yield the edits without effect, one for each file."""
    targets = {target.name: target for target in change.targets}
    for path, became in sorted(change.files.items()):
        if became != "deleted" and path.endswith(SUFFIXES):
            readers = [target for target in targets.values() if target.closure.reads(path)]
            changed = [each for each in change.differing if each.head and each.target.closure.reads(path)]
            if not readers and not changed:
                yield from unread_edits(change, path, list(targets.values()))
            elif len(changed) >= len(readers) and all(each.is_whole and each.base for each in changed):
                yield from _Overridden(change, path, changed).edits() or beside_chart(change, path, changed)
                yield from _of_deployers(change, path, changed)


def _of_deployers(change: EditedRepository, path: str, changed: Sequence[TargetChange]) -> Iterator[EditWithoutEffect]:
    """The edits of a deployer's object that change nothing that it deploys, although the object itself differs."""
    deployed = [each for each in changed if each.target.deployed and path in each.target.deployed.deployer_files]
    if deployed and len(deployed) < len(changed):
        yield from _Overridden(change, path, deployed, of_deployers=True).edits()


class _Overridden(Struct):
    """The edits of a file that targets read."""

    change: EditedRepository
    path: str
    readers: Sequence[TargetChange]
    of_deployers: bool = False
    """Whether only the settings of deployers' objects are judged."""
    _edits: dict[tuple[str, str], EditedSettings] = {}

    def edits(self) -> list[EditWithoutEffect]:
        """Those without effect on any target that reads the file, and those that could not be judged."""
        first, all_of_it = self.readers[0], self._edited(self.readers[0], self.path)
        every = (*all_of_it.changed, *all_of_it.added)
        left = [scalar for scalar in every if not self.of_deployers or self._is_own(scalar)]
        unknown: dict[AuthoredScalar, str] = {}
        for reader in self.readers:
            edits = self._edited(reader, self.path)
            found = _verdicts(reader, edits, [scalar for scalar in left if scalar in edits])
            unknown = {scalar: why for scalar, why in {**unknown, **found.unknown}.items() if scalar in (*found.idle, *found.unknown)}
            left = [*found.idle, *found.unknown]
        if self.change.files[self.path] == "added" and len(left) < len(all_of_it.added):
            return []  # What a new file says twice is a default.
        idle = {scalar: self._instead(scalar) for scalar in left if scalar not in unknown}
        vain = tuple(scalar for scalar in sorted(idle, key=_order) if not self._is_told_again(scalar, idle[scalar]))
        places = [instead for scalar in vain if (instead := idle[scalar])]
        said = [EditWithoutEffect(self.path, vain, first.target, True, tuple(dict.fromkeys(places)))] if vain else []
        for why in dict.fromkeys(unknown.values()):
            scalars = tuple(scalar for scalar, its in unknown.items() if its == why)
            said.append(EditWithoutEffect(self.path, scalars, first.target, True, unknown=why))
        return said

    def _is_own(self, scalar: AuthoredScalar) -> bool:
        """Whether it is a setting of an application that is judged, or of a ConfigMap that it reads, and not of another one in the file."""
        if scalar.key_path and str(scalar.key_path[0]).startswith("ConfigMap/"):
            return True
        deployed = (reader.target.deployed for reader in self.readers)
        return any(each is not None and is_setting_of(scalar, each.application) for each in deployed)

    def _instead(self, scalar: AuthoredScalar) -> AuthoredScalar | None:
        head = self.readers[0].head
        return decided_by(head, scalar, self._edited(self.readers[0], self.path).changed.get(scalar)) if head else None

    def _is_told_again(self, scalar: AuthoredScalar, instead: AuthoredScalar | None) -> bool:
        """Whether the change edits what decides, too, so that the edit is a default that follows, or is written for later."""
        if instead is None or instead.path not in self.change.files or instead not in self._edited(self.readers[0], instead.path):
            return False
        is_new = scalar in self._edited(self.readers[0], self.path).added
        return scalar.layer is Layer.CHART or is_new or instead.text == scalar.text

    def _edited(self, reader: TargetChange, path: str) -> EditedSettings:
        key = reader.name, path
        if key not in self._edits:
            self._edits[key] = edited_settings(reader, path, self.change.files)
        return self._edits[key]


def _order(scalar: AuthoredScalar) -> tuple[int, int]:
    return scalar.region.start_line, scalar.region.start_column


def _verdicts(reader: TargetChange, edits: EditedSettings, asked: Sequence[AuthoredScalar]) -> Verdicts:
    """Which of the edits have no effect on a target."""
    head = reader.head
    if head is None:
        return Verdicts(list(asked))
    changed = {scalar: edits.changed[scalar] for scalar in asked if scalar in edits.changed}
    if reader.is_same:
        found = Verdicts(list(changed))
    else:
        found = Undone(head, head.renders, partial(_segments, head), partial(_at_base, reader)).judge(changed)
    _judge_new(head, [scalar for scalar in asked if scalar in edits.added], found)
    return found


def _judge_new(head: RenderedTarget, added: Sequence[AuthoredScalar], found: Verdicts) -> None:
    """Judge settings that were not there: one without effect has none with any other text, either."""
    open_ones = [scalar for scalar in added if scalar not in head.influence] if added else []
    idle = head.idle(open_ones)
    found.idle += idle
    if head.renders.render is None or head.renders.budget.cut_short:
        refusal = head.renders.refusal
        why = refusal.message if refusal else "the time for extra renders is over (--trace-timeout)"
        found.unknown.update({scalar: why for scalar in open_ones if scalar not in idle})


def _segments(head: RenderedTarget) -> list[Segment]:
    """The parts of images and claims, with the scalars that are proven to decide them."""
    fields = (*(use.field for use in head.image_uses), *(claim.field for claim in head.claims))
    return [segment for place in fields for segment in head.origins(place)]


def _at_base(reader: TargetChange, changes: Mapping[str, bytes]) -> Rendering | None:
    """The rendering of the base, if it read these very files."""
    base = reader.base
    if base is None or reader.was or set(reader.files) != set(changes):
        return None
    same = all(files.read_in(base.target.root, path) == data for path, data in changes.items())
    return base.rendering if same else None
