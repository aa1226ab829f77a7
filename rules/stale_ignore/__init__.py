from __future__ import annotations

from collections.abc import Iterator, Sequence

from agentslint.rule import Finding, IgnoreUse, Level, Rule


class StaleIgnore(Rule):
    """A suppression that has expired, gives no reason, or is no longer needed.

    ## Why
    An exception that outlives its cause hides the next finding in the same place. A suppression without a match is reported only if it
    could have matched: its rule ran, and a target that it covers was rendered. An expired one is reported if it would have matched, or
    if every target that it covers was rendered.

    ## Fix
    Remove the entry, or review its reason and set a new day.

    ## References
    - https://docs.github.com/en/code-security/code-scanning/managing-code-scanning-alerts
    """

    level = Level.WARNING
    tags = ("suppressions",)

    def check_ignores(self, ignores: Sequence[IgnoreUse]) -> Iterator[Finding]:
        for entry in ignores:
            if entry.problem:
                why = entry.problem
            elif entry.expired and entry.judged:
                why = f"expired on {entry.until}"
            elif entry.judged and not entry.expired and not entry.matched:
                why = "matches no finding"
            else:
                continue
            message = f"this ignore{f' of {entry.rule_id}' if entry.rule_id else ''} {why}{f': {entry.reason}' if entry.reason else ''}"
            yield self.finding(entry.location, message, target=entry.target)
