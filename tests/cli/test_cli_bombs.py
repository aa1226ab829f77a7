"""Input that is small and wants much: limits, each by its name, and proven by a process that could not have had more."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Callable, Iterator

import pytest
from cli_command import Command, Done, Repo

MEGABYTE = 1 << 20


def bomb(levels: int = 9) -> str:
    """A manifest of about 500 bytes whose aliases stand for 10^levels nodes."""
    lines = ["apiVersion: v1", "kind: Pod", "metadata: {name: bomb}", f"a0: &a0 [{','.join('x' * 10)}]"]
    lines += [f"a{level}: &a{level} [{','.join([f'*a{level - 1}'] * 10)}]" for level in range(1, levels)]
    return "\n".join(lines) + "\n"


@pytest.fixture
def within(command: Command, repo: Repo) -> Callable[..., Done]:
    """Run the command in a process that gets no more memory than it is given."""

    def run(megabytes: int, *arguments: str, stdin: bytes = b"") -> Done:
        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_DATA, (megabytes * MEGABYTE, megabytes * MEGABYTE))

        return command(*arguments, cwd=repo.root, stdin=stdin, preexec_fn=limit)

    return run


def test_an_alias_bomb_on_standard_input_is_not_expanded(within: Callable[..., Done]) -> None:
    done = within(512, "-", "--quiet", stdin=bomb().encode())
    assert (done.status, done.out) == (2, "<stdin>:9:38 not checked <stdin>: the aliases expand to more than 1000000 nodes\n")


def test_an_alias_bomb_in_a_file_is_not_expanded(within: Callable[..., Done], repo: Repo) -> None:
    repo.write({"bomb.yaml": bomb()})
    done = within(512, ".", "--quiet")
    assert (done.status, done.out.partition(" not")[0]) == (2, "bomb.yaml:9:38")


def test_aliases_that_stand_for_little_are_no_bomb(within: Callable[..., Done]) -> None:
    done = within(512, "-", "--quiet", stdin=bomb(4).encode())
    assert (done.status, done.out) == (0, "")


def test_the_memory_of_a_renderer_is_limited_by_name(command: Command, repo: Repo) -> None:
    repo.kustomization("fine", ["nginx:1"]).write({"apps/kustomization.yaml": "resources: [bomb.yaml]\n", "apps/bomb.yaml": bomb()})
    repo.write({".agentslint.toml": "[render]\nmemory = 200\n"})
    done = command(".", "--quiet", cwd=repo.root)
    assert done.status == 2
    assert "fine/pod-0.yaml:8:14 error[require-digest]" in done.out
    assert "rendering needed more than 200 MiB of memory and was ended (render.memory)" in done.out


def stream(megabytes: int) -> Iterator[bytes]:
    yield b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: big}\ndata:\n  text: |\n"
    for _ in range(megabytes):
        yield (b"    " + b"x" * 123 + b"\n") * 8192


def test_a_document_of_100_megabytes_on_standard_input_is_refused_by_its_size(command: Command, repo: Repo) -> None:
    with command_reading(command, repo) as process:
        assert process.stdin is not None
        for chunk in stream(100):
            process.stdin.write(chunk)
        out, _ = process.communicate()
    assert (process.returncode, out) == (2, b"<stdin>:1:1 not checked <stdin>: longer than 33554432 characters\n")


def test_a_document_of_100_megabytes_in_a_file_is_refused_and_the_others_are_linted(command: Command, repo: Repo) -> None:
    repo.kustomization("fine", ["nginx:1"])
    with (repo.root / "big.yaml").open("wb") as file:
        file.writelines(stream(100))
    done = command(".", "--quiet", cwd=repo.root)
    assert done.status == 2
    assert "big.yaml:1:1 not checked" in done.out
    assert "longer than 33554432 characters" in done.out
    assert "fine/pod-0.yaml:8:14 error[require-digest]" in done.out


def command_reading(command: Command, repo: Repo) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command.line("-", "--quiet"), cwd=repo.root, env=command.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
