"""A shell completes commands, options, rules and paths, and nothing is on standard error while it does."""

from __future__ import annotations

import subprocess

import pytest
from cli_command import Command, Repo

COMPLETED = {
    "a command": ("ru", ["plain,rules"]),
    "a command of two words": ("tools in", ["plain,install"]),
    "a command that begins as others do": ("co", ["plain,contract", "plain,config"]),
    "an option of lint without its name": ("--sel", ["plain,--select"]),
    "an option behind a path": ("apps --sel", ["plain,--select"]),
    "an option of the program": ("--vers", ["plain,--version"]),
    "an option of a command": ("lint --render-e", ["plain,--render-errors"]),
    "a choice": ("lint --fail-on w", ["plain,warning"]),
    "a format": ("lint -f s", ["plain,sarif"]),
    "a path": ("ap", ["file,ap"]),
    "a path of a command": ("diff ap", ["file,ap"]),
    "a path of an option": ("lint --config .ag", ["file,.ag"]),
    "a rule": ("explain inert", ["plain,inert-override"]),
    "the last rule of a list": ("lint --select require-digest,mut", ["plain,require-digest,mutable-tag"]),
    "a rule to ignore": ("ignore inert", ["plain,inert-override"]),
}


@pytest.mark.parametrize(("words", "completed"), COMPLETED.values(), ids=COMPLETED)
def test_what_is_completed(command: Command, repo: Repo, words: str, completed: list[str]) -> None:
    asked = {"COMP_WORDS": f"agentslint {words}", "COMP_CWORD": str(len(words.split())), "_AGENTSLINT_COMPLETE": "bash_complete"}
    done = command(cwd=repo.root, env=asked)
    assert (done.status, done.err, done.lines) == (0, "", completed)


def test_commands_come_first_where_nothing_is_written(command: Command, repo: Repo) -> None:
    asked = {"COMP_WORDS": "agentslint ", "COMP_CWORD": "1", "_AGENTSLINT_COMPLETE": "bash_complete"}
    done = command(cwd=repo.root, env=asked)
    assert (done.status, done.err) == (0, "")
    assert {"plain,lint", "plain,diff", "plain,explain"} <= set(done.lines)


def test_a_broken_configuration_completes_no_rule_and_says_nothing(command: Command, repo: Repo) -> None:
    repo.write({".agentslint.toml": "what = \n"})
    asked = {"COMP_WORDS": "agentslint explain inert", "COMP_CWORD": "2", "_AGENTSLINT_COMPLETE": "bash_complete"}
    assert (command(cwd=repo.root, env=asked).status, command(cwd=repo.root, env=asked).err) == (0, "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell(command: Command, repo: Repo, shell: str) -> None:
    done = command(cwd=repo.root, env={"_AGENTSLINT_COMPLETE": f"{shell}_source"})
    assert (done.status, done.err) == (0, "")
    assert "_agentslint_completion" in done.out


def test_bash_takes_the_script(command: Command, repo: Repo) -> None:
    script = command(cwd=repo.root, env={"_AGENTSLINT_COMPLETE": "bash_source"}).out
    done = subprocess.run(["bash", "-ec", f"{script}\ncomplete -p agentslint"], capture_output=True, text=True, check=False)
    assert (done.returncode, "_agentslint_completion" in done.stdout) == (0, True), done.stderr


def test_a_shell_that_is_not_known_is_named(command: Command, repo: Repo) -> None:
    command(cwd=repo.root, env={"_AGENTSLINT_COMPLETE": "tcsh_source"}).complains("'tcsh_source' is none of bash_source")
