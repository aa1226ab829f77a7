"""Tells what kustomize fetches from what it reads on disk.

The rules are those of kustomize 5.8: `IsRemoteFile` in api/internal/loader/fileloader.go for files, and
`NewRepoSpecFromURL` in api/internal/git/repospec.go for repositories, retold. A file on disk wins over both; a repository
wins over a folder on disk.
"""

from __future__ import annotations

import posixpath
import re

_SCHEMES = ("ssh://", "https://", "http://", "file://")
_USER = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*@")


def is_url(text: str) -> bool:
    """Tell whether kustomize gets `text` by HTTP where it expects a file."""
    return text[:8].lower().startswith(("http://", "https://"))


def is_repository(text: str) -> bool:
    """Tell whether kustomize clones `text` with git where it expects a folder."""
    rest = _without_prefix(text.partition("?")[0], "git::")
    scheme = next((each for each in _SCHEMES if rest.lower().startswith(each)), "")
    rest = rest[len(scheme) :]
    if scheme == "file://":
        return _has_repository_path(rest, segments=1)
    user = _USER.match(rest)
    rest = rest[user.end() :] if user else rest
    github = rest.lower().startswith(("github.com/", "github.com:"))
    if not (scheme or user or github):
        return False
    host, path = _split_host(rest, colon=not scheme)
    return bool(host) and _has_repository_path(path, segments=2)


def _without_prefix(text: str, prefix: str) -> str:
    return text[len(prefix) :] if text.lower().startswith(prefix) else text


def _split_host(rest: str, colon: bool) -> tuple[str, str]:
    """Split host and path at the first slash, or at a colon before it in the style of scp (user@host:path)."""
    slash, mark = rest.find("/"), rest.find(":")
    if colon and (slash < 0 or 0 < mark < slash):
        slash = mark
    return (rest[: slash + 1], rest[slash + 1 :]) if slash >= 0 else (rest, "")


def _has_repository_path(path: str, segments: int) -> bool:
    """Tell whether a repository's path can be told from the folder in it, and the folder does not climb out of it."""
    if "_git/" in path:
        head, _, tail = path.partition("_git/")
        name, _, inner = tail.partition("/")
        repository = f"{head}_git/{name}"
    elif "//" in path:
        repository, _, inner = path.partition("//")
    elif ".git" in path:
        repository, _, inner = path.partition(".git")
        repository += ".git"
    elif segments == 1:
        repository, inner = path, ""
    else:
        parts = path.split("/")
        repository, inner = "/".join(parts[:segments]), "/".join(parts[segments:])
        if len(parts) < segments:
            return False
    return bool(repository) and posixpath.normpath(inner.removeprefix("/")).split("/")[0] != ".."
