"""Levels of rules, in all environments or in some; globs of targets."""

from __future__ import annotations

import json

import pytest
from cli_command import Command, Repo

from agentslint.paths import names_target

ENVIRONMENTS = '[[environments]]\nname = "prod"\npaths = ["apps/*/prod"]\n[[environments]]\nname = "eu"\npaths = ["apps/eu/**"]\n'


@pytest.fixture
def apps(repo: Repo) -> Repo:
    """Three applications that run an image by a tag."""
    for folder in ("apps/eu/prod", "apps/us/prod", "apps/us/dev"):
        repo.kustomization(folder, ["ghcr.io/acme/web:1.0.0"])
    return repo


def levels(command: Command, repo: Repo, configuration: str) -> dict[str, str]:
    """Folder -> level of its finding of require-digest."""
    repo.write({".agentslint.toml": configuration})
    done = command(".", "-f", "json", cwd=repo.root)
    rows = json.loads(done.out)["results"]
    return {row["location"]["path"].rpartition("/")[0]: row["level"] for row in rows if row["rule"] == "require-digest"}


def test_off(command: Command, apps: Repo) -> None:
    assert levels(command, apps, '[rules.require-digest]\nlevel = "off"\n') == {}
    rules = json.loads(command("config", "show", "-f", "json", cwd=apps.root).out)["rules"]
    assert "require-digest" not in rules
    assert "mutable-tag" in rules


def test_levels_of_environments(command: Command, apps: Repo) -> None:
    found = levels(command, apps, f'{ENVIRONMENTS}[rules.require-digest]\nlevel = "note"\nlevels = {{ prod = "error", eu = "warning" }}\n')
    assert found == {"apps/eu/prod": "error", "apps/us/prod": "error", "apps/us/dev": "note"}


def test_off_but_for_an_environment(command: Command, apps: Repo) -> None:
    found = levels(command, apps, f'{ENVIRONMENTS}[rules.require-digest]\nlevel = "off"\n[rules.require-digest.levels]\neu = "warning"\n')
    assert found == {"apps/eu/prod": "warning"}


def test_off_in_an_environment(command: Command, apps: Repo) -> None:
    found = levels(command, apps, f'{ENVIRONMENTS}[rules.require-digest]\nlevels = {{ prod = "off" }}\n')
    assert found == {"apps/us/dev": "error"}


def test_the_exit_status_follows(command: Command, apps: Repo) -> None:
    apps.write({".agentslint.toml": f'select = ["require-digest"]\n{ENVIRONMENTS}[rules.require-digest]\nlevels = {{ prod = "note" }}\n'})
    assert command("apps/eu", "apps/us/prod", cwd=apps.root).status == 0
    assert command("apps/us/dev", cwd=apps.root).status == 1


@pytest.mark.parametrize(
    ("configuration", "parts"),
    [
        ('[rules.require-digest]\nlevel = "none"\n', (":2: rules.require-digest.level", "none of error, note, off, warning")),
        (
            f'{ENVIRONMENTS}[rules.require-digest]\nlevels = {{ prd = "error" }}\n',
            (":8: rules.require-digest.levels", "did you mean 'prod'?"),
        ),
        (
            f'{ENVIRONMENTS}[rules.require-digest]\nenvironments = ["pord"]\n',
            (":8: rules.require-digest.environments", "did you mean 'prod'?"),
        ),
        (f'{ENVIRONMENTS}[rules.require-digest]\nlevels = {{ prod = "high" }}\n', (":8: rules.require-digest.levels.prod", "high")),
        ('select = ["require-digest"]\n[rules.require-digest]\nlevel = "off"\n', ("no rule is left to run", "levels")),
    ],
)
def test_mistakes(command: Command, apps: Repo, configuration: str, parts: tuple[str, ...]) -> None:
    apps.write({".agentslint.toml": configuration})
    command(".", cwd=apps.root).complains(*parts)


GLOBS = {
    "apps/*": (["apps/a", "apps/a/b", "apps/a/b/c"], ["apps", "other/apps/a"]),
    "apps/*/prod": (["apps/a/prod"], ["apps/a/b/prod", "apps/prod", "apps/a/prod/more"]),
    "apps/**/prod": (["apps/prod", "apps/a/prod", "apps/a/b/prod"], ["apps/a/prod/more", "apps"]),
    "apps/**": (["apps/a", "apps/a/b"], ["apps"]),
    "**/prod": (["prod", "a/prod", "a/b/prod"], ["a/preprod", "prod/a"]),
    "*/prod": (["a/prod"], ["a/b/prod", "prod"]),
    "*-prod": (["web-prod", "apps/web-prod"], ["web-prod/a"]),
    "*": ([".", "a", "a/b"], []),
    "apps/prod*": (["apps/prod", "apps/prod-1", "apps/prod-1/a"], ["apps/x/prod"]),
    "./apps/a/": (["apps/a"], ["apps/a/b", "apps/ab"]),
    "apps/[ab]/?": (["apps/a/x", "apps/b/y"], ["apps/c/x", "apps/a/xy"]),
    "a" + "/**" * 60 + "/z": (["a" + "/b" * 60 + "/z"], ["a" + "/b" * 60]),
}


@pytest.mark.parametrize(("glob", "named", "others"), [(glob, *names) for glob, names in GLOBS.items()])
def test_a_star_stays_in_its_folder(glob: str, named: list[str], others: list[str]) -> None:
    assert [name for name in (*named, *others) if names_target([glob], name)] == named


def test_an_exception_for_a_target(command: Command, apps: Repo) -> None:
    def left(target: str) -> list[str]:
        apps.write(
            {".agentslint.toml": f'select = ["require-digest"]\n[[ignore]]\nrule = "require-digest"\nreason = "x"\ntarget = "{target}"\n'}
        )
        rows = json.loads(command(".", "-f", "json", cwd=apps.root).out)["results"]
        return sorted(row["target"] for row in rows if not row["suppressions"])

    assert left("apps/*/prod") == ["apps/us/dev"]
    assert left("*/prod") == ["apps/eu/prod", "apps/us/dev", "apps/us/prod"]
    assert left("**/dev") == ["apps/eu/prod", "apps/us/prod"]


def test_an_environment_that_only_levels_name_and_no_target_fits(command: Command, apps: Repo) -> None:
    apps.write(
        {".agentslint.toml": '[[environments]]\nname = "prod"\npaths = ["*/prod"]\n[rules.require-digest]\nlevels = { prod = "error" }\n'}
    )
    done = command(".", cwd=apps.root)
    assert (done.status, "environment prod: no target matches '*/prod'" in done.out) == (2, True)


@pytest.mark.parametrize(
    ("configuration", "words", "rules"),
    [
        ('select = ["require-*"]\n', (), {"require-digest"}),
        ("", ("--select", "require-d*,image-*"), {"require-digest"}),
        ('ignore-rules = ["require-*"]\n', (), set()),
        ("", ("--ignore", "*-digest"), set()),
    ],
)
def test_rules_may_be_chosen_by_globs(command: Command, apps: Repo, configuration: str, words: tuple[str, ...], rules: set[str]) -> None:
    apps.write({".agentslint.toml": configuration})
    rows = json.loads(command("apps/us/dev", "-f", "json", *words, cwd=apps.root).out)["results"]
    assert {row["rule"] for row in rows} == rules


def test_a_glob_that_fits_no_rule_is_a_mistake(command: Command, apps: Repo) -> None:
    command(".", "--select", "requre-*", cwd=apps.root).complains("--select: there is no rule 'requre-*'")
