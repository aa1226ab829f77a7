"""The programs that the integrations are tested with, and a repository as a user has it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from action_checkout import Stranger, make_checkout, make_hostile
from composite import Runner, Used
from filelock import FileLock
from git_repository import commit_all, git

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def project() -> Path:
    """The project's own checkout."""
    return PROJECT


@pytest.fixture(scope="session")
def actionlint() -> Path:
    """The pinned actionlint; built with Go the first time."""
    script = PROJECT / "tests/integrations/dev_tools.sh"
    done = subprocess.run([script], capture_output=True, text=True)
    if done.returncode == 3:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


@pytest.fixture(scope="session")
def zizmor() -> Path:
    """The zizmor of the development environment."""
    return Path(sys.executable).with_name("zizmor")


@pytest.fixture(scope="session")
def released(shared_folder: Path) -> Path:
    """A git repository that holds the project as it is on disk, in one commit: what users name in `repo:` and `uses:`."""
    folder = shared_folder / "released"
    with FileLock(shared_folder / "released.lock"):
        if not folder.exists():
            partial = shared_folder / "released.partial"
            listed = git(PROJECT, "ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0")
            for name in filter(None, listed):
                if (PROJECT / name).is_file():
                    (partial / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(PROJECT / name, partial / name)
            commit_all(partial)
            partial.rename(folder)
    return folder


@pytest.fixture
def gitops(tmp_path: Path) -> Path:
    """A user's repository: the examples, and some small applications."""
    return make_checkout(tmp_path / "gitops")


@pytest.fixture(scope="session")
def stranger(shared_folder: Path) -> Stranger:
    """A checkout in which a stranger left all that Python or pip could take for their own."""
    found = Stranger(shared_folder / "stranger", shared_folder / "marks")
    with FileLock(shared_folder / "stranger.lock"):
        if not found.checkout.exists():
            make_hostile(make_checkout(found.checkout), found.marks)
    return found


@pytest.fixture(scope="session")
def installed(released: Path, stranger: Stranger, shared_folder: Path) -> dict[str, str]:
    """What the action's own first steps put in place, once for all tests, on a stranger's checkout; the output of its installation."""
    kept = shared_folder / "installed.json"
    with FileLock(shared_folder / "installed.lock"):
        if not kept.exists():
            temp = shared_folder / "runner"
            temp.mkdir()
            about = {"runner.os": "Linux", "runner.arch": "X64"}
            ends = {"python": Used({"python-path": sys.executable}), "lint": Used(outcome="failure")}
            with pytest.MonkeyPatch.context() as patch:
                stranger.leave_variables(patch)
                patch.setenv("PIP_NO_COMPILE", "1")  # most of the modules are never imported
                ran = Runner(released, stranger.checkout, temp, about).run({}, ends)
            assert ran.outcomes["install"] == "success", ran.log
            kept.write_text(json.dumps(ran.outputs["install"]))
    outputs: dict[str, str] = json.loads(kept.read_text())
    return outputs
