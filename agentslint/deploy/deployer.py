"""What a deployer is to the engine: it names the kinds of its objects, and lists the sources that one object deploys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from msgspec import Struct, field

from agentslint.deploy.deployer_object import DeployerObject
from agentslint.deploy.helm_program import Helm
from agentslint.deploy.here import Here, Named
from agentslint.deploy.known_objects import KnownObjects
from agentslint.deploy.listed import ListedSet, ListedSource


class DeployContext(Struct, frozen=True):
    """All that an object is read with: the repository, the other objects in it, and the helm that fills in templates, if there is one."""

    here: Here
    objects: KnownObjects = field(default_factory=KnownObjects)
    helm: Helm | None = None
    kept: dict[Any, Any] = {}
    """Answers that a deployer needs again."""


class Deployer(Protocol):
    """Argo CD and Flux are two of them; a plugin may register another (`agentslint_deployers`)."""

    @property
    def name(self) -> str:
        """Its name, as `agentslint targets` prints it."""

    @property
    def kinds(self) -> Mapping[str, frozenset[str]]:
        """The kinds of the objects that it reads, by API group."""

    @property
    def deploys_itself(self) -> bool:
        """Whether its objects deploy themselves as a matter of course, so that no note says it."""

    def named(self, found: DeployerObject, around: DeployContext) -> Iterable[Named]:
        """Return where an object says that its sources are, so that it is known which repository is ours."""

    def listed(self, found: DeployerObject, around: DeployContext) -> Sequence[ListedSource]:
        """Return the sources that an object deploys, with a target for each that is judged; none for one that deploys nothing."""

    def sets(self, found: DeployerObject, around: DeployContext) -> Sequence[ListedSet]:
        """Return what is known of an object that makes applications; none for others."""
