"""Today's findings, written down by key, so that only new ones fail.

A key is the fingerprint (rule, authored file and key path) and the image's repository: no line number, no tag, no digest. A promotion
or a moved line keeps it; another image in the same place, or the same finding in another file, is new.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agentslint.errors import UsageError
from agentslint.images import InvalidReference, Reference
from agentslint.model import Location, Region, Result, dotted
from agentslint.suppress.entries import Entry

FILE = ".agentslint-baseline.json"
VERSION = 1


@dataclass(frozen=True)
class Baseline:
    """The entries of a baseline file, as written."""

    path: Path
    rows: Sequence[dict[str, Any]] = field(default_factory=list)

    def entries(self, root: Path, ran: Collection[str], rendered: Collection[str]) -> Iterator[Entry]:
        """Yield one entry a row, judged if its rule ran and all targets that it was found in were rendered."""
        where = self.path.relative_to(root).as_posix() if self.path.is_relative_to(root) else str(self.path)
        for row in self.rows:
            key = (row["fingerprint"], row["image"])
            yield Entry(
                row["rule"],
                f"in the baseline: {row['path']} {row['key']}".rstrip(),
                Location(where, Region(1, 1, 1, 1), "", ("baseline", *key)),
                "external",
                covers=lambda result, key=key: key_of(result) == key,  # type: ignore[misc]
                judged=row["rule"] in ran and set(row["targets"]) <= set(rendered),
            )


def key_of(result: Result) -> tuple[str, str]:
    """What a result is known by: its fingerprint, and the repository of its image."""
    return result.fingerprint, repository_of(result.finding.image)


def repository_of(image: str) -> str:
    """The repository of an image; of what is no reference, the text up to its first digest or tag."""
    try:
        return Reference.parse(image).repository
    except InvalidReference:
        return image.partition("@")[0]


def read_baseline(path: Path) -> Baseline:
    """Read a baseline; raises UsageError for one that is missing or not ours."""
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        rows = [{**row, "targets": list(row["targets"])} for row in table["findings"]]
        if table["version"] != VERSION or any(not {"rule", "fingerprint", "image", "path", "key"} <= set(row) for row in rows):
            raise ValueError("its version is not known here")
    except OSError as error:
        raise UsageError(f"{path}: the baseline cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path}: this is no baseline of agentslint ({error}); write it anew with `agentslint baseline`") from None
    return Baseline(path, rows)


def write_baseline(path: Path, results: Iterable[Result], kept: Iterable[dict[str, Any]] = ()) -> Counter[str]:
    """Write the results (and rows that are kept from before) and return how many rows each rule has."""
    rows = {(row["fingerprint"], row["image"]): row for row in (*kept, *map(_row, results))}
    ordered = sorted(rows.values(), key=lambda row: (row["path"], row["key"], row["rule"], row["fingerprint"]))
    text = json.dumps({"version": VERSION, "findings": ordered}, indent=1, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8")
    return Counter(row["rule"] for row in ordered)


def _row(result: Result) -> dict[str, Any]:
    fingerprint, image = key_of(result)
    return {
        "rule": result.rule_id,
        "path": result.location.path,
        "key": dotted(result.location.key_path),
        "image": image,
        "targets": list(result.targets),
        "fingerprint": fingerprint,
    }
