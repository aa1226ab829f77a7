"""Plugins that fail: their name and what they did, never a clean run."""

from __future__ import annotations

import pytest
from cli_command import Command, Repo, pod

RULE = """\
from agentslint.rule import Rule


class Mine(Rule):
    \"\"\"A rule.\"\"\"

    def check_image_use(self, use):
        {body}
"""
REPORTER = """\
from agentslint.hookspecs import hookimpl


@hookimpl
def agentslint_register_reporters():
    return {{"mine": lambda report, options: {body}}}
"""

FAILURES = {
    "a rule that raises": (RULE.format(body="raise ValueError('oops')"), "rule mine failed: ValueError: oops"),
    "a rule that is no Python": ("class Mine(\n", "plugin"),
    "a file that raises": ("raise RuntimeError('oops')\n", "RuntimeError: oops"),
    "a file that exits": ("import sys\nsys.exit(0)\n", "something ended the run with sys.exit(0)"),
    "a rule without a check": ("from agentslint.rule import Rule\nclass Mine(Rule):\n    '''A rule.'''\n", "overrides no check_"),
}


@pytest.mark.parametrize("case", FAILURES)
def test_a_plugin_that_fails_is_named_and_ends_with_2(command: Command, repo: Repo, case: str) -> None:
    text, message = FAILURES[case]
    repo.write({"pod.yaml": pod(), "mine.py": text, ".agentslint.toml": "plugins = ['mine.py']\n"})
    done = command(".", cwd=repo.root)
    assert done.status == 2
    assert message in done.out + done.err
    assert "All good" not in done.out


def test_a_format_of_a_plugin_that_fails_is_named(command: Command, repo: Repo) -> None:
    plugin = {"pod.yaml": pod("nginx:1"), ".agentslint.toml": "plugins = ['mine.py']\n"}
    repo.write({**plugin, "mine.py": REPORTER.format(body="f'{len(report.results)} \\N{SNOWMAN}\\n'")})
    good = command(".", "-f", "mine", cwd=repo.root, env={"PYTHONIOENCODING": "ascii"})
    assert (good.status, good.out) == (1, "1 \N{SNOWMAN}\n")
    repo.write({"mine.py": REPORTER.format(body="1 / 0")})
    command(".", "-f", "mine", cwd=repo.root).complains("the report format 'mine' of a plugin failed: ZeroDivisionError")


def test_the_other_rules_go_on_where_one_raises(command: Command, repo: Repo) -> None:
    repo.write(
        {"pod.yaml": pod("nginx:1"), ".agentslint.toml": "plugins = ['mine.py']\n", "mine.py": RULE.format(body="raise ValueError('oops')")}
    )
    done = command(".", "-q", cwd=repo.root)
    assert (done.status, len(done.lines)) == (2, 2)
    assert done.lines[0].startswith("pod.yaml:8:14 error[require-digest]")
