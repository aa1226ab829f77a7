"""Today's findings, written down by key, so that only new ones fail.

A key is the fingerprint (rule, authored file and key path) and the repositories of the images: no line number, no tag, no digest. A
promotion or a moved line keeps it; another image in the same place, or the same finding in another file, is new.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from agentslint import files
from agentslint.authorship.vendored_charts import unversioned
from agentslint.config.tree import ON_DISK, Tree
from agentslint.errors import UsageError
from agentslint.images.reference import read_reference
from agentslint.model import Location, Region, Result, Suppression, dotted
from agentslint.suppress.coverage import Coverage

FILE = ".agentslint-baseline.json"
_NAMED = 5
EntryKey = tuple[str, str]


class BaselineRow(msgspec.Struct, frozen=True):
    """One accepted finding: its identity, and its description for people."""

    rule: str
    path: str
    key: str
    image: str
    targets: tuple[str, ...]
    fingerprint: str

    @property
    def known_by(self) -> EntryKey:
        """Its identity, for comparison."""
        return self.fingerprint, self.image

    @property
    def words(self) -> str:
        """Its name in notes."""
        return f"{self.rule} ({f'{self.path} {self.key}'.rstrip()})"


class _File(msgspec.Struct, frozen=True):
    version: Literal[1]
    findings: tuple[BaselineRow, ...]


class Baseline(Struct, frozen=True):
    """The rows of a baseline file."""

    path: Path
    rows: Sequence[BaselineRow] = ()

    def where(self, root: Path) -> str:
        """Return the file's path, relative to the root if it is below."""
        full = self.path.absolute()
        return full.relative_to(root).as_posix() if full.is_relative_to(root) else str(self.path)

    def kept(self, seen: Coverage) -> list[BaselineRow]:
        """Return the rows of which this run cannot say whether they are still needed."""
        return [row for row in self.rows if not _judged(row, seen)]


def baselined(results: Iterable[Result], baseline: Baseline | None, seen: Coverage, root: Path) -> tuple[list[Result], list[str]]:
    """Mark the results that a baseline knows; return them, and a note where it has rows that are no longer needed."""
    if baseline is None:
        return list(results), []
    known = {row.known_by: row for row in baseline.rows}
    found = [(result, known.get(known_by(result))) for result in results]
    matched = {row.known_by for _, row in found if row}
    gone = [row.words for row in baseline.rows if row.known_by not in matched and _judged(row, seen)]
    shown = ", ".join(gone[:_NAMED]) + (", ..." if len(gone) > _NAMED else "")
    notes = [f"{len(gone)} of the baseline are fixed; `agentslint baseline` removes them: {shown}"] if gone else []
    return [_marked(result, row, baseline.where(root)) if row else result for result, row in found], notes


def _marked(result: Result, row: BaselineRow, where: str) -> Result:
    mark = Suppression("external", f"in the baseline: {row.words}", Location(where, Region(1, 1, 1, 1)))
    return result.replace(suppressions=(*result.suppressions, mark))


def _judged(row: BaselineRow, seen: Coverage) -> bool:
    return seen.traced and row.rule in seen.rules and seen.all_of(row.targets)


def known_by(result: Result) -> EntryKey:
    """The identity of a result: its fingerprint, and the repositories of its images."""
    return result.fingerprint, " ".join(sorted({repository_of(finding.image) for finding in result.findings} - {""}))


def repository_of(image: str) -> str:
    """The repository of an image, with its registry; of what is no reference, what its text without digest and tag says."""
    reference, _ = read_reference(image)
    if reference is not None:
        return reference.name
    bare = re.sub(r":[^:/]*$", "", image.partition("@")[0])
    return repository_of(bare) if bare != image else image


def read_baseline(path: Path, tree: Tree = ON_DISK) -> Baseline:
    """Read a baseline; raises UsageError for one that is missing or not ours."""
    shown = tree.shown(path)
    try:
        data = tree.read(path, files.BASELINE)
        return Baseline(path, msgspec.json.decode(data, type=_File).findings)
    except OSError as error:
        raise UsageError(f"{shown}: the baseline cannot be read: {error.strerror}; `agentslint baseline` writes one") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        line = _line(data, str(error))
        raise UsageError(
            f"{shown}{line}: this is not an agentslint baseline ({error}); correct it, or remove it and run `agentslint baseline`"
        ) from None


def _line(data: bytes, complaint: str) -> str:
    """The line of a byte that the parser names."""
    byte = re.search(r"\(byte (\d+)\)", complaint)
    return f":{data.count(bytes([10]), 0, int(byte.group(1))) + 1}" if byte else ""


def rows(results: Iterable[Result], kept: Iterable[BaselineRow] = ()) -> list[BaselineRow]:
    """Return a row for each result, and those that are kept; what is in both was found in the targets of both."""
    found: dict[EntryKey, BaselineRow] = {}
    for row in (*kept, *map(_row, results)):
        known = found.get(row.known_by)
        targets = sorted({*row.targets, *(known.targets if known else ())})
        found[row.known_by] = replace(row, targets=tuple(targets))
    return sorted(found.values(), key=lambda row: (row.path, row.key, row.rule, row.image, row.fingerprint))


def written(listed: Iterable[BaselineRow]) -> str:
    """Return a baseline file: one finding a line, so that changes of it can be read and merged."""
    lines = ",\n".join(msgspec.json.format(msgspec.json.encode(row), indent=0).decode() for row in listed)
    return f'{{"version": 1, "findings": [\n{lines}\n]}}\n' if lines else '{"version": 1, "findings": []}\n'


def _row(result: Result) -> BaselineRow:
    fingerprint, image = known_by(result)
    place = result.location
    path = unversioned(place.path, result.finding.target.closure.charts)
    return BaselineRow(result.rule_id, path, dotted(place.key_path).replace(".[", "["), image, result.targets, fingerprint)
