"""Real renders of trees that reach for more than they may: in place, without a staged copy's help."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentslint.children import hindrance
from agentslint.confine import SWITCH
from agentslint.discover import DiscoverConfig, discover
from agentslint.model import RenderFailure, Rendering, Target
from agentslint.render import KustomizeRenderer, Programs, RenderOptions

needs_kernel = pytest.mark.skipif(bool(hindrance()), reason=f"not here: {hindrance()}")

TOKEN = "ghp_0123456789"
CHART = {
    "charts/t/Chart.yaml": "apiVersion: v2\nname: t\nversion: 1.0.0\n",
    "charts/t/values.yaml": "a: b\n",
    "charts/t/templates/a.yaml": 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: {{ .Files.Get "e.txt" | quote }}}\n',
}
HELM = "helmGlobals: {chartHome: ../charts}\nhelmCharts: [{name: t, releaseName: t}]\n"
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a token in every place where one may stand."""
    home = tmp_path / "home"
    for path in (".kube/config", ".netrc", ".docker/config.json"):
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(TOKEN)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    return home


class Renders:
    """Renders the target `app` of a tree."""

    def __init__(self, root: Path, kustomize: Path, helm: Path) -> None:
        self.root, self.programs = root, Programs(kustomize, helm, "v4.2.4")
        self.made: list[KustomizeRenderer] = []
        subprocess.run(["git", "init", "-q", str(root)], check=True)
        with (root / ".git" / "config").open("a") as file:
            file.write(f'[http "https://github.com/"]\n\textraheader = {TOKEN}\n')

    def write(self, files: dict[str, str]) -> Target:
        for path, text in files.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.symlink_to(text[3:]) if text.startswith("-> ") else file.write_text(text)
        found = discover([str(self.root)], root=self.root.resolve(), config=DiscoverConfig()).targets
        return next(target for target in found if target.name == "app")

    def __call__(self, target: Target, *build_options: str, offline: bool = False) -> Rendering | RenderFailure:
        renderer = KustomizeRenderer(self.programs, cache=self.root.parent / "cache", parallel=True, offline=offline, environ=os.environ)
        self.made.append(renderer)
        return renderer.render(target, RenderOptions(build_options=build_options))


@pytest.fixture
def renders(tmp_path: Path, kustomize: Path, helm: Path) -> Iterator[Renders]:
    """A renderer with the real programs, and a repository for it."""
    (tmp_path / "repo").mkdir()
    made = Renders(tmp_path / "repo", kustomize, helm)
    yield made
    for renderer in made.made:
        renderer.close()


def said(outcome: Rendering | RenderFailure) -> str:
    """All that a render hands on."""
    return outcome.stream.decode() if isinstance(outcome, Rendering) else f"{outcome.message} {outcome.details}"


@needs_kernel
@pytest.mark.parametrize(
    "secret", ["/proc/self/environ", "/proc/1/environ", "/etc/passwd", "{home}/.kube/config", "relative", "{root}/.git/config"]
)
@pytest.mark.parametrize("link", ["charts/t/e.txt", "charts/t/values.yaml", "charts/t/templates/b.yaml", "app/e.txt"])
def test_a_link_shows_nothing(renders: Renders, home: Path, secret: str, link: str) -> None:
    target = os.path.relpath(".git/config", os.path.dirname(link)) if secret == "relative" else secret.format(home=home, root=renders.root)
    generated = "configMapGenerator: [{name: a, files: [e.txt]}]\n"
    files = {"app/kustomization.yaml": generated} if link == "app/e.txt" else {**CHART, "app/kustomization.yaml": HELM}
    text = said(renders(renders.write({**files, link: f"-> {target}"}), "--load-restrictor", "LoadRestrictionsNone"))

    assert TOKEN not in text
    assert "root:x:0" not in text


@needs_kernel
def test_a_path_that_climbs_out_is_not_read(renders: Renders, home: Path) -> None:
    target = renders.write({"app/kustomization.yaml": "configMapGenerator: [{name: a, files: [../../home/.kube/config]}]\n"})

    text = said(renders(target, "--load-restrictor", "LoadRestrictionsNone"))

    assert "leads out of the repository" in text
    assert TOKEN not in text


