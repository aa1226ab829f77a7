"""Nothing is ever written into the user's tree, and nothing lies about after a run, not even after an interrupt."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from chart_server import ChartServer, index, package, serve, write_chart
from render_tree import HELM_APP, MakeRenderer, Program, assert_no_process_of, snapshot, targets, the_target, write

from agentslint.model import RenderFailure, Rendering, TargetKind
from agentslint.render import KustomizeRenderer, RenderOptions

EXAMPLES = Path(__file__).parents[2] / "examples"
DRIVER = Path(__file__).with_name("driver.py")


def render_all(renderer: KustomizeRenderer, root: Path, *paths: str) -> list[Rendering | RenderFailure]:
    found = [target for target in targets(root, *paths).values() if target.kind is TargetKind.KUSTOMIZATION]
    return [renderer.render(target, RenderOptions()) for target in found]


def test_the_examples_stay_as_they_are(renderer: KustomizeRenderer) -> None:
    before = snapshot(EXAMPLES)

    render_all(renderer, EXAMPLES.resolve())

    assert snapshot(EXAMPLES) == before


def test_the_lab_stays_as_it_is(make_renderer: MakeRenderer, lab: Path) -> None:
    before = snapshot(lab)

    outcomes = render_all(make_renderer(offline=True), lab.resolve(), "argocd")

    assert sum(isinstance(outcome, Rendering) for outcome in outcomes) >= 10
    assert snapshot(lab) == before


@pytest.fixture
def remote(helm: Path, tmp_path: Path) -> Iterator[Path]:
    """A repository whose application has a local chart and one that is pulled."""
    repository = tmp_path / "charts"
    package(helm, write_chart(tmp_path / "source", "cache"), repository)
    index(helm, repository)
    with serve(repository) as charts:
        yield write(tmp_path / "repo", with_remote(charts))


def with_remote(charts: ChartServer) -> dict[str, str]:
    entry = f"  - name: cache\n    repo: {charts.url}\n    version: 1.0.0\n    releaseName: cache\n    valuesFile: cache.yaml\n"
    return {**HELM_APP, "app/kustomization.yaml": HELM_APP["app/kustomization.yaml"] + entry, "app/cache.yaml": "image: redis\n"}


def test_a_tree_whose_chart_is_pulled_stays_as_it_is(remote: Path, renderer: KustomizeRenderer) -> None:
    before = snapshot(remote)

    assert all(isinstance(outcome, Rendering) for outcome in render_all(renderer, remote))

    assert snapshot(remote) == before


@pytest.fixture
def without_rights() -> list[str]:
    """What to put before a command so that modes of files hold for it, too."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root may do anything, and setpriv, which takes that right away, is not installed")
    return ["setpriv", "--bounding-set=-all"]


def test_a_checkout_that_nobody_may_write_to(remote: Path, kustomize: Path, helm: Path, without_rights: list[str], tmp_path: Path) -> None:
    subprocess.run(["chmod", "-R", "a-w", str(remote)], check=True)
    words = [sys.executable, str(DRIVER), str(kustomize), str(helm), str(remote), str(tmp_path / "cache")]
    try:
        touched = subprocess.run([*without_rights, "touch", str(remote / "app" / "new")], capture_output=True)
        done = subprocess.run([*without_rights, *words], capture_output=True)
    finally:
        subprocess.run(["chmod", "-R", "u+w", str(remote)], check=True)

    assert touched.returncode != 0, "the checkout can be written to"
    assert b"image: redis" in done.stdout, done.stderr.decode()


def test_a_file_that_nobody_may_read_is_a_failure_of_the_target(
    remote: Path, kustomize: Path, helm: Path, without_rights: list[str], tmp_path: Path
) -> None:
    (remote / "app" / "values.yaml").chmod(0)
    words = [sys.executable, str(DRIVER), str(kustomize), str(helm), str(remote), str(tmp_path / "cache")]

    done = subprocess.run([*without_rights, *words], capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (1, "app/values.yaml cannot be read: Permission denied\n")


@pytest.mark.parametrize("kind", ["in place", "staged"])
def test_an_interrupt_leaves_nothing(
    kind: str, request: pytest.FixtureRequest, kustomize: Path, helm: Path, program: Program, tmp_path: Path
) -> None:
    root = write(tmp_path / "plain", HELM_APP) if kind == "in place" else request.getfixturevalue("remote")
    before = snapshot(root)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    slow = program("helm", f'[ "$1" = template ] || exec {helm} "$@"\ntouch {tmp_path}/started\nsleep 600 & sleep 600')
    words = [sys.executable, str(DRIVER), str(kustomize), str(slow), str(root), str(tmp_path / "cache")]
    run = subprocess.Popen(words, env={**os.environ, "TMPDIR": str(temporary)}, start_new_session=True)
    while not (tmp_path / "started").exists():
        assert run.poll() is None, "it ended before helm was started"
        time.sleep(0.02)

    run.send_signal(signal.SIGINT)

    assert run.wait(60) == 130
    assert list(temporary.iterdir()) == []
    assert_no_process_of(temporary)
    assert snapshot(root) == before


def test_a_closed_renderer_leaves_no_folder(make_renderer: MakeRenderer, tmp_path: Path) -> None:
    renderer = make_renderer()
    renderer.render(the_target(write(tmp_path / "repo", HELM_APP)), RenderOptions())
    assert renderer.folder.is_dir()

    renderer.close()

    assert not renderer.folder.exists()
