"""What repeats a digest, a SHA or a tag beside an image."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agentslint.images import claims
from agentslint.model import Manifest, dotted

Make = Callable[[Any], Manifest]
SHA = "5fbe570620de2e2d78805cab23a96153276df85b"
DIGEST = "sha256:" + "4e4e7ac9" * 8


def deployment(**container: Any) -> dict[str, Any]:
    spec = {"containers": [{"name": "app", "image": "acme/web:v1", **container}]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {"template": {"metadata": {}, "spec": spec}},
    }


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("MANIFEST_IMAGE_DIGEST", DIGEST, "digest"),
        ("ANYTHING", DIGEST, "digest"),
        ("ANYTHING", f"sha512:{'ab' * 64}", "digest"),
        ("GITOPS_REVISION", SHA, "sha"),
        ("ANYTHING", SHA, "sha"),
        ("SOURCE_HEAD_SHA", "5fbe5706", "sha"),
        ("gitCommit", "5fbe570", "sha"),
        ("IMAGE_TAG", "v1.4.2", "tag"),
        ("IMAGE_TAG", SHA, "sha"),
        ("imageTag", "sha-5fbe570", "tag"),
        ("TAG", "latest", "tag"),
        ("APP_VERSION", "1.4.2", "tag"),
        ("WEB_TAG", "v1.4.2", "tag"),
        ("VERSION", "v1.4.2", "tag"),
    ],
)
def test_a_variable_claims(manifest: Make, name: str, value: str, kind: str) -> None:
    [claim] = claims(manifest(deployment(env=[{"name": "PORT", "value": "1"}, {"name": name, "value": value}])))

    assert (claim.name, claim.kind, claim.text, claim.container) == (name, kind, value, "app")
    assert dotted(claim.pointer) == "spec.template.spec.containers[0].env[1].value"
    assert dotted(claim.pod or ()) == "spec.template.spec"
    assert claim.field.text == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AGENTS_IMAGE", f"ghcr.io/acme/web:v1@{DIGEST}"),
        ("RUN_ID", "29735489891"),
        ("BUILD_REVISION", "1234567"),
        ("ANYTHING", "5fbe5706"),
        ("HASH", "4e4e7ac9" * 8),
        ("ANYTHING", SHA.upper()),
        ("SOURCE_SHA", "5fbe57"),
        ("PRICE_TAG", "v1.4.2"),
        ("JAVA_VERSION", "21.0.2"),
        ("API_VERSION", "1.4.2"),
        ("VERSION", "latest"),
        ("API_KEY", SHA),
        ("GITHUB_TOKEN", SHA),
        ("WEBHOOK_SECRET", SHA),
        ("CONFIG_CHECKSUM", DIGEST),
    ],
)
def test_other_variables_claim_nothing(manifest: Make, name: str, value: str) -> None:
    assert claims(manifest(deployment(env=[{"name": name, "value": value}]))) == []


def test_values_from_elsewhere_claim_nothing(manifest: Make) -> None:
    entry = {"name": "IMAGE_DIGEST", "valueFrom": {"secretKeyRef": {"name": "x", "key": "y"}}}

    assert claims(manifest(deployment(env=[entry]))) == []


@pytest.mark.parametrize(
    ("args", "index", "name", "text", "span"),
    [
        ([f"--image-digest={DIGEST}"], 0, "image-digest", DIGEST, (15, 86)),
        (["--revision", SHA], 1, "revision", SHA, None),
        (["--commit=5fbe5706"], 0, "commit", "5fbe5706", (9, 17)),
    ],
)
def test_an_argument_claims_at_its_column(
    manifest: Make, args: list[str], index: int, name: str, text: str, span: tuple[int, int] | None
) -> None:
    [claim] = claims(manifest(deployment(args=args)))

    assert (claim.name, claim.text, claim.field.span, claim.field.text) == (name, text, span, text)
    assert claim.pointer[-2:] == ("args", index)


def test_annotations_of_the_workload_and_of_its_pods_claim(manifest: Make) -> None:
    document = deployment()
    document["metadata"]["annotations"] = {"acme.example.com/git-sha": SHA, "checksum/config": DIGEST}
    document["spec"]["template"]["metadata"]["annotations"] = {"acme.example.com/image-digest": DIGEST, "note": "hello"}

    found = claims(manifest(document))

    assert [(claim.name, claim.kind, dotted(claim.pod or ())) for claim in found] == [
        ("acme.example.com/image-digest", "digest", "spec.template.spec"),
        ("acme.example.com/git-sha", "sha", "spec.template.spec"),
    ]
    assert found[1].pointer == ("metadata", "annotations", "acme.example.com/git-sha")


def test_a_pods_annotation_is_claimed_once(manifest: Make) -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"annotations": {"sha": SHA}}, "spec": {"containers": []}}

    assert len(claims(manifest(pod))) == 1


def test_containers_of_unknown_kinds_claim(manifest: Make) -> None:
    tool = {"apiVersion": "example.com/v1", "kind": "Tool", "spec": {"image": "acme/x:v1", "env": [{"name": "GIT_SHA", "value": SHA}]}}

    assert [dotted(claim.pointer) for claim in claims(manifest(tool))] == ["spec.env[0].value"]


@pytest.mark.parametrize("kind", ["Secret", "ConfigMap"])
def test_secrets_and_settings_claim_nothing(manifest: Make, kind: str) -> None:
    assert claims(manifest({"apiVersion": "v1", "kind": kind, "data": {"IMAGE_DIGEST": DIGEST}, "stringData": {"SHA": SHA}})) == []
