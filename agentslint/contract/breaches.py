"""What rules say of a chart: its breaches of configured contracts, each at the line of its template."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from agentslint.contract.subject import NAMING, Block, Subject, dotted_key, named
from agentslint.contract.template_line import owner, template_line
from agentslint.contract.texts import texts
from agentslint.contract.verdict import Verdict
from agentslint.errors import AgentslintError
from agentslint.facts import RenderedTarget
from agentslint.model import HelmChartEntry, Location, Pointer


class UnprovenError(AgentslintError):
    """A contract or an enforcement that could not be checked: never to be taken for kept."""


@dataclass(frozen=True)
class Breach:
    """Something that a chart does wrong, and where; `related` are the values that it is about."""

    location: Location
    message: str
    related: tuple[tuple[Location, str], ...] = ()


@dataclass(frozen=True)
class Breaches:
    """Puts the verdicts of one chart into words and places."""

    rendered: RenderedTarget
    entry: HelmChartEntry
    verdicts: Sequence[Verdict]

    def of(self, wanted: Collection[str]) -> Iterator[Breach]:
        """Yield the breaches of some fields, those at one place together."""
        for verdict in self.verdicts:
            subject = verdict.subject
            by_place: dict[tuple[Pointer, Location | None], list[tuple[str, str]]] = {}
            for field, broken in verdict.broken:
                if field.name in wanted:
                    by_place.setdefault((broken.place, broken.location), []).append((field.name, broken.message))
            for name in self._ignored(verdict):
                if name in wanted:
                    by_place.setdefault((image_place(subject), None), []).append((name, _nothing_shows(subject, name)))
            for (place, location), told in by_place.items():
                where = location or template_line(self.rendered, self.entry, subject.manifest, place)
                words = "; ".join(dict.fromkeys(message for _, message in told))
                yield Breach(where, f"{owner(subject.manifest, place)}: {words}", tuple(self._values(subject, [name for name, _ in told])))

    def unproven(self, wanted: Collection[str]) -> Iterator[str]:
        """Say which workloads could not be verified, and why."""
        by_reason: dict[str, dict[str, None]] = {}
        for verdict in self.verdicts:
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
            if field.state == "unseen" and (name in NAMING or name in subject.said):
                yield name

    @staticmethod
    def _values(subject: Subject, names: Sequence[str]) -> Iterator[tuple[Location, str]]:
        for name in dict.fromkeys(names):
            for block in subject.blocks(name):
                where = subject.values.location((*block, name))
                if where:
                    yield where, named((block, name))


def image_place(subject: Subject) -> Pointer:
    """Return the place of the workload's first image."""
    places = [place for place in texts(subject.manifest) if place[-1] == "image"]
    return next((place for place in places if "containers" in place), places[0] if places else ())


def _nothing_shows(subject: Subject, name: str) -> str:
    blocks: tuple[Block, ...] = subject.blocks(name)
    return f"nothing here shows {' or '.join(f'{dotted_key(block)}.{name}' for block in blocks)}"
