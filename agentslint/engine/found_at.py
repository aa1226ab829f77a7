"""Whether a rule finds something on a line: an acceptance of nothing would be stale at once."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from agentslint.engine.open_session import open_session, relative_to_root
from agentslint.engine.pipeline import lint
from agentslint.engine.run_options import RunOptions
from agentslint.model import Report, Result
from agentslint.rule import Rule, scope


class Found(Struct, frozen=True):
    """The run, its findings at the place, and `why` nothing can be accepted there if it has none."""

    report: Report
    there: tuple[Result, ...]
    why: str = ""


def found_at(rule: type[Rule], path: str, line: int, options: RunOptions) -> Found:
    """Run one rule over the targets that read a file, over the whole repository where it looks at targets together."""
    scopes = set(scope(rule))
    together = bool(scopes & {"check_fleet", "check_change"})
    compares = "check_change" in scopes
    with open_session(replace(options, paths=(path,), select=(rule.id,), baseline="", compares=compares)) as (session, _):
        root, report = session.root, lint(session)
    found = _found(report, rule, relative_to_root(root, path))
    if together and not _there(found, line):
        with open_session(replace(options, paths=(str(root),), config_from=path, select=(rule.id,), baseline="", compares=compares)) as (
            session,
            _,
        ):
            report = lint(session)
        found = _found(report, rule, relative_to_root(root, path))
    return Found(report, _there(found, line), _why(rule, report, found, line))


def _found(report: Report, rule: type[Rule], path: str) -> list[Result]:
    return [result for result in report.results if result.rule_id == rule.id and result.location.path == path]


def _there(found: list[Result], line: int) -> tuple[Result, ...]:
    return tuple(each for each in found if each.location.region.start_line <= line <= each.location.region.end_line)


def _why(rule: type[Rule], report: Report, found: list[Result], line: int) -> str:
    if report.failures:
        return f"whether {rule.id} finds something here could not be checked; nothing is written"
    if not found:
        return f"{rule.id} finds nothing in this file; nothing is written"
    nearest = min((each.location.region.start_line for each in found), key=lambda other: abs(other - line))
    return f"{rule.id} finds nothing on this line; the nearest finding is on line {nearest}; nothing is written"
