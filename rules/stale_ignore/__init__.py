from __future__ import annotations

from collections.abc import Iterator, Sequence

from agentslint.rule import Finding, IgnoreUse, Level, Rule


class StaleIgnore(Rule):
    """A suppression that has expired, or that nothing needs any more.

    ## Why
    An exception that outlives its cause hides the next finding in the same place. One that matched nothing is only accused when it
    could have matched: its rule ran, and a target that it may speak of was rendered.

    ## Fix
    Remove the entry, or give it a new day after looking at its reason again.

    ## References
    - https://docs.github.com/en/code-security/code-scanning/managing-code-scanning-alerts
    """

    level = Level.WARNING
    tags = ("suppressions",)

    def check_ignores(self, ignores: Sequence[IgnoreUse]) -> Iterator[Finding]:
        for entry in ignores:
            if entry.expired:
                message = f"this ignore of {entry.rule_id} ended on {entry.until} ({entry.reason})"
                yield self.finding(entry.location, message, target=entry.target)
            elif entry.judged and not entry.matched:
                yield self.finding(
                    entry.location, f"this ignore of {entry.rule_id} matches no finding ({entry.reason})", target=entry.target
                )
