"""Whether a packet leaves: the kernel's own account of it, and a server that counts who knocks."""

from __future__ import annotations

import re
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

_SENT = re.compile(r"\b(connect|sendto|sendmsg|sendmmsg)\(.*sa_family=AF_INET6?\b.*")
_DISCARDED = re.compile(r'htons\(9\).*"127\.0\.0\.1"')
"""The proxy of a run without network, where nobody listens."""
_REFUSED = re.compile(r"= -1 (EPERM|EACCES|EAFNOSUPPORT)\b")


@cache
def strace() -> str | None:
    """Where strace is; None where there is none, so that only connections to our own server are seen."""
    return shutil.which("strace")


def watching(log: Path) -> list[str]:
    """The words in front of a command that let strace write down what it sends."""
    return [strace() or "strace", "-f", "-qq", "-e", "trace=network", "-e", "signal=none", "-s", "64", "-o", str(log)]


def packets(log: Path) -> list[str]:
    """What strace saw leave, without what the kernel refused."""
    lines = log.read_text("utf-8", "replace").splitlines() if log.exists() else []
    sent = (match.group(0) for line in lines if (match := _SENT.search(line)))
    return sorted({line for line in sent if not _REFUSED.search(line) and not _DISCARDED.search(line)})


class Door:
    """A port of loopback that closes every connection and counts them."""

    def __init__(self) -> None:
        self.knocks = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]

    def answer(self) -> None:
        """Take connections until the port is closed."""
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.knocks += 1
            connection.close()

    def close(self) -> None:
        # A thread that waits in accept() is woken by a shutdown only.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@contextmanager
def door() -> Iterator[Door]:
    """Have a port that counts knocks."""
    opened = Door()
    thread = threading.Thread(target=opened.answer, daemon=True)
    thread.start()
    try:
        yield opened
    finally:
        opened.close()
        thread.join(5)
