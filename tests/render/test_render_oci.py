"""Charts of an OCI registry, with the login that HELM_REGISTRY_CONFIG names and the certificate that SSL_CERT_FILE names.

The registry is Debian's `docker-registry`, its certificate is made by `openssl`.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from chart_server import package, write_chart
from render_tree import MakeRenderer, snapshot, the_target, write

from agentslint.model import RenderFailure, Rendering
from agentslint.render import RenderOptions

USER, PASSWORD = "lint", "loopback"
HASH = "$2b$04$9CV02K8rFPQv86VsbLi4NeJLinGEZ8dd67YXyqCS6HW1OBhCizqv6"  # bcrypt of the password


@dataclass(frozen=True)
class Registry:
    """`login` is a registry configuration of helm's with the password in it, `certificate` what makes helm trust the host."""

    host: str
    login: Path
    certificate: Path

    def environ(self, login: str) -> dict[str, str]:
        return {**os.environ, "SSL_CERT_FILE": str(self.certificate), "HELM_REGISTRY_CONFIG": login}


@pytest.fixture(scope="module")
def registry(helm: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """A registry that asks for a login and holds the chart `charts/cache` 1.0.0."""
    for program in ("docker-registry", "openssl"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed (Debian: apt-get install {program})")
    folder = tmp_path_factory.mktemp("registry")
    host = f"127.0.0.1:{free_port()}"
    login = folder / "login.json"
    login.write_text(json.dumps({"auths": {host: {"auth": base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()}}}), encoding="utf-8")
    registry = Registry(host, login, folder / "certificate.pem")
    with serving(folder, host):
        archive = package(helm, write_chart(folder / "source", "cache"), folder / "archives")
        push = [str(helm), "push", str(archive), f"oci://{host}/charts"]
        subprocess.run(push, env=registry.environ(str(login)), check=True, capture_output=True)
        yield registry


@contextlib.contextmanager
def serving(folder: Path, host: str) -> Iterator[None]:
    users, config = folder / "users", folder / "registry.yaml"
    users.write_text(f"{USER}:{HASH}\n", encoding="utf-8")
    settings = {
        "version": "0.1",
        "log": {"level": "error"},
        "storage": {"filesystem": {"rootdirectory": str(folder / "data")}},
        "http": {"addr": host, "tls": {"certificate": str(folder / "certificate.pem"), "key": str(folder / "key.pem")}},
        "auth": {"htpasswd": {"realm": "test", "path": str(users)}},
    }
    config.write_text(json.dumps(settings), encoding="utf-8")
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names, *files]
    subprocess.run(request, check=True, capture_output=True)
    process = subprocess.Popen(["docker-registry", "serve", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(host, process)
        yield
    finally:
        process.terminate()
        process.wait()


def wait_for(host: str, process: subprocess.Popen[bytes]) -> None:
    address, _, port = host.partition(":")
    while process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((address, int(port)), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError("docker-registry ended before it served anything")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def app(root: Path, registry: Registry) -> Path:
    entry = f"helmCharts:\n  - name: cache\n    repo: oci://{registry.host}/charts\n    version: 1.0.0\n    releaseName: cache\n"
    return write(root, {"app/kustomization.yaml": entry})


def test_a_chart_is_pulled_from_a_registry_with_the_users_login(registry: Registry, make_renderer: MakeRenderer, tmp_path: Path) -> None:
    root = app(tmp_path / "repo", registry)
    before = snapshot(root)
    relative = os.path.relpath(registry.login)  # the renderer runs in a folder of its own

    outcome = make_renderer(environ=registry.environ(relative)).render(the_target(root), RenderOptions())

    assert isinstance(outcome, Rendering), outcome.message
    assert b"chart: cache-1.0.0" in outcome.stream
    assert snapshot(root) == before


def test_without_a_login_the_registry_refuses(registry: Registry, make_renderer: MakeRenderer, tmp_path: Path) -> None:
    renderer = make_renderer(environ=registry.environ(str(tmp_path / "none.json")))

    outcome = renderer.render(the_target(app(tmp_path / "repo", registry)), RenderOptions())

    assert isinstance(outcome, RenderFailure)
    assert outcome.reason == "chart-pull"
    assert outcome.message.startswith("chart cache 1.0.0 could not be pulled: ")
    assert outcome.message.endswith("basic credential not found")
