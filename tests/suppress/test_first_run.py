"""The first run on an old repository: what matters is seen, today's findings are accepted by one command, new ones fail."""

from __future__ import annotations

import json

import pytest

from tests.suppress.command_in_process import Run, Tree
from tests.suppress.sample_apps import deployment, kustomization, plain

FILE = ".agentslint-baseline.json"


@pytest.fixture
def old(tree: Tree) -> Tree:
    """Sixty workloads: tags that move, and one number that YAML may take for something else."""
    names = [f"web-{number}" for number in range(60)]
    tree.write({f"app/{name}.yaml": deployment(name, f"ghcr.io/acme/{name}:1.0.{number}") for number, name in enumerate(names)})
    tree.write({"app/kustomization.yaml": kustomization(*(f"{name}.yaml" for name in names))})
    tree.write({".agentslint.toml": '[rules.require-digest]\nlevel = "note"\n'})
    tree.write({"zoo/kustomization.yaml": kustomization("web.yaml"), "zoo/web.yaml": deployment("zoo", "nginx@sha256:12")})
    return tree


def headings(text: str) -> list[str]:
    return [line for line in text.splitlines() if "[require-digest" in line or "[invalid-image" in line]


def test_few_findings_are_all_shown(run: Run, tree: Tree) -> None:
    tree.write(plain())
    text = run("lint", ".", cwd=tree.root).out
    assert len(headings(text)) == 1
    assert "--baseline-write" not in text


def test_many_are_counted_by_rule_and_the_worst_shown(run: Run, old: Tree) -> None:
    lines = run("lint", ".", cwd=old.root).out.splitlines()
    shown = [line for line in headings("\n".join(lines)) if not line.startswith(" ")]
    assert len(shown) == 10
    assert shown[0].startswith("zoo/web.yaml:10:"), "the only error comes first"
    assert "    61  note     require-digest" in lines
    assert "     1  error    invalid-image" in lines
    assert "10 of 62 findings are shown, the worst first." in lines
    assert any("--baseline-write" in line for line in lines)
    assert lines[-1].startswith("1 error, 61 notes; 2 of 2 targets rendered")


@pytest.mark.parametrize("option", ["--verbose", "--quiet"])
def test_all_are_shown_to_whoever_asks(run: Run, old: Tree, option: str) -> None:
    text = run("lint", ".", option, cwd=old.root).out
    assert len([line for line in headings(text) if not line.startswith(" ")]) == 62
    assert "findings are shown" not in text


def test_programs_get_all(run: Run, old: Tree) -> None:
    assert len(run("lint", ".", "-f", "json", cwd=old.root).results) == 62


def test_one_command_accepts_today(run: Run, old: Tree) -> None:
    done = run("lint", ".", "--baseline-write", cwd=old.root)
    assert (done.status, done.err) == (0, "")
    assert f"wrote {FILE}: 62 findings, 62 new, 0 removed" in done.out
    again = run("lint", ".", cwd=old.root)
    assert again.status == 0
    assert f"note: findings that {FILE} lists do not fail the run (--baseline '' counts all)" in again.out
    assert "62 suppressed" in again.out.splitlines()[-1]
    old.write({"app/web-0.yaml": old.read("app/web-0.yaml") + "---\n" + deployment("more", "redis:7")})
    assert run("lint", ".", "-f", "json", "--fail-on", "note", cwd=old.root).places() == [("require-digest", "app/web-0.yaml", 21)]


def test_it_is_found_from_any_folder_and_can_be_left_out(run: Run, old: Tree) -> None:
    run("lint", ".", "--baseline-write", cwd=old.root)
    below = run("lint", ".", cwd=old.root / "zoo")
    assert below.status == 0
    assert f"findings that ../{FILE} lists do not fail the run" in below.out
    assert run("lint", ".", "--baseline", "", cwd=old.root).status == 1
    named = run("lint", ".", "--baseline", FILE, cwd=old.root)
    assert (named.status, "do not fail the run" in named.out) == (0, False)


def test_a_broken_one_is_named(run: Run, tree: Tree) -> None:
    tree.write({**plain(), FILE: "[]"})
    done = run("lint", ".", cwd=tree.root)
    assert done.status == 2
    assert "this is not an agentslint baseline" in done.err


def test_another_file(run: Run, tree: Tree) -> None:
    tree.write({**plain(), "ci/.keep": ""})
    done = run("lint", ".", "--baseline-write", "--baseline", "ci/known.json", cwd=tree.root)
    assert (done.status, len(json.loads(tree.read("ci/known.json"))["findings"])) == (0, 1)
    assert "use it with `--baseline ci/known.json`" in done.out
    assert run("lint", ".", "--baseline-write", "-f", "json", cwd=tree.root).status == 2


def test_what_is_true_of_every_run_is_no_note(run: Run, tree: Tree) -> None:
    tree.write(plain())
    assert "note: " not in run("lint", ".", cwd=tree.root).out
    assert "partial-rollback" in run("lint", ".", "--verbose", cwd=tree.root).out
    assert "partial-rollback" in " ".join(json.loads(run("lint", ".", "-f", "json", cwd=tree.root).out)["notes"])
    assert "note: " in run("lint", ".", "--select", "partial-rollback", cwd=tree.root).out
