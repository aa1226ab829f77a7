"""What is one change to people: targets that differ in the same way, images that become the same. Each is listed once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from agentslint.diff.rows import ImageRow, TargetRow


def alike(rows: Iterable[TargetRow]) -> list[tuple[TargetRow, ...]]:
    """Return the targets in their order, those of which the formats say the same together; one that failed stays alone."""
    found: dict[object, list[TargetRow]] = {}
    for row in rows:
        found.setdefault(row.name if row.failures else _said(row), []).append(row)
    return [tuple(group) for group in found.values()]


def names(group: Sequence[TargetRow], most: int) -> list[str]:
    """Return the names of targets that differ in the same way, and how many more there are."""
    listed = [row.name for row in group]
    return [*listed[:most], *([f"{len(listed) - most} more"] if len(listed) > most else [])]


def same_images(images: Iterable[ImageRow]) -> list[tuple[ImageRow, ...]]:
    """Return the image rows of a target in their order, those with the same image before and after together."""
    found: dict[object, list[ImageRow]] = {}
    for row in images:
        found.setdefault((row.before, row.after, row.note, str(row.commits)), []).append(row)
    return [tuple(group) for group in found.values()]


def _said(row: TargetRow) -> object:
    manifests = tuple((manifest.resource, manifest.what) for manifest in row.manifests)
    return str(replace(row, name="", files=(), manifests=(), policy={})), manifests, tuple(row.policy.items())
