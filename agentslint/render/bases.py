"""Remote bases, fetched by our own git with the user's credentials, and served from there to every render.

kustomize alone clones each base anew for each target that refers to it, in an environment that holds no credentials here. The files
that git would check out are kept: of a commit in the user's cache, of a branch or tag for one run.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from msgspec import Struct

from agentslint import files
from agentslint.children import Profile
from agentslint.model import Base, RemoteReference
from agentslint.render.fetched import Fetched
from agentslint.render.options import Limits
from agentslint.render.process import ProcessGroup, run
from agentslint.render.pull import OfflineError, PullError

_SETTINGS = (
    "core.hooksPath=/dev/null", "core.fsmonitor=false", "gc.auto=0", "maintenance.auto=false", "advice.detachedHead=false",
    "submodule.recurse=false",
)  # fmt: skip
_PROTOCOLS = "http:https:ssh:git"
_LOCAL = "file"
_VARIABLE = "GIT_ALLOW_PROTOCOL"
_HTTP = re.compile(r"https?://", re.I)
_MARKED = re.compile(r"//|_git/|\.git(?:/|$)")
_SUBMODULE = "160000 "


def surely_cloned(remote: RemoteReference) -> bool:
    """Tell whether an entry can only be a repository: what begins with https kustomize gets as a file first."""
    if remote.base is None:
        return False
    rest = _HTTP.sub("", remote.url, count=1)
    return not _HTTP.match(remote.url) or bool(_MARKED.search(rest.partition("?")[0]))


class BaseCache(Struct, dict=True):
    """Trees by repository and revision in `folder`; those of branches and tags live in `run_folder`, for one run."""

    folder: Path
    run_folder: Path
    environ: Mapping[str, str]
    group: ProcessGroup
    offline: bool = False

    def __post_init__(self) -> None:
        self._fetched: Fetched[Base] = Fetched(
            self.run_folder, lambda base: (base.url, base.ref, "yes" if base.submodules else "no"), self.group
        )

    @property
    def index(self) -> Path:
        """The file that the shim reads: URL, revision, whether with submodules, and the tree; between them tabs."""
        return self._fetched.index

    def holds(self, base: Base) -> bool:
        """Tell whether a base can be had without network."""
        if _is_local(base) and _LOCAL not in _protocols(self.environ):
            return False
        return base.pinned and self._place(base.plain).is_dir() and (not base.submodules or self._kept(base) is not None)

    def provide(self, base: Base, limits: Limits) -> None:
        """Have a base at hand; raises PullError (the same one for the same base). May be called from several threads."""
        for each in dict.fromkeys((base.plain, base)):
            self._fetched.provide(each, partial(self._find_or_fetch, each, limits))

    def _place(self, base: Base) -> Path:
        return (self.folder if base.pinned else self.run_folder) / _slug(base)

    def _kept(self, base: Base) -> Path | None:
        """The tree of a base that is there; where there are no submodules, it is the same with them."""
        plain = self._place(base.plain)
        if base.submodules and plain.is_dir() and not (plain / "git").is_dir():
            return plain / "tree"
        place = self._place(base)
        return place / "tree" if place.is_dir() else None

    def _find_or_fetch(self, base: Base, limits: Limits) -> Path:
        if _is_local(base) and _LOCAL not in _protocols(self.environ):
            # Whoever writes the entry could have any repository of this machine read, with the user's rights.
            raise PullError(f"{base} is on this machine and is not read; allow it with {_VARIABLE}={_LOCAL}:{_PROTOCOLS}")
        if kept := self._kept(base):
            return kept
        if self.offline:
            raise OfflineError(f"{base} {_absence(base)} and the network is off (--offline)")
        place = self._place(base)
        self._fetched.keep(place, limits, lambda part: self._fetch(base, part, limits))
        return place / "tree"

    def _fetch(self, base: Base, part: Path, limits: Limits) -> None:
        part.mkdir()
        fetch = _Fetch(base, part / "tree", self.environ, self.group, limits)
        if base.submodules:
            fetch.submodules(self._place(base.plain))
        else:
            fetch.plain()


def _row(base: Base) -> tuple[str, str, str]:
    """Return the words of the shim's index that name a base."""
    return base.url, base.ref, "yes" if base.submodules else "no"


