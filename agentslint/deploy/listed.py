"""The sources of deployers' objects as `agentslint targets` lists them: judged or not, and why."""

from __future__ import annotations

from dataclasses import dataclass, field

from agentslint.model import Location, Target
from agentslint.model.application import Application


@dataclass(frozen=True)
class SourceProblem:
    """A source that its deployer would refuse: what is wrong, and where it is written."""

    message: str
    location: Location
    is_checked_out: bool = True
    """Whether it is known to be wrong: a path that git has and the work tree has not is only not there to look at."""


@dataclass(frozen=True)
class ListedSource:
    """One source of an application. `target` is there where it is judged; `reason` says why not, or by which rule it is.

    `covers` are the paths of bare targets in whose place it is judged.
    """

    application: Application
    repository: str = ""
    revision: str = ""
    path: str = ""
    chart: str = ""
    plugin: str = ""
    reason: str = ""
    target: Target | None = field(default=None, repr=False)
    problem: SourceProblem | None = None
    covers: frozenset[str] = frozenset()
    is_ours: bool = True

    @property
    def is_judged(self) -> bool:
        """Whether it is judged as it is deployed."""
        return self.target is not None
