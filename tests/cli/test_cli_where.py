"""Where the command is started, and from what kind of place: programs get the repository's paths, people those from where they stand."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from cli_command import LIMIT, Command, Repo, make_repository, pod, powerless

FINDING = "apps/web/pod-0.yaml:8:14"


@pytest.fixture
def bad(repo: Repo) -> Repo:
    return repo.kustomization("apps/web", ["nginx:1"])


@pytest.mark.parametrize("folder", [".", "apps", "apps/web"])
@pytest.mark.parametrize("path", [None, ".", "absolute"])
def test_paths_lead_to_the_file_wherever_it_is_started(command: Command, bad: Repo, folder: str, path: str | None) -> None:
    arguments = [] if path is None else [str(bad.root) if path == "absolute" else path]
    done = command(*arguments, "-q", cwd=bad.root / folder)
    assert (done.status, done.out.partition(" ")[0]) == (1, os.path.relpath(FINDING, folder))
    (result,) = json.loads(command(*arguments, "-f", "json", cwd=bad.root / folder).out)["results"]
    assert result["location"]["path"] == FINDING.partition(":")[0]


def test_it_can_be_started_from_outside(command: Command, bad: Repo, tmp_path: Path) -> None:
    for given in (bad.root, bad.root / "apps/web", bad.root / "apps/web/pod-0.yaml", bad.root / "apps/web/kustomization.yaml"):
        done = command(given, "-q", cwd=tmp_path)
        assert (done.status, done.out.partition(" ")[0]) == (1, f"repo/{FINDING}"), given


def test_outside_of_git_the_root_is_the_configurations_folder(command: Command, tmp_path: Path) -> None:
    plain = Repo(tmp_path / "plain").kustomization("apps/web", ["nginx:1"])
    assert command("apps/web", "-q", cwd=plain.root).out.partition(" ")[0] == FINDING
    assert command("web", "-q", cwd=plain.root / "apps").out.partition(" ")[0] == "web/pod-0.yaml:8:14"
    plain.write({".agentslint.toml": ""})
    assert json.loads(command("web", "-f", "json", cwd=plain.root / "apps").out)["results"][0]["location"]["path"] == "apps/web/pod-0.yaml"


@pytest.mark.parametrize("name", ["with space", "ünï→cödé", "new\nline", "quote'\"", "-dash", "$(touch x);`y`", "[glob]*?", "percent%20"])
def test_any_name_will_do_for_a_repository_and_a_folder(command: Command, tmp_path: Path, name: str) -> None:
    repo = make_repository(tmp_path / name).kustomization(f"apps/{name}", ["nginx:1"])
    before = repo.tree()
    done = command(".", "-f", "json", cwd=repo.root)
    (result,) = json.loads(done.out)["results"]
    assert (done.status, result["location"]["path"]) == (1, f"apps/{name}/pod-0.yaml")
    assert command(f"./apps/{name}", "-q", cwd=repo.root).status == 1
    assert repo.tree() == before


def test_a_checkout_that_cannot_be_written_is_linted_like_any_other(command: Command, bad: Repo, tmp_path: Path) -> None:
    chart = {"Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n", "values.yaml": "", "templates/pod.yaml": pod()}
    bad.write({f"apps/chart/charts/web/{path}": text for path, text in chart.items()})
    bad.write({"apps/chart/kustomization.yaml": "helmCharts:\n- name: web\n"})
    before = bad.tree()
    for path in (bad.root, *bad.root.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    line = powerless(command.line(".", "-q", "-f", "text", "-f", "sarif", "-o", tmp_path / "out.sarif"))
    done = subprocess.run(line, cwd=bad.root, env=command.environment(), capture_output=True, timeout=LIMIT, text=True)
    for path in (bad.root, *bad.root.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert (done.returncode, done.stdout.partition(" ")[0], done.stderr) == (1, FINDING, "")
    assert bad.tree() == before


@pytest.mark.parametrize("home", ["-", "/nowhere/home", "/dev/null", "relative"])
def test_no_home_is_needed(command: Command, bad: Repo, home: str) -> None:
    before = bad.tree()
    done = command(".", "-q", cwd=bad.root, env={"HOME": home})
    assert (done.status, done.out.partition(" ")[0], done.err) == (1, FINDING, "")
    assert bad.tree() == before


def test_a_current_folder_that_is_gone_is_an_error(command: Command, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    done = subprocess.run(
        ["sh", "-c", 'rmdir "$PWD"; exec "$@"', "sh", *command.line()],
        cwd=gone,
        env=command.environment(),
        capture_output=True,
        timeout=LIMIT,
    )
    assert (done.returncode, done.stderr) == (2, b"agentslint: the current folder no longer exists\n")
