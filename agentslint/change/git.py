"""git, asked without changing anything: no lock, no refreshed index, no hook, no prompt."""

from __future__ import annotations

import datetime
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from agentslint.discover.git import environment

_PASSIVE = ("core.hooksPath=/dev/null", "core.fsmonitor=false", "core.splitIndex=false", "log.showSignature=false")
"""A hook runs when any index is written, also one of ours; a file system monitor is started by reading one; a split index is
written beside the repository's own."""
_NOTHING: Mapping[str, str] = MappingProxyType({})


class GitError(Exception):
    """git could not answer; the message is one sentence that says why."""


@dataclass(frozen=True)
class Git:
    """git in the repository whose top folder is `folder`. Without `network`, what a partial clone lacks stays unknown."""

    folder: str
    network: bool = True

    @classmethod
    def of(cls, folder: str, network: bool = True, *, bare: bool = False) -> Git:
        """Return git in the repository that `folder` is in, which may be `bare` if nobody asks for files.

        Raises GitError outside of one, and where git is not installed.
        """
        here = cls(folder, network)
        if bare and here.answer("rev-parse", "--is-bare-repository") == "true":
            return here
        top = here.answer("rev-parse", "--show-toplevel")
        if not top:
            raise GitError(f"{folder} is in no git repository")
        return cls(top, network)

    def ask(self, *words: str, stdin: bytes = b"", environ: Mapping[str, str] = _NOTHING) -> bytes:
        """Return what git prints; raises GitError with its own words where it fails."""
        done = self._run(words, stdin, environ)
        if done.returncode != 0:
            said = os.fsdecode(done.stderr).strip().splitlines()
            raise GitError(f"git {words[0]}: {said[-1] if said else f'ended with {done.returncode}'}")
        return done.stdout

    def answer(self, *words: str) -> str | None:
        """Return what git prints, as a text; None where it says no. Raises GitError only where there is no git."""
        done = self._run(words, b"", _NOTHING)
        return os.fsdecode(done.stdout).strip() if done.returncode == 0 else None

    def holds(self, *words: str) -> bool:
        """Tell whether git says yes, with 0, or no, with 1; raises GitError where it says neither."""
        done = self._run(words, b"", _NOTHING)
        if done.returncode not in (0, 1):
            raise GitError(f"git {words[0]}: {os.fsdecode(done.stderr).strip() or f'ended with {done.returncode}'}")
        return done.returncode == 0

    def commit(self, name: str) -> str | None:
        """Return the whole id of the commit that a revision names; None where there is none."""
        return self.answer("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")

    def date(self, commit: str) -> datetime.datetime:
        """Return when a commit was committed; raises GitError."""
        return datetime.datetime.fromtimestamp(int(self.ask("show", "--no-patch", "--format=%ct", commit)), datetime.timezone.utc)

    @cached_property
    def nothing(self) -> str:
        """The tree without files, which git knows whether it is there or not."""
        return self.ask("hash-object", "-t", "tree", "--stdin").decode().strip()

    @cached_property
    def is_shallow(self) -> bool:
        """Whether history is cut off somewhere: what is not found may be there all the same."""
        return self.answer("rev-parse", "--is-shallow-repository") == "true"

    def _run(self, words: tuple[str, ...], stdin: bytes, environ: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
        passive = [word for setting in _PASSIVE for word in ("-c", setting)]
        said = {**environment(), "GIT_TERMINAL_PROMPT": "0", **({} if self.network else {"GIT_NO_LAZY_FETCH": "1"}), **environ}
        try:
            return subprocess.run(["git", "-C", self.folder, *passive, *words], env=said, input=stdin, capture_output=True)
        except FileNotFoundError:
            raise GitError("git is not installed") from None


def fields(output: bytes) -> list[str]:
    """Split what git prints with `-z`."""
    return [os.fsdecode(part) for part in output.split(b"\0") if part]
