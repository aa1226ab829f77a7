"""A chart on its own is copied, whatever links lie in it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from agentslint.discover.lone_chart import around
from agentslint.errors import UsageError


def test_folders_in_themselves_are_copied_once(tmp_path: Path) -> None:
    templates = tmp_path / "web" / "templates"
    templates.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / "web" / "Chart.yaml").write_text("apiVersion: v2\nname: web\nversion: 1.0.0\n")
    (templates / "a.yaml").write_text("a: 1\n")
    (tmp_path / "web" / "files").symlink_to("../shared")
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "b.txt").write_text("b")
    for name in ("a", "b"):
        (templates / name).symlink_to(".")
        (tmp_path / "shared" / name).symlink_to("../web")

    with around(tmp_path / "web") as staged:
        copied = sorted(path.relative_to(staged / "web").as_posix() for path in (staged / "web").rglob("*") if path.is_file())

    assert copied == ["Chart.yaml", "files/b.txt", "templates/a.yaml"]


def test_links_that_double_at_each_folder_are_refused(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    for number in range(40):
        (tmp_path / "web" / str(number)).mkdir(parents=True)
        for name in ("a", "b"):
            (tmp_path / "web" / str(number) / name).symlink_to(f"../{number + 1}")
    (tmp_path / "web" / "Chart.yaml").write_text("apiVersion: v2\nname: web\nversion: 1.0.0\n")

    with pytest.raises(UsageError, match="its links make more than 10000 folders"), around(tmp_path / "web"):
        pass
