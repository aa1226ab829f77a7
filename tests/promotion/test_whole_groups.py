"""A release group is judged whole, or it is said that it could not be."""

from __future__ import annotations

from promotion import CONFIG, CONTROL_PLANE_TAG, CONTROLLERS_TAG, VALUES, WITHOUT_PATHS, judged
from story import CHART, Story, agents, crd, plain, web

from tests import warm

BY_TARGET = 'order = [{ targets = ["apps/staging"] }, { targets = ["apps/agents"] }]'
ORDER = CONFIG.splitlines()[5]


def test_the_other_targets_of_a_group_are_seen_where_one_is_named(deploy: Story, source: Story) -> None:
    """As pre-commit does: the files that changed."""
    second = source.commits[1]
    deploy.commit("staging first", {".agentslint.toml": CONFIG.replace(ORDER, BY_TARGET)})
    deploy.write(agents(controllers=second, control_plane=second))
    assert (
        judged(deploy, VALUES).findings
        == judged(deploy).findings
        == [(place, "promotion-order") for place in (CONTROL_PLANE_TAG, CONTROLLERS_TAG)]
    )


def test_a_stage_without_a_member_holds_nobody_back_and_is_said(deploy: Story, source: Story) -> None:
    first, second, *_ = source.commits
    deploy.commit("a misspelt stage", {".agentslint.toml": CONFIG.replace("*/controllers", "*/controlers")})
    deploy.write(agents(controllers=first, control_plane=second))
    verdict = judged(deploy, "--select", "promotion-order")
    assert (verdict.status, verdict.findings) == (2, [])
    assert "no earlier stage has a member" in verdict.not_checked[0]


def test_paths_of_an_api_that_name_nothing_are_said(deploy: Story, source: Story) -> None:
    second = source.commits[1]
    deploy.commit("a misspelt path", {".agentslint.toml": CONFIG.replace("api/**", "apis/**")})
    deploy.write(agents(controllers=second, control_plane=second))
    verdict = judged(deploy, "--select", "api-lockstep")
    assert (verdict.status, verdict.findings) == (2, [])
    assert "no file of ../source matches apis/**/types.go" in verdict.not_checked[0]


def test_a_member_that_does_not_render_is_no_pass(deploy: Story, source: Story) -> None:
    """`--render-errors=warn` lets the target pass, and not what depends on it."""
    first, second, *_ = source.commits
    files = agents(controllers=first, control_plane=second)
    deploy.write({**files, "apps/staging/kustomization.yaml": "resources: [nowhere.yaml]\n", "apps/agents/values.yaml": files[VALUES]})
    verdict = judged(deploy, "--render-errors=warn")
    assert verdict.status == 2
    assert (CONTROL_PLANE_TAG, "promotion-order") in verdict.findings
    assert "cannot check the order of release group agents: apps/staging does not render" in " ".join(verdict.not_checked)


def test_what_did_not_render_at_the_base_is_judged_as_it_is_today(deploy: Story, source: Story) -> None:
    first, second, *_ = source.commits
    deploy.commit("broken", {"apps/agents/kustomization.yaml": "resources: [nowhere.yaml]\n"})
    deploy.write(agents(controllers=first, control_plane=second))
    assert judged(deploy, "--render-errors=warn").findings == [(CONTROL_PLANE_TAG, "promotion-order")]


def test_a_new_application_shifts_no_other(deploy: Story, source: Story) -> None:
    """It comes first in the alphabet, and runs what the one behind it ran."""
    first, second, *_ = source.commits
    definition = {"charts/agents/templates/crd.yaml": crd(tag="string"), "api/v1/types.go": "package v1\n"}
    deploy.commit("a definition", {**definition, **agents(controllers=second, control_plane=second, folder="apps/staging")})
    deploy.write({"charts/agents/templates/crd.yaml": crd(tag="string", digest="string"), "api/v1/types.go": "package v1 // 2\n"})
    alone = judged(deploy, "--select", "api-lockstep").findings
    deploy.write(agents(controllers=first, control_plane=first, folder="apps/aaa"))
    assert judged(deploy, "--select", "api-lockstep").findings == alone
    assert len(alone) == 2


def test_two_releases_of_one_name_are_two_groups(deploy: Story, source: Story) -> None:
    """Nobody configures a group: what one Helm release renders is one."""
    first, _, third, _ = source.commits
    deploy.commit("no groups", {".agentslint.toml": 'select = ["partial-rollback"]\n'})
    for folder in ("apps/agents", "apps/staging"):
        deploy.write(agents(controllers=third, control_plane=third, folder=folder))
    deploy.commit("all at the third")
    deploy.write(agents(controllers=third, control_plane=third, digests=(first, first)))
    assert [place for place, _ in judged(deploy).findings] == [CONTROL_PLANE_TAG, CONTROLLERS_TAG]


