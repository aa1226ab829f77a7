"""The report that a person reads on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from agentslint.model import Certainty, Failure, Location, Report, Result
from agentslint.model.skipped import notes_about
from agentslint.report.escape import one_line, visible
from agentslint.report.folding import FEW, MANY, Shown, shown, worst
from agentslint.report.frames import Frames
from agentslint.report.paint import PaintedLine, painted, plain
from agentslint.report.reporter import ReportOptions
from agentslint.report.seen_from import SeenFrom
from agentslint.report.summary import by_place, by_rule, extra_renders, is_clean, is_omission, last_line, of_one_cause, plural, unreported
from agentslint.report.withheld import rendered_as

_NEAR = {
    Certainty.RESOURCE: "this is the file of the resource; the line that decides it is not known",
    Certainty.CHART: "this is the chart's entry; the line that decides it is not known",
}


_NO_LINE = "this is the file; the line to mend is not known"


def render(report: Report, options: ReportOptions) -> str:
    """Return the report as text: results by file and line, failures, notes, and one last line."""
    lines = _quiet(report, options) if options.quiet else _whole(report, options)
    return painted(lines) if options.color else plain(lines)


def _quiet(report: Report, options: ReportOptions) -> Iterator[PaintedLine]:
    seen = SeenFrom(report.root, options.folder, report.sources)
    yield from (_heading(each, seen) for each in shown(report, by_place(report.active)))
    yield from (_not_checked(failure, seen) for failure in of_one_cause(unreported(report)))
    yield from ([(one_line(note), "")] for note in notes_about(report.skipped))
    yield from ([(one_line(note), "")] for note in report.notes if note.startswith("not checked: "))
    if options.statistics:
        yield from _statistics(report)


def _whole(report: Report, options: ReportOptions) -> Iterator[PaintedLine]:
    frames, seen = Frames(report), SeenFrom(report.root, options.folder, report.sources)
    found = shown(report, by_place(report.results if options.verbose else report.active))
    many = len(found) > MANY and not options.verbose
    for each in worst(found) if many else found:
        yield from _shown(each, frames, options, seen)
        yield []
    yield from _ended(_failures(report, options, seen))
    notes = [*report.notes, *(report.asides if options.verbose else report.in_short)]
    yield from _ended([("note: ", "note"), (one_line(note), "")] for note in notes)
    if options.statistics or many:
        yield from _ended(_statistics(report))
    if many:
        yield from _ended(_how_to_go_on(len(found)))
    if options.verbose:
        yield [(f"{plural(extra_renders(report), 'extra render')} to locate findings and to answer rules", "faint")]
    yield [(last_line(report), "good" if is_clean(report) else "path")]


def _how_to_go_on(count: int) -> Iterator[PaintedLine]:
    """A first run on an old repository: what to do with hundreds of findings."""
    yield [(f"{FEW} of {count} findings are shown, the worst first.", "")]
    rows = (("--verbose", "shows all of them, --quiet each on one line"), ("--select RULE", "shows those of one rule"))
    for option, does in (*rows, ("--baseline-write", "accepts those of today, so that only new ones fail")):
        yield [(f"  {option:<16}", "rule"), (f"  {does}", "")]


def _ended(lines: Iterator[PaintedLine]) -> Iterator[PaintedLine]:
    """Follow `lines` by an empty one, if there are any."""
    block = list(lines)
    yield from [*block, []] if block else []


def _shown(each: Shown, frames: Frames, options: ReportOptions, seen: SeenFrom) -> Iterator[PaintedLine]:
    yield _heading(each, seen)
    gutter = " " * len(str(each.result.location.region.start_line))
    yield from _frame(each.result, frames, gutter, options)
    for fact in (*_facts(each.result, options, seen), *_more_rules(each)):
        yield [(f"{gutter} = ", "gutter"), (one_line(fact), "")]


def _more_rules(each: Shown) -> Iterator[str]:
    """What other rules say of the same scalar."""
    yield from (f"{weaker.level.value}[{weaker.rule_id}]: {weaker.finding.message}" for weaker in each.weaker)


def _heading(each: Shown, seen: SeenFrom) -> PaintedLine:
    result = each.result
    level = "suppressed" if result.suppressions else result.level.value
    return [
        (_position(result.location, seen), "path"),
        (" ", ""),
        (level, "faint" if result.suppressions else level),
        (f"[{one_line(each.rules)}]", "rule"),
        (f" {one_line(result.finding.message)}", ""),
    ]


def _position(location: Location, seen: SeenFrom) -> str:
    return f"{one_line(seen(location.path))}:{location.region.start_line}:{location.region.start_column}"


def _frame(result: Result, frames: Frames, gutter: str, options: ReportOptions) -> Iterator[PaintedLine]:
    if frames.withheld(result):
        yield [(f"{gutter} |", "gutter"), (" (not shown: it may be secret)", "faint")]
    room = options.width - len(gutter) - len(" | ……") if options.width else None
    frame = frames.frame(result, room)
    if frame is None:
        return
    yield [(f"{gutter} |", "gutter")]
    yield [(f"{frame.number} |", "gutter"), (f" {frame.text}", "")]
    key, marks = one_line(_authored_key(result.location)), "^" * frame.length
    fits = not options.width or len(gutter) + len(" | ") + frame.offset + len(f"{marks} {key}") <= options.width
    label = f" {key}".rstrip() if fits else ""
    yield [(f"{gutter} | ", "gutter"), (" " * frame.offset, ""), (marks + label, result.level.value)]
    if key and not fits:
        yield [(f"{gutter} = ", "gutter"), (key, "")]


def _authored_key(location: Location) -> str:
    """Return the key as people write it, `controllers.image.tag`, `images[nginx].newTag`; empty where none is known.

    Also empty where the path starts with a resource (`Deployment/agents`): that file says what it is by itself.
    """
    steps = [f"[{step}]" if isinstance(step, int) else step for step in location.key_path]
    if not steps or "/" in steps[0]:
        return ""
    return ".".join(steps).replace(".[", "[")


def _facts(result: Result, options: ReportOptions, seen: SeenFrom) -> Iterator[str]:
    """Yield the fields that the line decides, its related places, and the certainty of its place."""
    if (rendered := rendered_as(result)) and not is_omission(result):
        yield f"renders as {rendered}"
    for place in result.related:
        yield f"{seen(place.path)}:{place.region.start_line}: {place.message}".rstrip(": ")
    if len(result.targets) > 1:
        yield f"targets: {', '.join(result.targets)}"
    if result.provenance.certainty in _NEAR and not is_omission(result):
        about_render = isinstance(result.finding.place, Location) and result.provenance.certainty is Certainty.RESOURCE
        yield _NO_LINE if about_render else _NEAR[result.provenance.certainty]
    if options.verbose:
        yield from _more(result)


def _more(result: Result) -> Iterator[str]:
    if len(result.fields) > 1:
        yield f"decides {', '.join(result.fields)}"
    yield f"location: {result.provenance.certainty.value}"
    yield from (f"suppressed: {suppression.justification}" for suppression in result.suppressions)


def _failures(report: Report, options: ReportOptions, seen: SeenFrom) -> Iterator[PaintedLine]:
    for failure in report.failures if options.verbose else of_one_cause(unreported(report)):
        yield _not_checked(failure, seen)
        if options.verbose:
            yield from ([("  | ", "gutter"), (visible(line.expandtabs(4)), "")] for line in failure.details.splitlines())
    if not options.verbose and any(failure.details for failure in report.failures):
        yield [("  --verbose shows the renderer's whole messages", "faint")]


def _not_checked(failure: Failure, seen: SeenFrom) -> PaintedLine:
    where = _position(failure.location, seen) if failure.location else failure.target
    about = f" {one_line(failure.target)}" if failure.location and failure.target else ""
    rule = f"[{one_line(failure.rule_id)}]" if failure.rule_id else ""
    return [
        (f"{one_line(where)} " if where else "", "path"),
        ("not checked", "error"),
        (rule, "rule"),
        (f"{about}: {one_line(failure.message)}", ""),
    ]


def _statistics(report: Report) -> Iterator[PaintedLine]:
    for rule, level, count in by_rule(report):
        yield [(f"{count:>6}  ", ""), (f"{level.value:<7}", level.value), (f"  {one_line(rule)}", "")]
