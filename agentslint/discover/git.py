"""What git says about a folder: the root of its repository, and the files that it does not ignore."""

from __future__ import annotations

import os
import re
import subprocess

from agentslint.discover.paths import is_link, join
from agentslint.errors import UsageError

_OF_OTHERS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR")
"""Set while git runs a hook; they would turn our questions to another folder."""

_UNREAD = re.compile(r"^warning: could not open directory '(.*?)/?': (.*)$", re.M)


def toplevel(folder: str) -> str | None:
    """Return the root of the repository that `folder` is in; None without git or outside of a repository.

    Raises UsageError where git refuses to look at the repository because it belongs to another user: going on without
    git would lint other paths than usual.
    """
    answer = _git(folder, "rev-parse", "--show-toplevel")
    if answer is None:
        return None
    if answer.returncode == 0:
        return os.fsdecode(answer.stdout.rstrip(b"\n")) or None
    message = os.fsdecode(answer.stderr)
    if "dubious ownership" in message:
        raise UsageError(
            f"git refuses to read the repository of {folder}, which belongs to another user; "
            f"allow it with: git config --global --add safe.directory {folder}"
        )
    return None


def listed(folder: str, root: str) -> tuple[list[str], list[tuple[str, str]]] | None:
    """Return the paths under `folder` (relative to it) that git tracks or would track, and the folders that it could not read, with why.

    `root` is the repository's. Nested repositories and submodules are asked in turn; a file that was deleted may still
    be among the paths. None without git or outside of a repository; raises UsageError where git fails in one.
    """
    answer = _git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if answer is None:
        return None
    if answer.returncode != 0:
        if toplevel(folder) is None:
            return None
        raise UsageError(f"git cannot list the files of {folder}: {os.fsdecode(answer.stderr).strip()}")
    paths: list[str] = []
    unread = [(match.group(1), match.group(2)) for match in _UNREAD.finditer(os.fsdecode(answer.stderr))]
    submodules = os.path.lexists(os.path.join(root, ".gitmodules"))
    for path in filter(None, dict.fromkeys(os.fsdecode(answer.stdout).split("\0"))):
        inner = os.path.join(folder, path.rstrip("/"))
        if (submodules or path.endswith("/")) and _is_repository(inner):
            name = path.rstrip("/")
            nested, more = listed(inner, inner) or ([], [("", "git cannot list this repository")])
            paths += [join(name, each) for each in nested]
            unread += [(join(name, each), reason) for each, reason in more]
        else:
            paths.append(path)
    return paths, unread


def _is_repository(folder: str) -> bool:
    return os.path.lexists(os.path.join(folder, ".git")) and not is_link(folder)


def ignores(folder: str) -> bool:
    """Tell whether git ignores the folder itself."""
    answer = _git(folder, "check-ignore", "-q", ".")
    return answer is not None and answer.returncode == 0


def environment() -> dict[str, str]:
    """Return the environment of every question to git: about the folder that we name, in English, and without a lock on the index."""
    kept = {name: text for name, text in os.environ.items() if name not in _OF_OTHERS}
    return kept | {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}


def _git(folder: str, *arguments: str) -> subprocess.CompletedProcess[bytes] | None:
    try:
        return subprocess.run(["git", "-C", folder, *arguments], env=environment(), stdin=subprocess.DEVNULL, capture_output=True)
    except FileNotFoundError:
        return None
