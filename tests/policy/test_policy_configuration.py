"""What a change says in its own configuration has no effect where the policy is that of a commit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fork import PINNED, TAGGED, Files, Fork, app, target

FOUND = [("require-digest", "apps/web/web.yaml")]
BAD = target("apps/web", TAGGED)
STRICT = {".agentslint.toml": 'fail-on = "note"\n'}
LOOSE: dict[str, Files] = {
    "an ignore entry": {".agentslint.toml": '[[ignore]]\nrule = "*"\nreason = "trust me"\n'},
    "a rule left out": {".agentslint.toml": 'ignore-rules = ["require-digest"]\nselect = ["require-tag", "require-digest"]\n'},
    "never failing": {".agentslint.toml": 'fail-on = "never"\n'},
    "a lower level": {".agentslint.toml": 'fail-on = "error"\n[rules.require-digest]\nlevel = "note"\n'},
    "a rule's own exception": {".agentslint.toml": '[rules.require-digest]\nallow = [{image = "*", reason = "all of them"}]\n'},
    "everything excluded": {".agentslint.toml": 'exclude = ["apps/web"]\n'},
    "an environment that is nowhere": {
        ".agentslint.toml": '[[environments]]\nname = "p"\npaths = ["x"]\n[rules.require-digest]\nenvironments = ["p"]\n'
    },
    "a file nearer to the target": {"apps/.agentslint.toml": 'exclude = ["web"]\nfail-on = "never"\n'},
    "a file beside the target": {"apps/web/.agentslint.toml": 'fail-on = "never"\n'},
    "a pyproject.toml nearer to it": {"apps/web/pyproject.toml": '[tool.agentslint]\nfail-on = "never"\n'},
    "the configuration deleted": {".agentslint.toml": None, "pyproject.toml": '[tool.agentslint]\nfail-on = "never"\n'},
    "a configuration that is none": {".agentslint.toml": "this = is [no TOML\n"},
}


@pytest.mark.parametrize("name", LOOSE)
def test_no_configuration_of_the_change_counts(fork: Fork, name: str) -> None:
    fork.main({**target("apps/web", PINNED), **target("apps/other", PINNED), **STRICT}).commit({**BAD, **LOOSE[name]})

    done = fork.lint("apps/web")

    assert (done.status, done.found) == (1, FOUND), done
    assert any(path in done.notes for path in LOOSE[name])
    assert "ignored, because they differ from main: " in done.notes


def test_without_the_option_it_counts_as_ever(fork: Fork) -> None:
    fork.main({**BAD, **STRICT}).commit(LOOSE["never failing"])
    assert fork.lint(by=None).status == 0


def test_the_configuration_of_the_commit_is_the_nearest_one_from_the_path_upward(fork: Fork) -> None:
    near = {"apps/.agentslint.toml": 'fail-on = "never"\n'}
    fork.main({**BAD, **STRICT, **near}).commit({"apps/.agentslint.toml": None})

    done = fork.lint("apps/web/web.yaml")

    assert done.status == 0
    assert done.report["configuration"] == {"path": "apps/.agentslint.toml", "revision": fork.git("rev-parse", "main")}
    assert fork.lint(".").status == 1


def test_a_pyproject_counts_at_the_commit(fork: Fork) -> None:
    fork.main({**BAD, "pyproject.toml": '[tool.agentslint]\nfail-on = "never"\n'}).commit(STRICT)
    assert fork.lint().status == 0


def test_a_link_is_followed_where_the_commit_has_it(fork: Fork) -> None:
    (fork.root / ".agentslint.toml").symlink_to("policy/lint.toml")
    fork.main({**BAD, "policy/lint.toml": 'fail-on = "never"\n'}).commit({"policy/lint.toml": "fail-on = 'note'\n"})
    assert fork.lint().status == 0


def test_no_configuration_at_the_commit_is_said(fork: Fork) -> None:
    fork.main(BAD).commit(LOOSE["never failing"])

    done = fork.lint()

    assert done.status == 1
    assert "has no configuration; using the defaults" in done.notes
    assert done.report["configuration"]["path"] is None


def test_a_named_configuration_is_read_at_the_commit(fork: Fork, tmp_path: Path) -> None:
    fork.main({**BAD, "ci/lint.toml": 'fail-on = "note"\n'}).commit({"ci/lint.toml": 'fail-on = "never"\n', "new.toml": ""})
    (tmp_path / "outside.toml").write_text('fail-on = "never"\n')

    assert fork.lint("--config", "ci/lint.toml").status == 1
    assert fork.lint("--config", str(fork.root / "ci/lint.toml")).status == 1
    assert fork.lint("--config", str(tmp_path / "outside.toml")).status == 0
    missing = fork.lint("--config", "new.toml")
    assert missing.status == 2
    assert "main:new.toml" in missing.err


def test_a_link_of_the_change_leads_a_named_configuration_nowhere(fork: Fork, tmp_path: Path) -> None:
    (tmp_path / "never.toml").write_text('fail-on = "never"\n')
    fork.main({**BAD, "ci/lint.toml": 'fail-on = "note"\n'})
    (fork.root / "ci/lint.toml").unlink()
    (fork.root / "ci/lint.toml").symlink_to(tmp_path / "never.toml")
    assert fork.lint("--config", "ci/lint.toml").status == 1


def test_messages_name_the_revision(fork: Fork) -> None:
    fork.main({**BAD, ".agentslint.toml": '\nfail-no = "note"\n'})
    done = fork.lint()
    assert (done.status, done.err.split(": ")[1]) == (2, "main:.agentslint.toml:2")


def test_the_baseline_is_the_one_of_the_commit(fork: Fork) -> None:
    fork.main(
        {**target("apps/web", PINNED), ".agentslint.toml": 'baseline = "known.json"\n', "known.json": '{"version": 1, "findings": []}\n'}
    )
    fork.commit(BAD)
    assert fork.run("baseline", "--policy-from", "main").status == 0
    assert json.loads((fork.root / "known.json").read_text())["findings"]
    fork.commit({})

    assert fork.lint(by=None).status == 0
    assert (done := fork.lint()).found == FOUND, done
    assert "known.json" in done.notes
    assert fork.lint("--baseline", "known.json").found == FOUND
    assert fork.lint("--baseline", "known.json", by="change").status == 0


def test_a_baseline_that_nobody_names_is_the_one_of_the_commit_too(fork: Fork) -> None:
    fork.main(target("apps/web", PINNED))
    fork.commit(BAD)
    assert fork.run("baseline").status == 0
    fork.commit({})
    assert fork.lint(by=None).status == 0
    assert (done := fork.lint()).found == FOUND, done
    assert ".agentslint-baseline.json" in done.notes
    accepted = fork.lint(by="change")
    assert (accepted.status, "findings that change:.agentslint-baseline.json lists do not fail the run" in accepted.notes) == (0, True)


@pytest.mark.parametrize("name", ["", "no-such-branch", "main...", "--help", "0" * 40])
def test_a_revision_that_is_none_ends_the_run(fork: Fork, name: str) -> None:
    done = fork.main(BAD).lint(by=name)
    assert (done.status, done.out) == (2, "")
    assert "--policy-from" in done.err


def test_a_shallow_clone_says_what_to_fetch(fork: Fork, tmp_path: Path) -> None:
    fork.main(BAD).commit(STRICT)
    commit = fork.git("rev-parse", "main")
    fork.git("clone", "--quiet", "--depth=1", "--branch=change", f"file://{fork.root}", str(tmp_path / "clone"))
    done = Fork(tmp_path / "clone", fork.environ).lint(by=commit)
    assert done.status == 2
    assert "fetch-depth: 0" in done.err


def test_outside_of_git_there_is_no_policy(fork: Fork, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    done = Fork(tmp_path / "bare", fork.environ).lint()
    assert done.status == 2
    assert "is in no git repository" in done.err


def test_a_folder_that_becomes_a_submodule_brings_no_policy_of_its_own(fork: Fork, tmp_path: Path) -> None:
    other = Fork.begin(tmp_path / "other", fork.environ).main({**target("web", TAGGED), ".agentslint.toml": 'fail-on = "never"\n'})
    fork.main({**BAD, **STRICT}).git("rm", "-r", "--quiet", "apps")
    fork.git("submodule", "--quiet", "add", f"file://{other.root}", "apps")
    fork.commit({})
    fork.git("branch", "main", cwd=fork.root / "apps")

    done = fork.lint("apps")

    assert done.status == 2
    assert "repository of its own" in done.err


def nested(fork: Fork, tmp_path: Path) -> tuple[Fork, str]:
    """A change that makes a folder a submodule, which has the history of the maintainers, too, and a policy of its own."""
    commit = fork.main({**BAD, **STRICT}).git("rev-parse", "main")
    other = Fork(tmp_path / "other", fork.environ)
    fork.git("clone", "--quiet", str(fork.root), str(other.root))
    other.commit({**target("web", TAGGED), ".agentslint.toml": 'fail-on = "never"\n'})
    fork.git("rm", "-r", "--quiet", "apps")
    fork.git("submodule", "--quiet", "add", f"file://{other.root}", "apps")
    fork.commit({})
    return fork, commit


def test_a_submodule_with_the_history_of_the_commit_brings_no_policy(fork: Fork, tmp_path: Path) -> None:
    fork, commit = nested(fork, tmp_path)
    done = fork.lint("apps", by=commit)
    assert (done.status, done.out) == (2, ""), done
    assert "repository of its own" in done.err


def test_a_submodule_brings_no_policy_where_the_clone_around_it_lacks_the_commit(fork: Fork, tmp_path: Path) -> None:
    fork, commit = nested(fork, tmp_path)
    shallow = Fork(tmp_path / "shallow", fork.environ)
    fork.git("clone", "--quiet", "--depth=1", "--branch=change", f"file://{fork.root}", str(shallow.root))
    shallow.git("submodule", "--quiet", "update", "--init")
    done = shallow.lint("apps", by=commit)
    assert (done.status, done.out) == (2, ""), done
    assert f"apps is a repository of its own, and {shallow.root}" in done.err
    assert "fetch" in done.err


def test_a_submodule_brings_no_policy_where_the_clone_around_it_cannot_be_read(fork: Fork, tmp_path: Path) -> None:
    fork, commit = nested(fork, tmp_path)
    for path in (".git/index", ".git/config", ".git/HEAD"):
        (fork.root / path).write_text("nonsense\n")
        done = fork.lint("apps", by=commit)
        assert (done.status, done.out) == (2, ""), (path, done)
        assert f"{fork.root / 'apps'} lies in the repository of {fork.root}: " in done.err or path != ".git/HEAD", (path, done)


def test_a_checkout_that_only_lies_in_another_one_is_judged_as_ever(fork: Fork, tmp_path: Path) -> None:
    around = Fork.begin(tmp_path / "around", fork.environ).main({"README": ""})
    inner = Fork.begin(around.root / "inner", fork.environ).main({**BAD, **STRICT})
    assert inner.lint(by=inner.git("rev-parse", "main")).status == 1


def test_a_folder_that_becomes_a_link_keeps_its_policy(fork: Fork) -> None:
    fork.main({**BAD, **STRICT, "sandbox/.agentslint.toml": 'fail-on = "never"\n'})
    fork.commit({**dict.fromkeys(BAD), **target("sandbox/web", TAGGED)})
    (fork.root / "apps/web").rmdir()
    (fork.root / "apps/web").symlink_to("../sandbox/web")
    done = fork.lint("apps/web")
    assert done.status == 1
    assert done.report["configuration"]["path"] == ".agentslint.toml"


def test_other_commands_take_the_policy_too(fork: Fork) -> None:
    fork.main({**BAD, **STRICT}).commit(LOOSE["a configuration that is none"])
    for words in (["diff", "--base", "main"], ["trace", "apps/web"], ["impact", "apps/web/web.yaml:10"]):
        assert fork.run(*words, "--policy-from", "main").status == 0, words
        assert fork.run(*words).status == 2, words


def test_sarif_names_the_configuration(fork: Fork) -> None:
    fork.main({**BAD, **STRICT})
    run = json.loads(fork.run("lint", "--policy-from", "main", "-f", "sarif").out)["runs"][0]
    assert run["invocations"][0]["properties"]["configuration"] == {
        "path": ".agentslint.toml",
        "revision": fork.git("rev-parse", "main"),
    }
    assert "policy: main" in fork.run("lint", "--policy-from", "main").out
    assert "policy" not in fork.run("lint").out


def test_a_chart_on_its_own_is_asked_about_by_the_policy(fork: Fork) -> None:
    chart = {
        "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        "charts/web/values.yaml": f"image:\n  repository: ghcr.io/acme/web\n  tag: v1.4.2\n  digest: sha256:{'1f' * 32}\n",
        "charts/web/templates/web.yaml": app('"{{ .Values.image.repository }}:{{ .Values.image.tag }}@{{ .Values.image.digest }}"'),
    }
    fork.main({**chart, **STRICT}).commit({".agentslint.toml": "this = is [no TOML\n"})
    assert ".agentslint.toml" in fork.run("contract", "charts/web").err
    assert fork.run("contract", "charts/web", "--policy-from", "main").status == 0
