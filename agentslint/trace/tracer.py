"""Findings -> provenances: proven by the taint render where it can be, else as near as text alone tells."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute

from agentslint.authorship.authored_scalar import AuthoredScalar, Segment
from agentslint.authorship.changeable import ChangeableScalars
from agentslint.authorship.documents import Authored, FileDocuments, narrowed
from agentslint.authorship.lines import whole_target
from agentslint.experiment.idle import Idle
from agentslint.experiment.marked_renders import MarkedRenders, RenderChanged
from agentslint.experiment.renders import Budget, Renders
from agentslint.facts.target_facts import TargetFacts
from agentslint.model import (
    Certainty,
    Field,
    Finding,
    HelmChartEntry,
    Location,
    Place,
    Provenance,
    RenderFailure,
    Rendering,
    Target,
    TargetKind,
)
from agentslint.trace.asked import Asked, FieldKey, beside, key, spans
from agentslint.trace.conditions import switched
from agentslint.trace.faults import Faults
from agentslint.trace.nearest_text import line_in_file, nearest_text
from agentslint.trace.remote_defaults import Defaults, of_manifest
from agentslint.trace.steps import Steps
from agentslint.trace.taint import Taint

BUDGET = 16
"""Extra renders that one question about a target may cost. Usual targets take one."""


@dataclass
class Tracer:
    """Locates the findings of a run. `render` renders a target with changed files; None where nothing is to be proven."""

    render: RenderChanged | None = None
    targets: dict[str, TargetFacts] = attribute(default_factory=dict)
    """The targets that may be asked about; the pipeline adds each one that rendered."""
    clock: Budget = attribute(default_factory=Budget)
    renders: int = 0
    faults: Faults = attribute(default_factory=Faults)
    _files: FileDocuments = attribute(default_factory=FileDocuments)
    _changeable: dict[str, ChangeableScalars] = attribute(default_factory=dict)
    _taints: dict[str, Taint] = attribute(default_factory=dict)
    _steps: dict[str, Steps] = attribute(default_factory=dict)
    _defaults: dict[tuple[str, FieldKey], tuple[Defaults, tuple[Segment, ...]]] = attribute(default_factory=dict)
    _asked: set[str] = attribute(default_factory=set)
    _tried: set[tuple[object, ...]] = attribute(default_factory=set)

    def prove(self, target: str, fields: Iterable[Field]) -> None:
        """Trace fields of one target by taint renders; the targets may be asked for from several threads."""
        rendered = self.targets[target]
        with self.faults.of(rendered.target):
            self._prove(rendered, fields)

    def _prove(self, rendered: TargetFacts, fields: Iterable[Field]) -> None:
        target = rendered.target.name
        if self.render is None or rendered.target.kind is not TargetKind.KUSTOMIZATION:
            return
        questions = {(target, *key(place), place.span, place.missing): place for place in map(beside, fields)}
        new = [place for question, place in questions.items() if question not in self._tried]
        self._tried.update(questions)
        changing = MarkedRenders(rendered, self.changeable(rendered.target), self.render, 0, self.clock)
        taint = self._taints.setdefault(target, Taint(changing))
        before = taint.changing.count
        taint.changing.budget = before + BUDGET
        taint.trace(new)
        taint.evidence.proven.update(switched(new, taint.changing))
        self._prove_defaults(rendered, taint)
        self.renders += taint.changing.count - before

    def _prove_defaults(self, rendered: TargetFacts, taint: Taint) -> None:
        """What is left of charts that are not in the repository: their own values, all of an entry in one render."""
        left: dict[HelmChartEntry, tuple[Defaults, list[tuple[FieldKey, Asked]]]] = {}
        for name, one in taint.evidence.unexplained().items():
            if defaults := of_manifest(rendered, one.place.manifest):
                left.setdefault(defaults.entry, (defaults, []))[1].append((name, one))
        for defaults, fields in left.values():
            for name, found in defaults.prove(fields, taint.changing).items():
                self._defaults[rendered.target.name, name] = defaults, found

    def origins(self, rendered: TargetFacts, place: Field) -> tuple[Segment, ...]:
        """Return the proven parts of a field's text; the first question about a target proves all of its image fields at once."""
        name = rendered.target.name
        if name not in self._asked:
            self._asked.add(name)
            self.prove(name, [place, *(use.field for use in rendered.image_uses), *(claim.field for claim in rendered.claims)])
        elif not self.is_explained(place):
            self.prove(name, [place])
        return self.segments(place)

    def authored(self, rendered: TargetFacts) -> tuple[AuthoredScalar, ...]:
        """Return the scalars that people wrote and that the render may depend on."""
        with self.faults.of(rendered.target):
            return self.changeable(rendered.target).scalars
        return ()

    def overrides(self, rendered: TargetFacts) -> tuple[AuthoredScalar, ...]:
        """Return those of them that decide over resources."""
        with self.faults.of(rendered.target):
            return self.changeable(rendered.target).overrides
        return ()

    def idle(self, rendered: TargetFacts, renders: Renders, scalars: Sequence[AuthoredScalar]) -> Collection[AuthoredScalar]:
        """Return those of some scalars of which it is proven that they decide nothing."""
        if self.render is None or rendered.target.kind is not TargetKind.KUSTOMIZATION:
            return ()
        with self.faults.of(rendered.target):
            return Idle(rendered, renders, self.clock).among(scalars)
        return ()

    def render_changed(self, rendered: TargetFacts, changes: Mapping[str, bytes]) -> Rendering | RenderFailure:
        """Render a staged copy of a target in which some files hold other bytes."""
        if self.render is None:
            return RenderFailure(rendered.target, "tool", "nothing is rendered again (--no-trace)", whole_target(rendered.target))
        self.renders += 1
        return self.render(rendered.target, changes)

    def locate(self, finding: Finding) -> tuple[Provenance, tuple[Location, ...]]:
        """Return where a finding is, and its related places in order."""
        related = []
        for other in finding.related:
            where = self.place(other.place).location
            related.append(Location(where.path, where.region, other.message, where.key_path))
        return self.place(finding.place), (*related, *self._advice(finding.place))

    def _advice(self, place: Place) -> list[Location]:
        """Which value to set where a chart's own default decides that nobody here wrote."""
        if not isinstance(place, Field):
            return []
        with self.faults.of(place.manifest.target):
            found = self._default(place)
            return [found[0].advice(found[1].scalar)] if found else []
        return []

    def _default(self, place: Field) -> tuple[Defaults, Segment] | None:
        defaults, found = self._defaults.get((place.manifest.target.name, key(beside(place))), (None, ()))
        segment = _decisive(beside(place), found)
        return (defaults, segment) if defaults and segment else None

    def place(self, place: Place) -> Provenance:
        """Return where one place is, and how that is known."""
        if isinstance(place, Location):
            return Provenance(place, Certainty.EXACT)
        with self.faults.of(place.manifest.target):
            return self._place(place)
        return Provenance(whole_target(place.manifest.target), Certainty.RESOURCE, rendered_as(place))

    def _place(self, place: Field) -> Provenance:
        target = place.manifest.target
        if target.kind is not TargetKind.KUSTOMIZATION:
            return Provenance(line_in_file(place), Certainty.EXACT, rendered_as(place))
        if segment := _decisive(beside(place), self.segments(place)):
            steps = self._steps_of(target).to(beside(place), segment.scalar, self.conditions(place))
            return Provenance(_in_segment(place, segment), Certainty.EXACT, rendered_as(place), steps)
        if default := self._default(place):
            return Provenance(default[0].location(), Certainty.CHART, rendered_as(place))
        taint = self._taints.get(target.name)
        cleared = taint.evidence.cleared.get(key(place), ()) if taint else ()
        location, certainty = nearest_text(
            place, self.changeable(target).authored, self.targets.get(target.name), {one.place for one in cleared}
        )
        segment = _beside_missing(place, self.segments(place))
        if segment and certainty is not Certainty.MATCHED:
            location, certainty = segment.scalar.location(), Certainty.MATCHED
        return Provenance(location, certainty, rendered_as(place))

    def segments(self, place: Field) -> tuple[Segment, ...]:
        """Return the proven parts of a field's text; none before `prove`, or where nothing could be proven."""
        taint = self._taints.get(place.manifest.target.name)
        return taint.evidence.proven.get(key(beside(place)), ()) if taint else ()

    def conditions(self, place: Field) -> tuple[AuthoredScalar, ...]:
        """Return the scalars on which a field depends otherwise than by their text: another value takes another branch."""
        taint = self._taints.get(place.manifest.target.name)
        return taint.evidence.conditions.get(key(beside(place)), ()) if taint else ()

    def is_explained(self, place: Field) -> bool:
        """Tell whether it is proven where every part of a field that is asked for was written."""
        found = self.segments(place)
        if isinstance(place.value, bool):
            return bool(found)
        return all(any(segment.overlap(span) > 0 for segment in found) for span in spans(beside(place)))

    def _steps_of(self, target: Target) -> Steps:
        if target.name not in self._steps:
            self._steps[target.name] = Steps(self.targets[target.name], self.changeable(target))
        return self._steps[target.name]

    def changeable(self, target: Target) -> ChangeableScalars:
        """Return the scalars of a target that may be changed to see what they decide."""
        if target.name not in self._changeable:
            self._changeable[target.name] = ChangeableScalars(target, Authored(target, self._files), self._files)
        return self._changeable[target.name]


