"""Where a baseline may be: the configuration of a repository names one of its files, the command line any."""

from __future__ import annotations

from pathlib import Path

import pytest
from fork import TAGGED, Done, Fork, target

NEITHER = "the baseline {} is not in the repository"


def configured(fork: Fork, name: str) -> Fork:
    return fork.main({**target("apps/web", TAGGED), ".agentslint.toml": f'\nbaseline = "{name}"\n'})


def written(fork: Fork, *words: str) -> Done:
    return fork.run("baseline", "apps", *words)


@pytest.mark.parametrize("policy", [(), ("--policy-from", "main"), ("--untrusted",)])
@pytest.mark.parametrize("name", ["../known.json", "apps/../../known.json", ".git/known.json"])
def test_the_configuration_of_a_repository_names_none_outside(fork: Fork, name: str, policy: tuple[str, ...]) -> None:
    configured(fork, name)
    for done in (written(fork, *policy), fork.run("lint", "apps", *policy)):
        assert done.status == 2
        assert f".agentslint.toml:2: {NEITHER.format(name)}" in done.err
    assert list(fork.root.parent.rglob("known.json")) == []


def test_a_project_file_names_none_outside(fork: Fork) -> None:
    fork.main({**target("apps/web", TAGGED), "pyproject.toml": '[tool.agentslint]\nbaseline = "../known.json"\n'})
    assert "pyproject.toml:2: the baseline" in written(fork).err


def test_a_repository_around_a_submodule_names_none_outside(fork: Fork) -> None:
    inner = Fork.begin(fork.root.parent / "inner", fork.environ).main(target("web", TAGGED))
    fork.git("submodule", "add", "--quiet", str(inner.root), "apps")
    for name, status in (("../known.json", 2), ("known.json", 0)):
        fork.commit({".agentslint.toml": f'baseline = "{name}"\n'})
        assert written(fork).status == status, written(fork).err
    assert not (fork.root.parent / "known.json").exists()


def test_the_command_line_names_any(fork: Fork) -> None:
    configured(fork, "../known.json")
    outside = str(fork.root.parent / "mine.json")
    assert written(fork, "--output", outside).status == 0
    assert fork.run("lint", "apps", "--baseline", outside, "--select", "require-digest").status == 0


def test_a_configuration_outside_names_any(fork: Fork, tmp_path: Path) -> None:
    fork.main(target("apps/web", TAGGED))
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours/lint.toml").write_text('baseline = "known.json"\nselect = ["require-digest"]\n')
    ours = ("--config", str(tmp_path / "ours/lint.toml"))
    assert written(fork, *ours).status == 0
    assert fork.run("lint", "apps", *ours).status == 0
    assert (tmp_path / "ours/known.json").exists()


def test_without_git_the_folder_of_the_configuration_is_the_repository(fork: Fork, tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    for name, text in {**target("web", TAGGED), ".agentslint.toml": 'baseline = "../known.json"\n'}.items():
        (plain / name).parent.mkdir(parents=True, exist_ok=True)
        (plain / name).write_text(text or "")
    done = fork.run("baseline", "web", cwd=str(plain))
    assert (done.status, NEITHER.format("../known.json") in done.err) == (2, True), done.err
    assert not (tmp_path / "known.json").exists()


def test_a_link_within_the_repository_is_followed(fork: Fork) -> None:
    configured(fork, "ci/known.json")
    (fork.root / "lists").mkdir()
    (fork.root / "ci").symlink_to("lists")
    assert written(fork).status == 0
    assert (fork.root / "lists/known.json").exists()


@pytest.mark.parametrize("name", ["~/known.json", "no/such/known.json"])
def test_a_baseline_that_cannot_be_written_is_named_itself(fork: Fork, name: str) -> None:
    done = written(configured(fork, name))
    assert (done.status, done.err) == (2, f"agentslint: {fork.root}/{name}: No such file or directory\n")
