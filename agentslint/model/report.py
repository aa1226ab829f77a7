"""The outcome of a run: results, suppressions, failures, and the report that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from agentslint.model.finding import Finding, Level, Provenance
from agentslint.model.skipped import Skipped
from agentslint.model.target import Target
from agentslint.places import Location


class Suppression(Struct, frozen=True):
    """Why a result does not count: the entry that says so, and its reason."""

    kind: str
    justification: str
    location: Location | None = None


class IgnoreUse(Struct, frozen=True):
    """The effect of one suppression in this run.

    `judged` is true if it could have matched at all: its rule ran and a target that it may cover was rendered. One that has expired
    is judged where it would have matched, and where all targets that it may cover were rendered.
    """

    rule_id: str
    reason: str
    location: Location
    target: Target
    matched: int
    judged: bool
    expired: bool = False
    until: str = ""
    problem: str = ""
    """Why it covers nothing, whatever there is to cover."""


class Result(Struct, frozen=True):
    """A located finding, as it is reported."""

    finding: Finding
    provenance: Provenance
    fingerprint: str
    related: tuple[Location, ...] = ()
    targets: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    """All fields that the scalar decides: `Deployment/agents spec...image`, of all findings that were folded into this one."""
    suppressions: tuple[Suppression, ...] = ()
    folded: tuple[Finding, ...] = ()
    """All findings that this one result stands for, where it is more than one."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings that this result stands for."""
        return self.folded or (self.finding,)

    @property
    def rule_id(self) -> str:
        """The rule that found it."""
        return self.finding.rule_id

    @property
    def level(self) -> Level:
        """The level, as configured."""
        return self.finding.level

    @property
    def location(self) -> Location:
        """The primary location."""
        return self.provenance.location

    def replace(self, **changes: Any) -> Result:
        """Return a copy with `changes`."""
        return replace(self, **changes)


class Failure(Struct, frozen=True):
    """Something that could not be checked; it makes the run end with 2."""

    message: str
    target: str = ""
    rule_id: str = ""
    location: Location | None = None
    details: str = ""
    reported: bool = False
    """Whether a result reports the same: a reporter for people need not repeat it."""
    rendering: bool = False
    """Whether a target did not render, as opposed to a rule that failed or a document that cannot be read."""
    rules: tuple[str, ...] = ()
    """All rules that did not see everything because of it, where that is not one rule: their suppressions may still be needed."""


class Report(Struct):
    """All that a reporter is given. `rules` are those that ran, by id."""

    results: list[Result]
    failures: list[Failure]
    notes: list[str]
    rules: Mapping[str, Any]
    root: Path
    targets: tuple[Target, ...]
    rendered: int
    seconds: float
    exit_code: int = 0
    renders: int = 0
    sources: Mapping[str, str] = {}
    """Text of files that are not on disk (the stream on standard input), by path: for code frames."""

    skipped: tuple[Skipped, ...] = ()
    """What the run came across and did not render."""

    cut_short: bool = False
    """Whether tracing ended before every place was found: another run would find other places."""

    configuration: str | None = None
    """The path of the configuration that was used; None where the defaults held."""

    asides: list[str] = []
    """What is true of nearly every run, so that it is no note to people who have not asked for all: formats for programs have it."""

    in_short: list[str] = []
    """What stands for asides where these are left out, and must be said all the same."""

    revision: str | None = None
    """The commit whose policy this is; None for the work tree's."""

    def about_failure(self, result: Result) -> bool:
        """Tell whether a result only says that a target did not render."""
        mine = [failure for failure in self.failures if failure.rendering and failure.target in result.targets]
        return any(failure.location == result.location for failure in mine)

    @property
    def active(self) -> list[Result]:
        """The results that count: those that nothing suppresses."""
        return [result for result in self.results if not result.suppressions]
