"""What all tests share: the real renderers, and the real repository where it is at hand."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from hashlib import md5
from pathlib import Path

import pytest
import tomli
from filelock import FileLock
from hypothesis import settings

PROJECT = Path(__file__).parents[1]
settings.register_profile("few", max_examples=20, deadline=None)
settings.register_profile("many", max_examples=2000, deadline=None)
settings.load_profile("few")
"""Each run of CI draws other examples; `make fuzz` takes the profile `many`."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all-cases", action="store_true", help="run every case of the families marked `sample`")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep N cases of a test that is marked `sample(N)`: the same ones each time, in every worker, whatever their order."""
    if config.getoption("--all-cases"):
        return
    families: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("sample"):
            families.setdefault(item.nodeid.partition("[")[0], []).append(item)
    left_out: set[pytest.Item] = set()
    for family in families.values():
        kept = next(family[0].iter_markers("sample")).args[0]
        left_out.update(sorted(family, key=lambda item: md5(item.nodeid.encode()).digest())[kept:])
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish() -> None:
    """Leave what was collected out of the garbage collector's rounds: it stays until the end."""
    gc.collect()
    gc.freeze()


def pytest_configure() -> None:
    """Name the renderers once for all tests: some of them run with a home, and so a cache, of their own."""
    from agentslint.tools import VARIABLES, locate

    for name, variable in VARIABLES.items():
        tool = locate(name, option=None, configured=None, environ=os.environ)
        if tool.path is not None:
            os.environ.setdefault(variable, str(tool.path))


@pytest.fixture(scope="session")
def lab() -> Path:
    """A real GitOps repository to run against, beside the checkout or named by AGENTSLINT_LAB."""
    folder = Path(os.environ.get("AGENTSLINT_LAB", PROJECT.parent / "shared" / "realworld" / "lab"))
    if not folder.is_dir():
        pytest.skip("the real repository is not here (AGENTSLINT_LAB)")
    return folder


@pytest.fixture(scope="session")
def kustomize() -> Path:
    """The kustomize that a run would use; `agentslint tools install` provides it."""
    return _tool("kustomize")


@pytest.fixture(scope="session")
def helm() -> Path:
    """The helm that a run would use."""
    return _tool("helm")


@pytest.fixture(scope="session")
def helm_3() -> Path:
    """The helm 3 in the cache: an older agentslint installed it there."""
    from agentslint.tools.folder import tools_folder

    found = tools_folder() / "helm-3.22.0" / "helm"
    if not found.is_file():
        pytest.skip("helm 3.22.0 is not in the cache of tools")
    return found


def _tool(name: str) -> Path:
    from agentslint.tools import locate

    tool = locate(name, option=None, configured=None, environ=os.environ)  # type: ignore[arg-type]
    assert tool.path is not None, f"{name} is missing: run `make tools`"
    return tool.path


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this test run, the same one for all workers of pytest-xdist."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def build_backend(shared_folder: Path) -> Path:
    """What pyproject.toml requires for a build, and nothing else, in a folder for PYTHONPATH: an isolated build would install it anew."""
    folder = shared_folder / "build-backend"
    required = tomli.loads((PROJECT / "pyproject.toml").read_text())["build-system"]["requires"]
    with FileLock(shared_folder / "build-backend.lock"):
        if not folder.exists():
            partial = shared_folder / "build-backend.partial"
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--target", str(partial)]
            subprocess.run([*pip, *required], check=True)
            partial.rename(folder)
    return folder


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Output must not depend on where the tests run."""
    for name in [name for name in os.environ if name in ("CI", "NO_COLOR", "FORCE_COLOR") or name.startswith("GITHUB_")]:
        monkeypatch.delenv(name)