class _Fetch(Struct, frozen=True):
    """One base on its way into `tree`."""

    base: Base
    tree: Path
    environ: Mapping[str, str]
    group: ProcessGroup
    limits: Limits

    def plain(self) -> None:
        """Check the revision out; git's own folder stays beside the tree where there are submodules to come."""
        if re.search(r"[\0\n\t]", self.base.url + self.base.ref) or self.base.url.startswith("-"):
            raise PullError(f"{self.base} contains a character that addresses and revisions cannot have")
        self.tree.mkdir()
        self._git("init", "--quiet", "--template=")
        self._git("remote", "add", "--", "origin", self.base.url)
        self._git("fetch", "--quiet", "--depth=1", "--no-tags", "--end-of-options", self.base.url, self.base.ref)
        self._git("checkout", "--quiet", "--detach", "FETCH_HEAD")
        listed = self._git("ls-files", "--stage")
        os.replace(self.tree / ".git", self.tree.with_name("git"))
        if not any(line.startswith(_SUBMODULE) for line in listed.splitlines()):
            shutil.rmtree(self.tree.with_name("git"))
        _without_ways_out(self.tree)

    def submodules(self, plain: Path) -> None:
        """Add the submodules to a copy of what has been checked out."""
        shutil.copytree(plain / "tree", self.tree, symlinks=True)
        shutil.copytree(plain / "git", self.tree / ".git", symlinks=True)
        self._git("submodule", "--quiet", "update", "--init", "--recursive")
        for folder, folders, names in os.walk(self.tree):
            if ".git" in folders:
                folders.remove(".git")
                shutil.rmtree(os.path.join(folder, ".git"))
            if ".git" in names:
                os.unlink(os.path.join(folder, ".git"))  # noqa: PTH108
        _without_ways_out(self.tree)

    def _git(self, *words: str) -> str:
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        allowed = [each for each in _protocols(self.environ) if each != _LOCAL or _is_local(self.base)]
        environ = {
            **self.environ,
            "LC_ALL": "C",
            "GIT_TERMINAL_PROMPT": "0",
            "GCM_INTERACTIVE": "never",
            "GIT_OPTIONAL_LOCKS": "0",
            _VARIABLE: ":".join(allowed),
        }
        git = shutil.which("git", path=self.environ.get("PATH", os.defpath))
        if git is None:
            raise PullError(f"{self.base} cannot be fetched: git is not installed")
        command = [git, *settings, *words]
        done = run(command, profile=Profile.FREE, environ=environ, cwd=self.tree, limits=self.limits, group=self.group, silent=True)
        if done.breach:
            raise PullError(f"{self.base}: git {words[0]} {self.limits.breach(done.breach)}")
        if done.status:
            raise PullError(f"{self.base} could not be fetched: {_cause(done.stderr)}")
        return done.stdout.decode("utf-8", "replace")


def _protocols(environ: Mapping[str, str]) -> list[str]:
    """The transports that git may use: those that the user names, else the network's."""
    return environ.get(_VARIABLE, _PROTOCOLS).split(":")


def _is_local(base: Base) -> bool:
    return base.url.lower().startswith(f"{_LOCAL}:")


def _without_ways_out(tree: Path) -> None:
    """Remove links that lead out of a repository: a stranger's chart could show files of this machine by them."""
    top = os.path.realpath(tree)
    for folder, folders, names in os.walk(top):
        for name in (*folders, *names):
            path = os.path.join(folder, name)
            if os.path.islink(path) and files.leads_out(top, path, os.path.realpath(path)):  # noqa: PTH114
                os.unlink(path)  # noqa: PTH108


def _cause(stderr: str) -> str:
    """The line in which git says why; the lines after that are advice."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    told = next((line for line in lines if line.startswith(("fatal: ", "error: "))), lines[-1] if lines else "git gave no reason")
    rejected = next((line.removeprefix("remote: ") for line in lines if line.startswith(("remote: ", "ssh: "))), "")
    told = re.sub(r"^(?:fatal|error): (?:unable to access '[^']*': )?", "", told)
    return f"{told} ({rejected})" if rejected and "Could not read" in told else told


def _absence(base: Base) -> str:
    return "is not in the cache" if base.pinned else "is not pinned to a full commit ID"


def _slug(base: Base) -> str:
    name = re.sub(r"[^A-Za-z0-9.]+", "-", f"{re.split('[/:]', base.url.rstrip('/'))[-1]}-{base.ref}")[:60].strip("-.")
    words = "\0".join((base.url, base.ref))
    import hashlib

    return f"{name}-{hashlib.sha256(words.encode()).hexdigest()[:12]}{'-submodules' if base.submodules else ''}"
