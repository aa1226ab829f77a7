"""The target of a scenario as rules see it: what other values render, with the places that people have written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec.structs import replace

from agentslint.authorship.chart_values import ChartValues, ValueKey
from agentslint.authorship.lines import target_failure
from agentslint.contract.breaches import certainty_of, template_line
from agentslint.experiment.own_values_files import copy_path
from agentslint.experiment.renders import Changes, Renders
from agentslint.facts.counterparts import Counterparts
from agentslint.facts.stream import read_manifests
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.model import Certainty, Failure, Field, HelmChartEntry, Location, Place, Rendering, Target
from agentslint.places import by_name
from agentslint.trace import place_of
from agentslint.trace.tracer import Tracer


class ChangedValues(ChartValues):
    """The values of a chart in a scenario; each stands where the target itself has it."""

    def __init__(self, target: Target, entry: HelmChartEntry, changes: Changes) -> None:
        super().__init__(target, entry)
        self._plain = ChartValues(target, entry)
        self._changes = changes

    def location(self, key: ValueKey, *item: int) -> Location | None:
        """Return where the value is written that the target has without the scenario."""
        return self._plain.location(key, *item)

    def _data(self, path: str) -> bytes:
        own = copy_path(path, self.entry)
        changed = own if own in self._changes else path
        return self._changes[changed] if changed in self._changes else super()._data(path)


class ScenarioTarget(RenderedTarget):
    """What a target renders in a scenario. It is not traced: its files are not those of the repository."""

    def __init__(self, plain: RenderedTarget, rendering: Rendering, changes: Changes) -> None:
        documents = read_manifests(rendering, lambda kind: True)
        refusal = target_failure(plain.target, "tool", "nothing is rendered again in a scenario")
        # What asserts judge here, they have not judged in the repository.
        context = replace(plain.context, with_subject=set())
        super().__init__(plain.target, documents.manifests, context, rendering, Renders(plain.context, refusal=refusal))
        self.unreadable: tuple[Failure, ...] = documents.failures
        self._plain = plain
        self._changes = changes
        self._changed_values: dict[HelmChartEntry, ChangedValues] = {}

    def values_of(self, entry: HelmChartEntry) -> ChartValues:
        """The values of one chart of the target in the scenario."""
        if entry not in self._changed_values:
            self._changed_values[entry] = ChangedValues(self.target, entry, self._changes)
        return self._changed_values[entry]

    def authored_place(self, place: Place) -> tuple[Place, Certainty]:
        """Return where a finding is: the proven place of a field, a line of its template, or the nearest line."""
        if isinstance(place, Location):
            return place, Certainty.EXACT
        same = self._same(place)
        found = place_of(same or place, {self.target.name: self._plain.tracer if same else self._nearest})
        if found.certainty is Certainty.EXACT:
            return same or Location(found.location.path, found.location.region), found.certainty
        lines = self._template_lines(place)
        whole, around = next(lines, None), next((line for line in lines if line), None)
        if whole or (around and found.certainty is not Certainty.MATCHED):
            return whole or around or place, Certainty.MATCHED
        return same or Location(found.location.path, found.location.region), found.certainty

    def _same(self, place: Field) -> Field | None:
        """The field of the target itself, if it is there and says the same; asked what decides it."""
        manifest = self._counterparts.of(place.manifest)
        if manifest is None or not place.pointer or manifest.at(place.pointer) != place.value or not self._plain.is_traced:
            return None
        same = Field(manifest, place.pointer, place.span, place.missing)
        self._plain.tracer.prove([same])
        return same

    def _template_lines(self, place: Field) -> Iterator[Location | None]:
        """Yield the line of the template that writes a field, then those of what is around it; None for each that is not found."""
        entry = self.entry_of(place.manifest)
        if entry is None:
            return
        is_key = place.missing and isinstance(place.value, Mapping)
        way = (*by_name(place.manifest.body, place.pointer), *([place.missing] if is_key else []))
        for length in range(len(way), 0, -1):
            found = template_line(self, entry, place.manifest, way[:length])
            yield Location(found.path, found.region) if certainty_of(found) is Certainty.MATCHED else None

    @cached_property
    def _counterparts(self) -> Counterparts:
        return Counterparts(self.manifests, self._plain.manifests)

    @cached_property
    def _nearest(self) -> Tracer:
        return Tracer(self, self.renders)
