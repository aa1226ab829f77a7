from __future__ import annotations

from collections.abc import Iterator, Sequence

from agentslint.rule import Finding, IgnoreUse, Level, Rule


class StaleIgnore(Rule):
    """A suppression that has expired, that gives no reason, or that nothing needs any more.

    ## Why
    An exception that outlives its cause hides the next finding in the same place. One that matched nothing is only accused when it
    could have matched: its rule ran, and a target that it may speak of was rendered. One that has expired is accused where it would
    have matched, and where all that it may speak of was looked at: a run of another target says nothing of it.

    ## Fix
    Remove the entry, or give it a new day after looking at its reason again.

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
                why = f"ended on {entry.until}"
            elif entry.judged and not entry.expired and not entry.matched:
                why = "matches no finding"
            else:
                continue
            message = f"this ignore{f' of {entry.rule_id}' if entry.rule_id else ''} {why}{f': {entry.reason}' if entry.reason else ''}"
            yield self.finding(entry.location, message, target=entry.target)
