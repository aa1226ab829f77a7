"""A difference as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agentslint.diff.rows import ImageRow, RunDifference, TargetRow
from agentslint.diff.together import alike, names, same_images
from agentslint.diff.words import became, commits, headline, policy, unreported, verdict
from agentslint.model import Failure, Location
from agentslint.model.skipped import some
from agentslint.report.escape import one_line
from agentslint.report.seen_from import SeenFrom

_LISTED = 8
"""So many resources are named on one line."""


def render(difference: RunDifference) -> str:
    """Return the difference as text: targets by name, the verdict, the failures, and one last line."""
    return "".join(f"{line.rstrip()}\n" for line in _lines(difference))


def _lines(difference: RunDifference) -> Iterator[str]:
    seen = SeenFrom(difference.report.root, difference.folder, difference.report.sources)
    for group in alike(difference.targets):
        yield from _target(group, seen)
        yield ""
    for result in difference.report.active:
        yield f"{_position(result.location, seen)} {result.level.value}[{result.rule_id}] {one_line(result.finding.message)}"
    yield from (_failure(failure, seen) for failure in unreported(difference))
    yield from (f"note: {one_line(note)}" for note in difference.report.notes)
    if words := verdict(difference):
        yield words
    yield headline(difference)


def _target(group: Sequence[TargetRow], seen: SeenFrom) -> Iterator[str]:
    row = group[0]
    words = became(row, one_line(row.was))
    yield f"{', '.join(map(one_line, names(group, len(group))))}{f': {words}' if words else ''}"
    yield from (f"  {one_line(failure)}" for failure in row.failures)
    if row.policy:
        yield f"  policy: {policy(row)}"
    for images in same_images(row.images):
        yield from _image(images, seen)
    for claim in row.claims:
        yield f"  {one_line(claim.resource)} claims {one_line(claim.name)}"
        yield from _sides(claim.before, claim.after)
    for api in row.apis:
        yield f"  {one_line(api.name)}: {one_line(api.what)}{' (breaks)' if api.breaks else ''}"
    yield from _others(row, seen)


def _position(place: Location, seen: SeenFrom) -> str:
    return f"{one_line(seen(place.path))}:{place.region.start_line}:{place.region.start_column}"


def _failure(failure: Failure, seen: SeenFrom) -> str:
    place = failure.location if failure.rule_id or not failure.target else None
    if place is None:
        return f"not compared: {failure.target or 'all'}: {one_line(failure.message)}"
    rule = f"[{failure.rule_id}]" if failure.rule_id else ":"
    return f"{_position(place, seen)} not checked{rule} {one_line(failure.message)}"


def _image(images: Sequence[ImageRow], seen: SeenFrom) -> Iterator[str]:
    image = images[0]
    yield from (f"  {one_line(each.resource)} ({one_line(each.place)}){_at(each.location, seen)}" for each in images)
    yield from _sides(image.before, image.after)
    for words in (commits(image.commits) if image.commits else "", image.note):
        if words:
            yield f"      {one_line(words)}"


def _sides(before: str | None, after: str | None) -> Iterator[str]:
    yield from (f"    {mark} {one_line(text)}" for mark, text in (("-", before), ("+", after)) if text is not None)


def _others(row: TargetRow, seen: SeenFrom) -> Iterator[str]:
    placed = [manifest for manifest in row.others if manifest.location]
    for manifest in placed:
        field = f" {one_line(manifest.field)}" if manifest.field else ""
        yield f"  {manifest.what}: {one_line(manifest.resource)}{field}{_at(manifest.location, seen)}"
    for what in ("differs", "appears", "disappears"):
        names = [manifest.resource for manifest in row.others if manifest.what == what and not manifest.location]
        if names:
            yield f"  {what}: {one_line(some(names, _LISTED))}"


def _at(place: Location | None, seen: SeenFrom) -> str:
    return f" {_position(place, seen)}" if place else ""
