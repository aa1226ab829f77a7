"""Repositories with something missing, circular, dangling or unreadable: the place of the mistake, and the rest linted."""

from __future__ import annotations

import os
import subprocess

import pytest
from cli_command import LIMIT, Command, Repo, pod, powerless

CHART = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/templates/pod.yaml": pod("nginx:{{ .Values.tag }}"),
    "charts/web/values.yaml": "tag: '1'\n",
}


@pytest.fixture
def beside(repo: Repo) -> Repo:
    """A repository with a target that renders, and has one finding."""
    return repo.kustomization("fine", ["nginx:1"])


MISTAKES: dict[str, tuple[dict[str, str | bytes], str]] = {
    "a missing resource": ({"apps/kustomization.yaml": "resources:\n- nope.yaml\n"}, "apps/kustomization.yaml:2:3"),
    "a missing values file": (
        {
            **{f"apps/{path}": text for path, text in CHART.items()},
            "apps/kustomization.yaml": "helmCharts:\n- name: web\n  valuesFile: no.yaml\n",
        },
        "apps/kustomization.yaml:3:15",
    ),
    "a missing chart": ({"apps/kustomization.yaml": "helmCharts:\n- name: web\n"}, "apps/kustomization.yaml:2:1"),
    "a missing base": ({"apps/kustomization.yaml": "resources:\n- ../base\n"}, "apps/kustomization.yaml:2:3"),
    "a misspelt field": ({"apps/kustomization.yaml": "resources: []\nimagez: []\n"}, "apps/kustomization.yaml:2:1"),
    "a folder in a file's place": (
        {"apps/kustomization.yaml": "resources:\n- pods.yaml\n", "apps/pods.yaml/keep": ""},
        "apps/kustomization.yaml:2:3",
    ),
    "an empty kustomization": ({"apps/kustomization.yaml": ""}, "apps/kustomization.yaml:1:1"),
    "a kustomization that is a list": ({"apps/kustomization.yaml": "- a\n"}, "apps/kustomization.yaml:1:"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_told_by_its_line_and_the_rest_is_linted(command: Command, beside: Repo, case: str) -> None:
    files, place = MISTAKES[case]
    beside.write(files)
    before = beside.tree()
    done = command(".", "--quiet", cwd=beside.root)
    assert done.status == 2
    assert [line.startswith(place) for line in done.lines if "[render-error] apps:" in line] == [True], done.out
    assert any(line.startswith("fine/pod-0.yaml:8:14 error[require-digest]") for line in done.lines)
    assert beside.tree() == before


def test_circular_bases_are_an_error_that_names_the_circle(command: Command, beside: Repo) -> None:
    beside.write({"a/kustomization.yaml": "resources: [../b]\n", "b/kustomization.yaml": "resources: [../a]\n"})
    done = command(".", "--quiet", cwd=beside.root)
    assert done.status == 2
    assert "cycle detected" in done.out
    assert "fine/pod-0.yaml:8:14 error[require-digest]" in done.out


def test_links_that_lead_nowhere_or_in_circles_are_told(command: Command, beside: Repo) -> None:
    (beside.root / "dangling.yaml").symlink_to("nowhere.yaml")
    (beside.root / "loop.yaml").symlink_to("loop.yaml")
    (beside.root / "self").symlink_to(".")
    (beside.root / "fine" / "up").symlink_to("..")
    done = command(".", "--quiet", cwd=beside.root)
    assert done.status == 2
    assert any("dangling.yaml cannot be read" in line for line in done.lines)
    assert any("loop.yaml cannot be read" in line for line in done.lines)
    assert any(line.startswith("fine/pod-0.yaml:8:14 error[require-digest]") for line in done.lines)


@pytest.mark.parametrize("name", ["dangling.yaml", "loop.yaml"])
def test_a_link_to_nothing_that_is_asked_for_is_an_error(command: Command, repo: Repo, name: str) -> None:
    (repo.root / name).symlink_to("loop.yaml" if name == "loop.yaml" else "nowhere.yaml")
    command(name, cwd=repo.root).complains(f"{name} is a symbolic link that leads nowhere")


@pytest.mark.parametrize("path", ["nope.yaml", "nope/", "nope/../nope", "fine/pod-0.yaml/x"])
def test_a_path_that_does_not_exist_is_an_error_also_beside_one_that_does(command: Command, beside: Repo, path: str) -> None:
    command(path, cwd=beside.root).complains(f"{path}: there is no such file or folder")
    command("fine", path, cwd=beside.root).complains(f"{path}: there is no such file or folder")


def test_a_path_outside_of_the_repository_is_an_error(command: Command, beside: Repo) -> None:
    command("fine", "..", cwd=beside.root).complains("lies outside of the repository")


@pytest.mark.parametrize("files", [{}, {"README.md": "# hello\n"}, {"values.yaml": "a: 1\n"}])
def test_a_folder_without_a_target_is_an_error_never_green(command: Command, repo: Repo, files: dict[str, str | bytes]) -> None:
    repo.write(files)
    command(cwd=repo.root).complains("no kustomization and no manifest under .")


def test_what_is_neither_file_nor_folder_is_refused(command: Command, repo: Repo) -> None:
    os.mkfifo(repo.root / "pipe.yaml")
    repo.write({"good.yaml": pod()})
    command("pipe.yaml", cwd=repo.root).complains("pipe.yaml is neither a file nor a folder")
    assert command(".", "--quiet", cwd=repo.root).status == 0


def test_files_that_may_not_be_read_are_told_and_the_others_linted(command: Command, beside: Repo) -> None:
    beside.write({"alone.yaml": pod(), "apps/kustomization.yaml": "resources: [pods.yaml]\n", "apps/pods.yaml": pod()})
    for path in ("alone.yaml", "apps/pods.yaml"):
        (beside.root / path).chmod(0)
    done = subprocess.run(
        powerless(command.line(".", "--quiet")), cwd=beside.root, env=command.environment(), capture_output=True, timeout=LIMIT, text=True
    )
    assert done.returncode == 2
    assert any("alone.yaml" in line and "Permission denied" in line for line in done.stdout.splitlines()), done.stdout
    assert any("pods.yaml" in line and "permission denied" in line.lower() for line in done.stdout.splitlines()), done.stdout
    assert "fine/pod-0.yaml:8:14 error[require-digest]" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_folder_that_may_not_be_read_is_told(command: Command, beside: Repo) -> None:
    beside.kustomization("secret")
    (beside.root / "secret").chmod(0)
    done = subprocess.run(
        powerless(command.line(".", "--quiet")), cwd=beside.root, env=command.environment(), capture_output=True, timeout=LIMIT, text=True
    )
    (beside.root / "secret").chmod(0o755)
    assert done.returncode == 2
    assert "secret" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
