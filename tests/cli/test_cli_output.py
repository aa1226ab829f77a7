"""Where reports go, and what happens where they cannot."""

from __future__ import annotations

import json
import os
import resource
import stat
import subprocess
import tempfile
from pathlib import Path

import pytest
from cli_command import LIMIT, Command, Repo, pod, powerless

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")


@pytest.fixture
def bad(repo: Repo) -> Repo:
    """A repository with one finding."""
    return repo.write({"pod.yaml": pod("nginx:1")})


def test_each_output_belongs_to_the_format_before_it(command: Command, bad: Repo) -> None:
    pairs = ("-f", "sarif", "-o", "a.sarif", "--format=json", "--output=b.json", "-f", "text", "-o", "c.txt", "-f", "github")
    done = command("pod.yaml", *pairs, cwd=bad.root)
    assert done.status == 1
    assert json.loads((bad.root / "a.sarif").read_text())["version"] == "2.1.0"
    assert json.loads((bad.root / "b.json").read_text())["tool"]["name"] == "agentslint"
    assert (bad.root / "c.txt").read_text().startswith("pod.yaml:8:14 error[require-digest]")
    assert done.out.startswith("::error file=pod.yaml,line=8,")


def test_an_output_without_a_format_is_text(command: Command, bad: Repo) -> None:
    done = command("pod.yaml", "-o", "report.txt", "-f", "json", cwd=bad.root)
    assert (bad.root / "report.txt").read_text().startswith("pod.yaml:8:14")
    assert json.loads(done.out)


def test_a_dash_is_standard_output(command: Command, bad: Repo) -> None:
    done = command("pod.yaml", "-f", "json", "-o", "-", cwd=bad.root)
    assert (done.status, json.loads(done.out)["summary"]["exit_code"]) == (1, 1)
    assert not (bad.root / "-").exists()


@pytest.mark.parametrize(
    "pairs",
    [
        ("-f", "sarif", "-f", "json"),
        ("-f", "sarif", "-o", "same", "-f", "json", "-o", "./same"),
        ("-f", "sarif", "-o", "link", "-f", "json", "-o", "same"),
        ("-f", "text", "-f", "json", "-o", "-"),
    ],
)
def test_two_formats_to_one_place_are_refused(command: Command, bad: Repo, pairs: tuple[str, ...]) -> None:
    (bad.root / "link").symlink_to("same")
    command("pod.yaml", *pairs, cwd=bad.root).complains("two formats would be written to one place")
    assert not (bad.root / "same").exists()


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("nowhere/report.txt", "there is no folder"),
        (".", "is not a file to write to"),
        ("folder", "is not a file to write to"),
        ("new/", "is not a file to write to"),
        ("", "an empty name is not a file to write to"),
        ("pod.yaml/report.txt", "there is no folder"),
    ],
)
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_rendered(
    command: Command, bad: Repo, output: str, message: str
) -> None:
    bad.write({"folder/keep": ""}).kustomization("apps")
    env = {"AGENTSLINT_KUSTOMIZE": "/nowhere"}
    command(".", "-o", output, cwd=bad.root, env=env).complains("--output", message)


def test_an_unknown_format_is_refused_and_the_nearest_named(command: Command, bad: Repo) -> None:
    command("pod.yaml", "-f", "srif", cwd=bad.root).complains("there is no format 'srif'", "did you mean 'sarif'?")
    command("pod.yaml", "-f", "xyzzy", cwd=bad.root).complains("there are: text, sarif, json, github")


@needs_full
def test_a_full_disk_ends_with_2_and_says_so(command: Command, bad: Repo) -> None:
    for arguments in (("pod.yaml",), ("rules",), ("--help",), ("explain", "require-digest"), ("pod.yaml", "-f", "sarif")):
        with FULL.open("wb") as full:
            done = subprocess.run(
                command.line(*arguments), cwd=bad.root, env=command.environment(), stdout=full, stderr=subprocess.PIPE, timeout=LIMIT
            )
        assert (done.returncode, done.stderr) == (2, b"agentslint: standard output cannot be written: No space left on device\n")


@needs_full
def test_a_full_disk_keeps_no_other_report_back_and_the_device_stays_one(command: Command, bad: Repo) -> None:
    done = command("pod.yaml", "-f", "json", "-o", FULL, "-f", "sarif", "-o", "a.sarif", "-f", "text", cwd=bad.root)
    assert (done.status, done.err) == (2, "agentslint: the report could not be written to /dev/full: No space left on device\n")
    assert json.loads((bad.root / "a.sarif").read_text())["version"] == "2.1.0"
    assert done.out.startswith("pod.yaml:8:14")
    assert stat.S_ISCHR(FULL.stat().st_mode)


