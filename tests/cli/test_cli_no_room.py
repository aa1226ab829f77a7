"""A full disk and a limit of the shell's are told as what they are, and never as a clean run."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_command import Command, Done, Repo

SIZE = 64 << 10


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A temporary folder on a disk of 64 KiB."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can mount a small disk")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def chart(repo: Repo, template: str) -> Repo:
    files = {"Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n", "values.yaml": "{}\n", "templates/a.yaml": template}
    repo.write({f"app/charts/web/{path}": text for path, text in files.items()})
    return repo.write({"app/kustomization.yaml": "helmCharts:\n  - name: web\n    releaseName: web\n"})


MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n"
ONE = MAP.format(name="one") + 'data:\n  text: {{ repeat 200000 "x" }}\n'
MANY = "{{- range $i := until 4000 }}\n---\n" + MAP.format(name="m{{ $i }}") + "{{- end }}\n"


@pytest.mark.parametrize("template", [ONE, MANY])
def test_a_chart_that_prints_more_than_the_disk_holds_is_not_read_in_part(command: Command, repo: Repo, tiny: Path, template: str) -> None:
    """helm ends with 0 where half of its output could not be written."""
    chart(repo, template)

    done = command("app", cwd=repo.root, env={"TMPDIR": str(tiny)})

    assert done.status == 2
    assert "1 not checked" in done.out
    assert f"no space is left for temporary files ({tiny}); set TMPDIR to a folder with more room" in done.out
    assert list(tiny.iterdir()) == []


@pytest.mark.parametrize("room", range(0, SIZE, 4096))
def test_a_disk_with_hardly_any_room(command: Command, repo: Repo, tiny: Path, room: int) -> None:
    chart(repo, MAP.format(name="one"))
    (tiny / "fill").write_bytes(b"x" * (SIZE - room))

    done = command("app", "--select", "render-error", cwd=repo.root, env={"TMPDIR": str(tiny)})

    assert "standard output" not in done.err
    assert [path.name for path in tiny.iterdir()] == ["fill"]
    if done.status:
        assert done.status == 2
        assert "TMPDIR" in done.out + done.err
    else:
        assert "1 of 1 target rendered" in done.out


def test_no_temporary_folder_at_all(command: Command, repo: Repo, tmp_path: Path) -> None:
    repo.kustomization("app")
    script = (
        "import sys, tempfile; tempfile._candidate_tempdir_list = lambda: ['/nowhere/at/all'];"
        "from agentslint.__main__ import main; sys.argv[0] = 'agentslint'; main()"
    )
    line = [command.line()[0], "-c", script, "app"]

    ran = subprocess.run(line, cwd=repo.root, env=command.environment(), capture_output=True, check=False)

    Done(ran.returncode, ran.stdout, ran.stderr).complains("no temporary folder can be made", "/nowhere/at/all", "set TMPDIR")


@pytest.mark.parametrize("folder", ["missing", "read-only", "file"])
def test_a_temporary_folder_that_is_of_no_use_is_passed_over(command: Command, repo: Repo, tmp_path: Path, folder: str) -> None:
    repo.kustomization("app")
    (tmp_path / "read-only").mkdir(mode=0o500)
    (tmp_path / "file").touch()

    assert command("app", cwd=repo.root, env={"TMPDIR": str(tmp_path / folder)}).status == 0


@pytest.mark.parametrize(("option", "kib"), [("-v", 600_000), ("-d", 60_000)])
def test_a_limit_of_the_shell_is_not_called_one_of_ours(command: Command, repo: Repo, option: str, kib: int) -> None:
    chart(repo, MAP.format(name="one"))
    line = ["sh", "-c", f'ulimit {option} {kib} && exec "$@"', "sh", *command.line("app", "--no-trace", "--jobs", "1")]

    ran = subprocess.run(line, cwd=repo.root, env=command.environment(), capture_output=True, check=False)

    told = (ran.stdout + ran.stderr).decode()
    assert ran.returncode == 2, told
    assert "Traceback" not in told
    assert f"(ulimit {option})" in told
    assert "render.memory" not in told


def test_a_help_text_on_a_full_disk_is_still_told_as_that(command: Command, tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            command.line("--help"), stdout=full, stderr=subprocess.PIPE, env=command.environment(), cwd=tmp_path, check=False
        )

    assert (ran.returncode, ran.stderr) == (2, b"agentslint: standard output cannot be written: No space left on device\n")
