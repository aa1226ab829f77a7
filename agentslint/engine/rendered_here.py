"""Tells whether a target renders a deployed source: that very folder of this repository, not only one below it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from agentslint.deploy.deployment import Deployment
from agentslint.discover.passed_over import ReadFiles, holds_manifest
from agentslint.discover.remote import repository_name
from agentslint.discover.repository import Repository
from agentslint.git.remotes import remote_urls
from agentslint.model import Target, TargetKind
from agentslint.paths import parent


class RenderedHere:
    """The folders that targets render."""

    def __init__(self, root: Path, targets: Iterable[Target]) -> None:
        self._targets = list(targets)
        self._repository = Repository(root)
        self._read = ReadFiles(self._repository, self._targets)
        self._built = {parent(path) for target in self._targets for path in (*target.closure.kustomizations, *_lone(target))}

    def __call__(self, deployment: Deployment) -> bool:
        """Tell whether it is rendered; a chart must be inflated."""
        if deployment.chart or deployment.unknown or self.repository(deployment):
            return False
        path = deployment.path
        if self._repository.holds_chart(path):
            return self._read.chart(path)
        if path in self._built or any(parent(name) == path and holds_manifest(self._repository, name) for name in self._files):
            return True
        return deployment.recurse and any(not path or f"{folder}/".startswith(f"{path}/") for folder in self._built)

    def repository(self, deployment: Deployment) -> str:
        """Return the name of the repository that it deploys, where that is another one; else ""."""
        name = "" if deployment.chart or deployment.unknown else repository_name(deployment.source)
        # A fork keeps the name, but not the owner.
        is_other = "/" in name and bool(self._names) and name.rpartition("/")[2] not in self._names
        return name if is_other else ""

    @cached_property
    def _names(self) -> frozenset[str]:
        """The last names of all remotes with a host: a clone from a folder of this machine has any."""
        found = (repository_name(url) for url in remote_urls(self._repository.root) if not url.startswith(("/", ".", "file:")))
        return frozenset(name.rpartition("/")[2] for name in found if "/" in name)

    @cached_property
    def _files(self) -> frozenset[str]:
        return frozenset[str]().union(*(target.closure.files for target in self._targets))


def _lone(target: Target) -> tuple[str, ...]:
    return (target.file,) if target.kind is TargetKind.MANIFESTS else ()
