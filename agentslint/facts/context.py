"""Settings that all facts of a run share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from msgspec import Struct, field

from agentslint.authorship.documents import FileDocuments
from agentslint.config import Config
from agentslint.config.schema import Globs
from agentslint.facts.environments import is_in
from agentslint.facts.unchecked_kinds import Unchecked
from agentslint.images import ImageFields
from agentslint.model import Manifest, Target
from agentslint.paths import any_names


class Context(Struct, frozen=True, dict=True):
    """Settings that all facts of a run share: image fields of custom resources, environments and release groups."""

    image_fields: ImageFields
    config: Config = field(default_factory=Config)
    jobs: int = 1
    """How many renders may be under way at a time."""
    stop: Callable[[], None] = lambda: None
    """Ends the renders that are under way."""
    judged: frozenset[tuple[str, str]] = frozenset()
    """The objects of deployers, by kind and name, whose sources are judged as they are deployed."""
    files: FileDocuments = field(default_factory=FileDocuments)
    """The files that targets read, each parsed once."""
    schema_files: tuple[str, ...] = ()
    """The files with schemas that the configuration names, relative to the root."""
    untrusted: bool = False
    """Whether the judged tree may be anybody's: nothing that it says may take any time or memory."""
    unchecked: Unchecked = field(default_factory=Unchecked)
    """What was not held against a schema, counted."""
    with_subject: set[str] = set()
    """The asserts that have had something to judge, by the ids of their rules."""
    repository: Callable[[], Sequence[Target]] = tuple
    """All targets of the repository, whether they are linted or not."""

    def environments(self, target: Target, manifest: Manifest | None = None) -> frozenset[str]:
        """Name the environments that a target (and a manifest's namespace) is in, with those of failed targets that it is a part of."""
        clusters = self.config.deploy.clusters
        return frozenset(each.name for each in self.config.environments if is_in(each, target, manifest, clusters))

    def judges(self, rule: str, target: Target) -> bool:
        """Tell whether a rule judges a target: one that the configuration declares may be there for some rules only."""
        globs = self._judging.get(target.name, ()) if target.deployed and target.deployed.application.is_declared else ()
        return not globs or any_names(globs, rule)

    @cached_property
    def _judging(self) -> Mapping[str, Globs]:
        return {table.called: table.rules for table in self.config.targets}

    def in_group(self, repository: str) -> bool:
        """Tell whether a configured release group names an image by its repository."""
        return any(group.images and any_names(group.images, repository) for group in self.config.groups)
