"""What the kernel holds a program to, tried with small programs: files, sockets, signals; and where it cannot."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from agentslint import children, confine
from agentslint.access import Access
from agentslint.children import Profile, hindrance, output

needs_kernel = pytest.mark.skipif(bool(hindrance()), reason=f"not here: {hindrance()}")

_NESTED = "from agentslint.children import *; import os; r = output(['git', '--version'], profile=Profile.GIT, environ=os.environ)"

_REFUSED_FAMILIES = (("INET", "STREAM"), ("INET6", "DGRAM"), ("INET", "RAW"), ("PACKET", "RAW"), ("VSOCK", "STREAM"), ("ALG", "SEQPACKET"))
_EVERYTHING = f"confine.hold_files([('/', {confine.READ | confine.EXECUTE | confine.WRITE})], connect=True)"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A repository with a token in its configuration, and one within it."""
    for folder in (".git", "app", "vendored/.git", "vendored/app"):
        (tmp_path / "repo" / folder).mkdir(parents=True)
        (tmp_path / "repo" / folder / "config").write_text("token\n")
    (tmp_path / "outside").write_text("secret\n")
    (tmp_path / "repo" / "out").symlink_to(tmp_path / "outside")
    (tmp_path / "work").mkdir()
    return tmp_path


def sh(tree: Path, script: str, profile: Profile = Profile.RENDERER) -> subprocess.CompletedProcess[bytes]:
    """Run a line of shell as a renderer is run."""
    access = Access(str(tree / "repo"), write=(str(tree / "work"),))
    try:
        return output(["sh", "-c", script], profile=profile, access=access, environ=os.environ, cwd=tree / "repo", timeout=20)
    finally:
        children.release([access])


def as_renderer(tree: Path, program: str, profile: Profile = Profile.RENDERER) -> str:
    """Run a piece of Python as a renderer; it is granted its own installation."""
    access = Access(read=(sys.base_prefix, sys.prefix), programs=(os.path.realpath(sys.executable),), once=True)
    command = [os.path.realpath(sys.executable), "-I", "-S", "-c", program]
    done = output(command, profile=profile, access=access, environ={"PATH": os.defpath}, timeout=20)
    return (done.stdout + done.stderr).decode()


@needs_kernel
@pytest.mark.parametrize(
    "path",
    [
        "out", "../outside", ".git/config", "vendored/.git/config", "/etc/passwd", "/proc/self/environ", "/proc/1/environ",
        "/proc/self/cmdline", "/sys/kernel/mm/transparent_hugepage/enabled", "/etc/hostname", "$HOME/.gitconfig",
    ],
)  # fmt: skip
@pytest.mark.parametrize("profile", [Profile.RENDERER, Profile.ONLINE_RENDERER])
def test_a_renderer_reads_only_within_its_access(tree: Path, path: str, profile: Profile) -> None:
    done = sh(tree, f'exec cat "{path}"', profile)

    assert (done.returncode, done.stdout) == (1, b"")
    assert b"denied" in done.stderr or b"No such file" in done.stderr


@needs_kernel
@pytest.mark.parametrize("path", ["app/config", "vendored/app/config", "vendored/config", "/dev/null", "/usr/bin/env"])
def test_it_reads_what_it_needs(tree: Path, path: str) -> None:
    if path == "vendored/config":
        (tree / "repo" / path).write_text("plain\n")

    assert sh(tree, f"exec cat {path}").returncode == 0


@needs_kernel
@pytest.mark.parametrize(
    "script",
    [
        "echo x > app/config", "echo x > ../outside", "echo x > out", "mkdir new", "cp app/config /tmp/agentslint-stolen",
        "echo x >> .git/config", "cp -P out ../work/link && echo x > ../work/link", "echo x > /dev/full",
    ],
)  # fmt: skip
def test_it_writes_nothing_but_its_own_folder(tree: Path, script: str) -> None:
    before = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}

    assert sh(tree, script).returncode != 0
    assert {path: path.read_bytes() for path in before} == before
    assert not Path("/tmp/agentslint-stolen").exists()
    assert sh(tree, "mkdir ../work/new && echo x > ../work/new/file").returncode == 0


