"""Edits without effect: a target renders the same with them undone.

Where nothing else says what an edit says, its text in the output is proof of an effect; else a taint render is asked which texts came
out. The other edits are undone together, and in halves where that makes a difference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from agentslint import files
from agentslint.authorship.authored_scalar import AuthoredScalar, Segment
from agentslint.authorship.edits import edited
from agentslint.experiment.idle import TELLING, content
from agentslint.experiment.renders import Allowance, Changes, Renders
from agentslint.facts.target_facts import TargetFacts
from agentslint.model import RenderFailure, Rendering

MOST = 64
"""Extra renders that the edits of one file may cost in one target."""
Edits = Mapping[AuthoredScalar, str]
"""Edited scalars, with the text of each before."""


class Verdicts(Struct):
    """The edits without effect, and those of which it is not known, with the reason."""

    idle: list[AuthoredScalar] = []
    unknown: dict[AuthoredScalar, str] = {}


class Undone(Struct):
    """Undoes edits of one target. `known` answers without a render: the target at the base is one with all edits undone."""

    rendered: TargetFacts
    renders: Renders
    segments: Callable[[], Sequence[Segment]]
    known: Callable[[Changes], Rendering | None] = lambda changes: None

    def judge(self, edits: Edits) -> Verdicts:
        """Tell which edits have no effect; a file that is deployed as it is written shows each of them."""
        found = Verdicts()
        if self.rendered.target.is_built and edits:
            allowance = Allowance(self.renders, MOST)
            self._judge(self._unproven(edits) if len(edits) > 1 else edits, allowance, found)
        return found

    def _unproven(self, edits: Edits) -> Edits:
        """The edits whose new text is not proven to have come out."""
        edits = self._not_evident(edits)
        if len(edits) < 2:
            return edits
        shown = {segment.scalar for segment in self.segments() if segment.scalar in edits and _holds_edit(segment, edits[segment.scalar])}
        return {scalar: text for scalar, text in edits.items() if scalar not in shown}

    def _not_evident(self, edits: Edits) -> Edits:
        """Without those that need no render: nothing but the edits differs from the base, and only one of them says what came out since."""
        target, base, head = self.rendered.target, self.known(self._changes(edits)), self.rendered.rendering
        if base is None or head is None:
            return edits
        written = [content(target.root, path) for path in target.closure.files]
        return {
            scalar: before
            for scalar, before in edits.items()
            if len(scalar.text) < TELLING
            or sum(text.count(scalar.text.encode()) for text in written) != 1
            or _has_word(base.stream, scalar.text)
            or not _has_word(head.stream, scalar.text)
        }

    def _judge(self, edits: Edits, allowance: Allowance, found: Verdicts) -> None:
        if not edits:
            return
        changes = self._changes(edits)
        outcome = self.known(changes) or allowance.ask(changes, remember=False)
        if isinstance(outcome, Rendering) and self.rendered.rendering and outcome.stream == self.rendered.rendering.stream:
            found.idle += edits
        elif len(edits) > 1 and not allowance.is_spent and self.renders.render is not None:
            both = list(edits.items())
            for part in (both[: len(both) // 2], both[len(both) // 2 :]):
                self._judge(dict(part), allowance, found)
        elif len(edits) > 1 or not isinstance(outcome, Rendering):
            found.unknown.update(dict.fromkeys(edits, self._reason(outcome, allowance)))

    def _reason(self, outcome: Rendering | RenderFailure | None, allowance: Allowance) -> str:
        if isinstance(outcome, RenderFailure):
            refused = self.renders.render is None
            return outcome.message if refused else f"{self.rendered.target.name} does not render without it: {outcome.message}"
        over = allowance.count >= allowance.most
        return f"the limit of {allowance.most} extra renders is reached" if over else "the time for extra renders is over (--trace-timeout)"

    def _changes(self, edits: Edits) -> Changes:
        root = self.rendered.target.root
        paths = dict.fromkeys(scalar.path for scalar in edits)
        return {
            path: edited(files.read_in(root, path), [(one.region, one.written(text)) for one, text in edits.items() if one.path == path])
            for path in paths
        }


def _has_word(stream: bytes, text: str) -> bool:
    return re.search(rb"(?<![\w.-])" + re.escape(text.encode()) + rb"(?![\w.-])", stream) is not None


def _holds_edit(segment: Segment, before: str) -> bool:
    """Whether the first character that differs is part of what came out; a digest in `repo:tag@digest` says nothing of the tag."""
    text, end = segment.scalar.text, segment.offset + segment.end - segment.start
    first = next((at for at, (new, old) in enumerate(zip(text, before, strict=False)) if new != old), min(len(text), len(before)))
    return segment.offset <= first < end or first == end == len(text)
