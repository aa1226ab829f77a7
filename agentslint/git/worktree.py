"""What git says about a folder: the root of its repository, and the files that it does not ignore."""

from __future__ import annotations

import os
import re

from agentslint.errors import UsageError
from agentslint.git.command import Git, GitError
from agentslint.git.root import fault, root_of

_UNREAD = re.compile(r"^warning: could not open directory '(.*?)/?': (.*)$", re.M)


def toplevel(folder: str) -> str | None:
    """Return the root of the repository that `folder` is in, that is the nearest folder with a `.git`; None where there is none.

    Raises UsageError where git does not read it: going on without git would lint other paths than usual.
    """
    top = root_of(folder)
    if top is None:
        return None
    try:
        Git(top, network=False).check()
    except GitError as error:
        raise UsageError(_without_git(top, error)) from None
    return top


def listed(folder: str, root: str) -> tuple[list[str], list[tuple[str, str]]] | None:
    """Return the paths under `folder` (relative to it) that git tracks or would track, and the folders that it could not read, with why.

    `root` is the repository's. Nested repositories and submodules are asked in turn; a file that was deleted may still
    be among the paths. None outside of a repository; raises UsageError where git fails in one.
    """
    top = root_of(folder)
    if top is None:
        return None
    here = _inside(folder, top)
    # Whatever git lists lies below the folder: where it is a submodule that is not checked out, git would list the folder itself.
    only = ("--", f":(top,literal){here}") if here else ()
    said, complaints = _asked(top, "ls-files", "-z", "--cached", "--others", "--exclude-standard", *only)
    paths: list[str] = []
    unread = [(match.group(1)[len(here) :].lstrip("/"), match.group(2)) for match in _UNREAD.finditer(complaints)]
    submodules = os.path.lexists(os.path.join(root, ".gitmodules"))
    below = f"{here}/" if here else ""
    for each in filter(None, dict.fromkeys(said.split("\0"))):
        path = each[len(below) :]
        inner = os.path.join(folder, path.rstrip("/"))
        if not path or not each.startswith(below):
            continue
        if (submodules or path.endswith("/")) and _is_repository(inner):
            name = path.rstrip("/")
            nested, more = _nested(inner)
            paths += [f"{name}/{each}" for each in nested]
            unread += [(f"{name}/{each}".rstrip("/"), reason) for each, reason in more]
        else:
            paths.append(path)
    return paths, unread


def ignores(folder: str) -> bool:
    """Tell whether git ignores the folder itself."""
    top = root_of(folder)
    if top is None:
        return False
    return Git(top, network=False).run("check-ignore", "-q", "--", f"./{_inside(folder, top)}").returncode == 0


def _nested(folder: str) -> tuple[list[str], list[tuple[str, str]]]:
    try:
        return listed(folder, folder) or ([], [])
    except UsageError as error:
        return [], [("", str(error))]


def _asked(top: str, *words: str) -> tuple[str, str]:
    """What git prints and what it warns of."""
    if reason := fault(top):
        raise UsageError(reason)
    try:
        done = Git(top, network=False).run(*words)
    except GitError as error:
        raise UsageError(_without_git(top, error)) from None
    if done.returncode != 0:
        toplevel(top)
        raise UsageError(f"git cannot list the files of {top}: {os.fsdecode(done.stderr).strip()}")
    return os.fsdecode(done.stdout), os.fsdecode(done.stderr)


def _inside(folder: str, top: str) -> str:
    path = os.path.relpath(os.path.realpath(folder), top)
    return "" if path == "." else path


def _is_repository(folder: str) -> bool:
    return os.path.lexists(os.path.join(folder, ".git")) and not os.path.islink(folder)  # noqa: PTH114


def _without_git(top: str, error: GitError) -> str:
    return str(error) if top in str(error) else f"{error}, and {top} is a git repository; install git, or lint a copy without its .git"
