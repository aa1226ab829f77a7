"""A render that did without a file is no whole answer, whatever the command."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cli_command import Command, Repo, pod

FILES = {
    "app/kustomization.yaml": "helmCharts:\n- name: web\n  releaseName: web\n  valuesFile: values.yaml\n",
    "app/values.yaml": "image: nginx:1.27\n",
    "app/charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "app/charts/web/values.yaml": "image: ''\n",
    "app/charts/web/templates/web.yaml": pod("{{ .Values.image }}"),
}
COMMANDS = [
    ("lint", "app"),
    ("diff", "--base", "HEAD", "app"),
    ("diff", "--base", "HEAD", "--format", "json", "app"),
    ("trace", "app"),
    ("trace", "--format", "json", "app"),
    ("impact", "app/values.yaml:1"),
    ("contract", "app"),
    ("images", "app"),
    ("images", "--format", "json", "app"),
]


def commit(repo: Repo) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    for words in (["add", "--all"], ["commit", "-qm", "files"]):
        subprocess.run(["git", *who, *words], cwd=repo.root, check=True)


@pytest.mark.sample(6)
@pytest.mark.parametrize("line", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("to", ["/etc/hostname", "../../../../outside"])
def test_it_is_said_and_the_status_is_2(command: Command, repo: Repo, tmp_path: Path, line: tuple[str, ...], to: str) -> None:
    (tmp_path / "outside").write_text("x")
    repo.write(FILES)
    commit(repo)
    repo.write({"app/values.yaml": "image: nginx:1.28\n"})
    (repo.root / "app/charts/web/e.txt").symlink_to(to)

    done = command(*line, cwd=repo.root)

    assert done.status == 2, done
    assert "app/charts/web/e.txt" in done.out + done.err
    assert "is not read" in done.out + done.err


def test_so_it_is_where_it_was_left_out_at_the_base_alone(command: Command, repo: Repo) -> None:
    repo.write(FILES)
    (repo.root / "app/charts/web/e.txt").symlink_to("/etc/hostname")
    commit(repo)
    (repo.root / "app/charts/web/e.txt").unlink()

    done = command("diff", "--base", "HEAD", "app", cwd=repo.root)

    assert done.status == 2, done
    assert "at the base HEAD" in done.out
