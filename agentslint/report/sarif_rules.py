"""Rules in SARIF: descriptors made from each rule's class and its page."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from agentslint.model import Failure, Level, Result

_DISTRIBUTION = "agentslint-gitops"
_OURS = ("agentslint", "agentslint_rules")
_TAGS_SHOWN = 10
_LONGEST_DESCRIPTION = 1000
"""GitHub takes up to 1,024 characters of a description."""
_PROBLEM = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "recommendation"}
_LINK = re.compile(r"https?://[^\s<>()\"'`\]]+")


def rule_objects(rules: Mapping[str, Any], results: Iterable[Result], failures: Iterable[Failure]) -> list[dict[str, Any]]:
    """Return descriptors, by id, of all rules that ran, and of those that only a result or a failure names."""
    named = {result.rule_id for result in results} | {failure.rule_id for failure in failures if failure.rule_id}
    return [_descriptor(rule_id, rules.get(rule_id)) for rule_id in sorted({*rules, *named})]


def _descriptor(rule_id: str, rule: Any) -> dict[str, Any]:
    page = inspect.cleandoc(getattr(rule, "__doc__", None) or "")
    short = page.partition("\n")[0].strip() or f"{rule_id.replace('-', ' ').capitalize()}."
    page = page or short
    level = getattr(rule, "level", Level.WARNING)
    link = _help_uri(rule_id, rule, page)
    return {
        "id": rule_id,
        "name": _name(rule_id),
        "shortDescription": {"text": short[:_LONGEST_DESCRIPTION]},
        "fullDescription": {"text": _description(page, short)},
        "help": {"text": _without_marks(page), "markdown": page},
        **({"helpUri": link} if link else {}),
        "defaultConfiguration": {"level": level.value},
        "properties": _properties(rule, level),
    }


def _name(rule_id: str) -> str:
    """Return the id in PascalCase; a name must differ from the id by more than case (Multitool, SARIF1001)."""
    name = "".join(word.capitalize() for word in re.split(r"[\W_]+", rule_id))
    return name if name.lower() != rule_id.lower() else f"{name}Rule"


def _description(page: str, short: str) -> str:
    """Return the first sentence and the page's reasons (the text before its first section, or the section `Why`)."""
    lead = page.partition("\n## ")[0].partition("\n")[2].strip()
    why = re.search(r"^## Why[ \t]*\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    reasons = lead or (why.group(1).strip() if why else "")
    text = f"{short} {' '.join(reasons.split())}".strip()
    return text if len(text) <= _LONGEST_DESCRIPTION else text[: _LONGEST_DESCRIPTION - 1] + "…"


def _without_marks(page: str) -> str:
    return re.sub(r"^#+ *(.*?) *$", r"\1:", page, flags=re.MULTILINE)


def _properties(rule: Any, level: Level) -> dict[str, Any]:
    severity = getattr(rule, "security_severity", None)
    tags = [*getattr(rule, "tags", ()), *(["security"] if severity is not None else [])]
    return {
        "tags": list(dict.fromkeys(tags))[:_TAGS_SHOWN],
        "precision": getattr(rule, "precision", "high"),
        "problem.severity": _PROBLEM[level],
        **({"security-severity": f"{severity:.1f}"} if severity is not None else {}),
    }


def _help_uri(rule_id: str, rule: Any, page: str) -> str | None:
    """Return the rule's page in our documentation; for a plugin's rule the first link on its page."""
    ours = rule is None or getattr(rule, "__module__", "").partition(".")[0] in _OURS
    documentation = project_url("Documentation")
    if ours and documentation:
        return f"{documentation.rstrip('/')}/rules/{quote(rule_id)}.md"
    link = _LINK.search(page)
    return link.group().rstrip(".,;") if link else None


@lru_cache
def project_url(label: str) -> str | None:
    """Return a link of the installed distribution's metadata (`[project.urls]`), or None where there is none."""
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        entries = metadata(_DISTRIBUTION).get_all("Project-URL") or []
    except PackageNotFoundError:
        return None
    links = dict(entry.split(", ", 1) for entry in entries)
    return links.get(label)
