"""The one door to files that somebody else wrote, and to places that somebody else prepared.

A repository under review may hold anything where a manifest is expected: a pipe that never ends, a device, a link to the user's keys.
So a read opens without blocking, takes regular files only, at most so many bytes of them, and none outside of the repository; a write
into a staged copy never leaves it.
"""

from __future__ import annotations

import errno
import os
import stat
from functools import lru_cache

MANIFEST = 256 << 20
"""Bytes that a manifest, a rendered stream, or a file of a chart may have."""
BASELINE = 64 << 20
KUSTOMIZATION = 16 << 20
"""Bytes that a kustomization, a values file, or source text that a report quotes may have."""
CONFIGURATION = 1 << 20

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_PIECE = 1 << 20


class OutsideError(OSError):
    """A path that leads out of the repository, or into its `.git`."""


def read(path: str | os.PathLike[str], limit: int = MANIFEST) -> bytes:
    """Return the bytes of a file that is ours or that the user named; raises OSError, also for what is no regular file or too large."""
    full = os.fspath(path)
    if "\0" in full:
        raise OSError(errno.EINVAL, "the path holds a NUL character", full)
    descriptor = os.open(full, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY) if _is_regular(full) else -1
    try:
        return _content(descriptor, full, limit)
    finally:
        os.close(descriptor)


def read_in(root: str | os.PathLike[str], path: str | os.PathLike[str], limit: int = MANIFEST) -> bytes:
    """Return the bytes of a file of the repository at `root`; `path` is relative to it, or absolute.

    Raises OutsideError for a path that leads out of the repository, and OSError as `read` does.
    """
    full = os.path.join(root, path)
    if "\0" in full:
        raise OSError(errno.EINVAL, "the path holds a NUL character", full)
    leads = way_out(root, path)
    if leads is not None:
        raise OutsideError(errno.EXDEV, f"it leads out of the repository, to {leads}", full)
    return read(full, limit)


def way_out(root: str | os.PathLike[str], path: str | os.PathLike[str]) -> str | None:
    """Return where a path leads if that is outside of the repository or in its `.git`, else None.

    A path that climbs out by `..` alone, without any link, counts as inside where there is no git: the root is then only the
    folder in which the user stands.
    """
    top = os.path.realpath(root)
    full = os.path.join(top, path)
    real = _real(full)
    if real == top or real.startswith(top.rstrip("/") + "/"):
        return real if ".git" in real[len(top) :].split("/") else None
    written = os.path.normpath(full)
    climbs = not written.startswith(top.rstrip("/") + "/")
    return None if climbs and real == written and not os.path.lexists(os.path.join(top, ".git")) else real


def write_in(stage: str | os.PathLike[str], path: str, data: bytes) -> None:
    """Write a file of a staged copy, the folders above it too; raises OutsideError where a link leads out of the stage."""
    top = os.path.realpath(stage)
    real = os.path.realpath(os.path.join(top, path))
    if not real.startswith(top + "/"):
        raise OutsideError(errno.EXDEV, f"it leads out of the staged copy, to {real}", path)
    os.makedirs(os.path.dirname(real), exist_ok=True)  # noqa: PTH103
    descriptor = os.open(real, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    with open(descriptor, "wb") as file:  # noqa: PTH123
        file.write(data)


def _is_regular(full: str) -> bool:
    """Tell that a path names a regular file; raises OSError that names what it is instead."""
    mode = os.stat(full).st_mode  # noqa: PTH116
    if stat.S_ISREG(mode):
        return True
    kind = next((name for test, name in _KINDS if test(mode)), "no regular file")
    raise OSError(errno.EISDIR if kind == "a folder" else errno.EINVAL, f"it is {kind}, not a file", full)


def _content(descriptor: int, full: str, limit: int) -> bytes:
    size = os.fstat(descriptor).st_size
    if size > limit:
        raise OSError(errno.EFBIG, f"it is larger than {limit >> 20} MiB", full)
    data = os.read(descriptor, size + 1)
    while piece := os.read(descriptor, _PIECE):
        data += piece
        if len(data) > limit:
            raise OSError(errno.EFBIG, f"it is larger than {limit >> 20} MiB", full)
    return data


def _real(full: str) -> str:
    """The real path; that of the folder is remembered, since many files of one folder are read."""
    folder, _, name = full.rpartition("/")
    if name in ("", ".", ".."):
        return os.path.realpath(full)
    inside = os.path.join(_real_folder(folder or "/"), name)
    return os.path.realpath(inside) if os.path.islink(inside) else inside  # noqa: PTH114


@lru_cache(maxsize=4096)
def _real_folder(folder: str) -> str:
    return os.path.realpath(folder)
