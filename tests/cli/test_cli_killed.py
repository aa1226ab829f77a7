"""A run that is killed cleans up nothing itself: no program of it may go on, and no folder may stay."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_command import LIMIT, Command, Repo

SOON = 10.0


def appears(condition: Callable[[], bool], seconds: float = LIMIT) -> bool:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def alive(mark: str) -> list[str]:
    """The processes that have `mark` in their environment or among their words."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            seen = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if mark.encode() in seen and int(folder.name) != os.getpid() and state != "Z":
            found.append(seen.replace(b"\0", b" ").decode(errors="replace"))
    return found


def kill_midway(command: Command, repo: Repo, tmp_path: Path, kustomize: Path, began: Callable[[], bool], *words: str) -> None:
    """Kill the command with SIGKILL once `began`; its group lives on unless somebody ends it."""
    process = command.start(*(words or (".",)), "--kustomize", kustomize, cwd=repo.root, env={"TMPDIR": str(tmp_path / "tmp")})
    try:
        assert appears(lambda: began() or process.poll() is not None)
        assert process.poll() is None, process.communicate()
        assert list((tmp_path / "tmp").iterdir())
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=LIMIT)


@pytest.fixture
def tmp(tmp_path: Path) -> Path:
    """The temporary folder of runs."""
    (tmp_path / "tmp").mkdir()
    return tmp_path / "tmp"


def test_nothing_is_left_of_a_kustomize_that_hangs(
    command: Command, repo: Repo, renderer: Callable[[str], Path], tmp: Path, tmp_path: Path
) -> None:
    repo.kustomization("a").kustomization("b")
    hanging = renderer(f"echo > {tmp_path}/began; sleep 300 & exec sleep 300")

    kill_midway(command, repo, tmp_path, hanging, (tmp_path / "began").exists)

    assert appears(lambda: not list(tmp.iterdir()), SOON), list(tmp.rglob("*"))
    assert appears(lambda: not alive(str(tmp)), SOON), alive(str(tmp))


def test_nothing_is_left_of_a_slow_chart_that_the_real_kustomize_renders(
    command: Command, repo: Repo, kustomize: Path, tmp: Path, tmp_path: Path
) -> None:
    """kustomize, the shim and helm: three programs deep."""
    template = "{{- range until 1000 }}" * 4 + "{{- end }}" * 4
    chart = {"Chart.yaml": "apiVersion: v2\nname: slow\nversion: 1.0.0\n", "values.yaml": "", "templates/a.yaml": template}
    repo.write({f"app/charts/slow/{path}": text for path, text in chart.items()})
    repo.write({"app/kustomization.yaml": "helmCharts:\n  - name: slow\n    releaseName: slow\n"})

    kill_midway(command, repo, tmp_path, kustomize, lambda: any("helm template" in each for each in alive(str(tmp))))

    assert appears(lambda: not list(tmp.iterdir()), SOON), list(tmp.rglob("*"))
    assert appears(lambda: not alive(str(tmp)), SOON), alive(str(tmp))


def test_nothing_is_left_where_a_program_left_its_group(
    command: Command, repo: Repo, renderer: Callable[[str], Path], tmp: Path, tmp_path: Path
) -> None:
    repo.kustomization("a")
    fleeing = renderer(f"setsid sh -c 'echo > {tmp_path}/began; sleep 300' & sleep 300")

    kill_midway(command, repo, tmp_path, fleeing, (tmp_path / "began").exists)

    assert appears(lambda: not list(tmp.iterdir()), SOON)
    assert appears(lambda: not alive(str(tmp)), SOON), alive(str(tmp))


def test_nothing_is_left_of_a_comparison(command: Command, repo: Repo, renderer: Callable[[str], Path], tmp: Path, tmp_path: Path) -> None:
    repo.kustomization("a")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run([*git, "add", "."], cwd=repo.root, check=True)
    subprocess.run([*git, "commit", "-qm", "first"], cwd=repo.root, check=True)
    repo.kustomization("a", ["nginx:1"])
    hanging = renderer(f"echo > {tmp_path}/began; exec sleep 300")

    kill_midway(command, repo, tmp_path, hanging, (tmp_path / "began").exists, "diff", "--base", "HEAD")

    assert appears(lambda: not list(tmp.iterdir()), SOON), list(tmp.rglob("*"))


