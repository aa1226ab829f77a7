"""A difference as Markdown for the comment of a pull request or the summary of a job.

The first line marks the comment, so that a later run can find it and put the new text in its place. Texts of the repository
stand in code spans: they can mention nobody, link nowhere and draw nothing. GitHub takes a comment of up to 65,536 characters: targets
that matter less are cut, and the comment says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from agentslint.diff.rows import ClaimRow, ImageRow, ManifestRow, RunDifference, TargetRow
from agentslint.diff.together import alike, names, same_images
from agentslint.diff.words import base, became, commits, headline, policy, unreported, verdict
from agentslint.model import Result
from agentslint.model.skipped import some
from agentslint.report.escape import one_line
from agentslint.report.summary import plural

MARK = "<!-- agentslint diff -->"
LIMIT = 65_000
"""Characters, and bytes in UTF-8: room for what a workflow puts around it."""
_TAIL = 500
"""Room for the words about what is cut."""
_FEW = 10
_LONG = 300
_DIGEST = re.compile(r"(sha(?:256|512):[0-9a-f]{12})[0-9a-f]{20,}")


def render(difference: RunDifference) -> str:
    """Return the difference as Markdown, the most important first."""
    blocks = [MARK, "### What will run differently", *_head(difference)]
    groups = alike(difference.by_severity)
    left = LIMIT - _TAIL - sum(map(_size, blocks))
    for number, group in enumerate(groups):
        block = _target(group)
        left -= _size(block)
        if left < 0:
            blocks.append(_cut([row for rest in groups[number:] for row in rest]))
            break
        blocks.append(block)
    return "\n\n".join(blocks) + "\n"


def code(text: str, most: int = _LONG) -> str:
    """Return a text that comes from the repository as a code span on one line (CommonMark 0.31, section 6.1), cut where it is long."""
    line = one_line(text) or " "
    line = line if len(line) <= most else f"{line[: most - 1]}…"
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    space = " " if "`" in (line[0], line[-1]) else ""
    return f"{fence}{space}{line}{space}{fence}"


def _size(block: str) -> int:
    return len(block.encode("utf-8", "replace")) + 2


def _head(difference: RunDifference) -> Iterator[str]:
    report = difference.report
    yield f"{headline(difference, code(base(difference)))}."
    if failures := unreported(difference):
        yield _listed(f"**not checked**: {code(failure.target or 'all')}: {code(failure.message)}" for failure in failures)
    if words := verdict(difference):
        yield f"{words[0].upper()}{words[1:]}."
    if report.active:
        yield _listed(_result(result) for result in sorted(report.active, key=lambda result: -result.level.rank))
    if report.notes:
        yield _listed(map(code, report.notes))


def _listed(items: Iterable[str]) -> str:
    lines = [f"- {item}" for item in items]
    return "\n".join(lines[:_FEW] + ([f"- and {len(lines) - _FEW} more"] if len(lines) > _FEW else []))


def _result(result: Result) -> str:
    place = result.location
    where = code(f"{place.path}:{place.region.start_line}")
    return f"**{result.level.value}** {where} {result.rule_id}: {code(result.finding.message)}"


def _target(group: Sequence[TargetRow]) -> str:
    row = group[0]
    words = ", ".join(part for part in (became(row, code(row.was)), policy(row)) if part)
    parts = [f"#### {', '.join(map(code, names(group, _FEW)))}{f' {words}' if words else ''}"]
    parts += [_listed(map(code, row.failures))] if row.failures else []
    if row.images:
        parts.append(_table(("workload", "ran", "will run", "commits"), map(_image, same_images(row.images))))
    if row.claims:
        parts.append(_table(("claim", "said", "will say"), map(_claim, row.claims)))
    if row.apis:
        parts.append("\n".join(f"- {code(api.name)} {code(api.what)}{' **breaks**' if api.breaks else ''}" for api in row.apis))
    others = [f"{code(other.resource)} {other.what}{_at(other)}" for other in row.others]
    if others:
        parts.append(f"Also: {some(others, _FEW)}.")
    return "\n\n".join(parts)


def _image(images: Sequence[ImageRow]) -> tuple[str, ...]:
    image = images[0]
    words = [commits(image.commits) if image.commits else "", image.note]
    said = ", ".join(code(part) for part in words if part)
    places = [f"{code(each.resource)} {code(each.place)}{_at(each)}" for each in images[:_FEW]]
    more = [f"{len(images) - _FEW} more"] if len(images) > _FEW else []
    return ", ".join([*places, *more]), _side(image.before), _side(image.after), said


def _at(row: ImageRow | ManifestRow) -> str:
    place = row.location
    return f" ({code(f'{place.path}:{place.region.start_line}')})" if place else ""


def _claim(claim: ClaimRow) -> tuple[str, ...]:
    return f"{code(claim.resource)} {code(claim.name)}", _side(claim.before), _side(claim.after)


def _side(text: str | None) -> str:
    return "nothing" if text is None else code(_DIGEST.sub(r"\1…", text))


def _table(titles: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    """A table (GitHub Flavored Markdown, section 4.10): a bar in a cell is escaped, in a code span, too."""
    lines = [tuple(titles)]
    lines += [tuple("---" for _ in lines[0])]
    lines += [tuple(cell.replace("|", "\\|") for cell in row) for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cut(rows: list[TargetRow]) -> str:
    names = ", ".join(code(row.name, 80) for row in rows[:3]) + (", …" if len(rows) > 3 else "")
    left_out = f"{plural(len(rows), 'more target')} ({names}), of no more importance than those above"
    return f"**Cut here**: a comment has no room for {left_out}. `agentslint diff` prints all of them."
