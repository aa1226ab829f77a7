"""Remote charts: pulled once, by one run at a time, whole or not at all, and never into the user's tree."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from chart_server import ChartServer, index, package, serve, write_chart
from render_tree import MakeRenderer, snapshot, the_target, write

from agentslint.confine import SWITCH
from agentslint.model import RenderFailure, Rendering
from agentslint.render import KustomizeRenderer, Limits, RenderOptions

OPTIONS = RenderOptions()


@pytest.fixture(scope="session")
def archives(helm: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a chart repository: `cache` 1.0.0 and 1.1.0, `queue` 1.0.0."""
    folder = tmp_path_factory.mktemp("repository")
    source = tmp_path_factory.mktemp("source")
    for name, version in (("cache", "1.0.0"), ("cache", "1.1.0"), ("queue", "1.0.0")):
        package(helm, write_chart(source, name, version), folder)
    index(helm, folder)
    return folder


@pytest.fixture
def charts(archives: Path, tmp_path: Path) -> Iterator[ChartServer]:
    """A repository of our own to break."""
    folder = tmp_path / "repository"
    shutil.copytree(archives, folder)
    with serve(folder) as server:
        yield server


def entry(charts: ChartServer, name: str = "cache", version: str | None = "1.0.0") -> str:
    pinned = f'    version: "{version}"\n' if version else ""
    return f"helmCharts:\n  - name: {name}\n    repo: {charts.url}\n{pinned}    releaseName: {name}\n"


def app(root: Path, kustomization: str) -> Path:
    return write(root, {"app/kustomization.yaml": kustomization})


def chart_of(outcome: Rendering | RenderFailure) -> str:
    assert isinstance(outcome, Rendering), outcome
    return next(line.split()[-1] for line in outcome.stream.decode().splitlines() if "chart: " in line)


def test_a_chart_is_pulled_once_and_then_served_from_the_cache(charts: ChartServer, make_renderer: MakeRenderer, tmp_path: Path) -> None:
    target = the_target(app(tmp_path / "repo", entry(charts)))

    for _ in range(2):  # two runs
        assert chart_of(make_renderer().render(target, OPTIONS)) == "cache-1.0.0"

    assert charts.asked == {"/index.yaml": 1, "/cache-1.0.0.tgz": 1}


def test_overlays_of_one_base_pull_its_chart_in_parallel(charts: ChartServer, make_renderer: MakeRenderer, tmp_path: Path) -> None:
    overlays = {f"overlays/{name}/kustomization.yaml": "resources: [../../base]\n" for name in "abcd"}
    root = write(tmp_path / "repo", {"base/kustomization.yaml": entry(charts), **overlays})
    targets = [the_target(root, f"overlays/{name}") for name in "abcd"]
    before = snapshot(root)

    for number in range(20):
        renderer = make_renderer(cache=tmp_path / f"cache-{number}")
        with ThreadPoolExecutor(4) as pool:
            outcomes = list(pool.map(lambda target: renderer.render(target, OPTIONS), targets))  # noqa: B023
        renderer.close()
        assert [chart_of(outcome) for outcome in outcomes] == ["cache-1.0.0"] * 4
        assert charts.asked["/index.yaml"] == number + 1

    assert snapshot(root) == before


def test_different_charts_are_pulled_side_by_side(charts: ChartServer, renderer: KustomizeRenderer, tmp_path: Path) -> None:
    both = threading.Barrier(2, timeout=20)

    def wait_for_the_other(request: SimpleHTTPRequestHandler) -> bool:
        if request.path == "/index.yaml":
            both.wait()
        return False

    charts.hook = wait_for_the_other
    targets = [the_target(app(tmp_path / name, entry(charts, name))) for name in ("cache", "queue")]

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda target: renderer.render(target, OPTIONS), targets))

    assert [chart_of(outcome) for outcome in outcomes] == ["cache-1.0.0", "queue-1.0.0"]


def test_two_processes_pull_a_chart_once(charts: ChartServer, kustomize: Path, helm: Path, tmp_path: Path) -> None:
    root = app(tmp_path / "repo", entry(charts))
    arguments = [sys.executable, str(Path(__file__).with_name("driver.py")), str(kustomize), str(helm), str(root), str(tmp_path / "cache")]
    ready = [tmp_path / f"ready-{number}" for number in range(3)]

    def wait_for_all(request: SimpleHTTPRequestHandler) -> bool:
        until = time.monotonic() + 60
        while not all(file.exists() for file in ready) and time.monotonic() < until:
            time.sleep(0.02)
        return False

    charts.hook = wait_for_all
    runs = [subprocess.Popen([*arguments, str(file)], stdout=subprocess.PIPE) for file in ready]
    outputs = [run.communicate()[0] for run in runs]

    assert all(b"chart: cache-1.0.0" in output for output in outputs)
    assert charts.asked == {"/index.yaml": 1, "/cache-1.0.0.tgz": 1}


