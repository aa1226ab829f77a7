"""Writes suppression comments into files, each of them once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from agentslint import files
from agentslint.suppress.comments import is_template
from agentslint.suppress.writing import Acceptance, with_comments

RulesByLine = Mapping[int, set[str]]
"""Line -> the rules to ignore there."""


class WrittenComments(Struct):
    """The lines that have their comment now, with the rules, and why others have none."""

    written: list[tuple[str, int, tuple[str, ...]]] = []
    refused: list[tuple[str, int, str]] = []


def write_comments(root: Path, wanted: Mapping[str, RulesByLine], acceptance: Acceptance) -> WrittenComments:
    """Write comments at lines of files."""
    done = WrittenComments()
    for path, lines in sorted(wanted.items()):
        refused = _write(root, path, lines, acceptance)
        for line, rules in sorted(lines.items()):
            if line in refused:
                done.refused.append((path, line, refused[line]))
            else:
                done.written.append((path, line, tuple(sorted(rules))))
    return done


def commented_file(root: Path, path: str, lines: RulesByLine, acceptance: Acceptance) -> tuple[bytes | None, dict[int, str]]:
    """Return a file with comments, None where it stays as it is; and why a line has none."""
    try:
        text = files.read_in(root, path).decode("utf-8")
    except UnicodeDecodeError:
        return None, dict.fromkeys(lines, "the file is not UTF-8")
    except OSError as error:
        return None, _unchanged(lines, error)
    changed, refused = with_comments(text, path, lines, acceptance, template=is_template(root / path))
    return changed.encode() if changed != text else None, refused


def _write(root: Path, path: str, lines: RulesByLine, acceptance: Acceptance) -> dict[int, str]:
    """Write a file with comments; returns why a line has none."""
    written, refused = commented_file(root, path, lines, acceptance)
    try:
        if written is not None:
            files.save(root / path, written)
    except OSError as error:
        return _unchanged(lines, error)
    return refused


def _unchanged(lines: RulesByLine, error: OSError) -> dict[int, str]:
    return dict.fromkeys(lines, f"the file cannot be changed: {error.strerror or error}")