def test_a_report_that_does_not_fit_leaves_the_one_before_and_no_scrap(command: Command, bad: Repo) -> None:
    (bad.root / "a.sarif").write_text("yesterday's")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

    # Python would cut the bytecode of what it imports, too, and keep that.
    whole = {"PYTHONDONTWRITEBYTECODE": "1"}
    done = command("pod.yaml", "-f", "sarif", "-o", "a.sarif", cwd=bad.root, env=whole, preexec_fn=limit)
    assert (done.status, done.err) == (2, "agentslint: the report could not be written to a.sarif: File too large\n")
    assert bad.tree().keys() == {"pod.yaml", "a.sarif"}
    assert (bad.root / "a.sarif").read_text() == "yesterday's"


def test_a_link_stays_a_link_and_a_file_keeps_its_mode(command: Command, bad: Repo) -> None:
    (bad.root / "real.json").write_text("")
    (bad.root / "real.json").chmod(0o640)
    (bad.root / "link.json").symlink_to("real.json")
    command("pod.yaml", "-f", "json", "-o", "link.json", cwd=bad.root)
    assert (bad.root / "link.json").is_symlink()
    assert json.loads((bad.root / "real.json").read_text())
    assert stat.S_IMODE((bad.root / "real.json").stat().st_mode) == 0o640


def test_a_new_file_has_the_mode_that_the_user_gives_new_files(command: Command, bad: Repo) -> None:
    command("pod.yaml", "-o", "report.txt", cwd=bad.root, preexec_fn=lambda: os.umask(0o027))
    assert stat.S_IMODE((bad.root / "report.txt").stat().st_mode) == 0o640


def test_a_file_in_a_folder_that_takes_no_new_file_is_written_all_the_same(command: Command, bad: Repo) -> None:
    bad.write({"out/report.txt": "", "out/other": ""})
    (bad.root / "out").chmod(0o555)
    for name, status in (("report.txt", 1), ("new.txt", 2)):
        line = powerless(command.line("pod.yaml", "-o", f"out/{name}"))
        done = subprocess.run(line, cwd=bad.root, env=command.environment(), capture_output=True, timeout=LIMIT)
        assert done.returncode == status, done.stderr
    assert (bad.root / "out/report.txt").read_text().startswith("pod.yaml:8:14")


def test_devices_are_written_to_and_stay_devices(command: Command, bad: Repo) -> None:
    with (bad.root / "log").open("wb") as log:
        log.write(b"before\n")
        log.flush()
        line = command.line("pod.yaml", "-q", "-f", "text", "-o", "/dev/stdout", "-f", "json", "-o", os.devnull)
        done = subprocess.run(line, cwd=bad.root, env=command.environment(), stdout=log, stderr=subprocess.PIPE, timeout=LIMIT)
    assert (done.returncode, done.stderr) == (1, b"")
    assert [text.partition(" ")[0] for text in (bad.root / "log").read_text().splitlines()] == ["before", "pod.yaml:8:14"]
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def test_a_reader_that_goes_away_ends_the_run_quietly(command: Command, bad: Repo) -> None:
    bad.write({f"pods/{number}.yaml": pod("nginx:1", f"pod-{number}") for number in range(1500)})
    with command.start(".", "-q", cwd=bad.root) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"pod.yaml:8:14")
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode == 2


@pytest.mark.parametrize("arguments", [("pod.yaml",), ("rules",), ("--help",)])
def test_a_closed_standard_output_is_a_report_that_nobody_gets(command: Command, bad: Repo, arguments: tuple[str, ...]) -> None:
    done = command.start(*arguments, cwd=bad.root, preexec_fn=lambda: os.close(1))
    _, err = done.communicate(timeout=LIMIT)
    assert (done.returncode, err) == (2, b"agentslint: standard output cannot be written: Bad file descriptor\n")


def test_other_streams_may_be_closed(command: Command, bad: Repo) -> None:
    with command.start("pod.yaml", "-o", "report.txt", cwd=bad.root, preexec_fn=lambda: os.closerange(0, 3)) as process:
        assert process.wait(LIMIT) == 1
    assert (bad.root / "report.txt").read_text().startswith("pod.yaml:8:14")
    with command.start("-", "-q", cwd=bad.root, preexec_fn=lambda: os.close(0)) as process:
        out, err = process.communicate(timeout=LIMIT)
    assert (process.returncode, err) == (2, b"")
    assert b"cannot be read: Bad file descriptor" in out


@pytest.mark.skipif(not os.access("/dev/shm", os.W_OK), reason="there is no shared memory here")
def test_a_report_may_lie_in_shared_memory(command: Command, bad: Repo) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        done = command("pod.yaml", "-q", "-f", "json", "-o", f"{folder}/report.json", cwd=bad.root)
        assert (done.status, json.loads(Path(folder, "report.json").read_text())["results"] != []) == (1, True)
