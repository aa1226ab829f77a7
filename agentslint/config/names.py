"""Names in the configuration that something else must know: checked when the rules are."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from fnmatch import fnmatchcase

from agentslint.config.load import Loaded
from agentslint.errors import UsageError


def check_ignored_rules(loaded: Loaded, known: Collection[str]) -> None:
    """Refuse an `[[ignore]]` entry for a rule that there is none of; raises UsageError with its line and the nearest rule."""
    for number, entry in enumerate(loaded.config.ignore):
        if not any(fnmatchcase(rule, entry.rule) for rule in known):
            close = get_close_matches(entry.rule, known, 1, 0.5)
            hint = f"did you mean {close[0]!r}?" if close else "`agentslint rules` lists them"
            where = loaded.where("ignore", number, "rule")
            raise UsageError(f"{where}: ignore.{number}.rule: there is no rule {entry.rule!r}; {hint}")
