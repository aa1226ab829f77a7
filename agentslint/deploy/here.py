"""The repository that deployers deploy from: is a repoURL ours, and does a revision name the tree that is linted?"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from msgspec import Struct, field

from agentslint.config.schema import Deploy
from agentslint.discover.graph import Graph
from agentslint.discover.remote import repository_name
from agentslint.discover.repository import Repository
from agentslint.git.command import Git, GitError, fields
from agentslint.git.remotes import remote_urls

_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_VERSION = re.compile(r"v?\d+(?:\.\d+)+(?:[-+][\w.+-]+)?")
"""The name of a tag, if of anything: a clone in CI often has none."""
_RANGE = re.compile(r"[*^~<>=|]|^v?(?:\d+\.){0,2}[xX](?:\.[xX])?$")
_HEAD = ("", "HEAD")


class Named(Struct, frozen=True):
    """A folder that an object says is in some repository: its URL, the path and the revision."""

    url: str
    path: str
    revision: str


class Here(Struct, dict=True):
    """The repository at `root`; `named` are all sources of its deployers' objects, `base` is the branch that a change goes to."""

    root: Path
    settings: Deploy = field(default_factory=Deploy)
    environ: Mapping[str, str] = {}
    base: str = ""
    named: Sequence[Named] = ()
    remotes_of: Path | None = None
    """Where git knows the remotes; None for the root itself."""
    commit: str | None = None
    """What stands for the commit in build variables; that at HEAD where it is None."""

    def add(self, named: Iterable[Named]) -> None:
        """Take note of more sources; guesses from the earlier ones are made anew."""
        self.named = (*self.named, *named)
        for guess in ("_guessed", "_main_branch"):
            self.__dict__.pop(guess, None)

    @cached_property
    def repository(self) -> Repository:
        """Its files."""
        return Repository(self.root)

    @cached_property
    def graph(self) -> Graph:
        """Its kustomizations."""
        return Graph(self.repository)

    def is_ours(self, url: str) -> bool:
        """Tell whether a repoURL is this repository: by its remotes and `[deploy] repositories`, else by the paths that exist here."""
        if url.startswith("oci://"):
            return False  # An artifact of a registry is no git repository.
        name = repository_name(url)
        return bool(name) and (name in self.names or name == self._guessed)

    @property
    def note(self) -> str:
        """Say that a repository was guessed; "" where it was not."""
        if not self._guessed:
            return ""
        return f"no git remote matches a repoURL; {self._guessed} is taken for this repository (set repositories in [deploy])"

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of this repository: host and path."""
        told = self.settings.repositories
        return frozenset(name for url in (*self._remotes, *told) if (name := repository_name(url)))

    @cached_property
    def _remotes(self) -> list[str]:
        return remote_urls(str(self.remotes_of or self.root))

    @cached_property
    def _guessed(self) -> str:
        """The repository whose paths exist here most often, where none is known by its name, and the configuration names none."""
        named = [each for each in self.named if not each.url.startswith("oci://")]
        known = {repository_name(each.url) for each in named}
        if not known or known & self.names or self.settings.repositories:
            return ""
        found = Counter(repository_name(each.url) for each in named if each.url and self.holds(each.path))
        best = found.most_common(1)
        return best[0][0] if best else ""

    def holds(self, path: str) -> bool:
        """Tell whether a folder is on disk."""
        return os.path.isdir(self.root / path)

    def real_folder(self, path: str) -> str:
        """Return a folder without symbolic links, "" for the root; one that leads out of the repository begins with `../`."""
        real = self.repository.real_folder(self.repository.full(path))
        return os.path.relpath(real, self.repository.root) if real != self.repository.root else ""

    def is_committed(self, path: str) -> bool:
        """Tell whether git has a path at HEAD, be it checked out or not."""
        return path in self._committed

    @cached_property
    def _committed(self) -> frozenset[str]:
        """All folders and files at HEAD: git is asked once."""
        try:
            done = Git.of(str(self.remotes_of or self.root), network=False).run("ls-tree", "-r", "-t", "-z", "--name-only", "HEAD")
        except GitError:
            return frozenset()
        return frozenset(fields(done.stdout)) if done.returncode == 0 else frozenset()

    def elsewhere(self, revision: str) -> str:
        """Say why a revision is another tree than this one; "" where it is this one."""
        revision = revision.removeprefix("refs/heads/")
        if revision in _HEAD or revision in self.branches:
            return ""
        if _RANGE.search(revision):
            return f"pinned to the range {revision}"
        if self._is_tag(revision):
            return f"pinned to the tag {revision.removeprefix('refs/tags/')}"
        if _COMMIT.fullmatch(revision) and self._commit != revision:
            return f"pinned to commit {revision[:12]}"
        if _VERSION.fullmatch(revision):
            return f"pinned to the tag {revision}, which is not in this clone"
        if self.settings.branches:
            return f"deployed from branch {revision}, which is not in [deploy] branches"
        return "" if self._main_branch == revision else f"deployed from branch {revision}"

    def rule(self, revision: str) -> str:
        """Say by which rule a revision is this tree."""
        revision = revision.removeprefix("refs/heads/")
        if revision in _HEAD:
            return "targetRevision is HEAD"
        if revision in self.settings.branches:
            return f"{revision} is in [deploy] branches"
        found = {self._current: "is the current branch", self.base: "is the base branch", self._default: "is the default branch"}
        return f"{revision} {found.get(revision, 'is the branch that most applications deploy')}"

    @cached_property
    def branches(self) -> frozenset[str]:
        """The branches that stand for this tree."""
        if self.settings.branches:
            return frozenset(self.settings.branches)
        told = (self.environ.get(name, "") for name in ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"))
        found = (self._current, self._default, self.base.rpartition("origin/")[2], *told)
        return frozenset(name for name in found if name and name != "HEAD")

    @property
    def revision(self) -> str:
        """The commit that build variables name, or a stand-in."""
        return self.commit or self._commit or "0" * 40

    @cached_property
    def _main_branch(self) -> str:
        """The branch from which most is deployed, where none is named that git knows for this tree.

        A copy of a repository has another current branch than the one that its applications name.
        """
        ours = [each.revision.removeprefix("refs/heads/") for each in self.named if self.is_ours(each.url)]
        names = Counter(name for name in ours if name not in _HEAD and not self._is_pinned(name))
        return "" if self.branches & set(names) else next((name for name, _ in names.most_common(1)), "")

    def _is_pinned(self, revision: str) -> bool:
        is_fixed = _RANGE.search(revision) or _COMMIT.fullmatch(revision) or _VERSION.fullmatch(revision)
        return bool(is_fixed) or self._is_tag(revision)

    def _is_tag(self, revision: str) -> bool:
        return revision.startswith("refs/tags/") or revision in self._tags

    @cached_property
    def _tags(self) -> frozenset[str]:
        return frozenset(self._lines("tag", "--list"))

    @cached_property
    def _current(self) -> str:
        return next(iter(self._lines("symbolic-ref", "--quiet", "--short", "HEAD")), "")

    @cached_property
    def _default(self) -> str:
        return next(iter(self._lines("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")), "").removeprefix("origin/")

    @cached_property
    def _commit(self) -> str:
        return next(iter(self._lines("rev-parse", "--verify", "--quiet", "HEAD")), "")

    def _lines(self, *words: str) -> list[str]:
        """The answer of git; nothing outside of a repository, or where git has no answer."""
        try:
            done = Git.of(str(self.remotes_of or self.root), network=False).run(*words)
        except GitError:
            return []
        return done.stdout.decode("utf-8", "replace").split() if done.returncode == 0 else []


def all_named(sources: Iterable[Mapping[str, object]]) -> list[Named]:
    """Return where some sources say they are."""
    return [
        Named(str(each.get("repoURL") or ""), str(each.get("path") or "."), str(each.get("targetRevision") or ""))
        for each in sources
        if each.get("repoURL") and not each.get("chart")
    ]
