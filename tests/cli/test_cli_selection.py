"""Which rules run, what counts, and the exit status of everything together."""

from __future__ import annotations

import json

import pytest
from cli_command import PINNED, Command, Repo, pod

OMITTED = "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: db}\nspec: {instances: 1}\n"
BROKEN = "apiVersion: v1\nkind: Pod\nmetadata: {\n"


def rules_of(out: str) -> list[str]:
    return sorted(result["rule"] for result in json.loads(out)["results"])


@pytest.fixture
def mixed(repo: Repo) -> Repo:
    """Two errors and one warning."""
    return repo.kustomization("apps", [PINNED, "ghcr.io/acme/web:v2@sha256:8c75227b52f3"]).write({"db.yaml": OMITTED})


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), ["image-omitted", "invalid-image", "require-digest"]),
        (("--select", "require-digest"), ["require-digest"]),
        (("--select", "require-digest,image-omitted"), ["image-omitted", "require-digest"]),
        (("--select", "require-digest", "--select", " image-omitted ,"), ["image-omitted", "require-digest"]),
        (("--ignore", "require-digest,invalid-image"), ["image-omitted"]),
        (("--ignore", "require-digest", "--ignore", "invalid-image"), ["image-omitted"]),
        (("--select", "require-digest,image-omitted", "--ignore", "image-omitted"), ["require-digest"]),
        (("--exclude", "apps/"), ["image-omitted"]),
        (("--exclude", "*.yaml", "--exclude", "!db.yaml"), ["image-omitted"]),
    ],
)
def test_rules_and_paths_are_chosen(command: Command, mixed: Repo, options: tuple[str, ...], expected: list[str]) -> None:
    done = command(".", "-f", "json", *options, cwd=mixed.root)
    assert (done.status, rules_of(done.out)) == (1, expected)


def test_no_rule_left_is_an_error(command: Command, mixed: Repo) -> None:
    command(".", "--select", "require-digest", "--ignore", "require-digest", cwd=mixed.root).complains("no rule is left to run")


def test_the_command_line_chooses_over_the_configuration(command: Command, mixed: Repo) -> None:
    mixed.write({".agentslint.toml": "select = ['invalid-image']\n"})
    assert rules_of(command(".", "-f", "json", cwd=mixed.root).out) == ["invalid-image"]
    assert rules_of(command(".", "-f", "json", "--select", "image-omitted", cwd=mixed.root).out) == ["image-omitted"]


@pytest.mark.parametrize(
    ("select", "options", "status"),
    [
        ("image-omitted", (), 1),
        ("image-omitted", ("--fail-on", "warning"), 1),
        ("image-omitted", ("--fail-on", "error"), 0),
        ("image-omitted", ("--fail-on", "never"), 0),
        ("require-digest", ("--fail-on", "error"), 1),
        ("require-digest", ("--fail-on", "never"), 0),
        ("require-digest", ("--exit-zero",), 0),
        ("mutable-tag", (), 0),
    ],
)
def test_what_fails_a_run(command: Command, mixed: Repo, select: str, options: tuple[str, ...], status: int) -> None:
    done = command(".", "--select", select, *options, cwd=mixed.root)
    assert (done.status, "[image-omitted]" in done.out or "[require-digest]" in done.out) == (status, select != "mutable-tag")


def test_levels_and_fail_on_come_from_the_configuration_too(command: Command, mixed: Repo) -> None:
    mixed.write({".agentslint.toml": "fail-on = 'error'\nselect = ['require-digest']\n[rules.require-digest]\nlevel = 'note'\n"})
    assert (command(".", cwd=mixed.root).status, command(".", "--fail-on=note", cwd=mixed.root).status) == (0, 1)


@pytest.mark.parametrize("options", [(), ("--exit-zero",), ("--fail-on", "never"), ("--select", "mutable-tag")])
def test_what_could_not_be_checked_wins_over_everything(command: Command, mixed: Repo, options: tuple[str, ...]) -> None:
    mixed.write({"broken/kustomization.yaml": "resources: [nowhere.yaml]\n"})
    done = command(".", *options, cwd=mixed.root)
    assert (done.status, "broken" in done.out) == (2, True)
    assert "2 of 3 targets rendered" in done.lines[-1]


def test_render_errors_may_be_warnings_but_nothing_else(command: Command, mixed: Repo) -> None:
    mixed.write({"broken/kustomization.yaml": "resources: [nowhere.yaml]\n"})
    tolerant = ("--render-errors", "warn")
    assert command(".", *tolerant, cwd=mixed.root).status == 1
    clean = command(".", *tolerant, "--select", "mutable-tag,render-error", cwd=mixed.root)
    assert (clean.status, "warning[render-error]" in clean.out, "All good" in clean.out) == (0, True, False)
    mixed.write({".agentslint.toml": "render-errors = 'warn'\n"})
    assert command(".", "--exit-zero", cwd=mixed.root).status == 0
    assert command(".", "--render-errors=fail", cwd=mixed.root).status == 2
    mixed.write({"broken.yaml": BROKEN})
    assert command(".", "--exit-zero", *tolerant, cwd=mixed.root).status == 2


def test_the_last_line_counts_findings_targets_and_time(command: Command, mixed: Repo) -> None:
    done = command(".", cwd=mixed.root)
    counts, targets, seconds = done.lines[-1].split("; ")
    assert (counts, targets) == ("2 errors, 1 warning", "2 of 2 targets rendered")
    assert seconds.endswith(" s")
    assert float(seconds.removesuffix(" s")) >= 0


