"""The access of each kind of program: the paths that it may read, write and execute."""

from __future__ import annotations

import contextlib
import glob
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping

from msgspec import Struct

from agentslint import files
from agentslint.confine import EXECUTE, OPEN_FOR_WRITING, READ, READ_FILE, WRITE

Grant = tuple[str, int]

_SYSTEM = ("/usr", "/bin", "/sbin", "/nix/store", "/gnu/store", *glob.glob("/lib*"))
_SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime", *glob.glob("/etc/ld-musl-*.path"))
_DEVICES = {"/dev/null": OPEN_FOR_WRITING, "/dev/urandom": READ_FILE, "/dev/random": READ_FILE}
_OF_THE_NETWORK = (
    "/etc/ssl/certs", "/etc/ssl/cert.pem", "/etc/ssl/openssl.cnf", "/etc/pki/tls/certs", "/etc/pki/tls/cert.pem", "/etc/pki/ca-trust",
    "/etc/ca-certificates", "/etc/resolv.conf", "/etc/hosts", "/etc/host.conf", "/etc/nsswitch.conf", "/etc/gai.conf", "/etc/services",
    "/etc/protocols",
)  # fmt: skip
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "NIX_SSL_CERT_FILE", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "CURL_CA_BUNDLE")
"""Variables by which the user names certificates: renderers get them and may read those."""
_SHELL = "/bin/sh"
_COMMANDS = ("cat", "cp", "mkdir")
"""Besides the shell: commands of our shim for helm, and of git for a repository on this machine."""
_INTERPRETER = re.compile(rb"(/[\w./+-]+/ld[\w.+-]*\.so[.\d]*)\0")
_PAGE = 4096


class Access(Struct, frozen=True):
    """The paths that a renderer may use besides the system's own files.

    It reads the repository at `root` except its `.git`, and `read`; it writes `write` only, and executes `programs`. With `once` it is
    for a single start, and not shared with others. With `required` nothing starts if the kernel cannot confine it.
    """

    root: str = ""
    read: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    once: bool = False
    required: bool = False


def for_renderer(access: Access, environ: Mapping[str, str], *, online: bool) -> Iterator[Grant]:
    """Yield the rights of a renderer: none in /proc, in /sys or in the user's home."""
    yield from _DEVICES.items()
    yield from ((path, READ) for path in (*_SYSTEM, *_SYSTEM_FILES, "/etc/gitconfig", *access.read))
    yield from _repository(access.root)
    yield from ((path, WRITE) for path in access.write)
    named = [path for name in CERTIFICATES for path in environ.get(name, "").split(os.pathsep) if path]
    yield from ((path, READ) for path in (*_OF_THE_NETWORK, *named) if online)
    yield from _executed(*access.programs, _SHELL, *_found(("sh", *_COMMANDS), environ))
    yield from _git(environ)


def for_git(environ: Mapping[str, str]) -> Iterator[Grant]:
    """Yield the rights of git for our questions: it may execute no filter, hook or helper, and no shell.

    Nothing for a git that is a script, which may start anything.
    """
    if any(map(is_script, _found(("git",), environ))):
        return
    yield from _DEVICES.items()
    yield "/", READ
    with contextlib.suppress(FileNotFoundError):
        yield tempfile.gettempdir(), WRITE
    yield from _git(environ)


def is_script(path: str) -> bool:
    """Tell whether a program is a script, which may start anything."""
    try:
        with files.stored(path) as program:
            return program.read(2) == b"#!"
    except OSError:
        return False


def _repository(root: str) -> Iterator[Grant]:
    """The kernel only adds rights: where there is a `.git` (a token may stand in its configuration), all that stands beside it.

    Nothing is granted for a link: if it leads to another place of the repository, that has its own right.
    """
    if not root:
        return
    entries = list(_entries(root))
    nested = {entry.path for entry in entries if entry.is_dir(follow_symlinks=False) and os.path.lexists(f"{entry.path}/.git")}
    if not nested and not os.path.lexists(f"{root}/.git"):
        yield root, READ
        return
    for entry in entries:
        if entry.path in nested:
            yield from _repository(entry.path)
        elif entry.name != ".git" and not entry.is_symlink():
            yield entry.path, READ


def _entries(folder: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            yield from found
    except OSError:
        return


def _git(environ: Mapping[str, str]) -> Iterator[Grant]:
    """git, and the folder of its commands, which need not stand beside it."""
    for git in _found(("git",), environ):
        yield from _executed(git)
        prefix = os.path.dirname(os.path.dirname(os.path.realpath(git)))
        folders = (environ.get("GIT_EXEC_PATH", ""), *(f"{prefix}/{name}/git-core" for name in ("lib", "libexec", "lib64")))
        yield from ((folder, EXECUTE | READ) for folder in folders if folder)


def _found(names: tuple[str, ...], environ: Mapping[str, str]) -> list[str]:
    path = environ.get("PATH", os.defpath)
    return [found for name in names if (found := shutil.which(name, path=path))]


def _executed(*programs: str) -> Iterator[Grant]:
    """Programs, and the loader of shared libraries that the kernel starts for each."""
    for program in programs:
        yield program, EXECUTE
        yield from ((loader, EXECUTE) for loader in _loaders(program))


def _loaders(program: str) -> list[str]:
    try:
        with files.stored(program) as file:
            return [os.fsdecode(found) for found in _INTERPRETER.findall(file.read(_PAGE))]
    except OSError:
        return []