@needs_kernel
@pytest.mark.parametrize("field", ["generators", "transformers", "validators"])
def test_an_exec_plugin_does_not_run(renders: Renders, field: str) -> None:
    function = "apiVersion: a/v1\nkind: B\nmetadata:\n  name: b\n  annotations:\n    config.kubernetes.io/function: |\n"
    function += f"      exec: {{path: {renders.root}/app/run}}\n"
    (renders.root / "app").mkdir()
    run = renders.root / "app" / "run"
    run.write_text(f"#!/bin/sh\necho x > {renders.root}/ran\n")
    run.chmod(0o755)
    target = renders.write(
        {"app/kustomization.yaml": f"resources: [a.yaml]\n{field}: [f.yaml]\n", "app/a.yaml": CONFIG_MAP, "app/f.yaml": function}
    )

    outcome = renders(target, "--enable-alpha-plugins", "--enable-exec")

    assert isinstance(outcome, RenderFailure)
    assert not (renders.root / "ran").exists()


@needs_kernel
@pytest.mark.parametrize(
    "kustomization",
    [
        "resources: [https://127.0.0.1:1/a.yaml]\n",
        "configMapGenerator: [{name: a, files: ['https://127.0.0.1:1/a.yaml']}]\n",
        "transformers:\n- |-\n  apiVersion: builtin\n  kind: PatchTransformer\n  metadata: {name: a}\n  path: https://127.0.0.1:1/a.yaml\n",
    ],
)
def test_offline_no_packet_leaves(renders: Renders, kustomization: str, tmp_path: Path) -> None:
    target = renders.write({"app/kustomization.yaml": f"{kustomization}\n", "app/a.yaml": CONFIG_MAP})
    outcome = renders(target, offline=True)

    assert isinstance(outcome, RenderFailure)
    assert outcome.reason == "offline" or "--offline" in outcome.message, outcome


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
@pytest.mark.parametrize(
    "spelling", ["https://example.invalid/a.yaml", "https://example.invalid/acme/base.git", "git@example.invalid:acme/base"]
)
def test_offline_no_socket_is_made(renders: Renders, spelling: str, tmp_path: Path, kustomize: Path) -> None:
    """As a UTF-16 kustomization, which discovery does not read as kustomize does."""
    renders.write({"app/kustomization.yaml": "resources: []\n"})
    (renders.root / "app" / "kustomization.yaml").write_bytes(f"resources: ['{spelling}']\n".encode("utf-16"))
    trace = tmp_path / "trace"
    command = [sys.executable, "-m", "agentslint", "--offline", "--kustomize", str(kustomize), "app"]
    traced = ["strace", "-f", "-qq", "-e", "trace=socket,connect,sendto", "-o", str(trace), *command]
    done = subprocess.run(traced, cwd=renders.root, capture_output=True, text=True)

    assert done.returncode == 2, done.stderr
    made = [line for line in trace.read_text().splitlines() if "socket(AF_INET" in line and "= -1" not in line]
    assert made == []


@needs_kernel
def test_the_lab_renders_to_the_same_bytes(lab: Path, tmp_path: Path, kustomize: Path, helm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(lab, tmp_path / "lab", symlinks=True)
    root = tmp_path / "lab"
    targets = discover([str(root)], root=root, config=DiscoverConfig()).targets
    streams = []
    for switch in ("on", "off"):
        monkeypatch.setenv(SWITCH, switch)
        renderer = KustomizeRenderer(Programs(kustomize, helm, "v4.2.4"), cache=tmp_path / "cache", parallel=True, offline=True)
        outcomes = [renderer.render(target, RenderOptions()) for target in targets[:12]]
        renderer.close()
        streams.append([outcome.stream if isinstance(outcome, Rendering) else outcome.reason for outcome in outcomes])

    assert streams[0] == streams[1]
    assert any(isinstance(stream, bytes) and stream.count(b"\nkind: ") > 50 for stream in streams[0])
