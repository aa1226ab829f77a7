"""The one door to files that somebody else wrote, and to places that somebody else prepared.

A repository under review may hold anything where a manifest is expected: a pipe that never ends, a device, a link to the user's keys.
So a read opens without blocking, takes regular files only, at most so many bytes of them, and none outside of the repository; a write
into a staged copy never leaves it, and a report never goes through a link of the repository to a place outside.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from functools import lru_cache
from typing import IO

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
_MOST_LINKS = 40
"""As many links in a row as Linux follows."""
_READING = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
_WRITING = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
_LANDED = "/proc/self/fd/%d" if sys.platform == "linux" else ""
"""Where the kernel says which file a descriptor is of."""


class OutsideError(OSError):
    """A path that leads out of the repository, or into its `.git`."""


def read(path: str | os.PathLike[str], limit: int = MANIFEST) -> bytes:
    """Return the bytes of a file that is ours or that the user named; raises OSError, also for what is no regular file or too large."""
    full = os.fspath(path)
    descriptor = _opened(full)
    try:
        return _content(descriptor, full, limit)
    finally:
        os.close(descriptor)


def read_in(root: str | os.PathLike[str], path: str | os.PathLike[str], limit: int = MANIFEST) -> bytes:
    """Return the bytes of a file of the repository at `root`; `path` is relative to it, or absolute.

    Raises OutsideError for a path that leads out of the repository, and OSError as `read` does. On Linux the file that was
    opened is judged; elsewhere its name, right after it was opened.
    """
    top = os.fspath(root)
    full = os.path.join(top, path)
    try:
        descriptor = _opened(full)
    except OSError:
        _refuse(top, full)
        raise
    try:
        if not _is_plainly_in(top, descriptor):
            _refuse(top, full)
        return _content(descriptor, full, limit)
    finally:
        os.close(descriptor)


def read_found(path: str | os.PathLike[str], limit: int) -> bytes:
    """Return the bytes of a file that was found in some repository, nobody knows yet in which; raises OSError as `read_in` does."""
    if os.path.lexists(path):
        _refuse_stray(path)
    return read(path, limit)


def text_in(root: str | os.PathLike[str], path: str | os.PathLike[str], limit: int = KUSTOMIZATION) -> str:
    """Return the text of a file of the repository, whatever its bytes are; raises OSError as `read_in` does."""
    return read_in(root, path, limit).decode("utf-8-sig", "replace")


def is_file_in(root: str | os.PathLike[str], path: str | os.PathLike[str]) -> bool:
    """Tell whether a path is a regular file of the repository at `root`, so that `read_in` would read it."""
    full = os.path.join(root, path)
    try:
        return "\0" not in full and stat.S_ISREG(os.stat(full).st_mode) and way_out(root, full) is None
    except (OSError, ValueError):
        return False


def way_out(root: str | os.PathLike[str], path: str | os.PathLike[str]) -> str | None:
    """Return where a path leads if that is outside of the repository or in its `.git`, else None.

    A path that climbs out by `..` alone, without any link, counts as inside where there is no git: the root is then only the
    folder in which the user stands.
    """
    top = os.path.realpath(root)
    full = os.path.join(top, path)
    return leads_out(top, full, os.path.realpath(full))


def leads_out(top: str, full: str, real: str) -> str | None:
    """Do what `way_out` does for a path of which somebody knows where it really leads."""
    if real == top or real.startswith(top.rstrip("/") + "/"):
        return real if is_of_git(real[len(top) :]) else None
    written = os.path.normpath(full)
    climbs = not written.startswith(top.rstrip("/") + "/")
    return None if climbs and real == written and not os.path.lexists(os.path.join(top, ".git")) else real


def is_of_git(path: str) -> bool:
    """Tell whether a path in a repository is git's own: `.git/config` may hold a token."""
    return ".git" in path and ".git" in path.split("/")


