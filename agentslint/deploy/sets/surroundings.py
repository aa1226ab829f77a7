"""The surroundings of an ApplicationSet: the repository, the clusters, and the program that fills templates in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from agentslint.deploy.helm_program import Helm
from agentslint.deploy.sets.expansion import Cluster
from agentslint.paths import ancestors, parent


def _ours(_url: str, _revision: str) -> str:
    return ""


class Surroundings(Struct, frozen=True, dict=True):
    """Everything outside of a set that decides its elements.

    `paths` are the files that git knows, relative to `root`. `is_ours` says why a repository at a revision is not the tree here.
    """

    root: Path
    paths: Sequence[str] = ()
    is_ours: Callable[[str, str], str] = _ours
    clusters: Sequence[Cluster] = ()
    helm: Helm | None = None
    changes: Mapping[str, bytes] = {}
    """Files that hold other bytes than those on disk."""

    @cached_property
    def folders(self) -> list[str]:
        """The folders that hold files, in Argo CD's order; hidden ones and all below them are left out."""
        found = {folder for path in self.paths for folder in ancestors(parent(path)) if folder}
        return sorted(
            (each for each in found if not any(part.startswith(".") for part in each.split("/"))), key=lambda each: each.split("/")
        )
