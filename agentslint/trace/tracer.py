"""Proves which authored scalars decide the fields of one target, by rendering it with other values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from agentslint.authorship.authored_scalar import AuthoredScalar, Layer, Segment
from agentslint.authorship.changeable import ChangeableScalars
from agentslint.authorship.image_settings import Setting
from agentslint.experiment.idle import Idle
from agentslint.experiment.images_otherwise import found_by_entry, images_otherwise
from agentslint.experiment.marked_renders import MarkedRenders
from agentslint.experiment.renders import Allowance, Renders
from agentslint.facts.target_facts import TargetFacts
from agentslint.images import ImageUse
from agentslint.model import Field, HelmChartEntry
from agentslint.trace.asked import Asked, FieldKey, beside, key, spans
from agentslint.trace.conditions import switched
from agentslint.trace.evidence import Evidence
from agentslint.trace.faults import Faults
from agentslint.trace.steps import Steps
from agentslint.trace.taint import Taint

if TYPE_CHECKING:
    from agentslint.trace.remote_defaults import Defaults

BUDGET = 16
"""Extra renders that one question about a target may cost. Usual targets take one."""


class Tracer:
    """Traces the fields of one target."""

    def __init__(self, rendered: TargetFacts, renders: Renders) -> None:
        self.rendered = rendered
        self.renders = renders
        self.faults = Faults()
        self._defaults: dict[FieldKey, tuple[Defaults, tuple[Segment, ...]]] = {}
        self._tried: set[tuple[object, ...]] = set()
        self._asked = False

    @property
    def proves(self) -> bool:
        """Whether anything can be proven: files and streams that are linted as they are have nothing to render."""
        return self.renders.render is not None and self.rendered.target.is_built

    def prove(self, fields: Iterable[Field]) -> None:
        """Trace fields by taint renders."""
        with self.faults.of(self.rendered.target):
            self._prove(fields)

    def _prove(self, fields: Iterable[Field]) -> None:
        if not self.proves:
            return
        questions = {(*key(place), place.span, place.missing): place for place in map(beside, fields)}
        new = [place for question, place in questions.items() if question not in self._tried]
        self._tried.update(questions)
        self._taint.changing.allowance.grant(BUDGET)
        self._taint.trace(new)
        left = [place for place in new if not self.segments(place)]
        self._taint.evidence.proven.update(switched(left, self._taint.changing))
        self._prove_defaults()

    def _prove_defaults(self) -> None:
        """The own values of charts that are not in the repository, all of an entry in one render."""
        if not self.rendered.target.closure.charts:
            return
        from agentslint.trace.remote_defaults import of_manifest

        left: dict[HelmChartEntry, tuple[Defaults, list[tuple[FieldKey, Asked]]]] = {}
        for name, one in self._taint.evidence.unexplained().items():
            if defaults := of_manifest(self.rendered, one.place.manifest):
                left.setdefault(defaults.entry, (defaults, []))[1].append((name, one))
        for defaults, fields in left.values():
            for name, found in defaults.prove(fields, self._taint.changing).items():
                self._defaults[name] = defaults, found

    def origins(self, place: Field) -> tuple[Segment, ...]:
        """Return the proven parts of a field's text; the first question about a target proves all of its image fields at once."""
        if not self._asked:
            self._asked = True
            self.prove([place, *(use.field for use in self.rendered.image_uses), *(claim.field for claim in self.rendered.claims)])
        elif not self.is_explained(place):
            self.prove([place])
        return self.segments(place)

    @cached_property
    def authored(self) -> tuple[AuthoredScalar, ...]:
        """The authored scalars that the render may depend on."""
        with self.faults.of(self.rendered.target):
            return self.changeable.scalars
        return ()

    @cached_property
    def overrides(self) -> tuple[AuthoredScalar, ...]:
        """Those of them that decide over resources."""
        with self.faults.of(self.rendered.target):
            return self.changeable.overrides
        return ()

    @cached_property
    def settings(self) -> Mapping[AuthoredScalar, Setting]:
        """The image parts that they set, as their keys say."""
        found = ((scalar, self.rendered.setting(scalar)) for scalar in self.overrides)
        return {scalar: setting for scalar, setting in found if setting}

    @property
    def of_deployer(self) -> Iterator[Setting]:
        """What the objects of the deployer set of images; those that come out of a render are resources."""
        deployed = self.rendered.target.deployed
        files = deployed.deployer_files if deployed else frozenset[str]()
        with self.faults.of(self.rendered.target):
            for scalar in self.changeable.scalars:
                if (scalar.layer is Layer.DEPLOYER or scalar.path in files) and (setting := self.rendered.setting(scalar)):
                    yield setting

    def idle(self, scalars: Sequence[AuthoredScalar]) -> Collection[AuthoredScalar]:
        """Return those of some scalars that are proven to have no effect."""
        if self.proves:
            with self.faults.of(self.rendered.target):
                return Idle(self.rendered, self.renders, self.changeable.looked_for).among(scalars)
        return ()

    def found_by_entry(self, part: AuthoredScalar) -> Sequence[tuple[ImageUse, str]] | None:
        """Return what the `images:` entry of a scalar finds, with its text without the entry; None where nothing was rendered."""
        if self.renders.render is None:
            return None
        if self.proves:
            with self.faults.of(self.rendered.target):
                return found_by_entry(self.rendered, self.renders, self.changeable, part)
        return ()

    def images_otherwise(self, scalar: AuthoredScalar, written: str) -> Sequence[tuple[ImageUse, str]] | None:
        """Return the image uses that differ where a scalar is written otherwise, with their texts then; None where that is not known."""
        if self.proves:
            with self.faults.of(self.rendered.target):
                return images_otherwise(self.rendered, self.renders, self.changeable, scalar, written)
        return None

    def segments(self, place: Field) -> tuple[Segment, ...]:
        """Return the proven parts of a field's text; none before `prove`, or where nothing could be proven."""
        return self._taint.evidence.proven.get(key(beside(place)), ())

    def conditions(self, place: Field) -> tuple[AuthoredScalar, ...]:
        """Return the scalars on which a field depends otherwise than by their text: another value takes another branch."""
        return self._taint.evidence.conditions.get(key(beside(place)), ())

    def cleared(self, place: Field) -> Collection[AuthoredScalar]:
        """Return the scalars that were changed without any change in a field."""
        return self._taint.evidence.cleared.get(key(place), ())

    def defaults(self, place: Field) -> tuple[Defaults | None, tuple[Segment, ...]]:
        """Return the chart whose own values decide parts of a field, and these parts."""
        return self._defaults.get(key(beside(place)), (None, ()))

    def is_explained(self, place: Field) -> bool:
        """Tell whether it is proven where every part of a field that is asked for was written."""
        found = self.segments(place)
        if isinstance(place.value, bool):
            return bool(found)
        return all(any(segment.overlap(span) > 0 for segment in found) for span in spans(beside(place)))

    @cached_property
    def changeable(self) -> ChangeableScalars:
        """The scalars of the target that may be changed to find the fields that they decide."""
        return ChangeableScalars(self.rendered.target, self.rendered.documents, self.rendered.context.files)

    @cached_property
    def steps(self) -> Steps:
        """The steps that pass a scalar on to a field."""
        return Steps(self.rendered, self.changeable)

    @cached_property
    def _taint(self) -> Taint:
        names = self.changeable.matched_on | self.changeable.deployed_names
        return Taint(MarkedRenders(self.rendered, self.changeable, Allowance(self.renders, 0)), Evidence(frozenset(names)))
