"""Verdicts -> rows that people and programs read: value, rendered field, winner now, fallback."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from agentslint.authorship.image_blocks import dotted_key, named
from agentslint.contract.chart_contracts import ChartContracts
from agentslint.contract.verdicts import FieldVerdict, Verdict
from agentslint.facts.named_places import container_of
from agentslint.model import Pointer, dotted
from agentslint.model.chart_breaches import BreachKind, FieldBreach


class ContractRow(Struct, frozen=True):
    """One value: where it is rendered, the value that decides now, and its fallbacks."""

    value: str
    rendered: tuple[str, ...]
    winner: str
    fallback: str
    left_out: str
    empty: str
    state: str
    problems: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells of a table."""
        return self.value, ", ".join(self.rendered) or "nowhere", self.winner, self.fallback, self.left_out, self.empty


HEADINGS = ("Value", "Rendered as", "Decides now", "Then", "If left out", "If all are empty")


class Workload(Struct, frozen=True):
    """One subject and its rows."""

    resource: str
    chain: tuple[str, ...]
    learnt: bool
    rows: tuple[ContractRow, ...]
    misspelt: str = ""

    @property
    def order(self) -> str:
        """The chain in words: `controlPlane.image, then image`."""
        return ", then ".join(self.chain)

    @property
    def problems(self) -> list[str]:
        """The problems, each once."""
        own = [self.misspelt] if self.misspelt else []
        return own or list(dict.fromkeys(problem for row in self.rows for problem in row.problems))

    @property
    def state(self) -> str:
        """`verified`, `not kept` or `not verified`."""
        states = {row.state for row in self.rows}
        if self.misspelt or "unverified" in states:
            return "not verified"
        return "not kept" if "broken" in states else "verified"


def workloads(chart: ChartContracts) -> list[Workload]:
    """Return the rows of one chart by workload."""
    return [
        Workload(
            verdict.subject.resource,
            tuple(map(dotted_key, verdict.subject.chain)),
            verdict.subject.learnt,
            tuple(_row(verdict, field) for field in verdict.fields.values()),
            verdict.misspelt,
        )
        for verdict in chart.verdicts
    ]


def as_json(charts: Iterable[ChartContracts]) -> list[dict[str, Any]]:
    """Return all verdicts, for programs."""
    return [
        {
            "target": chart.rendered.target.name,
            "chart": chart.entry.name,
            "release": chart.entry.release,
            "workloads": [_workload(verdict) for verdict in chart.verdicts],
        }
        for chart in charts
    ]


def _row(verdict: Verdict, field: FieldVerdict) -> ContractRow:
    winner = field.winner(verdict.subject)
    return ContractRow(
        value=named((field.blocks[0], field.name)),
        rendered=tuple(map(place_name, sorted(field.places, key=lambda place: "env" in place))),
        winner=named((winner, field.name)) if winner else "none is set",
        fallback=", ".join(named((block, field.name)) for block in field.blocks[1:]) or "none",
        left_out=field.absent.said_of(field.name) if field.places else "",
        empty=field.empty.said_of(field.name) if field.places else "",
        state=field.state,
        problems=tuple(_problems(field)),
    )


def _problems(field: FieldVerdict) -> Iterator[str]:
    if field.unverified:
        yield f"{field.name} could not be verified: {field.unverified}"
    for broken in field.broken:
        yield f"{place_name(broken.place)}: {in_words(broken)}" if broken.place else in_words(broken)


def in_words(breach: FieldBreach) -> str:
    """Say how a field breaks its contract."""
    expected, before = breach.expected[0], f"with {breach.empty} empty, " if breach.empty else ""
    match breach.kind:
        case BreachKind.JOINED:
            return f"{before}{expected} is joined with {breach.decides}"
        case BreachKind.OVERTAKEN | BreachKind.FOREIGN:
            return f"{before}{breach.decides} is used instead of {expected}"
        case BreachKind.NO_FALLBACK:
            return f"{before}{expected} is not used as the fallback"
        case BreachKind.REFUSED:
            return f"{before}the render fails: {breach.failure}"
        case BreachKind.NOWHERE | BreachKind.NOT_RENDERED:
            return f"{' or '.join(breach.expected)} is not used"


def place_name(place: Pointer) -> str:
    """Name a place in a table: `containers[agents].image`, `env AGENTS_IMAGE`, `imagePullSecrets`."""
    match place[len(container_of(place)) :]:
        case ("env", str() as variable, "value"):
            return f"env {variable[1:-1]}"
    words = re.sub(r"\.\[", "[", dotted(place))
    return re.sub(r"^spec\.(?:jobTemplate\.spec\.)?template\.spec\.", "", words)


def _workload(verdict: Verdict) -> dict[str, Any]:
    return {
        "workload": verdict.subject.resource,
        "chain": [dotted_key(block) for block in verdict.subject.chain],
        "learnt": verdict.subject.learnt,
        "problems": [verdict.misspelt] if verdict.misspelt else [],
        "fields": [_field(verdict, field) for field in verdict.fields.values()],
    }


def _field(verdict: Verdict, field: FieldVerdict) -> dict[str, Any]:
    winner = field.winner(verdict.subject)
    return {
        "field": field.name,
        "blocks": [dotted_key(block) for block in field.blocks],
        "state": field.state,
        "rendered": [re.sub(r"\.\[", "[", dotted(place)) for place in field.places],
        "winner": dotted_key(winner) if winner else None,
        **{name: {"kind": outcome.kind, "text": outcome.text, "block": dotted_key(outcome.block) or None} for name, outcome in (
            ("left_out", field.absent), ("null", field.null), ("all_empty", field.empty),
        )},
        "problems": list(_problems(field)),
    }  # fmt: skip