def test_the_next_run_removes_what_nobody_owns_and_nothing_else(command: Command, repo: Repo, tmp: Path, tmp_path: Path) -> None:
    """Where the watcher was killed, too."""
    repo.kustomization("a")
    folders = {name: tmp / f"agentslint-run-{name}" for name in ("left", "held", "unlocked", "old", "open")}
    for name, folder in folders.items():
        folder.mkdir(mode=0o755 if name == "open" else 0o700)
        (folder / "render" / "deep").mkdir(parents=True)
        if name not in ("unlocked", "old"):
            (folder / "lock").touch()
    os.utime(folders["old"], (0, 0))
    (folders["left"] / "render" / "out").symlink_to(tmp_path / "kept")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").touch()
    (tmp / "agentslint-run-link").symlink_to(tmp_path / "linked")
    (tmp_path / "linked").mkdir(mode=0o700)
    (tmp_path / "linked" / "lock").touch()
    (tmp / "agentslint-run-piped").mkdir(mode=0o700)
    os.mkfifo(tmp / "agentslint-run-piped" / "lock")

    with (folders["held"] / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command(".", cwd=repo.root, env={"TMPDIR": str(tmp)})

    expected = {"agentslint-run-held", "agentslint-run-unlocked", "agentslint-run-open", "agentslint-run-link", "agentslint-run-piped"}
    assert {path.name for path in tmp.iterdir()} == expected
    assert (tmp_path / "kept" / "file").exists()
    assert (tmp_path / "linked" / "lock").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_the_next_run_leaves_the_folders_of_other_users(command: Command, repo: Repo, tmp: Path) -> None:
    repo.kustomization("a")
    theirs = tmp / "agentslint-run-theirs"
    theirs.mkdir(mode=0o700)
    (theirs / "lock").touch()
    os.chown(theirs, 65534, 65534)

    command(".", cwd=repo.root, env={"TMPDIR": str(tmp)})

    assert (theirs / "lock").exists()


def test_a_run_does_not_wait_for_its_watcher_nor_hold_a_pipe_open(command: Command, repo: Repo, tmp: Path) -> None:
    """Who reads the report to its end is not kept waiting by a process that was left behind."""
    repo.kustomization("a")

    done = command(".", cwd=repo.root, env={"TMPDIR": str(tmp)})

    assert done.status == 0
    assert list(tmp.iterdir()) == []
    assert appears(lambda: not alive(str(tmp)), SOON)


@pytest.mark.parametrize("moment", range(12))
def test_an_interrupt_at_any_moment_leaves_nothing(command: Command, repo: Repo, tmp: Path, moment: int) -> None:
    repo.kustomization("a").kustomization("b")
    process = command.start(".", cwd=repo.root, env={"TMPDIR": str(tmp)})
    time.sleep(0.05 + moment * 0.05)
    process.send_signal(signal.SIGKILL if moment % 3 == 2 else signal.SIGINT)
    process.communicate(timeout=LIMIT)

    assert appears(lambda: not list(tmp.iterdir()), SOON), list(tmp.rglob("*"))
    assert appears(lambda: not alive(str(tmp)), SOON)


def test_an_exit_without_cleaning_leaves_nothing(tmp: Path) -> None:
    """What a second signal does, or a plugin."""
    script = "import os; from agentslint import run_folder; (run_folder.temporary('render') / 'file').touch(); os._exit(3)"
    done = subprocess.run([sys.executable, "-c", script], env={**os.environ, "TMPDIR": str(tmp)}, check=False)

    assert done.returncode == 3
    assert appears(lambda: not list(tmp.iterdir()), SOON)
