"""What the real kustomize asks the network for: a git that only notes its arguments, and a proxy that only notes its requests."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

GIT = '#!/bin/sh\necho "$@" >> "$ASKED"\ncase $1 in init|remote) exit 0 ;; esac\nexit 1\n'
HELM = "#!/bin/sh\necho v3.14.0\n"


class _Proxy(BaseHTTPRequestHandler):
    def _note(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        self.send_error(403)

    do_GET = do_CONNECT = _note  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Network:
    """Runs kustomize; `asked` are the hosts and repositories that it wanted."""

    def __init__(self, kustomize: Path, folder: Path, server: ThreadingHTTPServer) -> None:
        self._kustomize = kustomize
        self._server = server
        self._log = folder / "asked"
        for name, script in (("git", GIT), ("helm", HELM)):
            (folder / name).write_text(script)
            (folder / name).chmod(0o755)
        proxy = f"http://127.0.0.1:{server.server_address[1]}"
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), proxy)
        self._environ = {"PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(folder), "ASKED": str(self._log), **proxies}

    def asked(self, folder: Path) -> list[str]:
        """Build a kustomization and return every request of it: a proxy's, or the arguments of git."""
        self._log.write_text("")
        requests: list[str] = []
        self._server.asked = requests  # type: ignore[attr-defined]
        command = [str(self._kustomize), "build", "--enable-helm", str(folder)]
        subprocess.run(command, env=self._environ, capture_output=True, timeout=60, check=False)
        return [*requests, *(line for line in self._log.read_text().splitlines() if not line.startswith(("init", "remote")))]


@contextmanager
def network(kustomize: Path, folder: Path) -> Iterator[Network]:
    """A network that notes what is asked of it and gives nothing."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Proxy)
    server.asked = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Network(kustomize, folder, server)
    finally:
        server.shutdown()
        server.server_close()