def test_one_rollback_excuses_no_promotion(deploy: Story, source: Story) -> None:
    """The controllers go back, the control plane goes where nobody has been."""
    first, second, third, _ = source.commits
    deploy.commit("the canary", agents(controllers=second, control_plane=first))
    deploy.write(agents(controllers=first, control_plane=third))
    assert judged(deploy).findings == [(CONTROL_PLANE_TAG, "promotion-order")]


def test_what_ran_before_and_is_ahead_is_no_rollback(deploy: Story, source: Story) -> None:
    first, second, *_ = source.commits
    deploy.commit("all at the second", agents(controllers=second, control_plane=second))
    deploy.commit("all back", agents(controllers=first, control_plane=first))
    deploy.write(agents(controllers=first, control_plane=second))
    assert judged(deploy).findings == [(CONTROL_PLANE_TAG, "promotion-order")]


def test_a_digest_that_goes_back_over_a_change_of_the_api(deploy: Story, source: Story) -> None:
    """The tag stays, and the digest is that of a commit before the field was there."""
    first, last = source.commits[0], source.commits[3]
    deploy.commit("with the field", agents(controllers=last, control_plane=last))
    deploy.write(agents(controllers=last, control_plane=last, digests=(last, first)))
    assert judged(deploy).findings == [(CONTROLLERS_TAG, "api-lockstep")]


def test_the_repair_of_a_half_promotion_passes(deploy: Story, source: Story) -> None:
    first, last = source.commits[0], source.commits[3]
    deploy.commit("half, and merged", agents(controllers=last, control_plane=first))
    deploy.write(agents(controllers=last, control_plane=last))
    assert judged(deploy).is_clean


def test_a_helper_in_no_stage_is_at_the_commit_of_one_that_is(deploy: Story, source: Story) -> None:
    first, second, third, _ = source.commits
    helper = {"apps/helper/web.yaml": web(f"ghcr.io/acme/agents/helper:{first[:8]}", "helper")}
    deploy.commit("a helper", {**helper, ".agentslint.toml": WITHOUT_PATHS})
    deploy.write(agents(controllers=second, control_plane=first))
    assert judged(deploy).is_clean
    deploy.write({"apps/helper/web.yaml": web(f"ghcr.io/acme/agents/helper:{third[:8]}", "helper")})
    assert judged(deploy).findings == [("apps/helper/web.yaml:10:45", "image-lockstep")]


def test_a_plain_manifest_has_a_past_too(deploy: Story) -> None:
    image = "ghcr.io/acme/web:51149ac1@sha256:"
    deploy.commit("before", {".agentslint.toml": 'select = ["digest-changed-alone"]\n', "web.yaml": web(image + "a" * 64)})
    deploy.commit("rebuilt", {"web.yaml": web(image + "b" * 64)})
    deploy.write({"web.yaml": web(image + "a" * 64)})
    assert judged(deploy).is_clean
    deploy.write({"web.yaml": web(image + "c" * 64)})
    assert judged(deploy).findings == [("web.yaml:10:44", "digest-changed-alone")]


def test_the_same_image_elsewhere_hides_no_change(deploy: Story) -> None:
    image = "ghcr.io/acme/web:51149ac1@sha256:"
    deploy.commit("before", {".agentslint.toml": 'select = ["digest-changed-alone"]\n', **plain("apps/web", image + "a" * 64)})
    deploy.write(plain("apps/web", image + "b" * 64))
    deploy.write({"apps/web/api.yaml": web(image + "b" * 64, "api"), "apps/web/kustomization.yaml": "resources: [api.yaml, web.yaml]\n"})
    assert judged(deploy).findings == [("apps/web/web.yaml:10:44", "digest-changed-alone")]


def test_files_alone_are_compared_by_both_commands(deploy: Story) -> None:
    deploy.commit("types", {"api/v1/types.go": "package v1\n", **CHART})
    deploy.write({"api/v1/types.go": "package v1 // Digest\n"})
    assert judged(deploy, "--select", "crd-codegen").findings == [("api/v1/types.go:1:1", "crd-codegen")]
    done = warm.run_text(["diff", "--base", "HEAD"], deploy.root)
    assert (done.returncode, "api/v1/types.go:1:1 warning[crd-codegen]" in done.stdout) == (1, True)


def test_a_stream_cannot_be_compared(deploy: Story) -> None:
    words = ["--base", "HEAD", "--select", "digest-changed-alone", "-"]
    done = warm.run_text(words, deploy.root, stdin=web("ghcr.io/acme/web:1"))
    assert done.returncode == 2
    assert "a stream has no base; name its files instead" in done.stdout
