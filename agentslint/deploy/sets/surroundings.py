"""The surroundings of an ApplicationSet: the repository, the clusters, and the program that fills templates in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from agentslint.deploy.sets.expansion import Cluster
from agentslint.deploy.sets.helm import Helm


def _ours(_url: str, _revision: str) -> str:
    return ""


@dataclass(frozen=True)
class Surroundings:
    """Everything outside of a set that decides its elements.

    `paths` are the files that git knows, relative to `root`. `is_ours` says why a repository at a revision is not the tree here.
    """

    root: Path
    paths: Sequence[str] = ()
    is_ours: Callable[[str, str], str] = _ours
    clusters: Sequence[Cluster] = ()
    helm: Helm | None = None