def test_each_version_has_an_entry_of_its_own(charts: ChartServer, renderer: KustomizeRenderer, tmp_path: Path) -> None:
    targets = [the_target(app(tmp_path / version, entry(charts, version=version))) for version in ("1.0.0", "1.1.0")]

    assert [chart_of(renderer.render(target, OPTIONS)) for target in targets] == ["cache-1.0.0", "cache-1.1.0"]


@pytest.mark.parametrize("version", [None, "^1.0.0", "1"])
def test_a_chart_without_an_exact_version_is_pulled_anew_and_named(
    version: str | None, charts: ChartServer, make_renderer: MakeRenderer, helm: Path, tmp_path: Path
) -> None:
    target = the_target(app(tmp_path / "repo", entry(charts, version=version)))
    first = make_renderer()
    assert chart_of(first.render(target, OPTIONS)) == "cache-1.1.0"

    package(helm, write_chart(tmp_path / "source", "cache", "1.2.0"), charts.folder)
    index(helm, charts.folder)
    renderer = make_renderer()

    assert chart_of(renderer.render(target, OPTIONS)) == "cache-1.2.0"
    said = f"cache {version}" if version else "cache"
    assert renderer.notes == (f"app/kustomization.yaml:2: chart {said} has no exact version and is pulled anew in each run",)


def test_a_pinned_chart_is_no_note(charts: ChartServer, renderer: KustomizeRenderer, tmp_path: Path) -> None:
    renderer.render(the_target(app(tmp_path / "repo", entry(charts))), OPTIONS)

    assert renderer.notes == ()


def test_offline_serves_what_is_in_the_cache(charts: ChartServer, make_renderer: MakeRenderer, tmp_path: Path) -> None:
    target = the_target(app(tmp_path / "repo", entry(charts)))
    make_renderer().render(target, OPTIONS)
    charts.asked.clear()

    assert chart_of(make_renderer(offline=True).render(target, OPTIONS)) == "cache-1.0.0"
    assert not charts.asked


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("1.0.0", "chart cache 1.0.0 is not in the cache and the network is off (--offline)"),
        (None, "chart cache has no exact version and the network is off (--offline)"),
    ],
)
def test_offline_without_the_chart_is_a_clear_failure(
    version: str | None, message: str, charts: ChartServer, make_renderer: MakeRenderer, tmp_path: Path
) -> None:
    outcome = make_renderer(offline=True).render(the_target(app(tmp_path / "repo", entry(charts, version=version))), OPTIONS)

    assert isinstance(outcome, RenderFailure)
    assert (outcome.reason, outcome.message) == ("offline", message)
    assert (outcome.location.path, outcome.location.region.start_line) == ("app/kustomization.yaml", 2)
    assert not charts.asked


def test_a_pull_that_fails_is_told_at_each_entry_and_tried_once(charts: ChartServer, renderer: KustomizeRenderer, tmp_path: Path) -> None:
    target = the_target(app(tmp_path / "repo", entry(charts, version="9.9.9")))

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda target: renderer.render(target, OPTIONS), [target] * 4))

    for outcome in outcomes:
        assert isinstance(outcome, RenderFailure)
        assert outcome.reason == "chart-pull"
        cause = f'chart "cache" version "9.9.9" not found in {charts.url} repository'
        assert outcome.message == f"chart cache 9.9.9 could not be pulled: {cause}"
        assert (outcome.location.path, outcome.location.region.start_line) == ("app/kustomization.yaml", 2)
    assert charts.asked == {"/index.yaml": 1}


def test_a_repository_that_cannot_be_reached(renderer: KustomizeRenderer, tmp_path: Path) -> None:
    nowhere = ChartServer("http://user:hunter2@127.0.0.1:9", tmp_path)

    outcome = renderer.render(the_target(app(tmp_path / "repo", entry(nowhere))), OPTIONS)

    assert isinstance(outcome, RenderFailure)
    cause = 'Get "http://127.0.0.1:9/index.yaml": dial tcp 127.0.0.1:9: connect: connection refused'
    assert outcome.message == f"chart cache 1.0.0 could not be pulled: {cause}"
    assert "hunter2" not in outcome.message + outcome.details


def cut(charts: ChartServer) -> None:
    archive = charts.folder / "cache-1.0.0.tgz"
    archive.write_bytes(archive.read_bytes()[:-60])


def garble(charts: ChartServer) -> None:
    (charts.folder / "cache-1.0.0.tgz").write_bytes(b"<html>Sign in</html>")


@pytest.mark.parametrize("spoil", [cut, garble])
def test_a_corrupt_archive_leaves_nothing_in_the_cache(
    spoil: Callable[[ChartServer], None], charts: ChartServer, archives: Path, make_renderer: MakeRenderer, tmp_path: Path
) -> None:
    target = the_target(app(tmp_path / "repo", entry(charts)))
    spoil(charts)

    outcome = make_renderer().render(target, OPTIONS)

    assert isinstance(outcome, RenderFailure)
    assert outcome.reason == "chart-pull"
    assert kept(tmp_path / "cache") == []
    shutil.copy(archives / "cache-1.0.0.tgz", charts.folder)
    assert chart_of(make_renderer().render(target, OPTIONS)) == "cache-1.0.0"


