"""A repository with the edits of a change, and the edits in it that change nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from agentslint.authorship.authored_scalar import AuthoredScalar
from agentslint.change.target_change import TargetChange
from agentslint.fleet.release_groups import Fleet
from agentslint.model import Target

SUFFIXES = (".yaml", ".yml", ".json")
"""Of the files in which images are set."""


class EditedRepository(Struct, frozen=True):
    """The files of a repository that a change edits (and what became of each), and the targets of the run that differ.

    `commit` is the base's; `is_deployed` tells whether a deployer reads a file that no target does.
    """

    root: Path
    commit: str
    files: Mapping[str, str]
    differing: Sequence[TargetChange]
    today: Fleet
    targets: Sequence[Target]
    network: bool = True
    is_deployed: Callable[[str], bool] = lambda path: False


class EditWithoutEffect(Struct, frozen=True):
    """The image settings of one file that a change edits in vain.

    `target` is one that reads the file, or that it is probably meant for where no target does (`is_read`); `instead` are the settings
    that decide. Where it could not be found out whether they have an effect, `unknown` says why.
    """

    path: str
    scalars: tuple[AuthoredScalar, ...]
    target: Target
    is_read: bool
    instead: tuple[AuthoredScalar, ...] = ()
    unknown: str = ""
