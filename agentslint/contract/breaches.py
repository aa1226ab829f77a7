"""Where a chart breaks its configured contracts: each breach at the line of its template."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct

from agentslint import files
from agentslint.authorship.image_blocks import NAMING, SECRETS, named
from agentslint.authorship.lines import chart_entry, line_region
from agentslint.contract.chains import ChainedWorkload
from agentslint.contract.verdicts import Verdict
from agentslint.errors import AgentslintError
from agentslint.facts.named_places import shown, texts
from agentslint.facts.target_facts import TargetFacts
from agentslint.model import Certainty, HelmChartEntry, Location, Manifest, Pointer
from agentslint.model.chart_breaches import Breach, BreachKind, FieldBreach


class UnprovenError(AgentslintError):
    """A contract or an enforcement that could not be checked: never to be taken for kept."""


class Breaches(Struct, frozen=True):
    """Turns the verdicts of one chart into breaches with places."""

    rendered: TargetFacts
    entry: HelmChartEntry
    verdicts: Sequence[Verdict]

    def of(self, wanted: Collection[str]) -> Iterator[Breach]:
        """Yield the breaches of some fields, those at one place together."""
        for verdict in self.verdicts:
            subject = verdict.subject
            by_place: dict[tuple[Pointer, Location | None], list[tuple[str, FieldBreach]]] = {}
            for field, broken in verdict.broken:
                if field.name in wanted:
                    by_place.setdefault((broken.place, broken.location), []).append((field.name, broken))
            for name in self._ignored(verdict):
                if name in wanted:
                    by_place.setdefault((image_place(subject), None), []).append((name, _nowhere(subject, name)))
            for (place, location), found in by_place.items():
                where = location or template_line(self.rendered, self.entry, subject.manifest, place)
                fields = tuple(dict.fromkeys(broken for _, broken in found))
                values = tuple(self._values(subject, [name for name, _ in found]))
                yield Breach(where, owner(subject.manifest, place), fields, values, Certainty.EXACT if location else certainty_of(where))

    def unproven(self, wanted: Collection[str]) -> Iterator[str]:
        """Say which workloads could not be verified, and why."""
        by_reason: dict[str, dict[str, None]] = {}
        for verdict in self.verdicts:
            if verdict.misspelt and not verdict.fields and wanted != {SECRETS}:
                by_reason.setdefault(verdict.misspelt, {})[str(verdict.subject)] = None
            for name, field in verdict.fields.items():
                if field.unverified and name in wanted:
                    by_reason.setdefault(field.unverified, {})[str(verdict.subject)] = None
        for reason, subjects in by_reason.items():
            yield f"the contract of {', '.join(subjects)} could not be verified: {reason}"

    def _ignored(self, verdict: Verdict) -> Iterator[str]:
        """Fields that say which image runs, or that the configuration names, and that nothing in the workload shows.

        A glob may take in workloads that have nothing to do with the chain, as long as another one has.
        """
        subject = verdict.subject
        seen = any(field.places for field in verdict.fields.values())
        alike = [each for each in self.verdicts if (each.subject.wanted, each.subject.chain) == (subject.wanted, subject.chain)]
        if not seen and any(field.places for each in alike for field in each.fields.values()):
            return
        for name, field in verdict.fields.items():
            if field.state == "unseen" and (name in NAMING or name in subject.stated):
                yield name

    @staticmethod
    def _values(subject: ChainedWorkload, names: Sequence[str]) -> Iterator[tuple[Location, str]]:
        for name in dict.fromkeys(names):
            for block in subject.blocks(name):
                where = subject.values.location((*block, name))
                if where:
                    yield where, named((block, name))


def image_place(subject: ChainedWorkload) -> Pointer:
    """Return the place of the workload's first image."""
    places = [place for place in texts(subject.manifest) if place[-1] == "image"]
    return next((place for place in places if "containers" in place), places[0] if places else ())


def _nowhere(subject: ChainedWorkload, name: str) -> FieldBreach:
    values = tuple(named((block, name)) for block in subject.blocks(name))
    return FieldBreach(BreachKind.NOWHERE, image_place(subject), values)


def template_line(rendered: TargetFacts, entry: HelmChartEntry, manifest: Manifest, place: Pointer) -> Location:
    """Return the line of the template; the chart's entry where its files are not at hand or the line is not found."""
    key_path: Pointer = (manifest.resource, *place)
    path = _template(rendered, entry, manifest)
    root = rendered.target.root
    number = _line(files.text_in(root, path).splitlines(), place) if path and files.is_file_in(root, path) else 0
    if number:
        return Location(path, line_region(root, path, number), "", key_path)
    where = chart_entry(entry, rendered.target.root)
    return Location(where.path, where.region, "", ("helmCharts", entry.name, entry.release, *key_path))


def certainty_of(template: Location) -> Certainty:
    """Say how sure a place is that `template_line` found by the names of keys alone."""
    return Certainty.CHART if template.key_path[:1] == ("helmCharts",) else Certainty.MATCHED


def owner(manifest: Manifest, place: Pointer) -> str:
    """Name a place as findings do: `Deployment/agents (container agents)`."""
    return f"{manifest.resource} ({shown(place)})" if place else manifest.resource


def _template(rendered: TargetFacts, entry: HelmChartEntry, manifest: Manifest) -> str:
    inside = rendered.template_of(manifest).partition("/")[2]
    return f"{entry.directory}/{inside}" if inside and entry.directory and entry.present else ""


def _line(lines: Sequence[str], place: Pointer) -> int:
    """Follow the keys downward, each one below the one before it; a computed name is skipped. 0 if lost."""
    at = 0
    for number, step in enumerate(place):
        found = _next(lines, at, step)
        if found:
            at = found
        elif number == len(place) - 1:
            return 0
    return at


def _next(lines: Sequence[str], at: int, step: str | int) -> int:
    """The first line from `at` on (the line of the step before included) that writes a key, or the name of a list's item."""
    if isinstance(step, int):
        return 0
    item = rf"(?:^|[\s{{,])[\"']?name[\"']?:\s*[\"']?{re.escape(step[1:-1])}[\"']?\s*(?:$|[,}}])"
    pattern = item if step.startswith("[") else rf"(?:^\s*(?:- )?|[{{,]\s*)[\"']?{re.escape(step)}[\"']?:"
    return next((number for number, line in enumerate(lines[max(at - 1, 0) :], max(at, 1)) if re.search(pattern, line)), 0)
