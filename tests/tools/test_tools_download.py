"""Release servers, proxies and networks that do not work: what is tried, what is said, and that nothing is left behind."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme
from release_server import Answer, Mirror, Server, files, installed, serving

from agentslint.tools import ToolError
from agentslint.tools.download import DownloadLimits
from agentslint.tools.install import install

Program = Callable[..., Path]

IMPATIENT = DownloadLimits(connect=2, read=0.5, total=30)


@pytest.fixture
def go(program: Program, tmp_path: Path) -> Path:
    """A Go on PATH that notes how it is called and "builds" a program; returns its notes."""
    notes = tmp_path / "go-notes"
    program(
        "go",
        f'printf "%s\\n" "$@" > {notes}; env >> {notes}\n'
        'printf "%s\\n" "#!/bin/sh" "echo v5.8.2" > "$GOBIN/kustomize"; chmod +x "$GOBIN/kustomize"',
    )
    return notes


def start(request: BaseHTTPRequestHandler, length: int) -> None:
    request.send_response(200)
    request.send_header("Content-Length", str(length))
    request.end_headers()


def truncating(body: bytes) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        start(request, len(body))
        request.wfile.write(body[: len(body) // 2])

    return answer


def breaking_a_chunk(body: bytes) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.protocol_version = "HTTP/1.1"
        request.close_connection = True
        request.send_response(200)
        request.send_header("Transfer-Encoding", "chunked")
        request.end_headers()
        request.wfile.write(b"%x\r\n" % len(body) + body[: len(body) // 2])

    return answer


def redirecting(to: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("Location", to)
        request.end_headers()

    return answer


def quiet_install(mirror: Mirror, limits: DownloadLimits | None = None) -> list[str]:
    lines: list[str] = []
    install(["kustomize"], report=lines.append, releases=mirror.releases, limits=limits)
    return lines


def test_a_corrupt_download_is_an_error_and_not_built_around(mirror: Mirror, server: Server, cache: Path, go: Path) -> None:
    corrupt = mirror.archive[:-1] + b"?"
    server.serve(mirror.path, corrupt)
    with pytest.raises(ToolError) as caught:
        quiet_install(mirror)
    message = str(caught.value)
    assert f"expected sha256 {hashlib.sha256(mirror.archive).hexdigest()}" in message
    assert f"got sha256      {hashlib.sha256(corrupt).hexdigest()} ({len(corrupt)} bytes)" in message
    assert "AGENTSLINT_KUSTOMIZE_URL" in message
    assert not go.exists()
    assert files(cache) == []


@pytest.mark.parametrize("broken", [truncating, breaking_a_chunk])
def test_a_truncated_download_is_tried_twice_then_built(
    broken: Callable[[bytes], Answer], mirror: Mirror, server: Server, cache: Path, go: Path
) -> None:
    server.serve(mirror.path, broken(mirror.archive))
    lines = quiet_install(mirror)
    assert server.asked == [mirror.path, mirror.path]
    assert "it broke off" in "\n".join(lines)
    assert go.exists()
    assert files(cache) == ["kustomize-5.8.2", "kustomize-5.8.2/kustomize"]


@pytest.mark.parametrize("broken", [truncating, breaking_a_chunk])
def test_a_truncated_download_leaves_nothing(broken: Callable[[bytes], Answer], mirror: Mirror, server: Server, cache: Path) -> None:
    server.serve(mirror.path, broken(mirror.archive))
    with pytest.raises(ToolError, match=r"it broke off.*Go, with which it could be built, is not installed"):
        quiet_install(mirror)
    assert files(cache) == []


def test_a_download_that_breaks_off_once_is_enough(mirror: Mirror, server: Server, cache: Path) -> None:
    def once(request: BaseHTTPRequestHandler) -> None:
        server.serve(mirror.path, mirror.archive)
        truncating(mirror.archive)(request)

    server.serve(mirror.path, once)
    quiet_install(mirror)
    assert installed(cache).read_text() == mirror.content


def test_redirects_are_followed(mirror: Mirror, server: Server, cache: Path) -> None:
    server.serve(mirror.path, redirecting("/elsewhere"))
    server.serve("/elsewhere", mirror.archive)
    quiet_install(mirror)
    assert installed(cache).read_text() == mirror.content


def test_a_packed_body_arrives_as_it_is(mirror: Mirror, server: Server, cache: Path) -> None:
    """Some servers call an archive gzip-encoded; unpacked on the way it would be another file."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Encoding", "gzip")
        request.end_headers()
        request.wfile.write(mirror.archive)

    server.serve(mirror.path, answer)
    quiet_install(mirror)
    assert installed(cache).exists()


@pytest.mark.parametrize("kind", ["loop", "404", "503", "silent", "stalling", "dribbling", "endless"])
def test_what_cannot_be_downloaded_is_built(kind: str, mirror: Mirror, server: Server, cache: Path, go: Path) -> None:
    def silent(_: BaseHTTPRequestHandler) -> None:
        server.closing.wait()

    def stalling(request: BaseHTTPRequestHandler) -> None:
        start(request, len(mirror.archive))
        request.wfile.write(mirror.archive[:10])
        server.closing.wait()

    def dribbling(request: BaseHTTPRequestHandler) -> None:
        start(request, 10**9)
        while not server.closing.wait(0.05):
            request.wfile.write(b"x")

    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        while not server.closing.is_set():
            request.wfile.write(bytes(1 << 16))

    answers: dict[str, tuple[Answer, str]] = {
        "loop": (redirecting(mirror.path), "Exceeded 30 redirects"),
        "404": (lambda request: request.send_error(404), "it answers 404 Not Found"),
        "503": (lambda request: request.send_error(503), "it answers 503 Service Unavailable"),
        "silent": (silent, "timed out"),
        "stalling": (stalling, "timed out"),
        "dribbling": (dribbling, "did not finish within 1.5 seconds"),
        "endless": (endless, "it is larger than 1 MiB"),
    }
    answer, words = answers[kind]
    server.serve(mirror.path, answer)
    total = 1.5 if kind == "dribbling" else 30
    lines = quiet_install(mirror, DownloadLimits(connect=2, read=0.5, total=total, size=1 << 20))
    assert f"{server.url}{mirror.path} cannot be downloaded: " in "\n".join(lines)
    assert words in "\n".join(lines)
    assert go.exists()
    assert files(cache) == ["kustomize-5.8.2", "kustomize-5.8.2/kustomize"]


