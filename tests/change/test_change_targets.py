"""Which targets differ from the base, and what each side of them renders."""

from __future__ import annotations

from pathlib import Path

import pytest
from change_run import compared, moves, outline
from story import CHART, Story, agents, plain, web

A, B = "a1b2c3d4e5f6071829304152637485960718293a", "b2c3d4e5f60718293041526374859607182930ab"
ONE, TWO = "ghcr.io/acme/web:one", "ghcr.io/acme/web:two"


def test_a_promotion_of_one(story: Story) -> None:
    story.commit("all at A", agents(controllers=A, control_plane=A))
    story.write(agents(controllers=B, control_plane=A))
    with compared(story) as (run, change):
        assert moves(change) == {"apps/agents controllers": (A[:8], B[:8])}
        assert outline(change) == {"apps/agents": "differs"}
        assert change.files == {"apps/agents/values.yaml": "modified"}
        assert run.renderer.count == 2


def test_claims_are_paired_with_what_they_were(story: Story) -> None:
    story.commit("all at A", agents(controllers=A, control_plane=A))
    story.write(agents(controllers=B, control_plane=B))
    with compared(story) as (_, change):
        (target,) = change.targets
        assert [(claim.claim.name, claim.differs) for claim in target.claims] == [("IMAGE_DIGEST", True)] * 2


def test_a_commit_a_staged_and_an_unstaged_and_an_untracked_file_are_the_change(story: Story) -> None:
    story.commit("four", {path: text for name in "abcd" for path, text in plain(f"apps/{name}", ONE).items()})
    base = story.commits[-1]
    story.commit("a moves", {"apps/a/web.yaml": web(TWO)})
    story.write({"apps/b/web.yaml": web(TWO)}).git("add", "--all")
    story.write({"apps/c/web.yaml": web(TWO)}).write(plain("apps/e", TWO))
    with compared(story, base) as (run, change):
        assert outline(change) == {"apps/a": "differs", "apps/b": "differs", "apps/c": "differs", "apps/e": "appears"}
        assert run.renderer.count == 7


def test_one_values_file_of_a_hundred_targets_costs_two_renders(story: Story) -> None:
    story.write({path: text for number in range(99) for path, text in plain(f"apps/web-{number}", ONE).items()})
    story.commit("a hundred", agents(controllers=A, control_plane=A))
    story.write(agents(controllers=B, control_plane=A))
    with compared(story) as (run, change):
        assert len(run.discovery.targets) == 100
        assert run.renderer.count == 2
        assert outline(change) == {"apps/agents": "differs"}


def test_nothing_changed(story: Story) -> None:
    story.commit("all at A", agents(controllers=A, control_plane=A))
    with compared(story) as (run, change):
        assert (change.targets, dict(change.files), run.renderer.count) == ((), {}, 0)


def test_a_file_that_no_target_reads_renders_nothing(story: Story) -> None:
    story.commit("all at A", {**agents(controllers=A, control_plane=A), "README.md": "old"})
    story.write({"README.md": "new"})
    with compared(story) as (run, change):
        assert (change.targets, dict(change.files), run.renderer.count) == ((), {"README.md": "modified"}, 0)


def test_only_the_times_of_files_changed(story: Story) -> None:
    story.commit("all at A", agents(controllers=A, control_plane=A))
    for path in story.root.rglob("*.yaml"):
        path.touch()
    with compared(story) as (_, change):
        assert change.files == {}


def test_the_values_file_is_renamed(story: Story) -> None:
    files = agents(controllers=A, control_plane=A)
    story.commit("all at A", files)
    moved = agents(controllers=B, control_plane=A)
    story.write({"apps/agents/values.yaml": None, "apps/agents/prod.yaml": moved["apps/agents/values.yaml"]})
    story.write({"apps/agents/kustomization.yaml": str(moved["apps/agents/kustomization.yaml"]).replace("values.yaml", "prod.yaml")})
    with compared(story) as (_, change):
        assert moves(change) == {"apps/agents controllers": (A[:8], B[:8])}
        assert change.targets[0].files == ("apps/agents/kustomization.yaml", "apps/agents/prod.yaml", "apps/agents/values.yaml")


