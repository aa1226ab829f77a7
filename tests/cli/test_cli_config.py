"""The configuration as a run sees it: mistakes, where it is found, and how targets are rendered."""

from __future__ import annotations

import json
import shutil

import pytest
from cli_command import Command, Repo, pod

CHART = {
    "Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "values.yaml": "",
    "templates/pod.yaml": pod(
        '{{ if .Capabilities.APIVersions.Has "acme.example.com/v1" }}monitored{{ else }}plain{{ end }}'
        ":{{ .Capabilities.KubeVersion.Version }}"
    ),
}


def chart(folder: str) -> dict[str, str | bytes]:
    """A kustomization whose chart's image says which Kubernetes it sees."""
    files: dict[str, str | bytes] = {f"{folder}/charts/web/{path}": text for path, text in CHART.items()}
    return {**files, f"{folder}/kustomization.yaml": "helmCharts:\n- name: web\n"}


def images(command: Command, repo: Repo, *paths: str) -> dict[str, str]:
    """Target -> the image that it runs, of a repository in which none is pinned."""
    done = command(*paths, "-f", "json", "--select", "require-digest", cwd=repo.root)
    assert done.status == 1, done
    return {result["target"]: result["image"] for result in json.loads(done.out)["results"]}


MISTAKES = {
    "a misspelt key": ("fail-onn = 'error'\n", ":1: fail-onn: there is no such key here; did you mean 'fail-on'?"),
    "no rule in select": ("select = ['requir-digest']\n", ":1: select: there is no rule 'requir-digest'; did you mean 'require-digest'?"),
    "no rule in ignore-rules": (
        "\nignore-rules = ['mutable-tg']\n",
        ":2: ignore-rules: there is no rule 'mutable-tg'; did you mean 'mutable-tag'?",
    ),
    "no rule in rules": (
        "[rules.mutable-tg]\ntags = []\n",
        ":1: rules.mutable-tg: there is no rule 'mutable-tg'; did you mean 'mutable-tag'?",
    ),
    "no rule in ignore": (
        "[[ignore]]\nreason = 'x'\nrule = 'mutable-tg'\n",
        ":3: ignore.0.rule: there is no rule 'mutable-tg'; did you mean 'mutable-tag'?",
    ),
    "no option": ("[rules.require-digest]\nalow = []\n", ":2: rules.require-digest.alow: there is no such key here; did you mean 'allow'?"),
    "no setting": (
        "[rules.require-digest]\nlevl = 'note'\n",
        ":2: rules.require-digest.levl: there is no such key here; did you mean 'level'?",
    ),
    "no level": (
        "[rules.require-digest]\nlevel = 'fatal'\n",
        ":2: rules.require-digest.level: 'fatal' is none of error, note, off, warning",
    ),
    "no reason": ("[rules.require-digest]\nallow = [\n  { match = 'x' },\n]\n", ": rules.require-digest.allow.0: reason is missing"),
    "no environment": (
        "[[environments]]\nname = 'prod'\n[rules.require-digest]\nenvironments = ['production']\n",
        ":4: rules.require-digest.environments: ",
    ),
    "no day": ("[[ignore]]\nrule = '*'\nreason = 'x'\nuntil = '2026-02-31'\n", ":4: ignore.0.until: there is no such day"),
    "no plugin": ("\nplugins = ['nope.py']\n", ":2: "),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_ends_the_run_with_its_file_and_line(command: Command, repo: Repo, case: str) -> None:
    text, message = MISTAKES[case]
    repo.kustomization("apps", ["nginx:1"]).write({".agentslint.toml": text})
    command("apps", cwd=repo.root).complains(message, "agentslint: .agentslint.toml:")
    command(".", cwd=repo.root / "apps").complains(message, "agentslint: ../.agentslint.toml:")


def test_a_renderer_that_is_not_there_is_named(command: Command, repo: Repo) -> None:
    repo.kustomization("apps", ["nginx:1"]).write({".agentslint.toml": "[render]\nkustomize = 'bin/nope'\n"})
    command("apps", cwd=repo.root, env={"AGENTSLINT_KUSTOMIZE": "-"}).complains("bin/nope", str(repo.root))


def test_a_mistake_in_a_pyproject_is_told_by_its_line_there(command: Command, repo: Repo) -> None:
    repo.write({"pod.yaml": pod(), "pyproject.toml": "[project]\nname = 'x'\n\n[tool.agentslint.rules.require-digest]\nalow = []\n"})
    command(cwd=repo.root).complains("pyproject.toml:5: rules.require-digest.alow: ", "did you mean 'allow'?")


def test_the_configuration_is_looked_for_from_the_path_upward_not_from_the_current_folder(command: Command, repo: Repo) -> None:
    repo.write(
        {
            "a/pod.yaml": pod("nginx:1"),
            "a/.agentslint.toml": "fail-on = 'never'\n",
            "b/pod.yaml": pod("nginx:1"),
            "c.toml": "fail-on = 'never'",
        }
    )
    assert [command(path, cwd=repo.root).status for path in ("a", "b")] == [0, 1]
    assert command("../b", cwd=repo.root / "a").status == 1
    assert command("b", "--config", "c.toml", cwd=repo.root).status == 0
    assert command("../b", "--config", "../c.toml", cwd=repo.root / "a").status == 0


def test_build_options_reach_kustomize(command: Command, repo: Repo) -> None:
    repo.write({"apps/kustomization.yaml": "resources: [../shared/pod.yaml]\n", "shared/pod.yaml": pod("nginx:1")})
    assert command("apps", cwd=repo.root).status == 2
    repo.write({".agentslint.toml": "[render]\nbuild-options = ['--load-restrictor', 'LoadRestrictionsNone']\n"})
    assert command("apps", "-q", cwd=repo.root).out.startswith("shared/pod.yaml:8:14 error[require-digest]")


def test_charts_see_the_versions_that_are_configured(command: Command, repo: Repo) -> None:
    repo.write(chart("apps"))
    repo.write({".agentslint.toml": "[render]\nkube-version = '1.29'\napi-versions = ['acme.example.com/v1']\n"})
    assert images(command, repo, "apps") == {"apps": "monitored:v1.29"}


def test_tables_for_some_targets_win_over_what_holds_for_all_and_later_over_earlier_ones(command: Command, repo: Repo) -> None:
    repo.write({**chart("apps/a"), **chart("apps/b"), **chart("legacy/c")})
    repo.write(
        {
            ".agentslint.toml": (
                "[render]\nkube-version = '1.34'\napi-versions = ['acme.example.com/v1']\n"
                "[[render.for]]\ntargets = ['apps/*', 'legacy/*']\nkube-version = '1.30'\n"
                "[[render.for]]\ntargets = ['legacy/?']\nkube-version = '1.29'\napi-versions = []\n"
            )
        }
    )
    assert images(command, repo) == {"apps/a": "monitored:v1.30", "apps/b": "monitored:v1.30", "legacy/c": "plain:v1.29"}


def test_a_renderer_of_the_configuration_is_relative_to_it(command: Command, repo: Repo, kustomize: object) -> None:
    repo.kustomization("apps/web", ["nginx:1"]).write({".agentslint.toml": "[render]\nkustomize = 'bin/kustomize'\n"})
    (repo.root / "bin").mkdir()
    shutil.copy(str(kustomize), repo.root / "bin" / "kustomize")
    done = command("web", "-q", cwd=repo.root / "apps", env={"AGENTSLINT_KUSTOMIZE": "-"})
    assert done.out.startswith("web/pod-0.yaml:8:14"), done


def test_excluded_paths_are_passed_over_and_environments_hold_rules_back(command: Command, repo: Repo) -> None:
    repo.kustomization("apps/prod", ["nginx:1"]).kustomization("apps/dev", ["nginx:1"]).kustomization("archive/old", ["nginx:1"])
    repo.write(
        {
            ".agentslint.toml": (
                "exclude = ['archive/']\n[[environments]]\nname = 'prod'\npaths = ['apps/prod*']\n"
                "[rules.require-digest]\nenvironments = ['prod']\n"
            )
        }
    )
    done = command(".", cwd=repo.root)
    assert images(command, repo) == {"apps/prod": "nginx:1"}
    assert "2 of 2 targets rendered" in done.lines[-1]


def test_an_image_field_of_the_configuration_is_looked_at(command: Command, repo: Repo) -> None:
    repo.write({"tool.yaml": "apiVersion: acme.example.com/v1\nkind: Gadget\nmetadata: {name: a}\nspec:\n  runs: [{what: 'nginx:1'}]\n"})
    assert command("tool.yaml", cwd=repo.root).status == 0
    repo.write({".agentslint.toml": "[[image-fields]]\ngroup = 'acme.example.com'\nkind = 'Gadget'\npath = 'spec.runs[].what'\n"})
    assert command("tool.yaml", "-q", cwd=repo.root).out.startswith("tool.yaml:5:18 error[require-digest] Gadget/a (spec.runs[0].what")


def test_a_mistake_in_what_is_extended_is_told_by_its_own_file(command: Command, repo: Repo) -> None:
    for case, (text, message) in MISTAKES.items():
        extended = text.replace("nope.py", "../nope.py") if case == "no plugin" else text
        repo.write({"pod.yaml": pod(), ".agentslint.toml": "extends = ['lint/base.toml']\n", "lint/base.toml": extended})
        command(cwd=repo.root).complains(message, "agentslint: lint/base.toml:")


def test_config_show_says_who_set_each_value(command: Command, repo: Repo) -> None:
    base = "fail-on = 'note'\n[[ignore]]\nrule = 'mutable-tag'\nreason = 'x'\n[rules.require-digest]\nlevel = 'error'\n"
    own = "extends = ['base.toml']\n\n[rules.require-digest]\nallow = [{ match = 'a', reason = 'b' }]\n"
    repo.write({".agentslint.toml": own, "base.toml": base})
    shown = json.loads(command("config", "show", "-f", "json", cwd=repo.root).out)
    said = {key: source for key, source in shown["set-by"].items() if source != "default"}
    assert said == {
        "extends": ".agentslint.toml:1",
        "fail-on": "base.toml:1",
        "ignore.0.rule": "base.toml:3",
        "ignore.0.reason": "base.toml:4",
        "rules.require-digest.level": "base.toml:6",
        "rules.require-digest.allow.0.match": ".agentslint.toml:4",
        "rules.require-digest.allow.0.reason": ".agentslint.toml:4",
    }
    assert shown["set-by"]["render-errors"] == "default"
    assert [line.split() for line in command("config", "show", "fail-on", cwd=repo.root).lines[1:]] == [
        ["fail-on", "=", '"note"', "#", "base.toml:1"]
    ]
    one = json.loads(command("config", "show", "ignore.0", "-f", "json", cwd=repo.root).out)
    assert (one["ignore.0"]["rule"], one["set-by"]["ignore.0.until"]) == ("mutable-tag", "default")
    command("config", "show", "fail-no", cwd=repo.root).complains("there is no setting 'fail-no'; did you mean 'fail-on'?")


def test_config_show_reads_a_key_with_dots_in_it(command: Command, repo: Repo) -> None:
    repo.write({".agentslint.toml": "[[targets]]\nchart = 'c'\nset = { 'a.b' = 1, a = { c = 2 } }\n"})
    one = json.loads(command("config", "show", "targets.0.set", "-f", "json", cwd=repo.root).out)
    assert one["targets.0.set"] == {"a.b": 1, "a": {"c": 2}}
    assert json.loads(command("config", "show", "targets.0.set.a.b", "-f", "json", cwd=repo.root).out)["targets.0.set.a.b"] == 1


def test_an_ignore_of_an_extended_file_stands_there(command: Command, repo: Repo) -> None:
    extended = "[[ignore]]\nrule = 'mutable-tag'\nreason = 'x'\n\n[[groups]]\nname = 'g'\nimages = ['nope*']\n"
    repo.write({"pod.yaml": pod(), ".agentslint.toml": "extends = ['lint/base.toml']\n", "lint/base.toml": extended})
    said = json.loads(command("-f", "json", cwd=repo.root).out)
    assert [row["location"]["path"] for row in said["results"] if row["rule"] == "stale-ignore"] == ["lint/base.toml"]
    assert {(row["location"]["path"], row["location"]["start_line"]) for row in said["failures"]} == {("lint/base.toml", 7)}
