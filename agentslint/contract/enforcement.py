"""What the rule about digest enforcement says of a chart, and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agentslint.contract.breaches import Breach, image_place
from agentslint.contract.guard import DIGEST, Guard, Overzealous, Slipped, Unproven, digests
from agentslint.contract.laboratory import Laboratory
from agentslint.contract.subject import Block, Subject, named
from agentslint.contract.switch import Switch
from agentslint.contract.template_line import owner, template_line
from agentslint.model import Location, Pointer
from agentslint.probe import ChartValues
from agentslint.render.places import chart_entry


@dataclass(frozen=True)
class Enforcement:
    """The proof that one chart's switch bites, or what is wrong with it."""

    laboratory: Laboratory
    subjects: Sequence[Subject]
    switch: Switch

    def flaws(self) -> tuple[list[Breach], list[str]]:
        """Return what is wrong, and what could not be proven."""
        breaches, unproven = [], []
        strict: dict[Block, list[Overzealous]] = {}
        for flaw in Guard(self.laboratory, self.subjects, self.switch).flaws():
            match flaw:
                case Slipped():
                    breaches.append(self._slipped(flaw.subject))
                case Overzealous():
                    strict.setdefault(flaw.empty, []).append(flaw)
                case Unproven():
                    unproven.append(f"whether {self.switch} is enforced for {flaw.subject} could not be proven: {flaw.message}")
        return [*breaches, *(self._overzealous(block, flaws) for block, flaws in strict.items())], unproven

    def _slipped(self, subject: Subject) -> Breach:
        place = self._place(subject)
        where = template_line(self.laboratory.rendered, self.laboratory.values.entry, subject.manifest, place)
        empty = digests(subject)
        whose = owner(subject.manifest, place)
        message = f"{whose} renders without a digest: with {empty} empty nothing refuses it, though {self.switch} is on"
        return Breach(where, message, self._related())

    def _overzealous(self, empty: Block, flaws: Sequence[Overzealous]) -> Breach:
        """One for each block: several workloads may fall back to it."""
        pinned = " and ".join(f"{named((flaw.effective, DIGEST))} pins {flaw.subject.resource}" for flaw in flaws)
        said = "; ".join(dict.fromkeys(flaw.message for flaw in flaws))
        where = flaws[0].failure.location
        place = Location(where.path, where.region, "", (str(self.switch), named((empty, DIGEST))))
        return Breach(place, f"{self.switch} refuses {named((empty, DIGEST))} empty although {pinned}: {said}", self._related())

    def _related(self) -> tuple[tuple[Location, str], ...]:
        return ((self.switch.location, "switched on here"),) if self.switch.location else ()

    def _place(self, subject: Subject) -> Pointer:
        """Where the image of the chain is rendered: in a container, else wherever its digest shows."""
        found = self.laboratory.observe([Guard(self.laboratory, self.subjects, self.switch).kept()])[0]
        slots = [(block, DIGEST) for block in subject.blocks(DIGEST)]
        places = [place for place in found.texts(subject.manifest) if self.laboratory.seen(found, subject.manifest, place, slots)]
        return next((place for place in places if place[-1] == "image"), places[0] if places else image_place(subject))


def switched_off(values: ChartValues, switch: Switch) -> Breach:
    """Say that a chart could enforce digests and is not asked to."""
    written = values.holder(switch.key)
    where = switch.location if written and switch.location else chart_entry(values.entry, values.target.root)
    return Breach(where, f"{switch} is off: chart {values.entry.name} renders images without a digest, which it could refuse")


def unknown(values: ChartValues, switch: Switch) -> Breach:
    """Say that a chart does not know the switch."""
    where = switch.location or chart_entry(values.entry, values.target.root)
    what = "is set, and " if switch.location else ""
    return Breach(where, f"{switch} {what}is nothing that chart {values.entry.name} knows: it refuses no image without a digest")


def told(switch: Switch, values: ChartValues, *, expected: bool) -> Iterator[Breach]:
    """Yield what is wrong with the switch itself; nothing where it is on and known. `expected`: the configuration asks for it."""
    if not switch.known and (expected or switch.on):
        yield unknown(values, switch)
    elif switch.known and not switch.on:
        yield switched_off(values, switch)
