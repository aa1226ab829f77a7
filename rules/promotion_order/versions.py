"""The order of tags that are versions: `1.5.0` is ahead of `1.4.2` and of `1.5.0-rc.1` (https://semver.org/#spec-item-11)."""

from __future__ import annotations

import re

from agentslint.rule import Relation

_VERSION = re.compile(r"([A-Za-z][\w.-]*?[-_])?v?(\d+(?:\.\d+){0,3})(?:-([0-9A-Za-z][0-9A-Za-z.-]*))?(?:[+_][\w.-]+)?", re.ASCII)
_PRERELEASE = re.compile(r"\d|(?:alpha|beta|rc|pre|preview|dev|snapshot|next|nightly|canary|m)(?![a-z])", re.I)


def relation(old: str, new: str) -> Relation | None:
    """Return how a new version is related to an old one; None where they cannot be compared."""
    versions = _VERSION.fullmatch(old), _VERSION.fullmatch(new)
    if versions[0] is None or versions[1] is None or versions[0][1] != versions[1][1]:
        return None
    numbers = [[int(number) for number in version[2].split(".")] for version in versions if version]
    suffixes = [version[3] or "" for version in versions if version]
    if len(numbers[0]) != len(numbers[1]) or not (suffixes[0] == suffixes[1] or all(map(_is_prerelease, suffixes))):
        return None
    keys = [(number, _prerelease(suffix)) for number, suffix in zip(numbers, suffixes, strict=True)]
    return Relation.SAME if keys[0] == keys[1] else Relation.AHEAD if keys[1] > keys[0] else Relation.BEHIND


def _is_prerelease(suffix: str) -> bool:
    """Whether a suffix makes a version an earlier one, and is no variant of an image (`1.5.0-alpine`)."""
    return not suffix or _PRERELEASE.match(suffix) is not None


def _prerelease(suffix: str) -> tuple[int, list[tuple[int, int, str]]]:
    """What a pre-release is compared by; a release comes after all of them."""
    if not suffix or not _is_prerelease(suffix):
        return 1, []
    parts = suffix.split(".")
    return 0, [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts]
