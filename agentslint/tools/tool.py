"""One renderer, where it was found, and its problems."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from agentslint.errors import AgentslintError

ToolName = Literal["kustomize", "helm"]
NAMES: tuple[ToolName, ...] = ("kustomize", "helm")

VARIABLES: dict[ToolName, str] = {"kustomize": "AGENTSLINT_KUSTOMIZE", "helm": "AGENTSLINT_HELM"}
"""The environment variables that name the program to use."""


class ToolError(AgentslintError):
    """A renderer cannot be asked, downloaded, verified or built."""


class ShimError(ToolError):
    """A version manager's stand-in cannot start the real program, which is not among those that it may execute."""

    def __init__(self, name: ToolName, path: Path) -> None:
        super().__init__(
            f"{path} starts {name} from another place, which is forbidden: name the real program with --{name} PATH "
            f"(see `asdf which {name}`, `mise which {name}`)"
        )


class Tool(Struct, frozen=True):
    """One renderer.

    `source` is one of option, environment, configuration, cache, path, missing; `version` is without its "v", and None
    until the program was asked. `problems` is everything that a user should read; where one of them means that the
    program cannot be used at all, `fatal` is set.
    """

    name: ToolName
    path: Path | None
    source: str
    version: str | None = None
    problems: tuple[str, ...] = ()
    fatal: bool = False
    environment: tuple[str, ...] = ()
    """Names of further variables of the environment that it is to see."""

    @property
    def usable(self) -> bool:
        """Whether it can render; problems that remain are then advice."""
        return self.path is not None and not self.fatal

    def broken(self, problem: str) -> Tool:
        """Add a problem that makes the tool useless."""
        return replace(self, problems=(*self.problems, problem), fatal=True)

    def doubtful(self, problem: str) -> Tool:
        """Add a problem that leaves the tool usable."""
        return replace(self, problems=(*self.problems, problem))
