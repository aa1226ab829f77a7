"""Globs of files name what git says that they name."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from agentslint.paths import matches
from agentslint.testing.histories import commit_all

FILES = (
    "a.go",
    "aXb",
    "a*b",
    "api/a.go",
    "api/.hidden.go",
    "api/v1/a.go",
    "api/v1/a[1].go",
    "api/v1/]x.go",
    "api/v1/b_types.go",
    "api/v1/deep/c.go",
    "api/v10/a.go",
    "api/v2/a.go",
    "apix/a.go",
    "crd/sub/y.yaml",
    "crd/x.yaml",
    "x/api/a.go",
)
GLOBS = (
    "*",
    "**",
    "*.go",
    "**/*.go",
    "**/a.go",
    "**/api/**",
    "**/",
    "*/v1",
    "*pi/v1/**",
    "a*b",
    "a**b",
    r"a\*b",
    "api",
    "api/",
    "api/*",
    "api/**",
    "api/**/",
    "api/**/*.go",
    "api/*/a.go",
    "api/v1/[]]x.go",
    "api/v1/[!a-z]x.go",
    "api/v1/a[1].go",
    "api/v1/b_types.*",
    "api/v?/a.go",
    "api/v[",
    "api/v[!1]/a.go",
    "api/v[^1]/a.go",
    "api/v[12]/a.go",
    "api/v[1-9]*/*.go",
    "api?a.go",
    "api[/]a.go",
    "crd/*.yaml",
    "crd/**.yaml",
)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("globs")
    for path in FILES:
        (folder / "history" / "1-all" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "history" / "1-all" / path).write_text(path)
    commit_all(folder / "history", folder / "repository")
    return folder / "repository"


@pytest.mark.parametrize("glob", GLOBS)
def test_a_glob_names_the_files_that_git_says(repository: Path, glob: str) -> None:
    asked = ["git", "ls-files", "-z", "--", f":(top,glob){glob}"]
    listed = subprocess.run(asked, cwd=repository, capture_output=True, text=True, check=True).stdout
    assert [path for path in FILES if matches(path, [glob])] == sorted(filter(None, listed.split("\0")), key=FILES.index)


def test_one_glob_of_several_is_enough() -> None:
    assert matches("api/a.go", ["crd/*", "./api/*"])
    assert not matches("api/a.go", [])
