"""The wheel holds what git holds, and works in another environment."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest
import tomli
from filelock import FileLock

from tests.clone import clone_into
from tests.conftest import PROJECT


@pytest.fixture(scope="session")
def clone(shared_folder: Path, build_backend: Path) -> Path:
    """The project as git would hand it out, with its archives in `dist`: built as a release is, the wheel through an sdist."""
    folder = shared_folder / "packaging"
    with FileLock(shared_folder / "packaging.lock"):
        if not folder.exists():
            partial = clone_into(shared_folder / "packaging.partial")
            command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", "dist", "."]
            environ = {**os.environ, "PYTHONPATH": str(build_backend)}
            subprocess.run(command, cwd=partial, env=environ, check=True, capture_output=True)
            partial.rename(folder)
    return folder


@pytest.fixture(scope="session")
def wheel(clone: Path) -> Path:
    """The wheel of a release."""
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
    assert "agentslint/presets/agents-chart.toml" in names


def test_the_sdist_holds_the_cases_beside_their_rules(clone: Path, wheel: Path) -> None:
    with tarfile.open(next(wheel.parent.glob("*.tar.gz"))) as archive:
        packed = {name.partition("/rules/")[2] for name in archive.getnames() if "/rules/" in name}
    assert files_of_rules(clone / "rules") <= packed


def test_the_wheel_requires_what_the_project_depends_on(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        said = message_from_bytes(archive.read(name)).get_all("Requires-Dist", [])
    declared = tomli.loads((PROJECT / "pyproject.toml").read_text())["project"]["dependencies"]
    required = {_plain(each) for each in said if "extra ==" not in each}
    assert required == {_plain(each) for each in declared}


def _plain(requirement: str) -> str:
    return requirement.replace(" ", "").replace('"', "'")


def test_the_wheel_works_in_another_environment(wheel: Path, tmp_path: Path) -> None:
    """With the dependencies of this one: that nothing else is needed, the installation of the action shows."""
    venv.create(tmp_path / "venv")
    there = sysconfig.get_path("purelib", vars={"base": str(tmp_path / "venv")})
    pip = [sys.executable, "-m", "pip", "--python", str(tmp_path / "venv"), "install", "--quiet", "--no-deps", "--no-compile"]
    subprocess.run([*pip, str(wheel)], check=True)
    Path(there, "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    words = ["-c", "import agentslint, agentslint_rules; print(agentslint.__file__, agentslint_rules.__file__)"]
    imported = subprocess.run([tmp_path / "venv/bin/python", *words], cwd=tmp_path, env=environ, capture_output=True, text=True, check=True)
    assert all(Path(file).is_relative_to(there) for file in imported.stdout.split()), imported.stdout
    command = [tmp_path / "venv/bin/agentslint", "argocd", "-q"]
    done = subprocess.run(command, cwd=PROJECT / "examples", env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    found = {line.partition("[")[2].partition("]")[0] for line in done.stdout.splitlines()}
    assert {"require-digest", "image-lockstep", "render-error"} <= found


def test_the_version_is_said_once() -> None:
    from agentslint import __version__

    assert f"## [{__version__}]" in (PROJECT / "CHANGELOG.md").read_text()
