"""Since when a canary is ahead."""

from __future__ import annotations

import datetime

from agentslint.rule import Change, Unknown

from .steps import Step


def days_ahead(step: Step, change: Change) -> int | Unknown:
    """Return for how many days the earlier member has not run the later one's commit; 0 where the change is what moves it."""
    since = change.rollbacks.parted(step.earlier, step.later)
    if since is None or isinstance(since, Unknown):
        return since or 0
    return (datetime.datetime.now(datetime.timezone.utc) - since).days
