"""Writes suppression comments into people's files, on request: one line changes, and what the file means does not."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from agentslint.errors import UsageError
from agentslint.suppress.comments import comments
from agentslint.yamlread import YamlError, compose, value


@dataclass(frozen=True)
class Wanted:
    """A comment that is wanted: which rule, and on which line of which file."""

    rule: str
    path: str
    line: int


def write_comments(root: Path, wanted: Iterable[Wanted], reason: str, until: str | None) -> tuple[list[str], list[str]]:
    """Write the comments; returns what was written, and what could not be, each in a sentence."""
    if not reason.strip():
        raise UsageError("--reason must say why")
    if until is not None:
        _check_date(until)
    lines: dict[tuple[str, int], list[str]] = {}
    for item in wanted:
        lines.setdefault((item.path, item.line), []).append(item.rule)
    written, refused = [], []
    for (path, line), rules in sorted(lines.items(), reverse=True):
        try:
            _write(root / path, line, _comment(sorted(set(rules)), reason, until))
            written.append(f"{path}:{line}: ignores {', '.join(sorted(set(rules)))}")
        except (OSError, UsageError) as error:
            refused.append(f"{path}:{line}: {error}")
    return written[::-1], refused[::-1]


def _comment(rules: list[str], reason: str, until: str | None) -> str:
    day = f" ignore-until[{until}]" if until else ""
    return f"# agentslint: ignore[{', '.join(rules)}]{day} {' '.join(reason.split())}"


def _check_date(text: str) -> None:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--until: {text!r} is no date (YYYY-MM-DD)") from None


def _write(path: Path, number: int, comment: str) -> None:
    """Put the comment behind the line, or where that cannot be above it; raises UsageError where neither keeps the meaning."""
    if path.suffix == ".json":
        raise UsageError("JSON has no comments; use [[ignore]] in the configuration")
    data = path.read_bytes().decode("utf-8")
    lines = data.splitlines(keepends=True)
    if not 0 < number <= len(lines):
        raise UsageError(f"the file has {len(lines)} lines")
    if any(known.line == number for known in comments(path.parent, path.name)):
        raise UsageError("a suppression is there already; add the rule to it")
    for changed in (_behind(lines, number, comment), _above(lines, number, comment)):
        if changed is not None and _same_meaning(path, data, changed):
            path.write_bytes(changed.encode("utf-8"))
            return
    raise UsageError("a comment there would change what the file means; use [[ignore]] in the configuration")


def _behind(lines: list[str], number: int, comment: str) -> str | None:
    line = lines[number - 1]
    text = line.rstrip("\r\n")
    if "#" in text or not text.strip():
        return None
    return "".join([*lines[: number - 1], f"{text.rstrip()}  {comment}{line[len(text) :]}", *lines[number:]])


def _above(lines: list[str], number: int, comment: str) -> str:
    line = lines[number - 1]
    indent = line[: len(line) - len(line.lstrip())]
    end = "\r\n" if line.endswith("\r\n") else "\n"
    return "".join([*lines[: number - 1], f"{indent}{comment}{end}", *lines[number - 1 :]])


def _same_meaning(path: Path, before: str, after: str) -> bool:
    """Compare what both texts mean; a template, which is no YAML, is taken as it is."""
    try:
        old = [value(node) for node in compose(before.encode(), path.name)]
    except YamlError:
        return "{{" in before
    try:
        return old == [value(node) for node in compose(after.encode(), path.name)]
    except YamlError:
        return False
