"""Canary the controllers first, then the control plane."""

from __future__ import annotations

from pathlib import Path

from promotion import CONFIG, CONTROL_PLANE_TAG, CONTROLLERS_TAG, WITHOUT_PATHS, judged
from story import Story, agents

AHEAD = [(CONTROL_PLANE_TAG, "promotion-order")]


def test_a_canary_goes_first(deploy: Story, source: Story) -> None:
    first, second, *_ = source.commits
    deploy.write(agents(controllers=second, control_plane=first))
    assert judged(deploy).is_clean


def test_the_control_plane_follows(deploy: Story, source: Story) -> None:
    first, second, *_ = source.commits
    deploy.commit("the canary", agents(controllers=second, control_plane=first))
    deploy.write(agents(controllers=second, control_plane=second))
    assert judged(deploy).is_clean


def test_all_at_once(deploy: Story, source: Story) -> None:
    second = source.commits[1]
    deploy.write(agents(controllers=second, control_plane=second))
    assert judged(deploy).is_clean


def test_the_control_plane_goes_first(deploy: Story, source: Story) -> None:
    first, second, *_ = source.commits
    deploy.write(agents(controllers=first, control_plane=second))
    verdict = judged(deploy)
    assert (verdict.status, verdict.findings, verdict.not_checked) == (1, AHEAD, [])
    assert verdict.messages.startswith(
        f"Deployment/control-plane (container main) is at {second[:8]}, 1 commit ahead of {first[:8]}; "
        "release group agents promotes Deployment/controllers (container main) first"
    )


def test_the_control_plane_goes_further_than_the_canary(deploy: Story, source: Story) -> None:
    first, second, third, _ = source.commits
    deploy.commit("the canary", agents(controllers=second, control_plane=first))
    deploy.write(agents(controllers=second, control_plane=third))
    assert judged(deploy).findings == AHEAD


def test_what_the_canary_ran_at_the_base_passes_without_ancestry(deploy: Story, source: Story, tmp_path: Path) -> None:
    """Nobody can ask git any more; the controllers go on while the control plane takes their place."""
    first, second, third, _ = source.commits
    deploy.commit("the canary", agents(controllers=second, control_plane=first))
    (tmp_path / "source").rename(tmp_path / "elsewhere")
    deploy.write(agents(controllers=third, control_plane=second))
    assert not [message for message in judged(deploy).not_checked if "the commit of Deployment/control-plane" in message]


def test_controllers_that_fall_behind_are_found_at_their_own_line(deploy: Story, source: Story) -> None:
    _first, second, third, _ = source.commits
    deploy.commit("all at the third", agents(controllers=third, control_plane=third))
    deploy.write(agents(controllers=second, control_plane=third))
    assert judged(deploy).findings == [(CONTROLLERS_TAG, "promotion-order")]


def test_what_the_change_does_not_touch_is_not_its_fault(deploy: Story, source: Story) -> None:
    first, second, *_ = source.commits
    deploy.commit("wrong, and merged", agents(controllers=first, control_plane=second))
    deploy.write(agents(controllers=second, control_plane=second, folder="apps/staging"))
    assert judged(deploy).is_clean


def test_staging_and_production_have_an_order_of_their_own(deploy: Story, source: Story) -> None:
    """Staging runs ahead, control plane included, of the controllers of production."""
    second = source.commits[1]
    deploy.write(agents(controllers=second, control_plane=second, folder="apps/staging"))
    assert judged(deploy).is_clean


def test_an_order_of_targets(deploy: Story, source: Story) -> None:
    first, second, *_ = source.commits
    order = 'order = [{ targets = ["apps/staging"] }, { targets = ["apps/agents"] }]'
    deploy.commit("staging first", {".agentslint.toml": CONFIG.replace(CONFIG.splitlines()[5], order)})
    deploy.write(agents(controllers=second, control_plane=second))
    assert {rule for _, rule in judged(deploy).findings} == {"promotion-order"}
    deploy.write(agents(controllers=second, control_plane=second, folder="apps/staging"))
    assert judged(deploy).is_clean
    deploy.commit("both")
    deploy.write(agents(controllers=first, control_plane=first))
    assert judged(deploy).is_clean


def test_a_merge_commit_is_ahead_of_what_it_merged(deploy: Story, source: Story) -> None:
    source.git("checkout", "--quiet", "-b", "side", source.commits[0])
    side = source.commit("on a branch", {"side.go": "package main\n"})
    source.git("checkout", "--quiet", "main")
    source.git("merge", "--quiet", "--no-edit", "side")
    merged = source.git("rev-parse", "HEAD")
    deploy.write({".agentslint.toml": WITHOUT_PATHS})
    deploy.write(agents(controllers=merged, control_plane=side))
    assert judged(deploy).is_clean
    deploy.write(agents(controllers=side, control_plane=merged))
    assert judged(deploy).findings == AHEAD
    deploy.write(agents(controllers=source.commits[1], control_plane=side))
    verdict = judged(deploy)
    assert verdict.findings == AHEAD
    assert "does not contain (1 commit ahead, 1 commit behind)" in verdict.messages