@needs_kernel
@pytest.mark.parametrize("command", ["ls", "env", "id", "ps", "../work/program"])
def test_it_starts_only_its_programs(tree: Path, command: str) -> None:
    shutil.copy("/bin/true", tree / "work" / "program")

    assert sh(tree, command).returncode == 126


@needs_kernel
def test_it_does_not_signal_who_started_it(tree: Path) -> None:
    assert sh(tree, f"kill -0 {os.getpid()}").returncode != 0


@needs_kernel
@pytest.mark.skipif(os.uname().machine not in ("x86_64", "aarch64"), reason="no filter of sockets for this machine")
@pytest.mark.parametrize(
    ("call", "allowed"),
    [
        *((f"s.socket(s.AF_{name}, s.SOCK_{kind})", False) for name, kind in _REFUSED_FAMILIES),
        ("s.socketpair(s.AF_UNIX)", True), ("s.socket(s.AF_UNIX)", True), ("s.socket(s.AF_NETLINK, s.SOCK_RAW)", True),
    ],
)  # fmt: skip
def test_no_socket_that_leaves_the_machine(tree: Path, call: str, allowed: bool) -> None:
    said = as_renderer(tree, f"import socket as s; {call}; print('made')")

    assert ("made" in said, "Permission denied" in said) == (allowed, not allowed), said


@needs_kernel
@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of x86_64")
@pytest.mark.parametrize("number", [425, 41 | 0x40000000])
def test_no_way_around_the_socket_call(tree: Path, number: int) -> None:
    program = f"import ctypes as c; l = c.CDLL(None, use_errno=True); print(l.syscall({number}, 2, 1, 0), c.get_errno())"

    assert as_renderer(tree, program).split() == ["-1", str(errno.EACCES)]


@needs_kernel
def test_the_network_is_there_where_it_is_granted(tree: Path) -> None:
    said = as_renderer(tree, "import socket as s; s.create_connection(('127.0.0.1', 9), 2)", Profile.ONLINE_RENDERER)

    assert "ConnectionRefusedError" in said


@needs_kernel
def test_git_reads_and_runs_no_other_program(tree: Path) -> None:
    here = str(tree / "repo2")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", here]
    subprocess.run(["git", "init", "-q", here], check=True)
    (tree / "repo2" / "file").write_text("x\n")
    subprocess.run([*git, "add", "."], check=True)
    for name, value in {
        "core.fsmonitor": f"touch {here}/ran",
        "filter.f.clean": f"touch {here}/ran",
        "alias.x": f"!touch {here}/ran",
    }.items():
        subprocess.run([*git, "config", name, value], check=True)
    (tree / "repo2" / ".gitattributes").write_text("file filter=f\n")
    (tree / "repo2" / "file").write_text("y\n")

    for words in (["status"], ["diff"], ["x"], ["-c", "core.pager=touch ran", "-p", "log"]):
        output([*git, *words], profile=Profile.GIT, environ=os.environ, cwd=here)

    assert not (tree / "repo2" / "ran").exists()
    assert output([*git, "ls-files", "-z"], profile=Profile.GIT, environ=os.environ).stdout == b"file\0"


@needs_kernel
def test_our_own_threads_stay_free(tree: Path) -> None:
    sh(tree, "true")

    (tree / "outside").write_text("ours")
    assert Path("/proc/self/environ").read_bytes()
    assert subprocess.run(["ls", "/"], capture_output=True).returncode == 0


