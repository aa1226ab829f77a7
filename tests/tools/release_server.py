"""A release server on loopback that answers what a test wants, and a stand-in's release to be served by it."""

from __future__ import annotations

import hashlib
import io
import tarfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from agentslint.tools import ToolName
from agentslint.tools.platforms import current_platform
from agentslint.tools.releases import Release

PLATFORM = current_platform()

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Server:
    """An HTTP server on loopback that answers what a test puts under a path, and remembers what it was asked."""

    url: str
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def serve(self, path: str, answer: Answer | bytes) -> str:
        """Put an answer under a path and return its URL."""
        self.answers[path] = answer if callable(answer) else _sending(answer)
        return self.url + path


def _sending(body: bytes) -> Answer:
    def send(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return send


def _not_found(request: BaseHTTPRequestHandler) -> None:
    request.send_error(404)


def serving(wrap: Callable[[ThreadingHTTPServer], str]) -> Iterator[Server]:
    """Run a server until the test is over; `wrap` may put TLS around it and tells the scheme."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(self.path)
            server.answers.get(self.path, _not_found)(self)

        def log_message(self, *_: Any) -> None:
            pass

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.block_on_close = False
    server = Server(f"{wrap(listener)}://localhost:{listener.server_port}")
    threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.closing.set()
    listener.shutdown()
    listener.server_close()


def packed(*members: tuple[str, str]) -> bytes:
    """A gzipped tar archive of executable files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in members:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o755
            archive.addfile(entry, io.BytesIO(content.encode()))
    return buffer.getvalue()


@dataclass(frozen=True)
class Mirror:
    """A mirror of kustomize's release: a working stand-in, its archive, and the path under which it is asked for."""

    content: str
    archive: bytes
    path: str
    release: Release

    @property
    def releases(self) -> dict[ToolName, Release]:
        """The pins by which this archive is the right one."""
        return {"kustomize": self.release}

    def pinning(self, archive: bytes | None) -> dict[ToolName, Release]:
        """The pins by which another archive is the right one; with None, nothing is pinned."""
        sums = {} if archive is None else {PLATFORM.key: hashlib.sha256(archive).hexdigest()}
        return {"kustomize": replace(self.release, checksums=sums)}


def installed(cache: Path) -> Path:
    return cache / "kustomize-5.8.2" / "kustomize"


def files(cache: Path) -> list[str]:
    """What lies in the cache folder, apart from the lock and the memory of answers."""
    paths = (path for path in cache.rglob("*") if path.name not in (".install.lock", "answers.json", "programs.json"))
    return sorted(str(path.relative_to(cache)) for path in paths)
