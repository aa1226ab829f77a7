"""Which comments of a change count: those that the commit has, too, and those that accept what the change itself does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from fork import PINNED, QUIET, TAGGED, Fork, app, target

from agentslint.children import Finished
from agentslint.git import command
from agentslint.policy import open_policy

IGNORE = "# agentslint: ignore[require-digest] trust me"
FOUND = [("require-digest", "apps/web/web.yaml")]
VALUES = "image:\n  repository: ghcr.io/acme/web\n  tag: v1.4.2{}\nother:\n  repository: ghcr.io/acme/other\n  tag: v1.4.2{}\n"
CHART = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/values.yaml": "image: {}\nother: {}\n",
    "charts/web/templates/web.yaml": (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      containers:\n"
        '        - name: main\n          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"\n'
        '        - name: other\n          image: "{{ .Values.other.repository }}:{{ .Values.other.tag }}"\n'
    ),
    "apps/web/kustomization.yaml": (
        "helmGlobals: {chartHome: ../../charts}\nhelmCharts:\n  - {name: web, releaseName: web, valuesFile: values.yaml}\n"
    ),
}


def values(first: str = "", second: str = "") -> dict[str, str]:
    return {"apps/web/values.yaml": VALUES.format(*(f"  {each}" if each else "" for each in (first, second)))}


@pytest.mark.parametrize(
    "how",
    [
        {"comment": IGNORE},
        {"above": IGNORE},
        {"above": "# agentslint: ignore-file[require-digest] trust me"},
        {"comment": "# agentslint: ignore[require-tag, require-digest] trust me"},
    ],
)
def test_a_new_comment_does_not_count(fork: Fork, how: dict[str, str]) -> None:
    fork.main(target("apps/web", TAGGED)).commit(target("apps/web", TAGGED, **how))

    done = fork.lint()

    assert (done.status, done.found) == (1, FOUND), done
    assert "ignored suppression comments that main does not have: apps/web/web.yaml:10 (require-digest)" in done.notes
    assert fork.lint(by="change").status == 0


def test_a_comment_that_the_commit_has_counts(fork: Fork) -> None:
    fork.main(target("apps/web", TAGGED, comment=IGNORE))
    assert fork.lint().status == 0
    moved = "# a line more\n" + app("ghcr.io/acme/web:v1.5.0", comment="# agentslint: ignore[require-digest] in other words")
    fork.commit({"apps/web/web.yaml": moved})
    done = fork.lint()
    assert (done.status, "ignored suppression comments" in done.notes) == (0, False), done


def test_a_comment_that_moves_to_another_key_does_not_count(fork: Fork) -> None:
    fork.main({**CHART, **values(IGNORE, "")}).commit(values("", IGNORE))
    done = fork.lint()
    assert [row["location"]["key_path"][0] for row in done.report["results"] if not row["suppressions"]] == ["image", "other"]


def test_each_key_has_comments_of_its_own(fork: Fork) -> None:
    fork.main({**CHART, **values(IGNORE, "")}).commit(values(IGNORE, IGNORE))
    done = fork.lint()
    assert [row["location"]["key_path"][0] for row in done.report["results"] if not row["suppressions"]] == ["other"]


def test_another_rule_is_another_comment(fork: Fork) -> None:
    fork.main(target("apps/web", TAGGED, comment="# agentslint: ignore[require-tag] it has one"))
    fork.commit(target("apps/web", TAGGED, comment=IGNORE))
    assert ("require-digest", "apps/web/web.yaml") in fork.lint().found


def test_an_expired_comment_is_not_given_more_time(fork: Fork) -> None:
    until = "# agentslint: ignore[require-digest] ignore-until[{}] soon"
    fork.main(target("apps/web", TAGGED, comment=until.format("2020-01-01")))
    fork.commit(target("apps/web", TAGGED, comment=until.format("2099-01-01")))
    assert fork.lint().found == FOUND


def test_a_comment_for_one_line_counts_where_the_commit_accepts_the_whole_file(fork: Fork) -> None:
    whole = target("apps/web", TAGGED, above="# agentslint: ignore-file[require-digest] a sandbox")
    fork.main(whole).commit(target("apps/web", TAGGED, comment=IGNORE))
    assert fork.lint().status == 0
    fork.git("branch", "--force", "main", "change")
    fork.commit(whole)
    assert fork.lint().status == 0
    fork.commit(
        {"apps/web/web.yaml": app(TAGGED, above="# agentslint: ignore-file[require-digest] all") + "---\n" + app(TAGGED, name="new")}
    )
    assert fork.lint().found == FOUND


def test_a_comment_that_is_taken_away_is_gone(fork: Fork) -> None:
    fork.main(target("apps/web", TAGGED, comment=IGNORE)).commit(target("apps/web", TAGGED))
    assert fork.lint().found == FOUND


def test_comments_follow_a_renamed_file(fork: Fork) -> None:
    fork.main(target("apps/web", TAGGED, comment=IGNORE))
    fork.git("mv", "apps/web", "apps/site")
    fork.commit({})

    done = fork.lint()

    assert done.status == 0, done
    assert "linted at main" in done.notes
    assert "apps/web (moved to apps/site)" in done.notes


def test_a_file_that_is_new_brings_no_comments(fork: Fork) -> None:
    fork.main(target("apps/web", PINNED)).commit(target("apps/new", "ghcr.io/acme/new:v1", name="new", kind="StatefulSet", comment=IGNORE))
    assert fork.lint().found == [("require-digest", "apps/new/web.yaml")]


def test_comments_in_a_template(fork: Fork) -> None:
    template = CHART["charts/web/templates/web.yaml"].replace("{{ .Values.image.repository }}:{{ .Values.image.tag }}", TAGGED)
    mark = "{{/* agentslint: ignore[require-digest] the vendor's */}}\n          image: "
    there = template.replace("image: ", mark, 1)
    fork.main({**CHART, **values("", IGNORE), "charts/web/templates/web.yaml": there})
    assert fork.lint().status == 0, fork.lint()
    fork.commit({"charts/web/templates/web.yaml": "# one more line\n" + there})
    assert fork.lint().status == 0, fork.lint()
    second = template.replace("{{ .Values.other.repository }}:{{ .Values.other.tag }}", f"{TAGGED}-x")
    head, _, tail = second.rpartition("image: ")
    fork.commit({"charts/web/templates/web.yaml": head + mark + tail})
    assert fork.lint().found.count(("require-digest", "charts/web/templates/web.yaml")) == 2


def test_comments_in_a_patch(fork: Fork) -> None:
    def patched(first: str, second: str) -> dict[str, str]:
        containers = "".join(f"            - name: {name}\n              image: ghcr.io/acme/{name}:v1{comment}\n" for name, comment in
                             (("main", first), ("side", second)))  # fmt: skip
        return {
            "apps/web/kustomization.yaml": (
                "resources: [web.yaml]\npatches:\n  - patch: |-\n      apiVersion: apps/v1\n      kind: Deployment\n"
                f"      metadata: {{name: web}}\n      spec:\n        template:\n          spec:\n            containers:\n{containers}"
            ),
            "apps/web/web.yaml": app(PINNED),
        }

    fork.main(patched(f"  {IGNORE}", "")).commit({"README.md": "nothing else\n"})
    assert len(fork.lint().found) == 1, fork.lint()
    fork.commit(patched(f"  {IGNORE}", f"  {IGNORE}"))
    assert len(fork.lint().found) == 1, fork.lint()
    fork.commit(patched("", f"  {IGNORE}"))
    assert len(fork.lint().found) == 2, fork.lint()


def test_a_comment_that_accepts_the_change_itself_counts_and_is_listed(fork: Fork) -> None:
    fork.main(target("apps/web", PINNED))
    other = PINNED.replace("v1.4.2", "v1.5.0")
    fork.commit(target("apps/web", other, comment="# agentslint: ignore[digest-changed-alone] rebuilt by the vendor"))
    words = ("lint", ".", "--base", "main", "--policy-from", "main", "--select", "digest-changed-alone", "-f", "json")

    done = fork.run(*words)

    assert done.status == 0, done
    assert "apps/web/web.yaml:10 accepts what the change does (digest-changed-alone): rebuilt by the vendor" in done.notes
    fork.commit(target("apps/web", other))
    assert fork.run(*words).status == 1


def test_an_entry_that_the_change_removes_is_not_called_stale(fork: Fork) -> None:
    entry = '[[ignore]]\nrule = "require-digest"\nreason = "for now"\n'
    fork.main({**target("apps/web", TAGGED), ".agentslint.toml": entry})
    fork.commit({**target("apps/web", PINNED), ".agentslint.toml": ""})
    assert fork.lint().status == 0
    fork.commit({".agentslint.toml": f"\n{entry}"})
    assert fork.lint().found == [("stale-ignore", ".agentslint.toml")]


def test_a_file_is_read_once_however_many_comments_it_has(fork: Fork, monkeypatch: pytest.MonkeyPatch) -> None:
    fork.main(target("apps/web", TAGGED))
    fork.commit({"apps/web/web.yaml": None, "apps/web/other.yaml": app(TAGGED), "new.yaml": app(TAGGED)})
    for name, value in QUIET.items():
        monkeypatch.setenv(name, value)
    asked: list[str] = []
    run = command.output

    def counted(words: Sequence[str], **how: Any) -> Finished:
        asked.extend(word for word in ("cat-file", "diff-index") if word in words)
        return run(words, **how)

    policy = open_policy(Path(fork.root), Path(fork.root), "main", None, network=False)
    monkeypatch.setattr("agentslint.git.command.output", counted)
    for _ in range(3):
        assert policy.file("apps/web/web.yaml") == policy.file("apps/web/other.yaml") == app(TAGGED)
        assert policy.file("new.yaml") is None
    assert sorted(asked) == ["cat-file", "diff-index"]
