"""Plugins and programs of a policy come from its commit; those of a tree that nobody trusts are refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from fork import PINNED, TAGGED, Fork, target

RULE = """\
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).parent))
from words import WORD
from agentslint.rule import Rule

class Ours(Rule):
    '''A rule of the house.

    ## Why
    It is.

    ## Fix
    Ask.

    ## References
    - https://example.com
    '''

    def check_image_use(self, use):
        yield self.finding(use.field, WORD, use=use)
"""
HOUSE = {"policy/ours.py": RULE, "policy/words.py": "WORD = 'of the house'\n", ".agentslint.toml": 'plugins = ["policy/ours.py"]\n'}
HOSTILE = "from pathlib import Path\nPath({!r}).touch()\n"


def messages(fork: Fork, *words: str) -> list[str]:
    done = fork.run("lint", ".", "--select", "ours", "-f", "json", *words)
    assert done.status == 1, done
    return [row["message"] for row in done.report["results"]]


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """A file that hostile code makes."""
    return tmp_path / "executed"


def test_a_plugin_and_what_it_imports_come_from_the_commit(fork: Fork, mark: Path) -> None:
    hostile = HOSTILE.format(str(mark))
    fork.main({**HOUSE, **target("apps/web", PINNED)})
    fork.commit(
        {"policy/ours.py": hostile, "policy/words.py": hostile, "words.py": hostile, ".agentslint.toml": 'plugins = ["words.py"]\n'}
    )

    assert messages(fork, "--policy-from", "main", "--untrusted") == ["of the house"]
    assert not mark.exists()


def test_python_that_the_environment_looks_for_in_the_work_tree_comes_from_the_commit(fork: Fork, mark: Path) -> None:
    """A workflow that sets PYTHONPATH means the modules of the policy."""
    plain = RULE.replace("sys.path.insert(0, str(Path(__file__).parent))\n", "")
    fork.main({**HOUSE, "policy/ours.py": plain, **target("apps/web", PINNED)})
    fork.commit({"policy/words.py": HOSTILE.format(str(mark)) + "WORD = 'x'\n"})
    there = Fork(fork.root, {**fork.environ, "PYTHONPATH": str(fork.root / "policy")})

    assert messages(there, "--policy-from", "main") == ["of the house"]
    assert not mark.exists()


def test_a_plugin_that_the_change_deletes_still_runs(fork: Fork) -> None:
    fork.main({**HOUSE, **target("apps/web", PINNED)}).commit(dict.fromkeys(HOUSE))
    assert messages(fork, "--policy-from", "main") == ["of the house"]


def test_a_configuration_outside_names_plugins_of_the_commit(fork: Fork, tmp_path: Path, mark: Path) -> None:
    (tmp_path / "lint.toml").write_text('plugins = ["repo/policy/ours.py"]\n')
    fork.main({**HOUSE, **target("apps/web", PINNED)}).commit({"policy/ours.py": HOSTILE.format(str(mark))})
    assert messages(fork, "--policy-from", "main", "--config", str(tmp_path / "lint.toml")) == ["of the house"]
    done = fork.lint("--untrusted", "--config", str(tmp_path / "lint.toml"), by=None)
    assert done.status == 2
    assert not mark.exists()


def test_a_program_of_the_policy_is_the_one_of_the_commit(fork: Fork, mark: Path) -> None:
    real = fork.environ["AGENTSLINT_KUSTOMIZE"]
    environ = {name: text for name, text in fork.environ.items() if name != "AGENTSLINT_KUSTOMIZE"}
    there = Fork(fork.root, environ)
    there.root.joinpath("bin").mkdir()
    program = there.root / "bin/kustomize"
    shutil.copy(real, program)
    there.main({**target("apps/web", PINNED), ".agentslint.toml": '[render]\nkustomize = "bin/kustomize"\n'})
    there.commit({"bin/kustomize": f'#!/bin/sh\ntouch {mark}\nexec {real} "$@"\n'})

    assert there.lint("--untrusted").status == 0, there.lint("--untrusted")
    assert not mark.exists()
    assert f"{there.root}/bin/kustomize" in there.lint(by=None).err, "without a policy the program of the head is taken, and refused"


def test_a_plugin_that_the_commit_lacks_is_said(fork: Fork) -> None:
    fork.main({**target("apps/web", PINNED), ".agentslint.toml": 'plugins = ["ours.py"]\n'}).commit({"ours.py": ""})
    done = fork.lint()
    assert done.status == 2
    assert "main:ours.py: there is no such file" in done.err


REFUSED = {
    "a plugin": ('plugins = [\n  "x.py",\n]\n', 2),
    "kustomize": ('[render]\nkustomize = "bin/kustomize"\n', 2),
    "kustomize by its name": ('[render]\nkustomize = "anything"\n', 2),
    "helm": ('[render]\n\nhelm = "bin/helm"\n', 3),
    "exec": ('[render]\nbuild-options = ["--enable-alpha-plugins"]\n', 2),
    "exec functions": ('[render]\nbuild-options = [\n  "--stack-trace",\n  "--enable-exec=true",\n]\n', 4),
    "the network": ('[render]\nbuild-options = ["--network"]\n', 2),
    "a mount": ('[render]\nbuild-options = ["--mount", "type=bind,src=/,dst=/x"]\n', 2),
    "a variable": ('[render]\nbuild-options = ["-eTOKEN"]\n', 2),
    "for some targets": ('[render]\n[[render.for]]\ntargets = ["*"]\nbuild-options = ["--as-current-user"]\n', 4),
    "in an inline table": ('render = {for = [{targets = ["*"], build-options = ["--env", "TOKEN"]}]}\n', 1),
    "a bare repository in the tree": ('[[groups]]\nname = "g"\nimages = ["*"]\nsource = "vendor/bare"\n', 4),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_runs_something_is_refused_where_nobody_trusts_the_tree(fork: Fork, name: str) -> None:
    text, line = REFUSED[name]
    fork.main({**target("apps/web", PINNED), ".agentslint.toml": text, "vendor/bare/HEAD": "ref: refs/heads/main\n"})

    done = fork.lint("--untrusted", by=None)

    assert (done.status, done.out) == (2, "")
    assert f".agentslint.toml:{line}: " in done.err
    assert "--untrusted" in done.err


def test_a_pyproject_is_refused_as_well(fork: Fork) -> None:
    fork.main({**target("apps/web", PINNED), "pyproject.toml": '[tool.agentslint]\nplugins = ["x.py"]\n'})
    assert "pyproject.toml:2: " in fork.lint("--untrusted", by=None).err


def test_a_bare_repository_in_the_tree_is_refused_whoever_names_it(fork: Fork) -> None:
    text, _ = REFUSED["a bare repository in the tree"]
    fork.main({**target("apps/web", PINNED), ".agentslint.toml": text, "vendor/bare/HEAD": "ref: refs/heads/main\n"})
    assert "main:.agentslint.toml:4: " in fork.lint("--untrusted").err


IN_THE_TREE = {
    "kustomize": '[render]\nkustomize = "{tree}/app/kus"\n',
    "helm": '[render]\nhelm = "{tree}/app/kus"\n',
    "kustomize by a relative path": '[render]\nkustomize = "repo/app/kus"\n',
    "helm by a link": '[render]\nhelm = "{outside}/link"\n',
    "a plugin": '\nplugins = ["repo/app/x.py"]\n',
}


@pytest.mark.parametrize("name", IN_THE_TREE)
def test_a_configuration_outside_names_no_program_of_the_tree(fork: Fork, tmp_path: Path, mark: Path, name: str) -> None:
    fork.main({**target("apps/web", PINNED), "app/kus": f"#!/bin/sh\ntouch {mark}\n", "app/x.py": HOSTILE.format(str(mark))})
    (fork.root / "app/kus").chmod(0o755)
    (tmp_path / "link").symlink_to(fork.root / "app/kus")
    config = tmp_path / "house.toml"
    config.write_text(IN_THE_TREE[name].format(tree=fork.root, outside=tmp_path))

    done = fork.lint("--untrusted", "--config", str(config), ".", by=None)

    assert (done.status, done.out) == (2, ""), done
    assert "house.toml:2: " in done.err
    assert "--untrusted" in done.err
    assert not mark.exists()


@pytest.mark.parametrize("program", ["{0}", "kustomize"])
def test_a_configuration_outside_may_name_a_program_outside(fork: Fork, tmp_path: Path, kustomize: Path, program: str) -> None:
    fork.main({**target("apps/web", PINNED), "kustomize": "#!/bin/sh\nexit 1\n"})
    config = tmp_path / "house.toml"
    config.write_text(f'[render]\nkustomize = "{program.format(kustomize)}"\nenvironment = ["HOUSE"]\n')
    done = fork.lint("--untrusted", "--config", str(config), ".", by=None)
    assert "--untrusted" not in done.err, done


def test_the_rest_of_a_configuration_is_as_ever(fork: Fork) -> None:
    text = 'fail-on = "never"\n[render]\nbuild-options = ["--load-restrictor", "LoadRestrictionsNone"]\nkube-version = "1.34"\n'
    fork.main({**target("apps/web", TAGGED), ".agentslint.toml": text})
    assert fork.lint("--untrusted", by=None).status == 0
