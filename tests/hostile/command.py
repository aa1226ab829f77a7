"""The real command over a scene, once: how it ended and everything that it said."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests import warm
from tests.hostile.attack import Manner
from tests.hostile.scene import FORMATS, SECRET, Scene

TOKENS = ("GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "HELM_KUBETOKEN", "ARGOCD_AUTH_TOKEN")
"""Variables of a job that hold something to steal."""


@dataclass(frozen=True)
class Ended:
    """How a run ended; `said` is its output with all reports, `status` None where it had to be ended."""

    status: int | None
    said: str
    seconds: float = 0.0


def environment(scene: Scene) -> dict[str, str]:
    """The environment of a job: renderers, a home, and tokens that programs of a tree must never see."""
    kept = {name: os.environ[name] for name in ("PATH", "AGENTSLINT_KUSTOMIZE", "AGENTSLINT_HELM") if name in os.environ}
    tokens = {name: f"{SECRET}-{name.lower()}" for name in TOKENS}
    plain = {"HOME": str(scene.home), "LANG": "C.UTF-8", "TMPDIR": str(scene.folder / "tmp"), "GIT_CONFIG_NOSYSTEM": "1"}
    return kept | tokens | plain | scene.environ


def words(scene: Scene, manner: Manner) -> list[str]:
    """The command line of a manner."""
    reports = [word for name in FORMATS for word in ("-f", name, "-o", str(_reports(scene) / name))]
    lines = {
        Manner.FOLDER: ["lint", scene.target, *reports],
        Manner.FILE: ["lint", scene.file, *reports],
        Manner.HERE: ["lint", *reports],
        Manner.ROOT: ["lint", ".", *reports],
        Manner.OFFLINE: ["lint", scene.target, "--offline", *reports],
        Manner.BASE: ["lint", scene.target, "--base", "HEAD", *reports],
        Manner.DIFF: ["diff", "--base", "HEAD", scene.target],
        Manner.LINE: scene.line or [],
    }
    return [*lines[manner], *(scene.options if manner is not Manner.LINE else [])]


def run(scene: Scene, manner: Manner, limit: float, *before: str) -> Ended:
    """Run the command, at most for `limit` seconds; `before` are programs that watch it."""
    _reports(scene).mkdir(exist_ok=True)
    cwd = scene.root / (scene.target if manner is Manner.HERE else scene.cwd)
    if not before and not scene.before and not scene.stdout:
        return _run_warm(scene, manner, cwd, limit)
    line = [*before, *scene.before, sys.executable, "-m", "agentslint", *words(scene, manner)]
    with (scene.folder / "said").open("w+b") as said:
        into = open(scene.stdout, "wb") if scene.stdout else said  # noqa: SIM115, PTH123
        started = time.monotonic()
        process = subprocess.Popen(
            line, cwd=cwd, env=environment(scene), stdin=subprocess.DEVNULL, stdout=into, stderr=said, start_new_session=True
        )
        if into is not said:
            into.close()
        status = _end(process, limit)
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    return Ended(status, text + _written(scene), time.monotonic() - started)


def _run_warm(scene: Scene, manner: Manner, cwd: Path, limit: float) -> Ended:
    started = time.monotonic()
    try:
        done = warm.run(words(scene, manner), cwd, environment(scene), timeout=limit)
        status, said = done.returncode, done.stdout + done.stderr
    except subprocess.TimeoutExpired as error:
        status, said = None, (error.stdout or b"") + (error.stderr or b"")
    return Ended(status, said.decode("utf-8", "replace") + _written(scene), time.monotonic() - started)


def _end(process: subprocess.Popen[bytes], limit: float) -> int | None:
    try:
        return process.wait(limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        return None


def _reports(scene: Scene) -> Path:
    return scene.folder / "reports"


def _written(scene: Scene) -> str:
    return "".join(path.read_text("utf-8", "replace") for path in sorted(_reports(scene).iterdir()))
