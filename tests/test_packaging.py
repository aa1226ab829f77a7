"""The wheel holds what git holds, and works in another environment."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from tests.clone import clone_into
from tests.conftest import PROJECT


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as git would hand it out."""
    return clone_into(tmp_path_factory.mktemp("clone") / "agentslint")


@pytest.fixture(scope="session")
def wheel(clone: Path) -> Path:
    """Built as a release is: through an sdist."""
    subprocess.run([sys.executable, "-m", "build", "--outdir", "dist", "."], cwd=clone, check=True, capture_output=True)
    return next((clone / "dist").glob("*.whl"))


def files_of_rules(folder: Path) -> set[str]:
    """The files below `rules/` in a clone."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts}


def test_the_wheel_holds_every_rule_and_none_of_its_cases(clone: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    packed = {name.removeprefix("agentslint_rules/") for name in names if name.startswith("agentslint_rules/")}
    assert packed == {name for name in files_of_rules(clone / "rules") if name.endswith(".py")}
    assert {"agentslint/py.typed", "agentslint/render/helm-shim.sh"} <= names
    assert not any(name.startswith(("tests/", "bench/", "examples/")) for name in names)


def test_the_sdist_holds_the_cases_beside_their_rules(clone: Path, wheel: Path) -> None:
    with tarfile.open(next(wheel.parent.glob("*.tar.gz"))) as archive:
        packed = {name.partition("/rules/")[2] for name in archive.getnames() if "/rules/" in name}
    assert files_of_rules(clone / "rules") <= packed


def test_the_wheel_works_in_another_environment(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv")
    pip = [sys.executable, "-m", "pip", "--python", str(tmp_path / "venv"), "install", "--quiet"]
    subprocess.run([*pip, str(wheel)], check=True)
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [tmp_path / "venv/bin/agentslint", "argocd", "-q"]
    done = subprocess.run(command, cwd=PROJECT / "examples", env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    found = {line.partition("[")[2].partition("]")[0] for line in done.stdout.splitlines()}
    assert {"require-digest", "image-lockstep", "render-error"} <= found


def test_the_version_is_said_once() -> None:
    from agentslint import __version__

    assert f"## [{__version__}]" in (PROJECT / "CHANGELOG.md").read_text()
