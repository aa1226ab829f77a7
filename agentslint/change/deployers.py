"""The manifests that name files for a deployer to read: Applications with values files, HelmReleases.

They are looked for in the whole repository, whatever a run is about: a file that one of them names is not lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from agentslint.authorship.documents import FileDocuments
from agentslint.change.target_change import RenderSides, SideRequest
from agentslint.deploy.value_files import reads_beside
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.git.command import Git, GitError, fields
from agentslint.model import Manifest, RenderFailure, Target, TargetKind
from agentslint.model.listed_manifests import head_of, items
from agentslint.yamlread import YamlError

_KINDS = ("Application", "HelmRelease", "HelmChart")
"""The words that are looked for: ApplicationSet is found with the first."""


class Deployers(Struct, dict=True):
    """Reads those manifests where anybody asks for them: as they are written, and as targets render them."""

    root: Path
    files: FileDocuments
    rendered: Sequence[RenderedTarget]
    targets: Sequence[Target]
    render: RenderSides
    network: bool = True

    def read(self, path: str) -> bool:
        """Tell whether one of them names the file at `path`."""
        return any(reads_beside(manifest, path) for manifest in self._manifests)

    @cached_property
    def _manifests(self) -> tuple[Manifest, ...]:
        files = self._files()
        known = {each.target.name for each in self.rendered}
        left = [target for target in self.targets if target.name not in known and any(map(target.closure.reads, files))]
        sides = self.render([SideRequest(target) for target in left]) if left else ()
        rendered = [*self.rendered, *(side for side in sides if not isinstance(side, RenderFailure))]
        return (*self._written(files), *(manifest for target in rendered for manifest in target.manifests))

    def _files(self) -> list[str]:
        """The files that may hold some, as git finds them: it is asked only where a file is read by no target."""
        words = [word for kind in _KINDS for word in ("-e", kind)]
        try:
            done = Git.of(str(self.root), self.network).run(
                "grep", "-lzF", "--untracked", *words, "--", "*.yaml", "*.yml", "*.json", "*.tpl"
            )
        except GitError:
            return []
        return fields(done.stdout) if done.returncode == 0 else []

    def _written(self, paths: Iterable[str]) -> Iterator[Manifest]:
        for path in paths:
            target = Target(path, TargetKind.MANIFESTS, self.root, path)
            for document in self.files(self.root, path):
                try:
                    bodies = [item for _, item in items(document.body)] if isinstance(document.body, Mapping) else []
                except YamlError:
                    continue
                yield from (Manifest(target, 0, "", 1, head=head_of(body), body=body) for body in bodies)