def test_the_chart_changes_under_every_target_that_uses_it(story: Story) -> None:
    story.commit("two", {**agents(controllers=A, control_plane=A), **agents(controllers=A, control_plane=A, folder="apps/other")})
    template = "charts/agents/templates/deployments.yaml"
    story.write({template: CHART[template].replace("- name: main", "- name: renamed")})
    with compared(story) as (_, change):
        assert outline(change) == {"apps/agents": "differs", "apps/other": "differs"}


def test_a_base_changes_under_its_overlays(story: Story) -> None:
    overlay = {"apps/prod/kustomization.yaml": "resources: [../../base]\n", "apps/test/kustomization.yaml": "resources: [../../base]\n"}
    story.commit("a base and two overlays", {**plain("base", ONE), **overlay, **plain("apps/else", ONE)})
    story.write({"base/web.yaml": web(TWO)})
    with compared(story) as (_, change):
        assert outline(change) == {"apps/prod": "differs", "apps/test": "differs"}


def test_an_application_appears_and_one_disappears(story: Story) -> None:
    story.commit("the old one", plain("apps/old", ONE, "old"))
    story.write(dict.fromkeys(plain("apps/old", ONE))).write(plain("apps/new", TWO, "new", more="namePrefix: x-\n"))
    with compared(story) as (_, change):
        assert outline(change) == {"apps/new": "appears", "apps/old": "disappears"}
        assert moves(change) == {"apps/new x-new": (None, "two"), "apps/old old": ("one", None)}


def test_an_application_moves_to_another_folder_and_is_promoted(story: Story) -> None:
    more = {"apps/old/extra.yaml": web("ghcr.io/acme/extra:one", "extra")}
    files = {**plain("apps/old", ONE, more="  - extra.yaml\n"), **more}
    story.commit("the old one", files)
    story.write(dict.fromkeys(files)).write({path.replace("old", "new"): text for path, text in files.items()})
    story.write({"apps/new/web.yaml": web(TWO)})
    with compared(story) as (_, change):
        assert outline(change) == {"apps/new": "was apps/old, differs"}
        assert moves(change) == {"apps/new web": ("one", "two")}


def test_a_target_that_others_build_on_now_is_compared_all_the_same(story: Story) -> None:
    story.commit("alone", plain("apps/web", ONE))
    story.write({"overlays/prod/kustomization.yaml": "resources: [../../apps/web]\n", "apps/web/web.yaml": web(TWO)})
    with compared(story) as (_, change):
        assert outline(change) == {"apps/web": "differs", "overlays/prod": "appears"}


def test_a_manifest_outside_of_kustomizations(story: Story) -> None:
    story.commit("plain files", {"apps/web.yaml": web(ONE), "apps/gone.yaml": web(ONE, "gone"), "apps/else.yaml": web(ONE, "else")})
    story.write({"apps/web.yaml": web(TWO), "apps/gone.yaml": None})
    with compared(story, "HEAD", "apps") as (_, change):
        assert outline(change) == {"apps/gone.yaml": "disappears", "apps/web.yaml": "differs"}


@pytest.mark.parametrize("path", ["apps/agents/values.yaml", "apps/agents"])
def test_only_the_targets_of_the_paths(story: Story, path: str) -> None:
    story.commit("two", {**agents(controllers=A, control_plane=A), **plain("apps/web", ONE)})
    story.write({**agents(controllers=B, control_plane=A), "apps/web/web.yaml": web(TWO)})
    with compared(story, "HEAD", path) as (_, change):
        assert outline(change) == {"apps/agents": "differs"}


def test_a_file_that_is_new_stands_for_a_target_that_is_not(story: Story) -> None:
    story.commit("one", plain("apps/web", ONE))
    story.write({**plain("apps/web", ONE, more="patches:\n  - path: patch.yaml\n")})
    story.write({"apps/web/patch.yaml": web(TWO)})
    with compared(story, "HEAD", "apps/web/patch.yaml") as (_, change):
        assert moves(change) == {"apps/web web": ("one", "two")}


def test_a_side_that_does_not_render_is_no_side_without_change(story: Story) -> None:
    broken = {"kustomization.yaml": "resources: [nowhere.yaml]\n"}
    story.commit("one is broken", {**plain("apps/web", ONE), "apps/fixed/kustomization.yaml": broken["kustomization.yaml"]})
    story.write({**plain("apps/fixed", ONE), "apps/web/kustomization.yaml": broken["kustomization.yaml"]})
    with compared(story) as (_, change):
        assert outline(change) == {"apps/fixed": "fails base", "apps/web": "fails head"}
        failure = change.targets[0].base_failure
        assert failure
        assert "nowhere.yaml" in failure.message
        assert str(change.base_root) not in failure.message