def kept(cache: Path) -> list[str]:
    """What the cache holds of charts, whole or in part."""
    return [path.name for path in (cache / "charts").iterdir() if not path.name.endswith(".lock")]


def test_a_server_that_hangs_is_a_timeout_of_the_pull(charts: ChartServer, renderer: KustomizeRenderer, tmp_path: Path) -> None:
    done = threading.Event()
    charts.hook = lambda request: done.wait(60)
    target = the_target(app(tmp_path / "repo", entry(charts)))

    outcome = renderer.render(target, RenderOptions(limits=Limits(timeout=1)))
    done.set()

    assert isinstance(outcome, RenderFailure)
    assert outcome.message == "chart cache 1.0.0: helm pull took longer than 1 s and was ended (render.timeout)"
    assert kept(tmp_path / "cache") == []


def test_an_interrupted_pull_leaves_no_entry_and_the_next_run_pulls(
    charts: ChartServer, kustomize: Path, helm: Path, make_renderer: MakeRenderer, tmp_path: Path
) -> None:
    root = app(tmp_path / "repo", entry(charts))
    asked, done = threading.Event(), threading.Event()

    def hang(request: SimpleHTTPRequestHandler) -> bool:
        if request.path.endswith(".tgz"):
            asked.set()
            return done.wait(60)
        return False

    charts.hook = hang
    arguments = [sys.executable, str(Path(__file__).with_name("driver.py")), str(kustomize), str(helm), str(root), str(tmp_path / "cache")]
    temporary = {**os.environ, "TMPDIR": str(tmp_path)}
    run = subprocess.Popen(arguments, env=temporary, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert asked.wait(60)
    run.send_signal(signal.SIGKILL)  # the worst: nobody cleans up
    run.communicate()
    done.set()
    charts.hook = None

    assert not any(path.endswith("1.0.0") for path in kept(tmp_path / "cache"))
    assert chart_of(make_renderer().render(the_target(root), OPTIONS)) == "cache-1.0.0"
    assert not [name for name in kept(tmp_path / "cache") if name.endswith(".part")]


def test_what_an_earlier_interrupt_left_is_not_taken_for_the_chart(
    charts: ChartServer, make_renderer: MakeRenderer, tmp_path: Path
) -> None:
    target = the_target(app(tmp_path / "repo", entry(charts)))
    make_renderer().render(target, OPTIONS)
    (place,) = [path for path in (tmp_path / "cache" / "charts").iterdir() if path.is_dir()]
    place.rename(f"{place}.part")
    (place.with_name(f"{place.name}.part") / "cache" / "templates" / "settings.yaml").write_text("half: {{ ")

    assert chart_of(make_renderer().render(target, OPTIONS)) == "cache-1.0.0"


def test_a_cache_that_cannot_be_written_is_a_failure_of_the_target(
    charts: ChartServer, make_renderer: MakeRenderer, tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("a file where a folder belongs", encoding="utf-8")

    outcome = make_renderer().render(the_target(app(tmp_path / "repo", entry(charts))), OPTIONS)

    assert isinstance(outcome, RenderFailure)
    assert outcome.reason == "chart-pull"
    assert outcome.message.startswith("chart cache 1.0.0 cannot be kept in the cache: ")


def test_a_chart_beside_the_kustomization_is_not_pulled(charts: ChartServer, renderer: KustomizeRenderer, tmp_path: Path) -> None:
    vendored = write_chart(tmp_path / "source", "cache", "1.0.0")
    root = app(tmp_path / "repo", entry(charts))
    shutil.copytree(vendored, root / "app" / "charts" / "cache-1.0.0" / "cache")

    assert chart_of(renderer.render(the_target(root), OPTIONS)) == "cache-1.0.0"
    assert not charts.asked


def test_a_chart_of_a_remote_base_comes_from_the_cache_too(
    charts: ChartServer, make_renderer: MakeRenderer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SWITCH, "off")  # A renderer reads no repository of this machine but the one that is judged.
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    base = app(tmp_path / "base", entry(charts))
    git = ["git", "-C", str(base), "-c", "user.name=a", "-c", "user.email=a@example.com"]
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "base"]):
        subprocess.run([*git, *command], check=True)
    root = app(tmp_path / "repo", f"resources:\n  - file://{base}//app?ref=main\n")
    before = snapshot(root)

    for _ in range(2):
        assert chart_of(make_renderer().render(the_target(root), OPTIONS)) == "cache-1.0.0"

    assert charts.asked["/index.yaml"] == 1
    assert snapshot(root) == before


def test_a_chart_is_never_pulled_out_of_the_repository(charts: ChartServer, renderer: KustomizeRenderer, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    root = app(tmp_path / "repo", f"helmGlobals:\n  chartHome: {outside}\n" + entry(charts))

    outcome = renderer.render(the_target(root), RenderOptions(("--load-restrictor", "LoadRestrictionsNone")))

    assert isinstance(outcome, RenderFailure)
    assert "where nothing is written" in outcome.message
    assert not outside.exists()
