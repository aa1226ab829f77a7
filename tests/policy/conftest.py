"""A repository in which nothing was committed yet."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from fork import Fork

from tests.own_cache import own_cache


@pytest.fixture
def fork(tmp_path: Path, kustomize: Path, helm: Path) -> Fork:
    """The maintainers' repository."""
    own_cache(tmp_path / "home/.cache")
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path / "home"),
        "LANG": "C.UTF-8",
        "AGENTSLINT_KUSTOMIZE": str(kustomize),
        "AGENTSLINT_HELM": str(helm),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    return Fork.begin(tmp_path / "repo", environ)
