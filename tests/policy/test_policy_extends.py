"""What a configuration extends comes from where it comes from itself: the commit, or the work tree."""

from __future__ import annotations

from fork import PINNED, TAGGED, Fork, target

EXTENDS = {".agentslint.toml": 'extends = ["lint/policy.toml"]\n'}
STRICT = {"lint/policy.toml": 'fail-on = "note"\n'}
LOOSE = {"lint/policy.toml": '# theirs\nfail-on = "never"\n'}
BAD = target("apps/web", TAGGED)


def test_an_extended_file_of_the_change_does_not_count(fork: Fork) -> None:
    fork.main({**target("apps/web", PINNED), **EXTENDS, **STRICT}).commit({**BAD, **LOOSE})

    done = fork.lint()

    assert (done.status, done.found) == (1, [("require-digest", "apps/web/web.yaml")])
    assert "ignored, because they differ from main: lint/policy.toml" in done.notes


def test_one_that_the_change_deletes_is_still_there(fork: Fork) -> None:
    fork.main({**BAD, **EXTENDS, **LOOSE}).commit({"lint/policy.toml": None})
    assert fork.lint().status == 0


def test_a_mistake_in_it_is_told_with_the_commit(fork: Fork) -> None:
    fork.main({**BAD, **EXTENDS, "lint/policy.toml": "\nfail-onn = 'x'\n"}).commit({})
    done = fork.lint()
    assert (done.status, done.out) == (2, "")
    assert "main:lint/policy.toml:2: fail-onn: there is no such key here" in done.err


def test_a_file_that_only_the_work_tree_has_is_not_extended(fork: Fork) -> None:
    fork.main({**BAD, **EXTENDS}).commit(LOOSE)
    done = fork.lint()
    assert done.status == 2
    assert "main:.agentslint.toml:1: extends.0: there is no file lint/policy.toml" in done.err


def test_a_link_of_the_work_tree_leads_nothing_elsewhere(fork: Fork) -> None:
    fork.main({**BAD, **EXTENDS, **LOOSE, "strict.toml": 'fail-on = "error"\n'}).commit({})
    (fork.root / "lint/policy.toml").unlink()
    (fork.root / "lint/policy.toml").symlink_to("../strict.toml")
    assert fork.lint().status == 0


def test_an_extended_file_of_an_untrusted_tree_runs_nothing(fork: Fork) -> None:
    plugin = {"lint/policy.toml": '\nplugins = ["rules.py"]\n', "lint/rules.py": "raise SystemExit(3)\n"}
    fork.main({**BAD, **EXTENDS, **plugin}).commit({})
    done = fork.lint("--untrusted", by=None)
    assert done.status == 2
    assert "lint/policy.toml:2: the plugin lint/rules.py is Python code to run" in done.err


def test_a_plugin_of_an_extended_file_is_that_of_the_commit(fork: Fork) -> None:
    named = {"lint/policy.toml": 'plugins = ["rules.py"]\nselect = ["at-*"]\n'}
    rule = "from agentslint.rule import Rule\n\n\nclass At{name}(Rule):\n    def check_manifest(self, manifest):\n        yield from ()\n"
    fork.main({**BAD, **EXTENDS, **named, "lint/rules.py": rule.format(name="Main")})
    fork.commit({"lint/rules.py": rule.format(name="Head")})
    done = fork.run("lint", ".", "--policy-from", "main", "-f", "json")
    assert (done.status, done.found) == (0, []), done
    assert "lint/rules.py" in done.notes
