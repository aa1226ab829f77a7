"""Renderers that hang, die, babble or are not there: a failure of the target by its name, never silence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cli_command import Command, Repo

FAILURES = {
    "hangs": ("exec sleep 300", "rendering took longer than 1 s and was ended (render.timeout)"),
    "hangs after its output": ("echo 'kind: Pod'; exec >&- 2>&-; exec sleep 300", "rendering took longer than 1 s"),
    "leaves a child with its output open": ("sleep 300 & echo 'kind: Pod'", "rendering took longer than 1 s"),
    "is killed": ("kill -KILL $$", "kustomize was ended by SIGKILL"),
    "crashes": ("kill -SEGV $$", "kustomize was ended by SIGSEGV"),
    "fails": ("echo 'Error: no luck' >&2; exit 3", "no luck"),
    "fails without a word": ("exit 1", "the renderer failed without a message"),
    "fails after half its output": ("echo 'kind: Pod'; exit 1", "the renderer failed without a message"),
    "never stops": ("exec yes 'a: b'", "more than 1 MiB"),
}


@pytest.mark.parametrize("case", FAILURES)
def test_a_renderer_that_fails_is_a_finding_and_status_2(command: Command, repo: Repo, renderer: Callable[[str], Path], case: str) -> None:
    script, message = FAILURES[case]
    repo.kustomization("apps").write({".agentslint.toml": "[render]\ntimeout = 1\noutput = 1\n"})
    done = command(".", "--quiet", "--kustomize", renderer(script), cwd=repo.root)
    assert (done.status, len(done.lines)) == (2, 1), done
    assert done.out.startswith("apps/kustomization.yaml:1:1 error[render-error] apps: ")
    assert message in done.out


BABBLE = {
    "binary": (r"printf '\001\377\376\n'", "line 1 of the rendering: "),
    "no yaml": ("echo '{{ no: yaml'", "line 1 of the rendering: "),
    "a broken second document": ("printf 'apiVersion: v1\\nkind: A\\n---\\n- x\\ny: z\\n'", "line 5 of the rendering: "),
    "a scalar": ("echo hello", "line 1 of the rendering: this document is the scalar 'hello'"),
}


@pytest.mark.parametrize("case", BABBLE)
def test_a_renderer_that_prints_no_manifests_is_not_taken_for_a_clean_one(
    command: Command, repo: Repo, renderer: Callable[[str], Path], case: str
) -> None:
    script, message = BABBLE[case]
    repo.kustomization("apps")
    done = command(".", "--quiet", "--kustomize", renderer(script), cwd=repo.root)
    assert done.status == 2
    assert [line.startswith("apps not checked") and message in line for line in done.lines] == [True], done.out


def test_a_manifest_that_cannot_be_parsed_is_not_taken_for_a_clean_one(
    command: Command, repo: Repo, renderer: Callable[[str], Path]
) -> None:
    repo.kustomization("apps")
    script = r"printf 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec: [\n'"
    done = command(".", "--quiet", "--kustomize", renderer(script), cwd=repo.root)
    assert done.status == 2
    assert "not checked" in done.out


def test_a_warning_on_standard_error_is_no_failure(command: Command, repo: Repo, renderer: Callable[[str], Path]) -> None:
    repo.kustomization("apps")
    done = command(".", "--kustomize", renderer(f"echo 'Error: just words' >&2; cat {repo.root}/apps/pod-0.yaml"), cwd=repo.root)
    assert (done.status, done.lines[-1].startswith("All good: no findings; 1 of 1 target rendered")) == (0, True), done


def test_no_output_at_all_is_a_finding(command: Command, repo: Repo, renderer: Callable[[str], Path]) -> None:
    repo.kustomization("apps")
    done = command(".", "--quiet", "--kustomize", renderer("exit 0"), cwd=repo.root)
    assert (done.status, "apps: renders no document at all" in done.out) == (1, True)


def test_the_other_targets_of_a_hanging_renderer_are_linted(
    command: Command, repo: Repo, renderer: Callable[[str], Path], kustomize: Path
) -> None:
    repo.kustomization("apps", ["nginx:1"]).kustomization("bad").write(
        {".agentslint.toml": "[[render.for]]\ntargets = ['bad']\ntimeout = 1\n"}
    )
    fake = renderer(f'case "$*" in */bad) exec sleep 300;; esac; exec {kustomize} "$@"')
    done = command(".", "--quiet", "--kustomize", fake, cwd=repo.root)
    assert done.status == 2
    assert [line.partition(" ")[0] for line in done.lines] == ["apps/pod-0.yaml:8:14", "bad/kustomization.yaml:1:1"]


@pytest.mark.parametrize("option", ["--kustomize", "AGENTSLINT_KUSTOMIZE"])
def test_a_renderer_that_is_not_there_is_an_error_that_says_who_named_it(command: Command, repo: Repo, option: str) -> None:
    repo.kustomization("apps")
    given = ("--kustomize", "/nowhere/kustomize") if option.startswith("--") else ()
    env = {} if given else {"AGENTSLINT_KUSTOMIZE": "/nowhere/kustomize"}
    command(".", *given, cwd=repo.root, env=env).complains(option, "/nowhere/kustomize", "does not exist")


def test_a_renderer_that_is_nowhere_is_an_error_that_says_what_to_do(command: Command, repo: Repo) -> None:
    repo.kustomization("apps")
    env = {"AGENTSLINT_KUSTOMIZE": "-", "PATH": "/usr/bin:/bin", "HOME": str(repo.root.parent / "empty")}
    command(".", cwd=repo.root, env=env).complains("kustomize", "agentslint tools install")


def test_manifests_need_no_renderer(command: Command, repo: Repo) -> None:
    env = {"AGENTSLINT_KUSTOMIZE": "/nowhere", "AGENTSLINT_HELM": "/nowhere"}
    repo.write({"pod.yaml": (repo.kustomization("x").root / "x/pod-0.yaml").read_bytes()})
    assert command("pod.yaml", cwd=repo.root, env=env).status == 0
