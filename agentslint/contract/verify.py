"""Carries out the plan for the workloads of one chart and turns the outcomes into verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial

from msgspec import Struct

from agentslint.authorship.chart_values import ValueKey
from agentslint.authorship.image_blocks import BlockField
from agentslint.contract.breach_finder import BreachFinder, about, head_outcome
from agentslint.contract.chains import ChainedWorkload
from agentslint.contract.misspelt import misspelt, unknown_blocks, unknown_fields
from agentslint.contract.owners import Owners, OwnersByFile
from agentslint.contract.plan import HEADS, Plan, PlanStep
from agentslint.contract.verdicts import FieldVerdict, HeadOutcome, Verdict
from agentslint.experiment.chart_experiments import ChartExperiments, ChartOutcome, Experiment
from agentslint.experiment.chart_marks import is_policy

VerdictOf = Mapping[ChainedWorkload, Verdict]


class Verifier(Struct, dict=True):
    """Asks about the subjects of one chart; `off` switches the chart's own checks off."""

    experiments: ChartExperiments
    subjects: Sequence[ChainedWorkload]
    off: Mapping[ValueKey, bool]

    @cached_property
    def plan(self) -> Plan:
        """The experiments."""
        return Plan(self.subjects, self.experiments.block_fields, self.off)

    def verify(self) -> list[Verdict]:
        """Return a verdict for each subject."""
        self._ask_at_once()
        verdicts = {subject: _blank(subject) for subject in self.subjects}
        self._find_breaches(verdicts)
        for verdict in verdicts.values():
            _mark_hidden(verdict)
        if any(field.hidden for field in _fields(verdicts)):
            self._find_breaches(verdicts, hidden=True)
        for state in HEADS:
            self._note_heads(verdicts, state)
        for verdict in verdicts.values():
            if verdict.misspelt:
                _withdraw(verdict)
        return list(verdicts.values())

    def state(self, verdicts: Iterable[Verdict]) -> None:
        """Note the outcome with every block empty: all fields at once, as long as that renders; else each by itself."""
        known = {verdict.subject: verdict for verdict in verdicts}
        if self.experiments.observe([self.plan.all_empty(self.subjects)])[0].failure is None:
            for field in _fields(known):
                field.empty = HeadOutcome("without")
            return
        names = dict.fromkeys(field.name for field in _fields(known))
        self.experiments.observe([self.plan.all_empty(self.subjects, name) for name in names])
        for name in names:
            having = [subject for subject in self.subjects if subject.blocks(name)]
            found = self.experiments.ask(having, partial(self.plan.all_empty, only=name), by_name=True)
            for subject, observation in found.items():
                failure = observation.failure
                known[subject].fields[name].empty = (
                    HeadOutcome("fails", about(subject, failure.message)) if failure else HeadOutcome("without")
                )

    def _ask_at_once(self) -> None:
        """Render the experiments that are needed in any case, in parallel."""
        steps = [self.plan.step(self.subjects, step) for step in self.plan.steps]
        self.experiments.observe([*steps, *(self.plan.heads(self.subjects, state) for state in HEADS)])

    def _find_breaches(self, verdicts: VerdictOf, *, hidden: bool = False) -> None:
        """Find the places of the fields and the breaches there; a second time for tags that are `hidden` behind a digest."""
        found: dict[ChainedWorkload, list[ChartOutcome]] = {subject: [] for subject in self.subjects}
        for step in self.plan.steps:
            for subject, observation in self.experiments.ask(self.subjects, partial(self._step, step=step, hidden=hidden)).items():
                found[subject] += self._precise(subject, step, observation, hidden)
        for mine in by_manifest(self.subjects):
            rendered = {id(each): each for subject in mine for each in found[subject] if not each.failure}
            places = Owners(self.experiments, mine, list(rendered.values())).find()
            for subject in mine:
                verdicts[subject].misspelt = misspelt(subject, self._shown(subject, found[subject]))
                self._find_breaches_of(verdicts[subject], places, found[subject], hidden)

    def _step(self, chosen: Sequence[ChainedWorkload], step: PlanStep, hidden: bool) -> Experiment:
        return self.plan.step(chosen, step, without_digests=hidden)

    def _precise(self, subject: ChainedWorkload, step: PlanStep, found: ChartOutcome, hidden: bool) -> list[ChartOutcome]:
        """If the render fails with several fields empty, empty each by itself: only one may be the cause."""
        if not found.failure:
            return [found]
        names = self.plan.emptied(subject, step)
        return self.experiments.observe([self.plan.step([subject], step, only=name, without_digests=hidden) for name in names])

    def _find_breaches_of(self, verdict: Verdict, places: OwnersByFile, found: Sequence[ChartOutcome], hidden: bool) -> None:
        finder = BreachFinder(self.experiments, verdict.subject)
        rendered = [each for each in found if not each.failure]
        refused = self._refused if len(rendered) < len(found) or not found else ""
        for name, field in verdict.fields.items():
            if field.hidden is not hidden:
                continue
            field.unverified = refused
            field.places = tuple(place for place, owner in places.get(name, {}).items() if owner is verdict.subject)
            field.broken = []
            if not refused:
                field.broken += [broken for each in found if (broken := finder.refusal(name, each))]
                field.broken += finder.breaches(name, field.places, rendered)

    def _shown(self, subject: ChainedWorkload, found: Sequence[ChartOutcome]) -> set[BlockField]:
        """The fields of a subject that show in its workload; a pull policy is a word that anybody may have written."""
        if subject.learnt or not (unknown_blocks(subject) or unknown_fields(subject)):
            return set()
        block_fields = [block_field for block_field in subject.block_fields if not is_policy(block_field[1])]
        marks = self.experiments.marks
        outcomes = [(each.experiment.turn, text) for each in found for text in each.texts(subject.manifest).values()]
        return {block_field for turn, text in outcomes for block_field in marks.seen(text, block_fields, turn)}

    @property
    def _refused(self) -> str:
        """Why the chart does not even render with every block set: then it refuses the marks, and that is no breach."""
        failure = self.experiments.observe([self.plan.all_set()])[0].failure
        return failure.message if failure else ""

    def _note_heads(self, verdicts: VerdictOf, state: str) -> None:
        found = self.experiments.ask(self.subjects, partial(self.plan.heads, state=state), by_name=True)
        for subject, observation in found.items():
            for name, field in verdicts[subject].fields.items():
                outcome = head_outcome(self.experiments, subject, name, () if field.hidden else field.places, observation)
                setattr(field, state, outcome)
                if outcome.kind == "other" and not field.broken:
                    field.broken += BreachFinder(self.experiments, subject).breaches(name, field.places, [observation])


def by_manifest(subjects: Sequence[ChainedWorkload]) -> list[list[ChainedWorkload]]:
    """Return the subjects of each workload together."""
    found: dict[int, list[ChainedWorkload]] = {}
    for subject in subjects:
        found.setdefault(subject.manifest.index, []).append(subject)
    return list(found.values())


def _mark_hidden(verdict: Verdict) -> None:
    """A tag that an image does not show may be left out for the digest: `repository@digest`, as many charts write it."""
    tag, repository = verdict.fields.get("tag"), verdict.fields.get("repository")
    if tag and repository:
        tag.hidden = any(place[-1] == "image" and place not in tag.places for place in repository.places)


def _fields(verdicts: VerdictOf) -> Iterator[FieldVerdict]:
    return (field for verdict in verdicts.values() for field in verdict.fields.values())


def _withdraw(verdict: Verdict) -> None:
    """Of a contract that is misspelt nothing is proven, neither for nor against the chart."""
    for field in verdict.fields.values():
        field.unverified, field.broken = verdict.misspelt, []


def _blank(subject: ChainedWorkload) -> Verdict:
    return Verdict(subject, {name: FieldVerdict(name, subject.blocks(name)) for name in subject.fields})
