"""git, asked without changing anything: no lock, no refreshed index, no hook, no prompt, and no program that the repository names."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType

from msgspec import Struct

from agentslint.children import Finished, Profile, output
from agentslint.git.environment import environment, of_a_fetch
from agentslint.git.owner import is_trusted, remedy
from agentslint.git.root import fault, is_bare, root_of
from agentslint.git.settings import ASKED, Settings

_PASSIVE = (
    "safe.bareRepository=explicit", "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.splitIndex=false", "log.showSignature=false"
)  # fmt: skip
"""A bare repository may lie in any folder; a file system monitor is started by reading an index; a hook runs when one is written, also
one of ours; a split index is written beside the repository's own; a signature is verified by a program."""
_ALONE = frozenset({"config", "ls-files", "check-ignore", "rev-parse --is-inside-work-tree"})
"""Questions that need neither objects nor what a filter makes of a file: nothing that is configured takes part."""
_DIFFS = frozenset({"diff", "diff-index", "diff-tree", "log", "show"})
_FILTERS = frozenset({"diff-index", "hash-object", "checkout-index"})
"""Commands that read or write files of a work tree."""
PATIENCE, FETCHING = 120.0, 600.0
"""Seconds that git may take for an answer, and for one that it fetches: a `.gitignore` may be a pipe that nobody ever writes to."""
_NOTHING: Mapping[str, str] = MappingProxyType({})


class GitError(Exception):
    """git could not answer; the message is one sentence that says why."""


class Git(Struct, frozen=True, dict=True):
    """git in the repository whose top folder, or which as a bare one, is `folder`. Without `network`, nothing is fetched or filtered."""

    folder: str
    network: bool = True
    bare: bool = False

    @classmethod
    def of(cls, folder: str, network: bool = True, *, bare: bool = False) -> Git:
        """Return git in the repository that `folder` is in, which may be `bare` if nobody asks for files.

        Raises GitError outside of one, and for a bare one that belongs to somebody else.
        """
        real = os.path.realpath(folder)
        if bare and is_bare(real):
            try:
                trusted = is_trusted(real)
            except OSError as error:
                raise GitError(f"{real} is not read: {error.strerror or error}: {error.filename or 'git'}") from None
            if not trusted:
                raise GitError(f"{real} is not read: {remedy(real)}")
            return cls(real, network, bare=True)
        top = root_of(real) if os.path.isdir(real) else None
        if top is None:
            raise GitError(f"{folder} is in no git repository")
        return cls(top, network)

    def ask(self, *words: str, stdin: bytes = b"", environ: Mapping[str, str] = _NOTHING) -> bytes:
        """Return what git prints; raises GitError with its own words where it fails."""
        done = self.run(*words, stdin=stdin, environ=environ)
        if done.returncode != 0:
            said = os.fsdecode(done.stderr).strip().splitlines()
            raise GitError(f"git {words[0]}: {said[-1] if said else f'ended with {done.returncode}'}")
        return done.stdout

    def answer(self, *words: str) -> str | None:
        """Return what git prints, as a text; None where it says no. Raises GitError where there is no git, or it refuses the repository."""
        done = self.run(*words)
        return os.fsdecode(done.stdout).strip() if done.returncode == 0 else None

    def holds(self, *words: str) -> bool:
        """Tell whether git says yes, with 0, or no, with 1; raises GitError where it says neither."""
        done = self.run(*words)
        if done.returncode not in (0, 1):
            raise GitError(f"git {words[0]}: {os.fsdecode(done.stderr).strip() or f'ended with {done.returncode}'}")
        return done.returncode == 0

    def commit(self, name: str) -> str | None:
        """Return the whole id of the commit that a revision names; None where there is none."""
        return self.answer("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}") if "\0" not in name else None

    def date(self, commit: str) -> datetime.datetime:
        """Return when a commit was committed; raises GitError."""
        said = self.ask("show", "--no-patch", "--format=%ct", "--end-of-options", commit)
        return datetime.datetime.fromtimestamp(int(said), datetime.timezone.utc)

    @cached_property
    def nothing(self) -> str:
        """The tree without files, which git knows whether it is there or not."""
        return self.ask("hash-object", "-t", "tree", "--stdin").decode().strip()

    @cached_property
    def is_shallow(self) -> bool:
        """Whether history is cut off somewhere: what is not found may be there all the same."""
        return self.answer("rev-parse", "--is-shallow-repository") == "true"

    @cached_property
    def settings(self) -> Settings:
        """What the configuration says about programs; raises GitError where git does not read the repository."""
        done = self.run("config", "-z", "--show-scope", "--get-regexp", ASKED)
        found = Settings.read(done.stdout, self.network)
        if done.returncode not in (0, 1) or not found.has_own:
            self.check()
        return found

    def check(self) -> None:
        """Raise GitError, which says why and what to do, where git does not read the repository."""
        if not self.bare and (reason := fault(self.folder)):
            raise GitError(reason)
        done = self.run("rev-parse", "--is-inside-work-tree")
        if done.returncode != 0:
            raise GitError(_refusal(self.folder, os.fsdecode(done.stderr)))

    def run(self, *words: str, stdin: bytes = b"", environ: Mapping[str, str] = _NOTHING) -> Finished:
        """Run git to its end; raises GitError where it cannot be started, or refuses the repository."""
        alone = words[0] in _ALONE or " ".join(words) in _ALONE
        settings = None if alone else self.settings
        fetches = bool(settings and settings.may_fetch)
        filters = bool(settings and self.network and words[0] in _FILTERS and settings.filters)
        free = filters or bool(settings and fetches and settings.is_partial)
        said = environment(network=fetches, settings=settings.overrides if settings else ())
        if settings and free and not settings.asks_programs:
            said = of_a_fetch(said)
        try:
            return output(
                self._command(words), profile=Profile.FREE if free else Profile.GIT, environ={**said, **self._place, **environ},
                stdin=stdin, timeout=FETCHING if fetches else PATIENCE, may_ask=True,
            )  # fmt: skip
        except TimeoutError as error:
            raise GitError(f"{error} in {self.folder} ({words[0]}); is a .gitignore or .gitattributes there a pipe, or huge?") from None
        except FileNotFoundError:
            raise GitError("git is not installed") from None
        except OSError as error:
            raise GitError(f"git cannot be started: {error.strerror or error}") from None

    def _command(self, words: tuple[str, ...]) -> list[str]:
        passive = [word for setting in _PASSIVE for word in ("-c", setting)]
        named = [f"--git-dir={self.folder}"] if self.bare else []
        own = ["--no-ext-diff", "--no-textconv"] if words[0] in _DIFFS else []
        return ["git", "--no-pager", "-C", self.folder, *passive, *named, words[0], *own, *words[1:]]

    @property
    def _place(self) -> dict[str, str]:
        """Where git is to look, whatever the repository says: no further up than here, and at the files that stand here."""
        return {} if self.bare else {"GIT_CEILING_DIRECTORIES": os.path.dirname(self.folder), "GIT_WORK_TREE": self.folder}


def fields(output: bytes) -> list[str]:
    """Split what git prints with `-z`."""
    return [os.fsdecode(part) for part in output.split(b"\0") if part]


def _refusal(folder: str, said: str) -> str:
    if "dubious ownership" in said or "unsafe repository" in said:
        return f"git refuses to read the repository of {folder}: {remedy(folder)}"
    lines = said.strip().splitlines() or ["it does not say why"]
    told = [line.partition(": ")[2] for line in lines if line.startswith(("fatal: ", "error: "))]
    return f"git cannot read the repository of {folder}: {'; '.join(told or lines[-1:])}"