def test_a_commit_that_was_squashed_away_is_not_known(deploy: Story, source: Story, tmp_path: Path) -> None:
    _first, second, *_ = source.commits
    source.git("checkout", "--quiet", "-b", "feature", second)
    squashed = source.commit("on a branch", {"feature.go": "package main\n"})
    source.git("checkout", "--quiet", "main")
    source.git("branch", "--quiet", "-D", "feature")
    (tmp_path / "source").rename(tmp_path / "origin")
    Story(tmp_path / "origin").clone(tmp_path / "source")
    deploy.write(agents(controllers=second, control_plane=squashed))
    verdict = judged(deploy, "--select", "promotion-order")
    assert (verdict.status, verdict.findings) == (2, [])
    (message,) = verdict.not_checked
    assert f"the commit {squashed[:8]} is not in ../source: it is another repository's, or was squashed away" in message
    assert f"{CONTROL_PLANE_TAG}" in verdict.text
    deploy.write({".agentslint.toml": CONFIG.replace("[[rules", 'accept-unknown = "we squash"\n[[rules')})
    verdict = judged(deploy, "--select", "promotion-order")
    assert verdict.is_clean
    assert "accepted (we squash): cannot tell whether Deployment/controllers" in verdict.text


def test_a_shallow_source_denies_nothing(deploy: Story, source: Story, tmp_path: Path) -> None:
    _, second, third, _ = source.commits
    (tmp_path / "source").rename(tmp_path / "origin")
    Story(tmp_path / "origin").clone(tmp_path / "source", "--depth=2")
    deploy.write(agents(controllers=second, control_plane=third))
    verdict = judged(deploy, "--select", "promotion-order")
    assert (verdict.status, verdict.findings) == (2, [])
    assert "which is a shallow clone; get its whole history: fetch-depth: 0" in verdict.not_checked[0]


def test_a_tag_without_a_sha_is_not_known(deploy: Story, source: Story) -> None:
    deploy.write(agents(controllers=source.commits[1], control_plane="v1.4.2", digests=(source.commits[1], source.commits[1])))
    verdict = judged(deploy, "--select", "promotion-order")
    assert (verdict.status, verdict.findings) == (2, [])
    assert "the tag of Deployment/control-plane (container main) contains no git SHA (v1.4.2)" in verdict.not_checked[0]


def test_a_shallow_clone_of_the_deployment_lacks_the_base(deploy: Story, source: Story, tmp_path: Path) -> None:
    first, second, *_ = source.commits
    deploy.commit("wrong", agents(controllers=first, control_plane=second))
    shallow = deploy.clone(tmp_path / "shallow", "--depth=1")
    verdict = judged(shallow, base="HEAD~1")
    assert (verdict.status, verdict.findings) == (2, [])
    assert "is not in this clone, which is shallow; get the whole history" in verdict.not_checked[0]


def test_the_values_file_is_renamed_with_a_promotion(deploy: Story, source: Story) -> None:
    first, second, *_ = source.commits
    files = agents(controllers=first, control_plane=second)
    kustomization = str(files["apps/agents/kustomization.yaml"]).replace("values.yaml", "prod.yaml")
    moved = {"apps/agents/values.yaml": None, "apps/agents/prod.yaml": files["apps/agents/values.yaml"]}
    deploy.write({**moved, "apps/agents/kustomization.yaml": kustomization})
    assert judged(deploy).findings == [("apps/agents/prod.yaml:2:8", "promotion-order")]


def test_an_application_is_added_and_another_removed(deploy: Story, source: Story) -> None:
    first, second, *_ = source.commits
    gone = dict.fromkeys(agents(controllers=first, control_plane=first, folder="apps/staging"))
    deploy.write({**gone, **agents(controllers=second, control_plane=second, folder="apps/preview")})
    assert judged(deploy).is_clean
    deploy.write(agents(controllers=first, control_plane=second, folder="apps/preview"))
    assert judged(deploy).findings == [("apps/preview/values.yaml:2:8", "promotion-order")]


def test_a_canary_that_is_too_far_ahead(deploy: Story, source: Story) -> None:
    first, second, third, _ = source.commits
    limited = CONFIG + "[rules.promotion-order]\ncanary-commits = 1\n"
    deploy.commit("a limit", {".agentslint.toml": limited})
    deploy.write(agents(controllers=second, control_plane=first))
    assert judged(deploy).is_clean
    deploy.write(agents(controllers=third, control_plane=first))
    verdict = judged(deploy)
    assert verdict.findings == AHEAD
    assert "is 2 commits (at most 1) behind Deployment/controllers" in verdict.messages


def test_a_canary_that_stays_ahead_too_long(deploy: Story, source: Story) -> None:
    """The stories' commits are of January; what is not committed is of today."""
    first, second, third, _ = source.commits
    deploy.commit("a limit", {".agentslint.toml": CONFIG + "[rules.promotion-order]\ncanary-days = 30\n"})
    deploy.write(agents(controllers=second, control_plane=first))
    assert judged(deploy).is_clean
    deploy.commit("the canary")
    deploy.write(agents(controllers=third, control_plane=first))
    verdict = judged(deploy)
    assert verdict.findings == AHEAD
    assert "days (at most 30) behind Deployment/controllers" in verdict.messages


def test_without_an_order_nobody_asks_for_a_base(deploy: Story, source: Story) -> None:
    deploy.write({".agentslint.toml": CONFIG.replace(CONFIG.splitlines()[5] + "\n", "")})
    assert judged(deploy, "--select", "promotion-order", base="nowhere").is_clean


def test_what_was_accepted_of_a_change_is_not_stale_when_it_is_merged(deploy: Story, source: Story) -> None:
    first, second, *_ = source.commits
    files = agents(controllers=first, control_plane=second)
    comment = "  # agentslint: ignore[promotion-order] the canary proved it elsewhere\n"
    deploy.write({**files, "apps/agents/values.yaml": str(files["apps/agents/values.yaml"]).replace("  tag", f"{comment}  tag", 1)})
    rules = ("--select", "promotion-order", "--select", "stale-ignore")
    assert judged(deploy, *rules).is_clean
    deploy.commit("merged")
    assert judged(deploy, *rules).is_clean