def kind_of(full: str) -> str:
    """Say what stands at a path instead of a regular file; "" for a regular file and for nothing. Raises nothing."""
    try:
        return _kind(os.stat(full).st_mode)
    except (OSError, ValueError):
        return ""


def stray_link(path: str | os.PathLike[str]) -> tuple[str, str] | None:
    """Return the link on the way of a path that leads out of the repository in which it stands, and where it leads.

    Without git the folder in which the user stands counts as the repository. Links that lie in no repository are the user's own.
    A link is followed before `..` goes up, as the kernel does it: `link/../name` need not be beside the link.
    """
    here = os.path.realpath(os.curdir)
    at, links = "/", 0
    waiting = os.path.join(here, path).split("/")[::-1]
    while waiting:
        part = waiting.pop()
        full = os.path.dirname(at) if part == os.pardir else at if part in ("", os.curdir) else os.path.join(at, part)
        if full != at and os.path.islink(full):
            links += 1
            if (leads := _strays(full, here)) or links > _MOST_LINKS:
                return (full, leads) if leads else None
            target = os.readlink(full)
            waiting += target.split("/")[::-1]
            full = "/" if target.startswith("/") else at
        at = full
    return None


def _strays(link: str, here: str) -> str | None:
    """Where a link leads if that is outside of its repository, else None."""
    folder, real = os.path.dirname(link), os.path.realpath(link)
    top = repository_of(folder) or (here if _below(here, folder) else None)
    return real if top is not None and (not _below(top, real) or is_of_git(real[len(top) :])) else None


def repository_of(folder: str) -> str | None:
    """Return the nearest folder with a `.git` from `folder` upward; None where there is none."""
    while not os.path.lexists(os.path.join(folder, ".git")):
        folder, before = os.path.dirname(folder), folder
        if folder == before:
            return None
    return folder


def write_in(stage: str | os.PathLike[str], path: str, data: bytes, mode: int = 0o666) -> None:
    """Write a file of a staged copy, the folders above it too; raises OutsideError where a link leads out of the stage."""
    top = _resolved(os.fspath(stage))
    real = os.path.realpath(os.path.join(top, path))
    if not real.startswith(top + "/"):
        raise OutsideError(errno.EXDEV, f"it leads out of the staged copy, to {real}", path)
    try:
        descriptor = os.open(real, _WRITING, mode)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(real), exist_ok=True)
        descriptor = os.open(real, _WRITING, mode)
    _fill(descriptor, data)


@lru_cache(maxsize=8)
def _resolved(stage: str) -> str:
    """Stages are ours, so that where one lies need be found out once."""
    return os.path.realpath(stage)


def copy_in(root: str | os.PathLike[str], path: str, stage: str | os.PathLike[str]) -> None:
    """Copy a file of the repository into a staged copy, at the same path; it may be executed there if it may be here."""
    data = read_in(root, path)
    write_in(stage, path, data, 0o777 if os.access(os.path.join(root, path), os.X_OK) else 0o666)


def write(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a file of our own, in a folder of our own; raises OSError."""
    _fill(os.open(path, _WRITING, 0o666), data)


def create(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a file that is not there yet; raises FileExistsError where anything stands there, be it a link to nowhere."""
    _fill(os.open(path, _WRITING | os.O_EXCL, 0o666), data)


def save(path: str | os.PathLike[str], data: bytes) -> None:
    """Replace a file that the user named, as `replace` does; raises OutsideError for a link on its way that leads out of a repository."""
    _refuse_stray(path)
    replace(path, data)


def replace(path: str | os.PathLike[str], data: bytes) -> None:
    """Replace a file at once, or leave it as it was; raises OSError that names it."""
    try:
        _replace(os.path.realpath(path), data)
    except OSError as error:
        # What is written first is a file beside it, of which nobody else knows.
        raise OSError(error.errno, error.strerror or str(error), os.fspath(path)) from None


def _replace(real: str, data: bytes) -> None:
    import tempfile

    try:
        descriptor, name = tempfile.mkstemp(dir=os.path.dirname(real), prefix=".agentslint-")
    except PermissionError:
        # The folder takes no new file, but the file itself may be written.
        write(real, data)
        return
    try:
        os.fchmod(descriptor, _mode(real))
        _fill(descriptor, data)
        os.replace(name, real)
    except BaseException:
        # A signal may come when it has its place already.
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise


def append(path: str | os.PathLike[str], data: bytes) -> None:
    """Write to what is no file of its own: a pipe, `/dev/stdout`; raises OSError, and OutsideError as `save` does."""
    _refuse_stray(path)
    _fill(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC), data)