@pytest.mark.parametrize("number", [errno.EOPNOTSUPP, errno.EPERM, errno.E2BIG, errno.ENOSYS])
def test_a_kernel_that_cannot_is_told(tree: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refused(*arguments: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(confine, "_call", refused)

    assert os.strerror(number) in hindrance()
    assert sh(tree, "ls").returncode == 0
    with pytest.raises(OSError, match="cannot be confined: "):
        output(["ls"], profile=Profile.RENDERER, access=Access(required=True, once=True), environ=os.environ)


@pytest.mark.parametrize("abi", [1, 2, 3])
def test_an_old_landlock_counts_as_none(monkeypatch: pytest.MonkeyPatch, abi: int) -> None:
    monkeypatch.setattr(confine, "_call", lambda *arguments: abi)

    assert hindrance() == f"the kernel's Landlock is too old (version {abi}, 4 is needed: Linux 6.7)"


def test_another_system_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")

    assert hindrance() == "darwin has no Landlock"


def test_a_python_without_ctypes_starts_programs_as_ever(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ctypes", None)

    assert "this Python has no ctypes" in hindrance()
    assert sh(tree, "ls").returncode == 0
    with pytest.raises(OSError, match="no ctypes"):
        confine.refuse_sockets()


def test_sockets_and_a_git_that_is_a_script_count_where_they_are_asked_about(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> None:
        raise OSError(errno.ENOSYS, "no filter")

    monkeypatch.setattr(confine, "refuse_sockets", refused)
    monkeypatch.setattr(confine, "hold_files", lambda *grants, connect: None)
    (tree / "git").write_text("#!/bin/sh\n")
    (tree / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tree), prepend=os.pathsep)

    assert (hindrance(), hindrance(offline=True)) == ("", "sockets cannot be refused: no filter")
    assert hindrance(git=True).startswith("git is a script")


@needs_kernel
def test_it_works_within_other_confinement(tree: Path) -> None:
    """agentslint itself may run in a sandbox: its own limits come on top."""
    program = (
        f"from agentslint import confine; confine.hold_files([('/', {confine.READ | confine.EXECUTE | confine.WRITE})], connect=True);"
    )
    program += "confine.refuse_sockets();" + _NESTED + "; print(hindrance() or 'held', r.stdout)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert done.stdout.startswith("held b'git version"), done.stderr


@needs_kernel
def test_it_works_where_landlock_is_forbidden() -> None:
    """The kernel takes 16 layers: then it says E2BIG, as a container's own filter says EPERM."""
    program = f"from agentslint import confine\nfor _ in range(16): {_EVERYTHING}\n"
    done = subprocess.run([sys.executable, "-c", program + _NESTED + "; print(hindrance(), r.stdout)"], capture_output=True, text=True)

    assert done.stdout.startswith("Argument list too long b'git version"), done.stderr


def test_what_takes_too_long_is_ended_with_all_that_it_started(tree: Path) -> None:
    with pytest.raises(TimeoutError, match=r"sh took longer than 0\.5 s"):
        output(["sh", "-c", f"sleep 300 & echo $! > {tree}/pid; wait"], profile=Profile.FREE, environ=os.environ, timeout=0.5)
    pid = int((tree / "pid").read_text())
    time.sleep(0.1)

    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_program_that_is_not_there(tree: Path) -> None:
    with pytest.raises(FileNotFoundError):
        output(["/no/such/program"], profile=Profile.RENDERER, environ=os.environ, access=Access(once=True))


def test_threads_end_with_the_run(tree: Path) -> None:
    before = threading.active_count()
    for _ in range(20):
        sh(tree, "true")
    time.sleep(0.2)

    assert threading.active_count() <= before + 1


def test_many_threads_start_at_once(tree: Path) -> None:
    access = Access(str(tree / "repo"), write=(str(tree / "work"),))
    said: list[bytes] = []

    def one(number: int) -> None:
        said.append(output(["sh", "-c", f"echo {number}"], profile=Profile.RENDERER, access=access, environ=os.environ).stdout)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    children.release([access])

    assert sorted(map(int, said)) == list(range(40))