def test_nobody_listens(mirror: Mirror, go: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTSLINT_KUSTOMIZE_URL", "http://127.0.0.1:1")
    lines = "\n".join(quiet_install(mirror, IMPATIENT))
    assert "cannot be downloaded: Failed to establish a new connection" in lines
    assert "object at" not in lines
    assert go.exists()


def test_how_go_is_called(mirror: Mirror, go: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOFLAGS", "-modcacherw")
    monkeypatch.setenv("GOOS", "plan9")
    quiet_install(mirror)
    notes = go.read_text().splitlines()
    assert notes[0] == "install"
    assert "sigs.k8s.io/kustomize/kustomize/v5@v5.8.2" in notes
    assert "CGO_ENABLED=0" in notes
    assert "GOFLAGS=-modcacherw" in notes
    assert not any(line.startswith("GOOS=") for line in notes)
    assert any(line.startswith(f"GOBIN={cache}/.partial-") for line in notes)


@pytest.mark.parametrize("leftover", ["", 'printf "#!/bin/sh\\necho v5.8.2\\n" > "$GOBIN/kustomize";'])
def test_a_build_that_fails_is_told_in_gos_words(leftover: str, mirror: Mirror, program: Program, cache: Path) -> None:
    program("go", f"{leftover} echo 'module lookup disabled by GOPROXY=off' >&2; exit 1")
    with pytest.raises(ToolError) as caught:
        quiet_install(mirror)
    assert "it answers 404 Not Found, and it cannot be built: building sigs.k8s.io" in str(caught.value)
    assert "module lookup disabled by GOPROXY=off" in str(caught.value)
    assert files(cache) == []


def test_a_password_in_the_mirrors_address_is_not_shown(mirror: Mirror, server: Server, go: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTSLINT_KUSTOMIZE_URL", f"{server.url.replace('//', '//me:secret@')}/mirror")
    lines = quiet_install(mirror)
    assert server.asked == [mirror.path]
    assert "secret" not in "\n".join(lines)


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
def test_proxy_variables_are_honoured(variable: str, mirror: Mirror, server: Server, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTSLINT_KUSTOMIZE_URL", "http://releases.invalid/mirror")
    monkeypatch.setenv(variable, server.url)
    server.serve(f"http://releases.invalid{mirror.path}", mirror.archive)
    quiet_install(mirror)
    assert server.asked == [f"http://releases.invalid{mirror.path}"]
    assert installed(cache).exists()


def test_no_proxy_is_honoured(mirror: Mirror, server: Server, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "localhost")
    server.serve(mirror.path, mirror.archive)
    quiet_install(mirror)
    assert installed(cache).exists()


def test_a_proxy_that_refuses(mirror: Mirror, server: Server, go: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tunnel that the proxy does not open; the server answers CONNECT with 501."""
    monkeypatch.setenv("AGENTSLINT_KUSTOMIZE_URL", "https://releases.invalid/mirror")
    monkeypatch.setenv("https_proxy", server.url)
    assert "Tunnel connection failed: 501" in "\n".join(quiet_install(mirror))
    assert go.exists()


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[Server]:
    """A release server with a certificate of an authority that nobody knows."""

    def wrap(listener: ThreadingHTTPServer) -> str:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(context)
        listener.socket = context.wrap_socket(listener.socket, server_side=True)
        return "https"

    yield from serving(wrap)


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_certificate_variables_are_honoured(
    variable: str,
    mirror: Mirror,
    secure: Server,
    authority: trustme.CA,
    cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("AGENTSLINT_KUSTOMIZE_URL", f"{secure.url}/mirror")
    monkeypatch.setenv(variable, str(tmp_path / "ca.pem"))
    secure.serve(mirror.path, mirror.archive)
    quiet_install(mirror)
    assert installed(cache).exists()


@pytest.mark.parametrize("bundle", [None, "/no/such/bundle.pem"])
def test_a_certificate_that_is_not_trusted(
    bundle: str | None, mirror: Mirror, secure: Server, go: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENTSLINT_KUSTOMIZE_URL", f"{secure.url}/mirror")
    if bundle:
        monkeypatch.setenv("SSL_CERT_FILE", bundle)
    secure.serve(mirror.path, mirror.archive)
    lines = "\n".join(quiet_install(mirror))
    assert secure.asked == []
    assert (bundle or "certificate verify failed") in lines
    assert go.exists()


def test_encryption_is_not_given_up_by_a_redirect(
    mirror: Mirror,
    server: Server,
    secure: Server,
    authority: trustme.CA,
    go: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    monkeypatch.setenv("AGENTSLINT_KUSTOMIZE_URL", f"{secure.url}/mirror")
    secure.serve(mirror.path, redirecting(server.serve("/plain", mirror.archive)))
    assert "redirects from https to an address without encryption" in "\n".join(quiet_install(mirror))
    assert go.exists()
