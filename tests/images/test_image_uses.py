"""Where workloads name images: containers, volumes, environment variables and arguments, each with its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agentslint.images import BUILTIN_FIELDS, ImageUse, UseKind, image_uses
from agentslint.model import Manifest, dotted

DIGEST = "sha256:" + "4e4e7ac9" * 8
Make = Callable[[Any], Manifest]


def uses_of(manifest: Manifest) -> list[ImageUse]:
    return image_uses(manifest, BUILTIN_FIELDS)


def workload(container: dict[str, Any], **pod: Any) -> dict[str, Any]:
    spec = {"containers": [{"name": "app", **container}], **pod}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {"template": {"spec": spec}}}


@pytest.mark.parametrize(
    ("api_version", "kind", "path"),
    [
        ("v1", "Pod", "spec"),
        ("v1", "PodTemplate", "template.spec"),
        ("v1", "ReplicationController", "spec.template.spec"),
        ("apps/v1", "Deployment", "spec.template.spec"),
        ("apps/v1", "StatefulSet", "spec.template.spec"),
        ("apps/v1", "DaemonSet", "spec.template.spec"),
        ("apps/v1", "ReplicaSet", "spec.template.spec"),
        ("batch/v1", "Job", "spec.template.spec"),
        ("batch/v1", "CronJob", "spec.jobTemplate.spec.template.spec"),
    ],
)
def test_finds_all_three_lists_and_image_volumes_of_every_workload(manifest: Make, api_version: str, kind: str, path: str) -> None:
    document: dict[str, Any] = {
        "initContainers": [{"name": "prepare", "image": "busybox:1.37"}],
        "containers": [{"name": "app", "image": "acme/web:v1"}, {"name": "proxy", "image": "acme/proxy:v2"}],
        "ephemeralContainers": [{"name": "debug", "image": "acme/debug:v3"}],
        "volumes": [{"name": "model", "image": {"reference": "acme/model:v4"}}, {"name": "tmp", "emptyDir": {}}],
    }
    for step in reversed(path.split(".")):
        document = {step: document}

    uses = uses_of(manifest({"apiVersion": api_version, "kind": kind, **document}))

    assert [(use.kind, dotted(use.pointer), use.text, use.container) for use in uses] == [
        (UseKind.INIT_CONTAINER, f"{path}.initContainers[0].image", "busybox:1.37", "prepare"),
        (UseKind.CONTAINER, f"{path}.containers[0].image", "acme/web:v1", "app"),
        (UseKind.CONTAINER, f"{path}.containers[1].image", "acme/proxy:v2", "proxy"),
        (UseKind.EPHEMERAL_CONTAINER, f"{path}.ephemeralContainers[0].image", "acme/debug:v3", "debug"),
        (UseKind.IMAGE_VOLUME, f"{path}.volumes[0].image.reference", "acme/model:v4", ""),
    ]
    assert {dotted(use.pod or ()) for use in uses} == {path}
    assert all(use.pulled for use in uses)


def test_fields_span_the_parts_of_the_scalar(manifest: Make) -> None:
    [use] = uses_of(manifest(workload({"image": f"ghcr.io/acme/web:v1@{DIGEST}"})))

    assert use.field.text == f"ghcr.io/acme/web:v1@{DIGEST}"
    assert (use.repository_field.text, use.tag_field.text, use.digest_field.text) == ("ghcr.io/acme/web", "v1", DIGEST)
    assert use.tag_field.span == (17, 19)
    assert not use.tag_field.missing


def test_what_is_absent_is_missing_at_the_scalar(manifest: Make) -> None:
    [use] = uses_of(manifest(workload({"image": "ghcr.io/acme/web"})))

    assert (use.tag_field.missing, use.digest_field.missing) == ("tag", "digest")
    assert use.digest_field.pointer == use.pointer
    assert use.digest_field.span is None


@pytest.mark.parametrize(
    ("image", "text", "error"),
    [
        (8080, "8080", "a number, not text"),
        (True, "true", "true or false, not text"),
        (None, "", "null, not text"),
        (["acme/web"], "", "a list, not text"),
        ({"repository": "acme/web"}, "", "an object, not text"),
        ("", "", "empty"),
        ("acme/web@", "acme/web@", "has no digest"),
        ("acme/web:${TAG}", "acme/web:${TAG}", "unfilled placeholder"),
    ],
)
def test_an_image_that_cannot_be_is_a_use_that_says_so(manifest: Make, image: Any, text: str, error: str) -> None:
    [use] = uses_of(manifest(workload({"image": image})))

    assert use.reference is None
    assert use.text == text
    assert error in use.error
    assert use.repository_field.pointer == use.pointer


def test_a_container_without_image_is_no_use(manifest: Make) -> None:
    assert uses_of(manifest(workload({"resources": {}}))) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RUNNER", "ghcr.io/acme/runner:v1"),
        ("RUNNER", f"acme/runner@{DIGEST}"),
        ("RUNNER", "localhost:5000/runner:v1"),
        ("RUNNER_IMAGE", "acme/runner:v1"),
        ("RUNNER_IMAGE", "alpine:3.20"),
        ("RUNNER_IMAGE", "ghcr.io/acme/runner"),
        ("RELATED_IMAGE_PROXY", "acme/proxy:v1"),
        ("runnerImage", "acme/runner:v1"),
    ],
)
def test_a_variable_that_holds_a_whole_reference_is_a_use(manifest: Make, name: str, value: str) -> None:
    [use] = uses_of(manifest(workload({"env": [{"name": "PORT", "value": "8080"}, {"name": name, "value": value}]})))

    assert (use.kind, use.text, use.variable, use.container) == (UseKind.ENVIRONMENT, value, name, "app")
    assert dotted(use.pointer) == "spec.template.spec.containers[0].env[1].value"
    assert not use.pulled


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("URL", "https://ghcr.io/acme/runner:v1"),
        ("NATS_URL", "nats://nats.nats.svc.cluster.local:4222"),
        ("UPSTREAM", "example.com:8080/api"),
        ("DSN", "postgres.default.svc:5432/web"),
        ("CONTROLLER_CLASS", "k8s.io/ingress-nginx"),
        ("MODULE", "github.com/acme/web:v1"),
        ("MODEL", "hf.co/acme/llama:q4"),
        ("MODEL", "qwen3-embedding:8b"),
        ("REPOSITORY", "acme/web"),
        ("ADDRESS", "redis:6379"),
        ("FILE", "/etc/acme/config.yaml"),
        ("FILE", "files.example.com/assets/logo.png:2"),
        ("IMAGE_PULL_POLICY", "acme/web:v1"),
        ("LOGO_IMAGE", "assets/logo.png"),
        ("BASE_IMAGE", "ubuntu"),
        ("SCRIPT", "echo ghcr.io/acme/runner:v1"),
    ],
)
def test_other_variables_are_none(manifest: Make, name: str, value: str) -> None:
    assert uses_of(manifest(workload({"env": [{"name": name, "value": value}]}))) == []


@pytest.mark.parametrize(
    ("args", "index", "text", "flag", "span"),
    [
        (["--image=ghcr.io/acme/runner:v1"], 0, "ghcr.io/acme/runner:v1", "image", (8, 30)),
        (["run", "--image", "acme/runner:v1"], 2, "acme/runner:v1", "image", None),
        (["--sidecar-image=alpine:3.20"], 0, "alpine:3.20", "sidecar-image", (16, 27)),
        (["--reloader=quay.io/acme/reloader:v1"], 0, "quay.io/acme/reloader:v1", "reloader", (11, 35)),
        (["kubectl run x --image ghcr.io/acme/x:v1 --rm"], 0, "ghcr.io/acme/x:v1", "image", (22, 39)),
        (['{"image": "ghcr.io/acme/x:v1"}'], 0, "ghcr.io/acme/x:v1", "", (11, 28)),
    ],
)
def test_an_argument_names_an_image_at_its_column(
    manifest: Make, args: list[str], index: int, text: str, flag: str, span: tuple[int, int] | None
) -> None:
    [use] = uses_of(manifest(workload({"args": args})))

    assert (use.kind, use.text, use.variable) == (UseKind.ARGUMENT, text, flag)
    assert use.pointer[-2:] == ("args", index)
    assert use.digest_field.span == span
    assert use.digest_field.text == text
    assert use.tag_field.text == text.rpartition(":")[2]
    assert use.field.text == args[index]


def test_one_argument_may_name_several_images(manifest: Make) -> None:
    uses = uses_of(manifest(workload({"command": ["warm", "ghcr.io/acme/a:v1,ghcr.io/acme/b:v2"]})))

    assert [(use.text, use.tag_field.text) for use in uses] == [("ghcr.io/acme/a:v1", "v1"), ("ghcr.io/acme/b:v2", "v2")]


@pytest.mark.parametrize(
    "argument",
    [
        "--url=https://ghcr.io/acme/runner:v1",
        "--config=/etc/acme/ghcr.io/acme/runner:v1",
        "--listen=0.0.0.0:8080",
        "--upstream=web.default.svc:8080/api",
        "--controller-class=k8s.io/ingress-nginx",
        "--namespace=kube-system",
        "s3://bucket.example.com/path:v1",
        "user@example.com:/srv/git",
    ],
)
def test_other_arguments_are_none(manifest: Make, argument: str) -> None:
    assert uses_of(manifest(workload({"args": [argument]}))) == []


def test_the_owner_reads_well(manifest: Make) -> None:
    uses = uses_of(
        manifest(
            workload(
                {"image": "acme/web:v1", "env": [{"name": "RUNNER_IMAGE", "value": "acme/runner:v1"}]},
                initContainers=[{"name": "migrate", "image": "acme/web:v1"}],
                volumes=[{"name": "model", "image": {"reference": "acme/model:v1"}}],
            )
        )
    )

    assert [use.owner for use in uses] == [
        "Deployment/web (init container migrate)",
        "Deployment/web (container app)",
        "Deployment/web (RUNNER_IMAGE)",
        "Deployment/web (spec.template.spec.volumes[0].image.reference)",
    ]


def test_odd_shapes_are_passed_over(manifest: Make) -> None:
    document = workload({"image": "acme/web:v1", "env": {"A": 1}, "args": "--image=ghcr.io/a/b:v1"}, initContainers={"a": 1}, volumes=7)
    document["spec"]["template"]["spec"]["containers"].extend([None, "text", [], 3])

    assert [use.text for use in uses_of(manifest(document))] == ["acme/web:v1"]


@pytest.mark.parametrize("body", [[], [{"kind": "Pod"}], "text", 7, True, {"kind": ["Pod"], "apiVersion": 1}])
def test_a_document_that_is_no_manifest_has_none(manifest: Make, body: Any) -> None:
    assert uses_of(manifest(body)) == []
