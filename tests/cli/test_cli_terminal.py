"""Terminals: colours, the progress bar, widths, and encodings that lack what messages are made of."""

from __future__ import annotations

import os
import pty
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from cli_command import PINNED, Command, Repo, pod

LATIN = "é→ü"
ASCII = {
    "C without its UTF-8 mode": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "an encoding of Python's own": {"PYTHONIOENCODING": "ascii"},
}


def on_terminal(command: Command, *arguments: str, cwd: Path, env: Mapping[str, str]) -> tuple[int, bytes]:
    """Run with a terminal as all three streams; returns the status and what appeared."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command.line(*arguments), cwd=cwd, env=command.environment(env), stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 1 << 16):
            shown += chunk
    except OSError:
        # What reading the end of a terminal is on Linux.
        pass
    finally:
        os.close(ours)
    return process.wait(), shown


@pytest.fixture
def bad(repo: Repo) -> Repo:
    return repo.kustomization("apps", ["nginx:1"])


def test_a_terminal_gets_colours_and_a_bar_that_vanishes(command: Command, bad: Repo) -> None:
    status, shown = on_terminal(command, ".", cwd=bad.root, env={"TERM": "xterm"})
    assert status == 1
    assert b"rendering" in shown
    assert b"\x1b[1;31merror\x1b[0m" in shown
    _, _, after = shown.rpartition(b"\x1b[2K")
    assert after.replace(b"\x1b[1m", b"").startswith(b"apps/pod-0.yaml:8:14")
    assert shown.count(b"\x1b[?25l") == shown.count(b"\x1b[?25h")


def test_no_color_is_honoured(command: Command, bad: Repo) -> None:
    _, shown = on_terminal(command, ".", cwd=bad.root, env={"TERM": "xterm", "NO_COLOR": "1"})
    assert b"\x1b[1;31m" not in shown
    assert b"apps/pod-0.yaml:8:14 error[require-digest]" in shown
    _, shown = on_terminal(command, ".", cwd=bad.root, env={"TERM": "xterm", "NO_COLOR": ""})
    assert b"\x1b[1;31m" in shown
    _, shown = on_terminal(command, ".", "--color=always", cwd=bad.root, env={"TERM": "xterm", "NO_COLOR": "1"})
    assert b"\x1b[1;31m" in shown


def test_a_dumb_terminal_gets_plain_text(command: Command, bad: Repo) -> None:
    status, shown = on_terminal(command, ".", cwd=bad.root, env={"TERM": "dumb"})
    assert (status, b"\x1b" in shown, b"rendering" in shown) == (1, False, False)


def test_what_is_no_terminal_gets_plain_text_unless_colours_are_asked_for(command: Command, bad: Repo) -> None:
    plain = command(".", cwd=bad.root, env={"TERM": "xterm"})
    assert (b"\x1b" in plain.stdout, plain.stderr) == (False, b"")
    asked = command(".", "--color", "always", cwd=bad.root)
    assert b"\x1b[1;31merror\x1b[0m" in asked.stdout
    command(".", "--color", "always", "-o", "report.txt", cwd=bad.root)
    assert b"\x1b[1;31merror\x1b[0m" in (bad.root / "report.txt").read_bytes()


def test_an_error_on_a_terminal_is_one_line_after_the_bar(command: Command, bad: Repo) -> None:
    status, shown = on_terminal(command, "nowhere", cwd=bad.root, env={"TERM": "xterm"})
    assert status == 2
    assert shown.rpartition(b"\x1b[2K")[2] == b"agentslint: nowhere: there is no such file or folder\r\n"


def test_a_page_is_laid_out_on_a_terminal_and_markdown_elsewhere(command: Command, repo: Repo) -> None:
    status, shown = on_terminal(command, "explain", "render-error", cwd=repo.root, env={"TERM": "xterm"})
    assert (status, b"# render-error" in shown, b"render-error" in shown) == (0, False, True)
    assert command("explain", "render-error", cwd=repo.root).out.startswith("# render-error\n")


@pytest.mark.parametrize("case", ASCII)
def test_no_encoding_makes_a_report_fail(command: Command, repo: Repo, case: str) -> None:
    """`…` is in messages, the rest comes from a file: the report says what it can in ASCII."""
    digest = "sha256:" + "1f" * 32
    env_pod = pod(PINNED.partition("@")[0] + "@" + digest) + f"      env:\n        - {{name: WEB_DIGEST, value: 'sha256:{'2e' * 32}'}}\n"
    repo.write({"pod.yaml": f"# {LATIN}\n{env_pod}"})
    done = command("pod.yaml", cwd=repo.root, env=ASCII[case])
    assert (done.status, done.stderr) == (1, b"")
    assert done.stdout.isascii()
    assert b"..." in done.stdout
    for arguments in (("explain", "require-digest"), ("lint", "--help")):
        assert command(*arguments, cwd=repo.root, env=ASCII[case]).status == 0
    assert command(LATIN, cwd=repo.root, env=ASCII[case]).stderr.isascii()


@pytest.mark.parametrize("form", ["sarif", "json", "github"])
def test_what_programs_read_is_utf8_in_every_locale(command: Command, repo: Repo, form: str) -> None:
    repo.write({f"{LATIN}.yaml": pod("nginx:1", LATIN)})
    env = {"PYTHONIOENCODING": "ascii"}
    done = command(f"{LATIN}.yaml", "-f", form, cwd=repo.root, env=env)
    assert (done.status, LATIN in done.out) == (1, True)
    again = command(f"{LATIN}.yaml", "-f", form, cwd=repo.root)
    seconds = re.compile(rb"\d+\.\d+ s")
    assert seconds.sub(b"", done.stdout) == seconds.sub(b"", again.stdout) or form == "json"


@pytest.mark.parametrize("case", ASCII)
def test_a_path_of_any_bytes_is_linted_in_every_locale(command: Command, repo: Repo, case: str) -> None:
    repo.write({f"apps/{LATIN}/pod.yaml": pod("nginx:1"), f"kustom/{LATIN}/pod.yaml": pod("nginx:2")})
    repo.write({f"kustom/{LATIN}/kustomization.yaml": "resources: [pod.yaml]\n"})
    done = command(".", "-q", cwd=repo.root, env=ASCII[case])
    assert (done.status, len(done.lines), done.err) == (1, 2, "")


def test_a_file_name_that_is_no_text_at_all_is_linted(command: Command, repo: Repo) -> None:
    path = os.path.join(os.fsencode(repo.root), b"pod-\xff.yaml")
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(pod("nginx:1").encode())
    done = command(".", "-q", cwd=repo.root)
    assert (done.status, done.out.partition(" ")[0]) == (1, r"pod-\udcff.yaml:8:14")


@pytest.mark.parametrize("columns", [20, 40, 80])
def test_lines_of_a_frame_fit_the_terminal(command: Command, bad: Repo, columns: int) -> None:
    bad.write({"apps/kustomization.yaml": "resources: [pod-0.yaml]\nimages:\n  - name: nginx\n    newTag: 1.2.3-of-some-length-alpine\n"})
    _, shown = on_terminal(command, ".", cwd=bad.root, env={"TERM": "xterm", "COLUMNS": str(columns), "NO_COLOR": "1"})
    lines = [line.rstrip() for line in shown.decode().splitlines()]
    frame = [line for line in lines if re.match(r"\s*\d* [|=]", line)]
    assert max(map(len, frame)) <= max(columns, 30)
    assert any("images[nginx].newTag" in line for line in frame)
