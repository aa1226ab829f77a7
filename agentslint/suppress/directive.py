"""The contents of a suppression comment: `ignore[rule-id] ignore-until[2027-01-31] reason`."""

from __future__ import annotations

import datetime
import re

from msgspec import Struct

_PART = re.compile(r"(ignore(?:-file|-until)?)\[([^\]]*)\]\s*")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


class Directive(Struct, frozen=True):
    """The suppressed rules, on the line or in the whole file, with the last day and the reason.

    One with a `problem` suppresses nothing.
    """

    rules: tuple[str, ...]
    reason: str
    file_location: bool = False
    until: datetime.date | None = None
    problem: str = ""


def read_directive(words: str) -> Directive:
    """Read the text behind `agentslint:`."""
    parts: dict[str, str] = {}
    at = 0
    while part := _PART.match(words, at):
        parts[part.group(1)] = part.group(2).strip()
        at = part.end()
    named = [rule.strip() for key in ("ignore", "ignore-file") for rule in parts.get(key, "").split(",")]
    rules, reason = tuple(dict.fromkeys(filter(None, named))), words[at:].strip()
    until = parts.get("ignore-until")
    return Directive(rules, reason, "ignore-file" in parts, read_date(until or ""), _problem(parts, rules, reason))


def _problem(parts: dict[str, str], rules: tuple[str, ...], reason: str) -> str:
    if not parts:
        return "is not understood: write ignore[rule-id] and a reason"
    if not rules:
        return "names no rule: write ignore[rule-id] and a reason"
    until = parts.get("ignore-until")
    if until is not None and read_date(until) is None:
        return f"ends on {until!r}, which is not a date (YYYY-MM-DD)"
    return "" if reason else "gives no reason"


def read_date(text: str) -> datetime.date | None:
    """Return the date that a text is (YYYY-MM-DD), or None where it is none."""
    try:
        return datetime.date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None
