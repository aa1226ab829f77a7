"""Images that an Application hands to a chart as parameters: each part stands where its parameter is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agentslint.images import BUILTIN_FIELDS, ImageUse, image_uses
from agentslint.model import Manifest, dotted

Make = Callable[[Any], Manifest]
DIGEST = "sha256:" + "4e4e7ac9" * 8


def uses_of(make: Make, helm: dict[str, Any], *way: str) -> list[ImageUse]:
    body: Any = {"helm": helm}
    for step in reversed(way or ("source",)):
        body = [body] if step == "[]" else {step: body}
    return image_uses(make({"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "spec": body}), BUILTIN_FIELDS)


def parameters(**values: str) -> list[dict[str, str]]:
    return [{"name": name.replace("__", "."), "value": text} for name, text in values.items()]


def place(use: ImageUse, part: str) -> str:
    return dotted(getattr(use, f"{part}_field").pointer).removeprefix("spec.source.helm.")


def test_repository_tag_and_digest_are_three_parameters(manifest: Make) -> None:
    given = parameters(image__repository="ghcr.io/acme/web", image__tag="latest", image__digest=DIGEST)

    (use,) = uses_of(manifest, {"parameters": given})

    assert use.text == f"ghcr.io/acme/web:latest@{DIGEST}"
    assert [place(use, part) for part in ("repository", "tag", "digest")] == [f"parameters[{number}].value" for number in range(3)]


def test_what_is_missing_is_missing_at_the_repository(manifest: Make) -> None:
    (use,) = uses_of(manifest, {"parameters": parameters(image__tag="latest", image__repository="ghcr.io/acme/web")})

    assert (use.digest_field.missing, place(use, "digest")) == ("digest", "parameters[1].value")


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (parameters(controller__image__repository="acme/controller", controller__image__tag="v2"), "acme/controller:v2"),
        (parameters(image__registry="quay.io", image__repository="acme/web", image__tag="v1"), "quay.io/acme/web:v1"),
        (parameters(image="ghcr.io/acme/web:latest"), "ghcr.io/acme/web:latest"),
        (parameters(image="ghcr.io/acme/web", imageTag="latest"), "ghcr.io/acme/web:latest"),
        ([{"name": "containers[0].image", "value": "ghcr.io/acme/web:v1"}], "ghcr.io/acme/web:v1"),
        ([{"name": r"web\.app.image", "value": "ghcr.io/acme/web:v1"}], "ghcr.io/acme/web:v1"),
        ([*parameters(image="ghcr.io/acme/web:v1"), *parameters(image="ghcr.io/acme/web:v2")], "ghcr.io/acme/web:v2"),
    ],
)
def test_a_parameter_may_name_any_value(manifest: Make, given: list[dict[str, str]], text: str) -> None:
    assert [use.text for use in uses_of(manifest, {"parameters": given})] == [text]


def test_each_source_of_several_is_read(manifest: Make) -> None:
    (use,) = uses_of(manifest, {"parameters": parameters(image__repository="acme/web", image__tag="v1")}, "sources", "[]")

    assert dotted(use.pointer) == "spec.sources[0].helm.parameters[0].value"


def test_parameters_override_the_object_of_values(manifest: Make) -> None:
    values = {"image": {"repository": "ghcr.io/acme/web", "tag": "v1"}, "sidecar": {"image": {"repository": "acme/proxy", "tag": "v3"}}}

    found = uses_of(manifest, {"valuesObject": values, "parameters": parameters(image__tag="latest")})

    assert [(use.text, place(use, "repository"), place(use, "tag")) for use in found] == [
        ("ghcr.io/acme/web:latest", "valuesObject.image.repository", "parameters[0].value"),
        ("acme/proxy:v3", "valuesObject.sidecar.image.repository", "valuesObject.sidecar.image.tag"),
    ]
    assert values["image"]["tag"] == "v1"


def test_parameters_override_the_text_of_values(manifest: Make) -> None:
    text = "image:\n  repository: ghcr.io/acme/web\n  tag: v1\nsidecar:\n  image:\n    repository: acme/proxy\n    tag: v3\n"

    (use,) = uses_of(manifest, {"values": text, "parameters": parameters(image__tag="latest")})

    assert (use.text, place(use, "tag"), place(use, "digest")) == (
        "ghcr.io/acme/web:latest",
        "parameters[0].value",
        "parameters[0].value",
    )


@pytest.mark.parametrize(
    "given",
    [
        parameters(replicas="3", host="web.example.com/app"),
        parameters(image__tag="latest"),
        parameters(image__repository="{{ .repository }}", image__tag="{{ .tag }}"),
        [{"name": "image"}, {"value": "acme/web:v1"}, "image", None, {"name": 7, "value": "acme/web:v1"}],
        [{"name": "a[9].image", "value": "acme/web:v1"}, {"name": "a" + ".a" * 500, "value": "acme/web:v1"}],
        {"name": "image", "value": "acme/web:v1"},
    ],
)
def test_nothing_is_made_up(manifest: Make, given: Any) -> None:
    assert uses_of(manifest, {"parameters": given}) == []


def test_images_in_the_text_of_values_stand_at_their_columns(manifest: Make) -> None:
    text = """\
image:
  repository: ghcr.io/acme/web
  tag: latest
web: {image: {registry: ghcr.io, repository: "acme/vb", tag: "v1"}}
api: {image: 'ghcr.io/acme/api:v2'}
job: {image: {repository: ghcr.io/acme/job, tag: on}}
"""
    found = uses_of(manifest, {"values": text})

    assert [(use.text, use.repository_field.text, use.tag_field.text, use.digest_field.text) for use in found] == [
        ("ghcr.io/acme/web:latest", "ghcr.io/acme/web", "latest", "ghcr.io/acme/web"),
        ("ghcr.io/acme/vb:v1", "acme/vb", "v1", "acme/vb"),
        ("ghcr.io/acme/api:v2", "ghcr.io/acme/api", "v2", "ghcr.io/acme/api:v2"),
    ]
