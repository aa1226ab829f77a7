"""`agentslint ignore --all`: every finding of today, accepted where it is."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.suppress.command_in_process import Run, Tree
from tests.suppress.sample_apps import chart_app, deployment, kustomization, overlays, plain

REASON = ("--reason", "adopted")
FEW = 'select = ["require-digest", "mutable-tag", "image-omitted", "pull-secrets", "image-lockstep", "image-claims", "stale-ignore"]\n'
"""Rules that need no renders of their own: seventeen applications take long enough."""


def adopted(tree: Tree) -> dict[str, list[str]]:
    """What `git diff` adds to each file, having checked that it takes nothing away: lines only grow at their ends, or are new."""
    shown = subprocess.run(
        ["git", "diff", "--unified=0", "--no-color"], cwd=tree.root, check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    found: dict[str, list[str]] = {}
    removed: list[str] = []
    path = ""
    for line in shown.splitlines():
        if line.startswith("+++ b/"):
            path = line.removeprefix("+++ b/")
        elif line.startswith("-") and not line.startswith("---"):
            removed.append(line[1:])
        elif line.startswith("+"):
            found.setdefault(path, []).append(line[1:])
            if removed:
                assert line[1:].startswith(removed.pop(0).rstrip())
            assert "agentslint: ignore[" in line
    assert removed == []
    return found


def test_plain_resources_charts_and_bases(run: Run, tree: Tree) -> None:
    tree.write({**chart_app(), **overlays(deployment("web", "nginx:latest"))})
    tree.write(
        {"plain/kustomization.yaml": kustomization("a.yaml"), "plain/a.yaml": deployment("a", "redis") + "---\n" + deployment("b", "x:1")}
    )
    tree.commit()
    found = run("lint", ".", "-f", "json", cwd=tree.root).places()
    done = run("ignore", "--all", ".", *REASON, cwd=tree.root)
    assert (done.status, done.err) == (0, "")
    after = run("lint", ".", "-f", "json", cwd=tree.root)
    assert (after.status, after.places()) == (0, [])
    assert sorted(after.suppressed()) == sorted(found)
    assert {path: len(lines) for path, lines in adopted(tree).items()} == {
        "app/values.yaml": 1,
        "base/web.yaml": 1,
        "charts/web/templates/deployment.yaml": 1,
        "plain/a.yaml": 2,
    }


def test_a_second_time_changes_nothing(run: Run, tree: Tree) -> None:
    tree.write({**chart_app(), **overlays(deployment("web", "nginx:latest"))})
    run("ignore", "--all", ".", *REASON, cwd=tree.root)
    before = tree.files()
    done = run("ignore", "--all", ".", *REASON, cwd=tree.root)
    assert (done.status, done.out, done.err) == (0, "", "")
    assert tree.files() == before


def test_only_one_rule(run: Run, tree: Tree) -> None:
    tree.write(plain("nginx:latest"))
    assert run("ignore", "mutable-tag", "--all", ".", *REASON, cwd=tree.root).status == 0
    assert [rule for rule, _, _ in run("lint", ".", "-f", "json", cwd=tree.root).places()] == ["require-digest"]


def test_only_under_the_path(run: Run, tree: Tree) -> None:
    tree.write(plain())
    tree.write({"other/kustomization.yaml": kustomization("web.yaml"), "other/web.yaml": deployment("web", "nginx:1.27")})
    run("ignore", "--all", "app", *REASON, cwd=tree.root)
    assert run("lint", ".", "-f", "json", cwd=tree.root).places() == [("require-digest", "other/web.yaml", 10)]


def test_from_a_subfolder_and_from_outside(run: Run, tree: Tree, tmp_path: Path) -> None:
    tree.write(plain())
    assert run("ignore", "--all", ".", *REASON, cwd=tree.root / "app").out == "app/web.yaml:10: require-digest ignored\n"
    tree.write(plain())
    assert run("ignore", "--all", tree.root, *REASON, cwd=tmp_path).status == 0
    assert "agentslint: ignore[require-digest] adopted" in tree.read("app/web.yaml")


def test_what_cannot_be_accepted_there_is_said(run: Run, tree: Tree) -> None:
    tree.write(plain())
    tree.write({"app/kustomization.yaml": kustomization("web.json")})
    pod = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"},\n "spec": {"containers": [{"name": "x", "image": "y:1"}]}}\n'
    tree.write({"app/web.json": pod})
    tree.write({"broken/kustomization.yaml": kustomization("missing.yaml")})
    tree.write(
        {"pinned/kustomization.yaml": "# agentslint: ignore[require-digest]\nconfigMapGenerator:\n  - name: x\n    literals: [a=b]\n"}
    )
    before = tree.files()
    done = run("ignore", "--all", ".", *REASON, cwd=tree.root)
    assert done.status == 2
    assert "app/web.json:2: comments are read in YAML files" in done.err
    assert "not checked: broken: " in done.err
    assert re.search(r"pinned/kustomization.yaml:1: this ignore of require-digest gives no reason; remove it instead", done.err)
    assert tree.files() == before


def test_what_the_baseline_knows_is_left_to_it(run: Run, tree: Tree) -> None:
    tree.write({**plain(), ".agentslint.toml": 'baseline = "known.json"\n'})
    run("baseline", cwd=tree.root)
    tree.write({"other/kustomization.yaml": kustomization("web.yaml"), "other/web.yaml": deployment("web", "nginx:1.27")})
    assert run("ignore", "--all", ".", *REASON, cwd=tree.root).out == "other/web.yaml:10: require-digest ignored\n"


def without_what_fails(lab: Path, tree: Tree) -> None:
    """Copy the real repository, but for the applications that need a network."""
    shutil.copytree(lab, tree.root, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".git"))
    for path in ("argo-workflows", "jangar", "nats", "cloudnative-pg"):
        shutil.rmtree(tree.root / "argocd/applications" / path, ignore_errors=True)


@pytest.mark.parametrize("source", ["examples", "lab"])
def test_a_whole_repository(run: Run, tree: Tree, source: str, request: pytest.FixtureRequest) -> None:
    if source == "lab":
        without_what_fails(request.getfixturevalue("lab"), tree)
        tree.write({".agentslint.toml": FEW})
    else:
        shutil.copytree(PROJECT / "examples", tree.root / "examples", ignore=shutil.ignore_patterns(".*_cache"))
        shutil.rmtree(tree.root / "examples/argocd/applications/broken")
        (tree.root / "examples/.agentslint.toml").unlink()
        # A comment in the text of an Application's patch is refused.
        (tree.root / "examples/argocd/apps/reports.yaml").unlink()
    folder = "argocd" if source == "lab" else "examples/argocd"
    tree.commit()
    found = run("lint", folder, "--offline", "-f", "json", cwd=tree.root)
    # The templatePatch of its ApplicationSets is not read, which is "not checked".
    unread = source == "lab"
    assert found.status == (2 if unread else 1), found.err
    done = run("ignore", "--all", folder, "--offline", *REASON, cwd=tree.root)
    assert (done.status, bool(done.err)) == (2 if unread else 0, unread), done.err
    after = run("lint", folder, "--offline", "-f", "json", cwd=tree.root)
    assert (after.status, after.places()) == (2 if unread else 0, [])
    assert len(after.suppressed()) == len(found.places())
    lines = {(path, line) for _, path, line in found.places()}
    assert sum(map(len, adopted(tree).values())) == len(lines)
