"""Installing from a release server that works: what is put in place, what is left alone, who may do it at once."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from release_server import Mirror, Server, files, installed, packed

from agentslint.tools import Tool, ToolError
from agentslint.tools.install import install
from agentslint.tools.platforms import Platform, current_platform, name_platform
from agentslint.tools.releases import RELEASES

Program = Callable[..., Path]


def test_a_verified_archive_is_installed(mirror: Mirror, server: Server, cache: Path) -> None:
    server.serve(mirror.path, mirror.archive)
    lines: list[str] = []

    tools = install(["kustomize"], report=lines.append, releases=mirror.releases)

    assert tools == [Tool("kustomize", installed(cache), "cache", "5.8.2")]
    assert installed(cache).read_text() == mirror.content
    assert os.access(installed(cache), os.X_OK)
    assert files(cache) == ["kustomize-5.8.2", "kustomize-5.8.2/kustomize"]
    digest = hashlib.sha256(mirror.archive).hexdigest()
    assert f"sha256 {digest} is the one pinned in agentslint (from {mirror.release.citation})" in "\n".join(lines)


@pytest.mark.parametrize("separator", ["  ", " *"])
def test_where_nothing_is_pinned_the_published_checksum_counts(separator: str, mirror: Mirror, server: Server, cache: Path) -> None:
    digest, name = hashlib.sha256(mirror.archive).hexdigest(), mirror.path.rpartition("/")[2]
    server.serve(mirror.path, mirror.archive)
    server.serve("/mirror/checksums.txt", f"{'0' * 64}{separator}other.tar.gz\n{digest}{separator}{name}\n".encode())
    lines: list[str] = []

    install(["kustomize"], report=lines.append, releases=mirror.pinning(None))

    assert installed(cache).exists()
    assert f"sha256 {digest} is the one that the release publishes ({server.url}/mirror/checksums.txt" in "\n".join(lines)


def test_a_published_checksum_that_differs_is_an_error(mirror: Mirror, server: Server, cache: Path) -> None:
    server.serve(mirror.path, mirror.archive)
    server.serve("/mirror/checksums.txt", f"{'0' * 64}  {mirror.path.rpartition('/')[2]}\n".encode())
    with pytest.raises(ToolError, match=f"expected sha256 {'0' * 64}, the one that the release publishes"):
        install(["kustomize"], report=list[str]().append, releases=mirror.pinning(None))
    assert files(cache) == []


def test_a_working_program_is_left_alone(mirror: Mirror, server: Server, program: Program, cache: Path) -> None:
    program("kustomize", "echo v5.8.2", folder=str(installed(cache).parent))
    (tool,) = install(["kustomize"], report=list[str]().append, releases=mirror.releases)
    assert tool.usable
    assert server.asked == []


def test_a_broken_program_is_replaced(mirror: Mirror, server: Server, program: Program, cache: Path) -> None:
    server.serve(mirror.path, mirror.archive)
    program("kustomize", "exit 1", folder=str(installed(cache).parent))
    (tool,) = install(["kustomize"], report=list[str]().append, releases=mirror.releases)
    assert tool.usable
    assert installed(cache).read_text() == mirror.content


def test_offline_asks_nobody(mirror: Mirror, server: Server, program: Program, cache: Path) -> None:
    with pytest.raises(ToolError, match="--offline forbids"):
        install(["kustomize"], offline=True, report=list[str]().append, releases=mirror.releases)
    assert server.asked == []
    program("kustomize", "echo v5.8.2", folder=str(installed(cache).parent))
    (tool,) = install(["kustomize"], offline=True, report=list[str]().append, releases=mirror.releases)
    assert tool.usable


def test_a_program_of_another_version_is_not_put_in_place(mirror: Mirror, server: Server, cache: Path) -> None:
    archive = packed(("kustomize", "#!/bin/sh\necho v5.7.1\n"))
    server.serve(mirror.path, archive)
    with pytest.raises(ToolError, match=r"it says that it is version 5\.7\.1"):
        install(["kustomize"], report=list[str]().append, releases=mirror.pinning(archive))
    assert files(cache) == []


def test_nothing_but_the_program_leaves_the_archive(mirror: Mirror, server: Server, cache: Path, tmp_path: Path) -> None:
    archive = packed(("../../evil", "x"), (f"{tmp_path}/evil", "x"), ("./kustomize", mirror.content))
    server.serve(mirror.path, archive)
    install(["kustomize"], report=list[str]().append, releases=mirror.pinning(archive))
    assert files(cache) == ["kustomize-5.8.2", "kustomize-5.8.2/kustomize"]
    assert list(tmp_path.rglob("evil")) == []


@pytest.mark.parametrize(
    ("archive", "words"),
    [(packed(("kustomise", "x")), "holds no file kustomize"), (b"<html>not an archive", "cannot be unpacked")],
)
def test_an_archive_without_the_program(archive: bytes, words: str, mirror: Mirror, server: Server, cache: Path) -> None:
    server.serve(mirror.path, archive)
    with pytest.raises(ToolError, match=words):
        install(["kustomize"], report=list[str]().append, releases=mirror.pinning(archive))
    assert files(cache) == []


def test_two_at_once_install_once(mirror: Mirror, server: Server, cache: Path) -> None:
    waiting, lines = threading.Event(), list[str]()

    def slow(request: BaseHTTPRequestHandler) -> None:
        waiting.wait(60)
        request.send_response(200)
        request.end_headers()
        request.wfile.write(mirror.archive)

    def report(line: str) -> None:
        lines.append(line)
        if "another installation is running" in line:
            waiting.set()

    server.serve(mirror.path, slow)
    both = [
        threading.Thread(target=install, args=(["kustomize"],), kwargs={"report": report, "releases": mirror.releases}) for _ in range(2)
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    assert server.asked == [mirror.path]
    assert sum("installed as" in line for line in lines) == 1
    assert sum("already in" in line for line in lines) == 1
    assert files(cache) == ["kustomize-5.8.2", "kustomize-5.8.2/kustomize"]


def test_what_an_interrupted_installation_left_is_swept(mirror: Mirror, server: Server, cache: Path) -> None:
    half_way = threading.Event()

    def half(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(mirror.archive)))
        request.end_headers()
        request.wfile.write(mirror.archive[:40])
        half_way.set()
        server.closing.wait()

    server.serve(mirror.path, half)
    server.serve("/mirror/checksums.txt", f"{'0' * 64}  {mirror.path.rpartition('/')[2]}\n".encode())
    other = subprocess.Popen([sys.executable, "-c", "from agentslint.tools.install import install; install(['kustomize'])"])
    assert half_way.wait(60)
    other.send_signal(signal.SIGKILL)
    other.wait()
    assert any(name.startswith(".partial-") for name in files(cache))
    assert not installed(cache).exists()

    server.serve(mirror.path, mirror.archive)
    install(["kustomize"], report=list[str]().append, releases=mirror.releases)
    assert files(cache) == ["kustomize-5.8.2", "kustomize-5.8.2/kustomize"]


def test_a_cache_folder_that_cannot_be_made(mirror: Mirror, cache: Path) -> None:
    cache.parent.parent.mkdir(parents=True)
    cache.parent.write_text("a file where the folder should be")
    with pytest.raises(ToolError, match="the tools cannot be installed in"):
        install(["kustomize"], report=list[str]().append, releases=mirror.releases)


def test_where_the_releases_lie() -> None:
    def url(name: str, platform: Platform) -> str:
        release = RELEASES[name]  # type: ignore[index]
        return f"{release.base({})}/{release.archive_name(platform)}"

    assert url("kustomize", Platform("darwin", "arm64")) == (
        "https://github.com/kubernetes-sigs/kustomize/releases/download/kustomize%2Fv5.8.2/kustomize_v5.8.2_darwin_arm64.tar.gz"
    )
    assert url("helm", Platform("linux", "amd64")) == "https://get.helm.sh/helm-v4.2.4-linux-amd64.tar.gz"
    assert RELEASES["helm"].checksum_name(Platform("linux", "arm")) == "helm-v4.2.4-linux-arm.tar.gz.sha256sum"
    assert RELEASES["helm"].member_name(Platform("linux", "arm")) == "linux-arm/helm"


def test_every_pin_is_a_whole_sha256_of_its_own() -> None:
    pins = [digest for release in RELEASES.values() for digest in release.checksums.values()]
    assert [digest for digest in pins if not re.fullmatch(r"[0-9a-f]{64}", digest)] == []
    assert len(set(pins)) == len(pins) == 12


@pytest.mark.parametrize(
    ("system", "machine", "key"),
    [
        ("Linux", "x86_64", "linux-amd64"),
        ("Linux", "aarch64", "linux-arm64"),
        ("Darwin", "arm64", "darwin-arm64"),
        ("Linux", "s390x", "linux-s390x"),
        ("Linux", "armv7l", "linux-arm"),
    ],
)
def test_platforms(system: str, machine: str, key: str) -> None:
    assert name_platform(system, machine).key == key


def test_windows_is_refused_in_plain_words() -> None:
    with pytest.raises(ToolError, match="does not support Windows in this version"):
        name_platform("Windows", "AMD64")


def test_the_pinned_checksum_holds_for_a_mirror_too(mirror: Mirror, server: Server, cache: Path) -> None:
    """By our real pins a stand-in's archive is not kustomize."""
    pinned = RELEASES["kustomize"].checksums.get(current_platform().key)
    if pinned is None:
        server.serve("/mirror/checksums.txt", f"{'0' * 64}  {mirror.path.rpartition('/')[2]}\n".encode())
    server.serve(mirror.path, mirror.archive)
    with pytest.raises(ToolError, match=f"expected sha256 {pinned or '0' * 64}"):
        install(["kustomize"], report=list[str]().append)
    assert files(cache) == []
