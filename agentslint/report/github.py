"""Workflow commands, which GitHub shows as annotations on the lines of a pull request.

Syntax: docs.github.com, "Workflow commands for GitHub Actions"; the escaping is that of the runner's `ActionCommand`.
Of each level GitHub shows the first ten of a step, and of a message the first 4,096 characters; all are in the log.
"""

from __future__ import annotations

from collections.abc import Iterator

from agentslint.model import Failure, Level, Location, Report
from agentslint.model.skipped import notes_about
from agentslint.report.escape import one_line
from agentslint.report.folding import Shown, shown
from agentslint.report.reporter import ReportOptions
from agentslint.report.summary import by_place, is_omission, last_line, of_one_cause, tolerated, unreported
from agentslint.report.withheld import rendered_as

_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}
_LONGEST = 4096
_RELATED_SHOWN = 20


def render(report: Report, options: ReportOptions) -> str:
    """Return one command a line: the failures, then the results by file and line; notes and counts follow as text."""
    level = "warning" if tolerated(report) else "error"
    lines = [_failure(failure, level) for failure in of_one_cause(unreported(report))]
    lines += [_result(each) for each in shown(report, by_place(report.active))]
    if options.quiet:
        lines += map(one_line, notes_about(report.skipped))
    else:
        lines += [f"note: {one_line(note)}" for note in report.notes]
        lines.append(last_line(report))
    return "".join(f"{line}\n" for line in lines)


def _result(each: Shown) -> str:
    properties = {**_place(each.result.location), "title": f"agentslint: {each.rules}"}
    return _command(_COMMANDS[each.result.level], properties, list(_sentences(each)))


def _sentences(each: Shown) -> Iterator[str]:
    result = each.result
    yield result.finding.message
    if (rendered := rendered_as(result)) and not is_omission(result):
        yield f"renders as {rendered}"
    for place in result.related[:_RELATED_SHOWN]:
        yield f"{place.path}:{place.region.start_line}: {place.message}"
    if len(result.targets) > 1:
        yield f"targets: {', '.join(result.targets)}"
    yield from (f"{weaker.level.value}[{weaker.rule_id}]: {weaker.finding.message}" for weaker in each.weaker)


def _failure(failure: Failure, level: str) -> str:
    place = _place(failure.location) if failure.location else {}
    subject = ", ".join(filter(None, (failure.target, failure.rule_id)))
    message = f"{subject}: {failure.message}" if subject else failure.message
    return _command(level, {**place, "title": "agentslint: not checked"}, [message])


def _place(location: Location) -> dict[str, str]:
    region = location.region
    place = {"file": location.path, "line": str(region.start_line)}
    if region.end_line > region.start_line:
        return place
    end = max(region.start_column, region.end_column - 1)  # the last column, not the one after it
    return {**place, "endLine": str(region.start_line), "col": str(region.start_column), "endColumn": str(end)}


def _command(name: str, properties: dict[str, str], message: list[str]) -> str:
    pairs = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {pairs}::{_data(message)}"


def _data(sentences: list[str]) -> str:
    text = "\n".join(one_line(sentence) for sentence in sentences)
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return one_line(value).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
