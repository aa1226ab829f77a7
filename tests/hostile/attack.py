"""What an attack is: a tree, how it is linted, and what must not come of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from tests.hostile.scene import Scene

Build = Callable[[Scene], None]


class Manner(Enum):
    """How the real command is run over a tree."""

    FOLDER = "folder"
    FILE = "file"
    HERE = "here"
    """In the folder itself, without an argument."""
    ROOT = "root"
    """Over the whole repository."""
    DIFF = "diff"
    OFFLINE = "offline"
    BASE = "base"
    """All rules, those about a change included."""
    ACTION = "action"
    """The steps of action.yml that install and lint."""
    LINE = "line"
    """The command line that the attack brings along."""


@dataclass(frozen=True)
class Attack:
    """A tree that does harm to those who lint it, unless something holds it.

    `ends` are the exit statuses that would be right; of `says` every text has to be in the reports, of `hides` none may be.
    """

    subject: str
    name: str
    build: Build
    manners: tuple[Manner, ...]
    ends: frozenset[int]
    says: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()
    silent: bool = False
    """No packet may leave."""
    limit: float = 60.0
    """Seconds that a run may take."""
    stands_for_others: bool = True
    """Whether it is tried with all other tests; of a family only some members are."""

    @property
    def harm(self) -> str:
        """What the tree is out for, in one line."""
        return (self.build.__doc__ or "").partition("\n")[0]


CATALOGUE: dict[str, Attack] = {}
ANY = (0, 1, 2)
NOT_GREEN = (1, 2)
UNCHECKED = (2,)
FOUND = (1,)
LINTED = (Manner.FOLDER, Manner.FILE, Manner.DIFF)


def attack(
    *manners: Manner,
    ends: Iterable[int] = ANY,
    says: tuple[str, ...] = (),
    hides: tuple[str, ...] = (),
    silent: bool = False,
    limit: float = 60.0,
) -> Callable[[Build], Build]:
    """Enter a function that builds a tree into the catalogue, under the name of its file and its own."""

    def enter(build: Build) -> Build:
        _enter(build, build.__name__, manners, ends, says, hides, silent, limit)
        return build

    return enter


def family(
    members: Iterable[tuple[str, Build]],
    *manners: Manner,
    ends: Iterable[int] = ANY,
    says: tuple[str, ...] = (),
    silent: bool = False,
    limit: float = 60.0,
) -> None:
    """Enter many trees of one kind, each with its name; one of twelve stands for the others."""
    for number, (name, build) in enumerate(members):
        _enter(build, name, manners, ends, says, (), silent, limit, number % 12 == 0)


def _enter(
    build: Build,
    name: str,
    manners: tuple[Manner, ...],
    ends: Iterable[int],
    says: tuple[str, ...],
    hides: tuple[str, ...],
    silent: bool,
    limit: float,
    stands_for_others: bool = True,
) -> None:
    subject = build.__module__.rpartition(".")[2]
    key = f"{subject}/{name}"
    assert key not in CATALOGUE, f"two attacks are named {key}"
    chosen = manners or (Manner.FOLDER,)
    CATALOGUE[key] = Attack(subject, name, build, chosen, frozenset(ends), says, hides, silent, limit, stands_for_others)
