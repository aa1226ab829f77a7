"""Asks experiments of one chart of a target, several workloads at a time, and reads what comes out.

One render serves all workloads as long as it succeeds; where it fails, smaller groups are asked until it is known who is to blame.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from agentslint.contract.experiment import Experiment
from agentslint.contract.marks import Marks
from agentslint.contract.subject import Block, Slot, Subject, dotted_key
from agentslint.contract.texts import texts
from agentslint.facts import RenderedTarget
from agentslint.manifests import read_manifests
from agentslint.model import Manifest, Pointer, RenderFailure, Rendering
from agentslint.probe import ChartValues, changed_files
from agentslint.render.places import chart_entry

MOST = 60
"""Questions about one chart, so that a chart which refuses everything does not take forever."""
Name = tuple[str, str, str]
Design = Callable[[Sequence[Subject]], Experiment]


@dataclass
class Observation:
    """What was rendered, or why nothing was."""

    experiment: Experiment
    failure: RenderFailure | None = None
    manifests: tuple[Manifest, ...] = ()
    known: Collection[Name] = ()
    """The names in the plain render."""
    _texts: dict[int, dict[Pointer, str]] = field(default_factory=dict)

    def texts(self, plain: Manifest) -> Mapping[Pointer, str]:
        """Return the texts of the manifest that is `plain` in the plain render; none where it is not rendered now."""
        if plain.index not in self._texts:
            manifest = self._same(plain)
            self._texts[plain.index] = texts(manifest) if manifest else {}
        return self._texts[plain.index]

    def _same(self, plain: Manifest) -> Manifest | None:
        """The manifest of the same name; else the only new one of its kind, whose name may hold a tag or a hash."""
        alike = [manifest for manifest in self.manifests if manifest.kind == plain.kind and manifest.namespace == plain.namespace]
        exact = next((manifest for manifest in alike if manifest.name == plain.name), None)
        new = [manifest for manifest in alike if name_of(manifest) not in self.known]
        return exact or (new[0] if len(new) == 1 else None)


class Laboratory:
    """One chart of a target, with the marks of its slots."""

    def __init__(
        self, rendered: RenderedTarget, values: ChartValues, slots: Sequence[Slot], together: Iterable[Collection[Slot]] = ()
    ) -> None:
        self.rendered = rendered
        self.values = values
        self.slots = slots
        self.marks = Marks(values, slots, together)
        self.asked = 0
        self._plain = frozenset(map(name_of, rendered.manifests))

    def observe(self, experiments: Sequence[Experiment]) -> list[Observation]:
        """Ask several experiments side by side."""
        self.asked += len(experiments)
        questions = [changed_files(self.values, experiment.changes(self.marks)) for experiment in experiments]
        outcomes = self.rendered.probes(questions)
        return [self._observation(experiment, outcome) for experiment, outcome in zip(experiments, outcomes, strict=True)]

    def ask(self, subjects: Sequence[Subject], design: Design, *, by_name: bool = False) -> dict[Subject, Observation]:
        """Ask one experiment for all subjects, and for fewer of them where it fails.

        With `by_name` a failure whose message names a subject's blocks is taken for that subject's.
        """
        if not subjects:
            return {}
        if self.asked >= MOST:
            return dict.fromkeys(subjects, Observation(design(subjects), self._gave_up()))
        found = self.observe([design(subjects)])[0]
        if found.failure is None or len(subjects) == 1:
            return dict.fromkeys(subjects, found)
        blamed = [subject for subject in subjects if by_name and named_in(found.failure, subject.chain)]
        rest = [subject for subject in subjects if subject not in blamed]
        if blamed:
            return {**dict.fromkeys(blamed, found), **self.ask(rest, design, by_name=by_name)}
        middle = len(rest) // 2
        return {**self.ask(rest[:middle], design, by_name=by_name), **self.ask(rest[middle:], design, by_name=by_name)}

    def seen(self, found: Observation, manifest: Manifest, place: Pointer, among: Iterable[Slot]) -> frozenset[Block]:
        """Return the blocks whose marks stand at a place."""
        text = found.texts(manifest).get(place, "")
        return frozenset(block for block, _ in self.marks.seen(text, among, found.experiment.turn))

    def _observation(self, experiment: Experiment, outcome: Rendering | RenderFailure | None) -> Observation:
        if not isinstance(outcome, Rendering):
            return Observation(experiment, outcome or self._gave_up())
        manifests = read_manifests(outcome, lambda kind: kind != "CustomResourceDefinition").manifests
        return Observation(experiment, None, manifests, self._plain)

    def _gave_up(self) -> RenderFailure:
        where = chart_entry(self.values.entry, self.rendered.target.root)
        return RenderFailure(self.rendered.target, "probe", f"chart {self.values.entry.name} could not be asked further", where)


def named_in(failure: RenderFailure, chain: Iterable[Block]) -> bool:
    """Tell whether a failure speaks of one of these blocks."""
    return names(f"{failure.message}\n{failure.details}", chain)


def names(text: str, chain: Iterable[Block]) -> bool:
    """Tell whether a text names one of these blocks, as a chart's own message or a schema does."""
    return any(re.search(_spelling(block), text) for block in chain)


def _spelling(block: Block) -> str:
    word = re.escape(dotted_key(block))
    if len(block) == 1:
        return rf"(?<![\w./]){word}\.\w|'/{word}/"
    return rf"(?<![\w.]){word}(?!\w)|'/{re.escape('/'.join(block))}/"


def name_of(manifest: Manifest) -> Name:
    """Tell a manifest from the others of its target."""
    return manifest.kind, manifest.namespace, manifest.name
