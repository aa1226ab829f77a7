"""The order of results, their counts, and the one line that ends a report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from msgspec.structs import replace

from agentslint.credentials import dropped
from agentslint.model import Failure, Field, Level, Location, Report, Result
from agentslint.model.skipped import SkippedKind, some
from agentslint.report.folding import levels, shown

_LEVELS = (Level.ERROR, Level.WARNING, Level.NOTE)


def by_place(results: Iterable[Result]) -> list[Result]:
    """Return `results` by file, line, column and rule."""
    return sorted(results, key=_place)


def _place(result: Result) -> tuple[str, int, int, str, str]:
    region = result.location.region
    return result.location.path, region.start_line, region.start_column, result.rule_id, result.finding.message


def counts(report: Report) -> dict[Level, int]:
    """Return how many results of each level count, the worst level first."""
    found = Counter(result.level for result in report.active)
    return {level: found[level] for level in _LEVELS}


def suppressed(report: Report) -> int:
    """Return how many results something suppresses."""
    return len(report.results) - len(report.active)


def limits(report: Report) -> list[dict[str, str]]:
    """Return what the run did not render or judge, and why, as plain objects."""
    return [{"kind": each.kind.value, "name": each.name, "reason": dropped(each.reason)} for each in report.skipped]


def is_clean(report: Report) -> bool:
    """Tell whether everything was checked and nothing was found."""
    is_clean = not report.active and not report.failures and not report.skipped
    return bool(report.targets) and is_clean and report.rendered == len(report.targets)


def is_omission(result: Result) -> bool:
    """Tell whether a result is about something that is not there: then nothing renders, and no line decides it."""
    place = result.finding.place
    return isinstance(place, Field) and bool(place.missing)


def tolerated(report: Report) -> bool:
    """Tell whether failures are tolerated (`--render-errors=warn`): else the run ends with 2."""
    return report.exit_code < 2


def unreported(report: Report) -> list[Failure]:
    """Return the failures that no shown result says, too; a suppressed result shows nothing."""
    shown = {(target, *_line(result.location)) for result in report.active for target in result.targets}
    return [f for f in report.failures if not (f.reported and f.location and (f.target, *_line(f.location)) in shown)]


def of_one_cause(failures: Iterable[Failure]) -> list[Failure]:
    """Fold failures of several targets that are one thing to mend: the same message at the same place."""
    found: dict[object, list[Failure]] = {}
    for failure in failures:
        found.setdefault((failure.message, failure.location, failure.rule_id) if failure.location else id(failure), []).append(failure)
    return [replace(alike[0], target=some(sorted({each.target for each in alike}))) for alike in found.values()]


def _line(location: Location) -> tuple[str, int]:
    return location.path, location.region.start_line


def last_line(report: Report) -> str:
    """Return `2 errors, 1 warning, 3 suppressed; 13 of 17 targets rendered, 1 Application not judged; 1.2 s`."""
    if not report.targets and not report.results and not report.failures:
        return f"Nothing was linted: no target; {report.seconds:.1f} s"
    findings = [plural(count, level.value) for level, count in levels(shown(report, report.active))] or ["no findings"]
    hidden = [f"{suppressed(report)} suppressed"] if suppressed(report) else []
    unchecked = [f"{len(report.failures)} not checked"] if report.failures else []
    targets = f"{report.rendered} of {plural(len(report.targets), 'target')} rendered"
    if report.skipped:
        found = Counter(each.kind for each in report.skipped)
        for verb in dict.fromkeys(kind.verb for kind in SkippedKind):
            named = [plural(found[kind], kind.noun) for kind in SkippedKind if found[kind] and kind.verb == verb]
            targets += f", {', '.join(named)} not {verb}" if named else ""
    text = "; ".join((", ".join(findings + hidden + unchecked), targets, f"{report.seconds:.1f} s"))
    return f"All good: {text}" if is_clean(report) else text


def extra_renders(report: Report) -> int:
    """Return how many renders were made beside the plain one of each kustomization."""
    plain = sum(target.is_built for target in report.targets)
    return max(0, report.renders - plain)


def by_rule(report: Report) -> list[tuple[str, Level, int]]:
    """Return each rule with results that count, its worst level, and how many; the most first."""
    found: dict[str, list[Level]] = defaultdict(list)
    for result in report.active:
        found[result.rule_id].append(result.level)
    rows = ((rule, max(levels, key=lambda level: level.rank), len(levels)) for rule, levels in found.items())
    return sorted(rows, key=lambda row: (-row[2], row[0]))


def plural(count: int, noun: str) -> str:
    """Return `1 error`, `2 errors`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
