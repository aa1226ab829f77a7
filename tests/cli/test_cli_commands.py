"""The commands beside `lint`, help texts, and words that may be a command, a path or a mistake."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
import tomli
from cli_command import Command, Repo, pod

from agentslint import __version__

HELPS = ((), ("lint",), ("targets",), ("images",), ("rules",), ("explain",), ("config",), ("tools",), ("tools", "install"))


@pytest.mark.parametrize("words", HELPS)
def test_help_fits_a_terminal_of_80_columns(command: Command, tmp_path: Path, words: tuple[str, ...]) -> None:
    done = command(*words, "--help", cwd=tmp_path)
    assert (done.status, done.err) == (0, "")
    text, _, epilog = done.out.partition("  Examples:")
    assert max(map(len, text.splitlines())) <= 80
    assert "..." not in text.partition("Commands:")[2], "a summary that is cut off"
    assert max(map(len, epilog.splitlines()), default=0) <= 90


def test_the_help_of_lint_shows_every_option_in_a_section_and_the_exit_statuses(command: Command, tmp_path: Path) -> None:
    text = command("lint", "-h", cwd=tmp_path).out
    other = text.partition("Other:")[2].partition("Examples:")[0].split()
    assert other[:2] == ["-h,", "--help"]
    assert other.count("-h,") == len([word for word in other if word.startswith("-")]) - 1
    for part in ("0 clean, 1 findings, 2 ", "130 interrupted", "kustomize build . | agentslint -"):
        assert part in text


def test_version(command: Command, tmp_path: Path) -> None:
    for words in (("--version",), ("--version", "lint")):
        assert command(*words, cwd=tmp_path).out == f"agentslint {__version__}\n"


def test_without_a_word_it_lints_the_current_folder(command: Command, repo: Repo) -> None:
    repo.write({"a/pod.yaml": pod("nginx:1"), "b/pod.yaml": pod("nginx:1")})
    assert command(cwd=repo.root / "a").out.startswith("pod.yaml:8:14")
    assert command("-q", cwd=repo.root / "a").out.startswith("pod.yaml:8:14")


@pytest.mark.parametrize("name", ["rules", "lint"])
def test_a_folder_that_is_named_like_a_command_can_be_linted(command: Command, repo: Repo, name: str) -> None:
    repo.write({f"{name}/pod.yaml": pod("nginx:1")})
    for words in ((f"./{name}",), (f"{name}/",), ("lint", name), ("--", name), ("-q", name)):
        assert command(*words, cwd=repo.root).out.startswith(f"{name}/pod.yaml:8:14"), words


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("ruls",), "did you mean `agentslint rules`?"),
        (("explian", "x"), "did you mean `agentslint explain`?"),
        (("help",), "did you mean `agentslint --help`?"),
        (("--slect", "x"), "'--select'"),
        (("lint", "--fromat=sarif"), "'--format'"),
        (("config", "shw"), "Did you mean 'show'?"),
        (("--select", "requir-digest"), "there is no rule 'requir-digest'; did you mean 'require-digest'?"),
        (("--ignore", "mutable-tag,render-eror"), "there is no rule 'render-eror'; did you mean 'render-error'?"),
        (("explain", "pull-secret"), "there is no rule 'pull-secret'; did you mean 'pull-secrets'?"),
        (("--fail-on", "eror"), "'eror' is not one of 'error', 'warning', 'note', 'never'"),
        (("--jobs", "0"), "0 is not in the range x>=1"),
        (("--jobs", "many"), "'many' is not a valid integer"),
        (("-q", "-v"), "--quiet and --verbose exclude each other"),
        (("--offline=yes",), "does not take a value"),
        (("",), "a path is empty"),
        (("pod.yaml", ""), "a path is empty"),
        (("-", "--stdin-name", ""), "--stdin-name must not be empty"),
        (("explain",), "Missing argument 'RULE'"),
        (("lint", "pod.yml"), "pod.yml: there is no such file or folder; did you mean pod.yaml?"),
        (("pod.yaml", "./pods.yaml"), "./pods.yaml: there is no such file or folder; did you mean ./pod.yaml?"),
        (("lint", "elsewhere/at-all"), "elsewhere/at-all: there is no such file or folder\n"),
    ],
)
def test_a_misspelt_word_is_an_error_that_names_the_nearest(command: Command, repo: Repo, words: tuple[str, ...], meant: str) -> None:
    repo.write({"pod.yaml": pod("nginx:1")})
    done = command(*words, cwd=repo.root)
    assert (done.status, done.out) == (2, "")
    assert meant in done.err


def test_every_rule_is_listed_and_explained(command: Command, tmp_path: Path) -> None:
    rows = json.loads(command("rules", "--format", "json", cwd=tmp_path).out)
    listed = {line.split()[0]: line for line in command("rules", cwd=tmp_path).lines}
    assert [row["id"] for row in rows] == sorted(listed)
    assert {
        "require-digest",
        "image-lockstep",
        "image-claims",
        "pull-secrets",
        "image-omitted",
        "render-error",
        "invalid-image",
        "mutable-tag",
    } <= set(listed)
    for row in rows:
        assert row["level"] in ("error", "warning", "note")
        assert f" {row['level']} " in listed[row["id"]]
        assert listed[row["id"]].endswith(row["summary"])
    page = command("explain", rows[0]["id"], cwd=tmp_path).out
    for heading in ("## Why", "## Fix", "## Options", "## References"):
        assert heading in page


def test_tools_are_listed_with_where_they_were_found(command: Command, tmp_path: Path, kustomize: Path, helm: Path) -> None:
    done = command("tools", "list", cwd=tmp_path)
    assert (done.status, str(kustomize) in done.out, str(helm) in done.out) == (0, True, True)
    missing = command("tools", "list", cwd=tmp_path, env={"AGENTSLINT_HELM": "/nowhere/helm"})
    assert (missing.status, "/nowhere/helm" in missing.out) == (2, True)


def test_config_init_writes_a_starter_that_changes_nothing_and_never_overwrites(command: Command, repo: Repo) -> None:
    repo.write({"pod.yaml": pod("nginx:1")})
    before = command("-q", cwd=repo.root)
    assert command("config", "init", cwd=repo.root).out == "wrote .agentslint.toml\n"
    written = (repo.root / ".agentslint.toml").read_text()
    assert command("config", "init", "--stdout", cwd=repo.root).out == written
    assert command("-q", cwd=repo.root) == before
    (repo.root / ".agentslint.toml").write_text("fail-on = 'never'\n")
    command("config", "init", cwd=repo.root).complains(".agentslint.toml already exists")
    assert (repo.root / ".agentslint.toml").read_text() == "fail-on = 'never'\n"


def test_config_init_follows_no_link(command: Command, repo: Repo) -> None:
    (repo.root / ".agentslint.toml").symlink_to("elsewhere.toml")
    assert command("config", "init", cwd=repo.root).status == 2
    assert not (repo.root / "elsewhere.toml").exists()


def uncommented(starter: str) -> str:
    """The starter with every example in force: all lines that are commented but its two first."""
    lines = starter.splitlines()
    return "\n".join(line.removeprefix("# ") for line in lines[2:]) + "\n"


def test_the_schema_describes_the_starter_the_examples_and_no_misspelt_key(command: Command, repo: Repo, examples: Path) -> None:
    schema = json.loads(command("config", "schema", cwd=repo.root).out)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    starter = uncommented(command("config", "init", "--stdout", cwd=repo.root).out)
    whole = tomli.loads(starter)
    assert {"exclude", "fail-on", "environments", "rules", "groups", "ignore", "render"} <= set(whole)
    validator.validate(whole)
    validator.validate(tomli.loads((examples / ".agentslint.toml").read_text()))
    for wrong in (
        {"fail_on": "error"},
        {"fail-on": "fatal"},
        {"rules": {"nope": {}}},
        {"rules": {"require-digest": {"alow": []}}},
        {"ignore": [{"rule": "x"}]},
    ):
        assert list(validator.iter_errors(wrong)), wrong


def test_every_key_of_the_starter_is_valid_when_it_is_uncommented(command: Command, repo: Repo) -> None:
    pytest.importorskip("cel_expr_python")
    starter = uncommented(command("config", "init", "--stdout", cwd=repo.root).out)
    repo.write({".agentslint.toml": starter, "pod.yaml": pod("nginx:1")})
    shown = json.loads(command("config", "show", "-f", "json", cwd=repo.root).out)
    assert shown["file"] == str(repo.root / ".agentslint.toml")
    assert shown["rules"]["require-digest"]["environments"] == ["production"]
    assert shown["ignore"][0]["until"] == tomli.loads(starter)["ignore"][0]["until"]
    said = json.loads(command("-f", "json", cwd=repo.root).out)
    assert said["failures"]
    for failure in said["failures"]:
        # Nothing that the examples name is here, which is all that is wrong with them.
        assert re.search(r": no (?:target|image|workload|chart|kind) matches |: no target has such a chart$", failure["message"])


def test_config_show_tells_what_is_in_force_and_where_it_was_found(command: Command, repo: Repo) -> None:
    repo.write(
        {"pyproject.toml": "[tool.agentslint]\nignore-rules = ['mutable-tag']\n[tool.agentslint.rules.require-digest]\nlevel = 'note'\n"}
    )
    (repo.root / "apps").mkdir()
    shown = json.loads(command("config", "show", "-f", "json", cwd=repo.root / "apps").out)
    assert (shown["file"], shown["fail-on"]) == (str(repo.root / "pyproject.toml"), "warning")
    assert (shown["rules"]["require-digest"]["level"], "mutable-tag" in shown["rules"]) == ("note", False)
    assert json.loads(command("config", "show", "-f", "json", cwd=repo.root.parent).out)["file"] is None
