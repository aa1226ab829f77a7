"""A chart repository on loopback that counts what it is asked for, filled by the real `helm package` and `helm repo index`."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Hook = Callable[[SimpleHTTPRequestHandler], bool]


@dataclass
class ChartServer:
    """`asked` counts the requests by path; a `hook` may answer one itself (it returns True then)."""

    url: str
    folder: Path
    asked: Counter[str] = field(default_factory=Counter)
    hook: Hook | None = None


@contextmanager
def serve(folder: Path) -> Iterator[ChartServer]:
    """Serve a folder on a free port of loopback."""
    server = _Server(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
    server.daemon_threads = True
    charts = ChartServer(f"http://127.0.0.1:{server.server_port}", folder)
    server.charts = charts  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield charts
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was interrupted leaves in the middle of an answer; that is nothing to print."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        charts: ChartServer = self.server.charts  # type: ignore[attr-defined]
        charts.asked[self.path] += 1
        if not (charts.hook and charts.hook(self)):
            super().do_GET()

    def log_message(self, format: str, *args: object) -> None:
        pass


def write_chart(folder: Path, name: str, version: str = "1.0.0") -> Path:
    """Write the source of a chart with one ConfigMap."""
    chart = folder / f"{name}-{version}" / name
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text(f"apiVersion: v2\nname: {name}\nversion: {version}\n", encoding="utf-8")
    (chart / "values.yaml").write_text("image: nginx\n", encoding="utf-8")
    (chart / "templates" / "settings.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n"
        "  chart: {{ .Chart.Name }}-{{ .Chart.Version }}\n  image: {{ .Values.image }}\n",
        encoding="utf-8",
    )
    return chart


def package(helm: Path, chart: Path, into: Path) -> Path:
    """Package a chart; returns the archive."""
    into.mkdir(exist_ok=True)
    subprocess.run([helm, "package", str(chart), "--destination", str(into)], check=True, capture_output=True)
    return into / f"{chart.name}-{chart.parent.name.rpartition('-')[2]}.tgz"


def index(helm: Path, folder: Path) -> None:
    """Write the repository's index.yaml; its links are relative to it."""
    subprocess.run([helm, "repo", "index", str(folder)], check=True, capture_output=True)
