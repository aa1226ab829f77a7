"""Tells what kustomize fetches from what it reads on disk.

The rules are those of kustomize 5.8: `IsRemoteFile` in api/internal/loader/fileloader.go for files, and
`NewRepoSpecFromURL` in api/internal/git/repospec.go for repositories, retold. A file on disk wins over both; a repository
wins over a folder on disk.
"""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote_plus

from msgspec import Struct

_SCHEMES = ("ssh://", "https://", "http://", "file://")
_USER = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*@")
_GITHUB = re.compile(r"github\.com[/:]", re.I)
"""A host whose addresses kustomize writes anew (`normalizeGithubHostParts`)."""
_NO_SUBMODULES = re.compile(r"(?:^|&)submodules=(?:0|f|F|false|False|FALSE)(?:&|$)")
_PARAMETER = re.compile(r"(?:^|(?<=&))(?P<name>ref|version)=(?P<value>[^&]*)")


class RemoteRepository(Struct, frozen=True):
    """A repository that kustomize clones, with folder and revision.

    `name` is `host/owner/name` (see `repository_name`); `span` is where the URL names the revision, None where it names none.
    `address` is what it hands to git.
    """

    name: str
    folder: str
    revision: str
    span: tuple[int, int] | None
    address: str
    submodules: bool
    """Whether it clones those, too."""


def is_url(text: str) -> bool:
    """Tell whether kustomize gets `text` by HTTP where it expects a file."""
    return text[:8].lower().startswith(("http://", "https://"))


def is_repository(text: str) -> bool:
    """Tell whether kustomize clones `text` with git where it expects a folder."""
    return read_repository(text) is not None


def read_repository(text: str) -> RemoteRepository | None:
    """Return what kustomize clones for `text` where it expects a folder; None where it clones nothing."""
    url, _, query = text.partition("?")
    located = _locate(url)
    found = _split_path(located[1], located[2]) if located else None
    if located is None or found is None:
        return None
    revision, span = _revision(query, len(url) + 1)
    address = located[0] + found[0]
    return RemoteRepository(repository_name(address), found[1].strip("/"), revision, span, address, not _NO_SUBMODULES.search(query))


def repository_name(url: str) -> str:
    """Return `host/owner/name` of a git repository, in lower case: however it is reached, and whoever reaches it.

    Scheme, user, port, `.git` and Azure's `_git/` are left out; a repository on this machine has no host. Never raises.
    """
    _, mark, rest = _without_prefix(url.partition("?")[0], "git::").rpartition("://")
    authority, slash, path = rest.partition("/")
    authority = authority.rpartition("@")[2]
    host, colon, more = authority.partition(":")
    if colon and not mark and not (slash and more.isdigit()):
        path = f"{more}/{path}"
    parts = [part for part in f"{host}/{path}".lower().split("/") if part not in ("", "_git")]
    return "/".join(parts).removesuffix(".git").rstrip("/")


def _locate(url: str) -> tuple[str, str, int] | None:
    """Split into what names the host, and the path in which so many segments are the repository's; None where kustomize sees no host."""
    rest = _without_prefix(url, "git::")
    scheme = next((each for each in _SCHEMES if rest.lower().startswith(each)), "")
    rest = rest[len(scheme) :]
    if scheme == "file://":
        return scheme, rest, 1
    user = _USER.match(rest)
    rest = rest[user.end() :] if user else rest
    if not (scheme or user or _GITHUB.match(rest)):
        return None
    host, path = _split_host(rest, colon=not scheme)
    before = scheme + (user[0] if user else "")
    if _GITHUB.match(rest):
        secure = user or scheme == "ssh://"
        before, host = (user[0] if user else "", "github.com:") if secure else ("https://", "github.com/")
    return (before + host, path, 2) if host else None


def _revision(query: str, start: int) -> tuple[str, tuple[int, int] | None]:
    """The value of `ref`, else of the older `version`, and its place in the URL, whose query begins at `start`."""
    for name in ("ref", "version"):
        for found in _PARAMETER.finditer(query):
            if found["name"] == name and found["value"]:
                return unquote_plus(found["value"]), (start + found.start("value"), start + found.end("value"))
    return "", None


def _without_prefix(text: str, prefix: str) -> str:
    return text[len(prefix) :] if text.lower().startswith(prefix) else text


def _split_host(rest: str, colon: bool) -> tuple[str, str]:
    """Split host and path at the first slash, or at a colon before it in the style of scp (user@host:path)."""
    slash, mark = rest.find("/"), rest.find(":")
    if colon and (slash < 0 or 0 < mark < slash):
        slash = mark
    return (rest[: slash + 1], rest[slash + 1 :]) if slash >= 0 else (rest, "")


def _split_path(path: str, segments: int) -> tuple[str, str] | None:
    """Split a repository's path from the folder in it; None if that is unclear, or the folder leads out of it."""
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
            return None
    climbs = posixpath.normpath(inner.removeprefix("/")).split("/")[0] == ".."
    return (repository, inner) if repository and not climbs else None
