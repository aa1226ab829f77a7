"""Ctrl-C and its relatives in the middle of a render: one line, the status of the signal, nothing left anywhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from cli_command import LIMIT, Command, Repo

import agentslint
from agentslint.cli.interrupt import SIGNALS, Interrupted, interruptible

WAIT = 0.02

PACKAGE = os.fsencode(Path(agentslint.__file__).parent)
"""Frames of a traceback that count: the checkout itself may be called agentslint, too."""


@pytest.fixture
def hanging(repo: Repo, renderer: Callable[[str], Path], tmp_path: Path) -> Path:
    """A kustomize that writes its process id into a folder and then waits for ever; the repository has two targets."""
    repo.kustomization("a").kustomization("b")
    (tmp_path / "pids").mkdir()
    return renderer(f"echo > {tmp_path}/pids/$$; exec sleep 300")


@contextmanager
def rendering(command: Command, repo: Repo, kustomize: Path, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A run that is in the middle of its two renders, with its own temporary folder `tmp`."""
    (tmp_path / "tmp").mkdir()
    process = command.start(".", "-j", "2", "--kustomize", kustomize, cwd=repo.root, env={"TMPDIR": str(tmp_path / "tmp")})
    end = time.monotonic() + LIMIT
    while len(list((tmp_path / "pids").iterdir())) < 2 and time.monotonic() < end and process.poll() is None:
        time.sleep(WAIT)
    assert process.poll() is None
    assert list((tmp_path / "tmp").iterdir())
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def alive(tmp_path: Path) -> list[int]:
    """The renderers that still run."""
    pids = [int(path.name) for path in (tmp_path / "pids").iterdir()]
    return [pid for pid in pids if Path(f"/proc/{pid}/cmdline").exists() and b"sleep" in Path(f"/proc/{pid}/cmdline").read_bytes()]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
@pytest.mark.parametrize("times", [1, 2])
def test_a_signal_ends_everything(
    command: Command, repo: Repo, hanging: Path, tmp_path: Path, number: signal.Signals, status: int, times: int
) -> None:
    before = repo.tree()
    with rendering(command, repo, hanging, tmp_path) as process:
        for _ in range(times):
            os.killpg(process.pid, number)
        out, err = process.communicate(timeout=LIMIT)
    assert (process.returncode, out, err) == (status, b"", b"agentslint: interrupted\n")
    assert list((tmp_path / "tmp").iterdir()) == []
    assert alive(tmp_path) == []
    assert repo.tree() == before


def test_a_signal_that_the_caller_turned_off_stays_off(command: Command, repo: Repo, hanging: Path, tmp_path: Path) -> None:
    """What `nohup` does."""
    quick = Path(str(hanging).replace("kustomize", "quick"))
    quick.write_text(hanging.read_text().replace("sleep 300", "sleep 1"))
    quick.chmod(0o755)
    previous = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with rendering(command, repo, quick, tmp_path) as process:
            os.killpg(process.pid, signal.SIGHUP)
            out, _ = process.communicate(timeout=LIMIT)
    finally:
        signal.signal(signal.SIGHUP, previous)
    assert process.returncode == 1
    assert b"2 of 2 targets rendered" in out


@pytest.mark.sample(8)
@pytest.mark.parametrize("delay", range(0, 400, 20))
def test_a_signal_during_the_imports_shows_no_traceback(command: Command, repo: Repo, delay: int) -> None:
    process = command.start("--help", cwd=repo.root)
    time.sleep(0.02 + delay / 1000)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=LIMIT)
    if b"init_import_site" not in err and b"runpy" not in err:  # the interpreter itself was still starting
        assert b"Traceback" not in err
        assert process.returncode in (0, 130, -signal.SIGINT)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_while_the_command_starts_leaves_no_traceback(
    command: Command, repo: Repo, hanging: Path, number: signal.Signals, status: int
) -> None:
    """The interpreter's own start is not ours: there a signal ends it as it ends any Python, or is lost in a callback of an import."""
    for delay in (0.03, 0.06, 0.1, 0.15, 0.25):
        process = command.start(".", "--kustomize", hanging, cwd=repo.root)
        time.sleep(delay)
        process.send_signal(number)
        try:
            out, err = process.communicate(timeout=LIMIT / 4)
        except subprocess.TimeoutExpired as late:
            if b"Exception ignored in: <function _get_module_lock" not in (late.stderr or b""):
                raise
            continue
        finally:
            process.kill()
            process.communicate()
        assert out == b""
        assert b'File "%s/' % PACKAGE not in err, err
        if err and b"site" not in err and b"runpy" not in err:
            assert (process.returncode, err) == (status, b"agentslint: interrupted\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("module", ["agentslint.cli", "numbers"])
def test_signals_are_heard_during_the_imports(module: str, number: signal.Signals, tmp_path: Path) -> None:
    """A module that the command imports sends the signal: an instant that no delay could hit for sure.

    `numbers` is imported by `decimal`, which complains if its own import is interrupted and then repeated.
    """
    (tmp_path / "sitecustomize.py").write_text(
        "import builtins, os\nreal = builtins.__import__\n"
        "def sending(name, *rest, **more):\n    if name == '" + module + "':\n"
        f"        os.kill(os.getpid(), {int(number)})\n    return real(name, *rest, **more)\nbuiltins.__import__ = sending\n"
    )
    line = [sys.executable, "-m", "agentslint", "rules"]
    done = subprocess.run(line, env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (128 + number, b"", b"agentslint: interrupted\n")


class _Named:
    """Sends a signal while Python makes the class that it is in, as if a module were being imported."""

    def __set_name__(self, owner: type, name: str) -> None:
        os.kill(os.getpid(), signal.SIGINT)


class _Left:
    """Sends a signal while Python removes it."""

    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)


def make_class() -> None:
    type("Owner", (), {"name": _Named()})


def make_class_without_a_word() -> None:
    with suppress(RuntimeError):
        make_class()


def remove_and_wait() -> None:
    _Left()
    time.sleep(LIMIT)


@pytest.fixture
def own_signals() -> Iterator[None]:
    """A command that was interrupted leaves its process deaf, as it ends: the process of the tests does not."""
    before = {number: signal.getsignal(number) for number in (*SIGNALS, signal.SIGALRM)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("own_signals")
@pytest.mark.parametrize("work", [make_class, make_class_without_a_word, remove_and_wait])
def test_a_signal_is_not_lost_on_its_way(work: Callable[[], None]) -> None:
    """Python ignores what is raised in `__del__`; before 3.12 what is raised in `__set_name__` comes out as a RuntimeError."""

    def interrupted() -> None:
        with interruptible():
            work()

    with pytest.raises(Interrupted) as found:
        interrupted()
    assert found.value.status == 130