def test_both_fleets_hold_what_does_not_differ(story: Story) -> None:
    story.commit("three", {path: text for name in "abc" for path, text in plain(f"apps/{name}", ONE).items()})
    story.write({"apps/b/web.yaml": web(TWO), **plain("apps/d", ONE), **dict.fromkeys(plain("apps/c", ONE))})
    from agentslint.engine.session import everything

    with compared(story) as (run, _):
        known = {found.target.name: found.side for found in run.rendered(run.discovery.targets)}
        assert run.comparison
        change = run.comparison.change(run.sides(everything), known, run.context)
    assert [target.target.name for target in change.base.targets] == ["apps/a", "apps/b", "apps/c"]
    assert [target.target.name for target in change.head.targets] == ["apps/a", "apps/b", "apps/d"]
    assert change.base.targets[0] is change.head.targets[0]


def test_exclusions_hold_at_the_base_too(story: Story) -> None:
    story.commit("two", {**plain("apps/web", ONE), **plain("archive/web", ONE), ".agentslint.toml": 'exclude = ["archive/"]\n'})
    story.write({"apps/web/web.yaml": web(TWO), **dict.fromkeys(plain("archive/web", ONE))})
    with compared(story) as (_, change):
        assert outline(change) == {"apps/web": "differs"}


def test_a_chart_that_is_gone_and_the_helm_that_it_needed(story: Story, tmp_path: Path) -> None:
    story.commit("a chart", agents(controllers=A, control_plane=A))
    files = plain("apps/agents", ONE)
    story.write({"apps/agents/values.yaml": None, **files, **dict.fromkeys(CHART)})
    with compared(story) as (_, change):
        assert outline(change) == {"apps/agents": "differs"}
        assert {image.base is None for image in change.targets[0].images} == {True, False}


PLUGIN = """\
from agentslint.hookspecs import hookimpl
from agentslint.model import Target, TargetKind


@hookimpl
def agentslint_register_rules():
    return []


@hookimpl
def agentslint_discover(root, config):
    return [Target("made", TargetKind.KUSTOMIZATION, root, "made.txt")] if (root / "made.txt").exists() else []


@hookimpl
def agentslint_render(target):
    return (target.root / "made.txt").read_text() if target.name == "made" else None
"""


def test_a_target_of_a_plugin_that_does_not_say_what_it_reads(story: Story) -> None:
    story.commit(
        "made", {".agentslint.toml": 'plugins = ["plugin.py"]\n', "plugin.py": PLUGIN, "made.txt": web(ONE), **plain("apps/x", ONE)}
    )
    story.write({"made.txt": web(TWO)})
    with compared(story) as (_, change):
        assert moves(change) == {"made web": ("one", "two")}


def test_in_a_worktree_of_another_repository(story: Story, tmp_path: Path) -> None:
    story.commit("one", plain("apps/web", ONE))
    story.git("worktree", "add", "--quiet", "-b", "work", str(tmp_path / "beside"))
    beside = Story(tmp_path / "beside").write({"apps/web/web.yaml": web(TWO)})
    with compared(beside, "main") as (_, change):
        assert moves(change) == {"apps/web web": ("one", "two")}


def test_a_moved_folder_with_one_line_changed_is_one_target(story: Story) -> None:
    """Of a small application that is every file, nearly."""
    more = "".join(f"  - name: web-{number}\n    newTag: one\n" for number in range(12))
    story.commit("before", plain("apps/old", "a/b:1", more=f"images:\n{more}"))
    story.git("mv", "apps/old", "apps/new")
    story.write(plain("apps/new", "a/b:1", more=f"images:\n{more.replace('newTag: one', 'newTag: two', 1)}"))
    story.write({"apps/new/web.yaml": None, "apps/new/deployment.yaml": web("a/b:1")})
    kustomization = (story.root / "apps/new/kustomization.yaml").read_text()
    story.write({"apps/new/kustomization.yaml": kustomization.replace("web.yaml", "deployment.yaml")})
    with compared(story) as (_, change):
        assert outline(change)["apps/new"].startswith("was apps/old")
