"""When the API changes, both in lockstep; and CustomResourceDefinitions with their types."""

from __future__ import annotations

from promotion import CONFIG, CONTROL_PLANE_TAG, judged
from story import Story, agents, crd

CRD = "charts/agents/templates/crd.yaml"


def test_a_change_of_the_types_is_promoted_half(deploy: Story, source: Story) -> None:
    first, last = source.commits[0], source.commits[3]
    deploy.write(agents(controllers=last, control_plane=first))
    verdict = judged(deploy)
    assert (verdict.status, verdict.findings, verdict.not_checked) == (1, [(CONTROL_PLANE_TAG, "api-lockstep")], [])
    assert verdict.messages == (
        f"Deployment/control-plane (container main) stays at {first[:8]}, but the API of release group agents changes "
        f"(api/v1/types.go differs between {first[:8]} and {last[:8]}): promote all its members together"
    )


def test_it_is_promoted_whole(deploy: Story, source: Story) -> None:
    last = source.commits[3]
    deploy.write(agents(controllers=last, control_plane=last))
    assert judged(deploy).is_clean


def test_one_digest_is_forgotten(deploy: Story, source: Story) -> None:
    first, last = source.commits[0], source.commits[3]
    deploy.write(agents(controllers=last, control_plane=last, digests=(last, first)))
    assert (CONTROL_PLANE_TAG, "api-lockstep") in judged(deploy).findings


def test_they_move_to_different_commits(deploy: Story, source: Story) -> None:
    second, last = source.commits[1], source.commits[3]
    deploy.write(agents(controllers=last, control_plane=second))
    assert [rule for _, rule in judged(deploy).findings] == ["api-lockstep"]


def test_staging_is_promoted_without_production(deploy: Story, source: Story) -> None:
    last = source.commits[3]
    deploy.write(agents(controllers=last, control_plane=last, folder="apps/staging"))
    assert judged(deploy).is_clean


def test_a_rendered_definition_changes_with_half_of_the_group(deploy: Story, source: Story) -> None:
    first, second, *_ = source.commits
    deploy.commit("a definition", {CRD: crd(tag="string")})
    deploy.write({CRD: crd(tag="string", digest="string"), "api/v1/types.go": "package v1\n"})
    deploy.write(agents(controllers=second, control_plane=first))
    deploy.write(agents(controllers=second, control_plane=second, folder="apps/staging"))
    verdict = judged(deploy)
    assert (verdict.status, verdict.findings) == (1, [(CONTROL_PLANE_TAG, "api-lockstep")])
    assert "runs.agents.example.com: v1 spec.digest was added" in verdict.messages
    deploy.write(agents(controllers=second, control_plane=second))
    assert judged(deploy).is_clean


def test_it_changes_and_nobody_moves(deploy: Story) -> None:
    deploy.commit("a definition", {CRD: crd(tag="string")})
    deploy.write({CRD: crd(tag="string", digest="string"), "api/v1/types.go": "package v1\n"})
    verdict = judged(deploy)
    assert verdict.findings == [(CONTROL_PLANE_TAG, "api-lockstep"), ("apps/staging/values.yaml:2:8", "api-lockstep")]
    assert "v1 spec.digest was added), but none of its members is promoted" in verdict.messages
    deploy.write({".agentslint.toml": CONFIG.replace('source = "../source"\n', "")})
    assert judged(deploy).is_clean, "the images of this repository's own code are built when it is merged"


def test_a_description_is_no_change_of_the_api(deploy: Story) -> None:
    deploy.commit("a definition", {CRD: crd(tag="string")})
    deploy.write({CRD: crd(tag="string, description: The tag."), "api/v1/types.go": "package v1\n"})
    assert judged(deploy).is_clean


def test_definitions_of_others_are_left_out_by_name(deploy: Story) -> None:
    deploy.commit("a definition", {CRD: crd(tag="string")})
    deploy.write(
        {".agentslint.toml": CONFIG.replace("[[rules", 'crds = ["*.acme.example.com"]\n[[rules'), "api/v1/types.go": "package v1\n"}
    )
    deploy.write({CRD: crd(tag="string", digest="string")})
    assert judged(deploy).is_clean


def test_a_field_is_dropped(deploy: Story, source: Story) -> None:
    second = source.commits[1]
    deploy.commit("a definition", {CRD: crd(tag="string", digest="string")})
    deploy.write({CRD: crd(tag="string"), "api/v1/types.go": "package v1\n"})
    for folder in ("apps/agents", "apps/staging"):
        deploy.write(agents(controllers=second, control_plane=second, folder=folder))
    verdict = judged(deploy)
    assert [rule for _, rule in verdict.findings] == ["crd-compat"]
    assert verdict.findings[0][0].startswith(f"{CRD}:")
    assert "spec.digest" in verdict.messages


def test_a_definition_without_its_types_and_types_without_their_definition(deploy: Story) -> None:
    """Both in the repository that deploys, which is where they are for some."""
    deploy.commit("an API", {CRD: crd(tag="string"), "api/v1/types.go": "package v1\n"})
    only = ("--select", "crd-codegen")
    deploy.write({CRD: crd(tag="string", digest="string")})
    without_types = judged(deploy, *only)
    assert (without_types.status, [rule for _, rule in without_types.findings]) == (1, ["crd-codegen"])
    assert without_types.findings[0][0].startswith(f"{CRD}:")
    deploy.git("checkout", "--quiet", ".")
    deploy.write({"api/v1/types.go": "package v1 // Digest\n"})
    without_crd = judged(deploy, *only)
    assert (without_crd.status, [rule for _, rule in without_crd.findings]) == (1, ["crd-codegen"])
    assert without_crd.findings[0][0].startswith("api/v1/types.go:")
    deploy.write({CRD: crd(tag="string", digest="string")})
    assert judged(deploy, *only).is_clean