def null(*, writing: bool) -> int:
    """Return a descriptor of the device that takes anything and holds nothing."""
    return os.open(os.devnull, os.O_WRONLY if writing else os.O_RDONLY)


def stream(descriptor: int, mode: str) -> IO[str]:
    """Return a stream of text over a descriptor."""
    return open(descriptor, mode, encoding="utf-8")


def writer(path: str | os.PathLike[str]) -> IO[bytes]:
    """Return an open file of our own, for what comes in pieces."""
    return os.fdopen(os.open(path, _WRITING, 0o666), "wb")


def stored(path: str | os.PathLike[str]) -> IO[bytes]:
    """Return an open file that is ours or the user's own, for what is read in pieces; raises OSError as `read` does."""
    return os.fdopen(_opened(os.fspath(path)), "rb")


def _opened(full: str) -> int:
    """Open a regular file without waiting for anything; raises OSError that names what it is instead."""
    if "\0" in full:
        raise OSError(errno.EINVAL, "the path holds a NUL character", full)
    _expect_file(os.stat(full).st_mode, full)
    return os.open(full, _READING)


def _expect_file(mode: int, full: str) -> None:
    if kind := _kind(mode):
        raise OSError(errno.EISDIR if kind == "a folder" else errno.EINVAL, f"it is {kind}, not a file", full)


def _kind(mode: int) -> str:
    return "" if stat.S_ISREG(mode) else next((name for test, name in _KINDS if test(mode)), "no regular file")


def _content(descriptor: int, full: str, limit: int) -> bytes:
    status = os.fstat(descriptor)
    _expect_file(status.st_mode, full)
    if status.st_size > limit:
        raise _too_large(full, limit)
    data = os.read(descriptor, status.st_size + 1)
    if len(data) == status.st_size:
        return data
    pieces = [data]
    size = len(data)
    while piece := os.read(descriptor, _PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise _too_large(full, limit)
    return b"".join(pieces)


def _too_large(full: str, limit: int) -> OSError:
    return OSError(errno.EFBIG, f"it is larger than {limit >> 20} MiB", full)


def _is_plainly_in(top: str, descriptor: int) -> bool:
    """Tell, without a look at every folder of a path, that an open file is in the repository: the kernel knows where it is."""
    try:
        real = os.readlink(_LANDED % descriptor) if _LANDED else ""
    except OSError:
        return False
    return real.startswith(top.rstrip("/") + "/") and not is_of_git(real[len(top) :])


def _refuse(top: str, full: str) -> None:
    leads = None if "\0" in full else way_out(top, full)
    if leads is not None:
        raise OutsideError(errno.EXDEV, f"it leads out of the repository, to {leads}", full)


def _refuse_stray(path: str | os.PathLike[str]) -> None:
    if stray := stray_link(path):
        raise OutsideError(errno.EXDEV, f"{stray[0]} is a link out of the repository, to {stray[1]}", os.fspath(path))


def _below(top: str, path: str) -> bool:
    return path == top or path.startswith(top.rstrip("/") + "/")


def _mode(path: str) -> int:
    """The mode of the file that is replaced, else what a new file would get."""
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _fill(descriptor: int, data: bytes) -> None:
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
