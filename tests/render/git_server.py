"""Git repositories on loopback: behind HTTP by git's own http-backend, which can ask for a password, and behind git daemon."""

from __future__ import annotations

import base64
import os
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

IDENTITY = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com"}
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n"


@dataclass
class GitServer:
    """Serves the repositories below `folder`; `asked` counts the requests by path."""

    url: str
    folder: Path
    password: str = ""
    asked: Counter[str] = field(default_factory=Counter)


@contextmanager
def serve(folder: Path, password: str = "") -> Iterator[GitServer]:
    """Serve on a free port of loopback; with a password only to those who say it."""
    folder.mkdir(parents=True, exist_ok=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    git = GitServer(f"http://127.0.0.1:{server.server_port}", folder, password)
    server.git = git  # type: ignore[attr-defined]
    thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.02))
    thread.start()
    try:
        yield git
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _serve(self, body: bytes) -> None:
        git: GitServer = self.server.git  # type: ignore[attr-defined]
        path, _, query = self.path.partition("?")
        git.asked[path] += 1
        expected = "Basic " + base64.b64encode(f"robot:{git.password}".encode()).decode()
        if git.password and self.headers.get("Authorization") != expected:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="test"')
            self.end_headers()
            return
        environ = {
            **os.environ,
            "GIT_PROJECT_ROOT": str(git.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
        }
        done = subprocess.run(["git", "http-backend"], input=body, env=environ, capture_output=True, check=False)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        lines = [line.partition(": ") for line in head.decode().split("\r\n") if line]
        status = next((value for name, _, value in lines if name == "Status"), "200 OK")
        self.send_response(int(status.split()[0]))
        for name, _, value in lines:
            if name != "Status":
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


def git(folder: Path, *words: str) -> str:
    """Run git in a folder."""
    environ = {**os.environ, **IDENTITY, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always", *words]
    return subprocess.run(command, cwd=folder, env=environ, check=True, capture_output=True, text=True).stdout.strip()


def commit(repository: Path, files: Mapping[str, str]) -> str:
    """Write files (`path -> where` is a link) and commit them, in a repository that is made if need be; returns the commit."""
    if not (repository / ".git").exists():
        repository.mkdir(parents=True, exist_ok=True)
        git(repository, "init", "--quiet")
    for path, content in files.items():
        path, _, link = path.partition(" -> ")
        file = repository / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if link:
            file.symlink_to(link)
        else:
            file.write_text(content)
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--allow-empty", "-m", "change")
    return git(repository, "rev-parse", "HEAD")


def base(name: str, folder: str = "app") -> dict[str, str]:
    """The files of a base with one ConfigMap."""
    return {f"{folder}/kustomization.yaml": "resources:\n  - cm.yaml\n", f"{folder}/cm.yaml": CONFIG_MAP.format(name=name)}