def test_statistics_count_by_rule(command: Command, mixed: Repo) -> None:
    done = command(".", "--statistics", "-q", cwd=mixed.root)
    assert sorted(line.split() for line in done.lines[-3:]) == [
        ["1", "error", "invalid-image"],
        ["1", "error", "require-digest"],
        ["1", "warning", "image-omitted"],
    ]


def test_quiet_is_one_line_a_finding_and_verbose_has_all_that_the_renderer_said(command: Command, mixed: Repo) -> None:
    mixed.write({"broken/kustomization.yaml": "resources: [nowhere.yaml]\n"})
    quiet = command(".", "--quiet", cwd=mixed.root)
    assert len(quiet.lines) == 4
    usual, verbose = command(".", cwd=mixed.root), command(".", "--verbose", cwd=mixed.root)
    assert "--verbose shows" in usual.out
    assert "accumulating resources" in verbose.out
    assert "accumulating resources" not in usual.out


@pytest.mark.parametrize("jobs", ["1", "2", "7"])
def test_the_report_is_the_same_whatever_the_number_of_jobs(command: Command, repo: Repo, jobs: str) -> None:
    for number in range(6):
        repo.kustomization(f"apps/{number}", [f"nginx:{number}"])
    done = command(".", "-q", "--jobs", jobs, cwd=repo.root)
    assert [line.partition(" ")[0] for line in done.lines] == [f"apps/{number}/pod-0.yaml:8:14" for number in range(6)]


def test_offline_names_what_would_have_been_fetched(command: Command, repo: Repo) -> None:
    repo.kustomization("fine").write(
        {
            "base/kustomization.yaml": "resources:\n- https://github.com/acme/base//deploy?ref=v1\n",
            "chart/kustomization.yaml": "helmCharts:\n- name: web\n  repo: https://charts.example.com\n  version: 1.0.0\n",
        }
    )
    done = command(".", "-q", "--offline", cwd=repo.root)
    assert (done.status, len(done.lines)) == (2, 2)
    assert done.lines[0].startswith("base/kustomization.yaml:2:")
    assert "https://github.com/acme/base//deploy?ref=v1" in done.lines[0]
    assert done.lines[1].startswith("chart/kustomization.yaml:2:")
    assert "web" in done.lines[1]
    assert all("offline" in line for line in done.lines)


def test_a_stream_has_the_name_that_it_is_given_in_every_report(command: Command, repo: Repo) -> None:
    formats = ("-f", "text", "-o", "r.txt", "-f", "sarif", "-o", "r.sarif", "-f", "json", "-o", "r.json", "-f", "github")
    done = command("-", "--stdin-name", "rendered/web.yaml", *formats, cwd=repo.root, stdin=pod("nginx:1").encode(), env={"TMPDIR": "/tmp"})
    assert done.status == 1
    (sarif,) = json.loads((repo.root / "r.sarif").read_text())["runs"]
    (result,) = sarif["results"]
    place = result["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("rendered/web.yaml", 8)
    text = (repo.root / "r.txt").read_text()
    assert text.startswith("rendered/web.yaml:8:14 error[require-digest]")
    assert "8 |       image: nginx:1" in text
    assert json.loads((repo.root / "r.json").read_text())["results"][0]["location"]["path"] == "rendered/web.yaml"
    assert "file=rendered/web.yaml,line=8" in done.out
    assert "/tmp" not in done.out + (repo.root / "r.sarif").read_text()


def test_a_stream_and_files_can_be_linted_together(command: Command, mixed: Repo) -> None:
    done = command("-", "db.yaml", "-q", cwd=mixed.root, stdin=pod("nginx:1").encode())
    assert [line.partition(":")[0] for line in done.lines] == ["<stdin>", "db.yaml"]


def test_any_other_file_stands_for_the_targets_that_read_it(command: Command, mixed: Repo) -> None:
    for path in ("apps/pod-1.yaml", "apps/kustomization.yaml", "apps"):
        assert "1 of 1 target rendered" in command(path, cwd=mixed.root).lines[-1]
    mixed.write({"README.md": "# hello\n"})
    done = command("README.md", cwd=mixed.root)
    assert (done.status, "note: README.md: no target reads it" in done.out) == (0, True)
    assert done.lines[-1].startswith("Nothing was linted: no target; ")


@pytest.mark.parametrize("path", ["apps", "apps/", "apps/pod-0.yaml", "apps/kustomization.yaml"])
@pytest.mark.parametrize("how", ["the configuration", "an option"])
def test_what_is_excluded_is_not_good_by_whatever_name(command: Command, repo: Repo, path: str, how: str) -> None:
    repo.kustomization("apps", ["nginx:1"]).kustomization("other")
    words = [] if how == "the configuration" else ["--exclude", "apps/"]
    repo.write({".agentslint.toml": "" if words else 'exclude = ["apps/"]\n'})
    command(path, *words, cwd=repo.root).complains("there is nothing to lint", f"{path}: excluded by the configuration")
    beside = command(path, "other", *words, cwd=repo.root)
    assert (beside.status, beside.lines[-1].startswith("All good: no findings; 1 of 1 target rendered")) == (0, True), beside
    passed = command(path, "--pass-without-target", *words, cwd=repo.root)
    assert (passed.status, passed.lines[-1].partition(":")[0]) == (0, "Nothing was linted")


def test_bases_are_linted_by_what_deploys_them_or_with_all(command: Command, repo: Repo) -> None:
    repo.kustomization("base", ["nginx:1"]).write({"prod/kustomization.yaml": "resources: [../base]\n"})
    assert "1 of 1 target rendered" in command(".", cwd=repo.root).lines[-1]
    assert "2 of 2 targets rendered" in command(".", "--all", cwd=repo.root).lines[-1]