def fields_of(findings: Iterable[Finding]) -> list[Field]:
    """The fields that findings speak of, related ones included."""
    places = [place for finding in findings for place in (finding.place, *(other.place for other in finding.related))]
    return [place for place in places if isinstance(place, Field)]


def _decisive(place: Field, found: Sequence[Segment]) -> Segment | None:
    """The segment that decides what a finding speaks of; of a whole image what decides its digest, else its tag."""
    if isinstance(place.value, bool):
        return found[0] if found else None
    best = max(found, key=lambda segment: segment.overlap(spans(place)[-1]), default=None)
    return best if best and best.overlap(spans(place)[-1]) > 0 else None


def _beside_missing(place: Field, found: Sequence[Segment]) -> Segment | None:
    """Where the tag is not known and a digest is missing, the block that the repository stands in is the nearest place."""
    return found[0] if place.missing and found else None


def _in_segment(place: Field, segment: Segment) -> Location:
    """The scalar that made a part of a field, narrowed to what the finding speaks of."""
    location = segment.scalar.location()
    if place.span and segment.start <= place.span[0] and place.span[1] <= segment.end:
        return narrowed(location, segment.scalar.text, (place.span[0] - segment.start, place.span[1] - segment.start))
    return location


def rendered_as(field: Field) -> str:
    """Say what the renderer made of it: `Deployment/agents spec.containers[0].image = ...`; Secrets keep their values."""
    where = f"{field.manifest.resource} {field.path}"
    value = field.value
    if field.manifest.kind == "Secret" or not isinstance(value, (str, int, float)):
        return where
    return f"{where} = {value}"
