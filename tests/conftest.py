"""What all tests share: the real renderers, and the real repository where it is at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]


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


def _tool(name: str) -> Path:
    from agentslint.tools import locate

    tool = locate(name, option=None, configured=None, environ=os.environ)  # type: ignore[arg-type]
    assert tool.path is not None, f"{name} is missing: run `make tools`"
    return tool.path


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Output must not depend on where the tests run."""
    for name in [name for name in os.environ if name in ("CI", "NO_COLOR", "FORCE_COLOR") or name.startswith("GITHUB_")]:
        monkeypatch.delenv(name)
