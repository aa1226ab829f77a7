"""The table of custom resources: every row leads to what it promises, and plugins add to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from manifest_maker import parse_manifest

from agentslint.images import BUILTIN, BUILTIN_FIELDS, ImageField, ImageFields, UseKind, image_uses, may_hold_images, omissions, pod_specs
from agentslint.model import Manifest, ManifestHead, dotted

Make = Callable[[Any], Manifest]
PLACES = [row for row in BUILTIN if row.form != "none"]
IMAGE = "ghcr.io/acme/web:v1"
AT_THE_PLACE: dict[str, Any] = {
    "reference": IMAGE,
    "long-reference": IMAGE,
    "object-reference": {"kind": "DockerImage", "name": IMAGE},
    "repository": IMAGE,
    "settings": {"WEB_IMAGE": IMAGE},
    "pod-spec": {"containers": [{"name": "app", "image": IMAGE}]},
    "container": {"name": "app", "image": IMAGE},
    "containers": [{"name": "app", "image": IMAGE}],
    "parts": {"repository": "ghcr.io/acme/web", "tag": "v1"},
    "parameters": [{"name": "x", "value": IMAGE}],
    "manifest": {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "app", "image": IMAGE}]}},
}


def document_with(row: ImageField, value: Any) -> dict[str, Any]:
    """A document of the row's kind that has `value` at its path, and nothing else."""
    for step in reversed(row.steps):
        value = [value] if step == "[]" else {"any" if step == "*" else step: value}
    group = row.group.replace("*", "elasticsearch" if row.group.endswith("elastic.co") else "v2")
    return {"apiVersion": f"{group}/v1" if group else "v1", "kind": row.kind.replace("*", "Pod"), **value}


@pytest.mark.parametrize("row", PLACES, ids=lambda row: row.label)
def test_every_row_leads_to_a_use(manifest: Make, row: ImageField) -> None:
    document = manifest(document_with(row, AT_THE_PLACE[row.form]))

    uses = image_uses(document, BUILTIN_FIELDS)

    assert [(use.text, use.error) for use in uses] == [(IMAGE, "")]
    assert uses[0].kind is not UseKind.GUESSED
    assert may_hold_images(document.head, BUILTIN_FIELDS)


@pytest.mark.parametrize("row", PLACES, ids=lambda row: row.label)
def test_every_row_cites_its_documentation(row: ImageField) -> None:
    assert row.source.startswith("https://")


def test_no_row_stands_twice() -> None:
    twice = [label for label, count in Counter(row.label for row in PLACES).items() if count > 1]

    assert twice == []


@pytest.mark.parametrize(
    ("group", "kind"),
    [
        ("postgresql.cnpg.io", "Cluster"), ("postgresql.cnpg.io", "ImageCatalog"), ("postgresql.cnpg.io", "ClusterImageCatalog"),
        ("postgresql.cnpg.io", "Pooler"), ("argoproj.io", "Workflow"), ("argoproj.io", "WorkflowTemplate"),
        ("argoproj.io", "ClusterWorkflowTemplate"), ("argoproj.io", "CronWorkflow"), ("argoproj.io", "Rollout"),
        ("serving.knative.dev", "Service"), ("serving.kserve.io", "InferenceService"), ("serving.kserve.io", "ServingRuntime"),
        ("kafka.strimzi.io", "Kafka"), ("kafka.strimzi.io", "KafkaConnect"), ("monitoring.coreos.com", "Prometheus"),
        ("monitoring.coreos.com", "Alertmanager"), ("monitoring.coreos.com", "ThanosRuler"), ("tekton.dev", "Task"),
        ("tekton.dev", "ClusterTask"), ("tekton.dev", "Pipeline"), ("redis.redis.opstreelabs.in", "Redis"),
        ("redis.redis.opstreelabs.in", "RedisCluster"), ("clickhouse.altinity.com", "ClickHouseInstallation"),
        ("k8s.keycloak.org", "Keycloak"), ("elasticsearch.k8s.elastic.co", "Elasticsearch"), ("rabbitmq.com", "RabbitmqCluster"),
        ("mongodbcommunity.mongodb.com", "MongoDBCommunity"), ("acid.zalan.do", "postgresql"), ("grafana.integreatly.org", "Grafana"),
        ("sparkoperator.k8s.io", "SparkApplication"), ("flink.apache.org", "FlinkDeployment"), ("ray.io", "RayCluster"),
        ("temporal.io", "TemporalCluster"), ("dragonflydb.io", "Dragonfly"), ("opentelemetry.io", "OpenTelemetryCollector"),
        ("pkg.crossplane.io", "Function"), ("pkg.crossplane.io", "Provider"), ("jobset.x-k8s.io", "JobSet"),
        ("kubeflow.org", "PyTorchJob"), ("apps.kruise.io", "CloneSet"),
    ],
)  # fmt: skip
def test_knows_the_usual_operators(group: str, kind: str) -> None:
    assert any(row.form != "none" for row in BUILTIN_FIELDS.for_kind(group, kind))


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("v1", "Secret"), ("v1", "Service"), ("v1", "Namespace"), ("v1", "ServiceAccount"),
        ("v1", "PersistentVolumeClaim"), ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
        ("rbac.authorization.k8s.io/v1", "ClusterRole"), ("networking.k8s.io/v1", "Ingress"), ("policy/v1", "PodDisruptionBudget"),
        ("autoscaling/v2", "HorizontalPodAutoscaler"), ("cert-manager.io/v1", "Certificate"), ("bitnami.com/v1alpha1", "SealedSecret"),
        ("external-secrets.io/v1", "ExternalSecret"), ("monitoring.coreos.com/v1", "PrometheusRule"),
        ("traefik.io/v1alpha1", "IngressRoute"),
    ],
)  # fmt: skip
def test_what_cannot_hold_an_image_need_not_be_parsed(api_version: str, kind: str) -> None:
    assert not may_hold_images(ManifestHead(api_version, kind), BUILTIN_FIELDS)


@pytest.mark.parametrize(
    ("api_version", "kind"), [("apps/v1", "Deployment"), ("tools.example.com/v1", "Tool"), ("", ""), ("v1", "Unheard")]
)
def test_what_is_unknown_may_hold_one(api_version: str, kind: str) -> None:
    assert may_hold_images(ManifestHead(api_version, kind), BUILTIN_FIELDS)


def test_a_plugin_adds_a_place(manifest: Make) -> None:
    fields = ImageFields([ImageField("*.example.com", "Tool", "spec.tools.*.engine", "reference", source="https://example.com"), *BUILTIN])
    tool = manifest({"apiVersion": "a.example.com/v1", "kind": "Tool", "spec": {"tools": {"x": {"engine": "alpine", "image": "a/b:c"}}}})

    [use] = image_uses(tool, fields)

    assert (use.kind, dotted(use.pointer), use.text) == (UseKind.CUSTOM_RESOURCE, "spec.tools.x.engine", "alpine")


def test_a_plugin_silences_a_kind(manifest: Make) -> None:
    page = manifest({"apiVersion": "example.com/v1", "kind": "Page", "spec": {"image": "acme/banner:v1"}})
    silent = ImageFields([ImageField("example.com", "Page", "", "none"), *BUILTIN])

    assert len(image_uses(page, BUILTIN_FIELDS)) == 1
    assert image_uses(page, silent) == []
    assert not may_hold_images(page.head, silent)


def test_a_place_is_stronger_than_silence(manifest: Make) -> None:
    fields = ImageFields([*BUILTIN, ImageField("", "ConfigMap", "data.image", "reference")])
    config = manifest({"apiVersion": "v1", "kind": "ConfigMap", "data": {"image": "acme/web:v1", "other": "acme/other:v1"}})

    assert may_hold_images(config.head, fields)
    assert [use.text for use in image_uses(config, fields)] == ["acme/web:v1"]


def test_no_plugin_reads_secrets(manifest: Make) -> None:
    fields = ImageFields([ImageField("*", "*", "stringData.image", "reference"), *BUILTIN])
    secret = manifest({"apiVersion": "v1", "kind": "Secret", "stringData": {"image": "acme/web:v1"}})

    assert not may_hold_images(secret.head, fields)
    assert image_uses(secret, fields) == []


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ({"path": "spec..image"}, "is not a path"),
        ({"path": "spec.images[0]"}, "is not a path"),
        ({"path": ""}, "is not a path"),
        ({"path": "spec.image", "form": "picture"}, "'picture' is not a form"),
        ({"path": "spec.image", "pod": "template.spec"}, "is not a prefix"),
        ({"path": "spec.image", "unless": ("a[b",)}, "is not a path"),
    ],
)
def test_a_row_that_cannot_be_is_refused_by_name(row: dict[str, Any], what: str) -> None:
    with pytest.raises(ValueError, match=what) as caught:
        ImageField("example.com", "Tool", **row)

    assert "Tool" in str(caught.value) or str(row["path"]) in str(caught.value) or "a[b" in str(caught.value)


def test_numbers_in_parts_are_a_fault_where_the_kind_is_known(manifest: Make) -> None:
    body = {"apiVersion": "clickhouse.com/v1alpha1", "kind": "ClickHouseCluster"}
    spec = {"containerTemplate": {"image": {"repository": "clickhouse/clickhouse-server", "tag": 25.12}}}

    [use] = image_uses(manifest({**body, "spec": spec}), BUILTIN_FIELDS)

    assert "its tag is a number, not text" in use.error


@pytest.mark.parametrize(
    ("image", "text", "tag_at", "digest_at"),
    [
        ({"repository": "acme/web", "tag": "v1"}, "acme/web:v1", "tag", None),
        ({"repository": "acme/web", "hash": "sha256:" + "a" * 64}, f"acme/web@sha256:{'a' * 64}", None, "hash"),
        ({"repository": "acme/web", "digest": "a" * 64}, f"acme/web@sha256:{'a' * 64}", None, "digest"),
        ({"repository": "acme/web", "version": "sha256:" + "a" * 64}, f"acme/web@sha256:{'a' * 64}", None, "version"),
        ({"repository": "acme/web", "tag": f"v1@sha256:{'a' * 64}"}, f"acme/web:v1@sha256:{'a' * 64}", "tag", "tag"),
        ({"repository": "acme/web:v1"}, "acme/web:v1", "repository", None),
        ({"repository": f"acme/web@sha256:{'a' * 64}"}, f"acme/web@sha256:{'a' * 64}", None, "repository"),
        ({"registry": "ghcr.io", "repository": "acme/web"}, "ghcr.io/acme/web", None, None),
        ({"registry": "ghcr.io", "repository": "quay.io/acme/web"}, "quay.io/acme/web", None, None),
        ({"repository": "nvcr.io/nvidia", "image": "driver", "version": "580"}, "nvcr.io/nvidia/driver:580", "version", None),
    ],
)
def test_parts_are_composed_and_located(
    manifest: Make, image: dict[str, Any], text: str, tag_at: str | None, digest_at: str | None
) -> None:
    document = {"apiVersion": "clickhouse.com/v1alpha1", "kind": "KeeperCluster", "spec": {"containerTemplate": {"image": image}}}

    [use] = image_uses(manifest(document), BUILTIN_FIELDS)

    assert (use.text, use.error) == (text, "")
    assert use.repository_field.pointer[-1] == "repository"
    assert (use.tag_field.pointer[-1] if not use.tag_field.missing else None) == tag_at
    assert (use.digest_field.pointer[-1] if not use.digest_field.missing else None) == digest_at
    assert use.tag_field.missing in ("", "tag")
    assert tag_at or dotted(use.tag_field.pointer) == "spec.containerTemplate.image"


def test_parts_without_repository_are_the_operators_own(manifest: Make) -> None:
    spec = {"containerTemplate": {"image": {"tag": "v1"}}}

    assert image_uses(manifest({"apiVersion": "clickhouse.com/v1", "kind": "KeeperCluster", "spec": spec}), BUILTIN_FIELDS) == []


@pytest.mark.parametrize(
    ("spec", "omitted"),
    [
        ({"instances": 3}, True),
        ({"imageName": None}, True),
        ({"imageName": ""}, True),
        ({"imageName": "ghcr.io/cloudnative-pg/postgresql:18"}, False),
        ({"imageCatalogRef": {"kind": "ImageCatalog", "name": "postgresql", "major": 18}}, False),
    ],
)
def test_an_operator_that_chooses_is_an_omission(manifest: Make, spec: dict[str, Any], omitted: bool) -> None:
    cluster = manifest({"apiVersion": "postgresql.cnpg.io/v1", "kind": "Cluster", "metadata": {"name": "db"}, "spec": spec})

    found = omissions(cluster, BUILTIN_FIELDS)

    assert [(one.path, one.chooser) for one in found] == (
        [("spec.imageName", "the CloudNativePG operator chooses the PostgreSQL image")] if omitted else []
    )
    assert all(one.field.missing == "imageName" and one.field.pointer == ("spec",) and one.source for one in found)


def test_a_component_that_is_off_omits_nothing(manifest: Make) -> None:
    kafka = manifest({"apiVersion": "kafka.strimzi.io/v1", "kind": "Kafka", "spec": {"kafka": {}, "entityOperator": {"topicOperator": {}}}})

    assert [one.path for one in omissions(kafka, BUILTIN_FIELDS)] == ["spec.kafka.image", "spec.entityOperator.topicOperator.image"]


def test_pod_specs_say_where_the_pull_secrets_stand() -> None:
    workflow = parse_manifest(
        """
        apiVersion: argoproj.io/v1alpha1
        kind: WorkflowTemplate
        spec:
          imagePullSecrets: [{name: pull}]
          templates:
          - name: one
            container: {image: "acme/one:v1"}
          - name: two
            script: {image: "acme/two:v1"}
        """
    )

    [pod] = pod_specs(workflow)

    assert (dotted(pod.pointer), pod.spec["imagePullSecrets"], pod.guessed) == ("spec", [{"name": "pull"}], False)
    assert {use.pod for use in image_uses(workflow, BUILTIN_FIELDS)} == {pod.pointer}


def test_pod_specs_of_unknown_kinds_are_known_by_their_shape(manifest: Make) -> None:
    fleet = manifest({"apiVersion": "agones.dev/v1", "kind": "Fleet", "spec": {"a": {"containers": [{"name": "x", "image": "acme/x:v1"}]}}})

    assert [(dotted(pod.pointer), pod.guessed) for pod in pod_specs(fleet)] == [("spec.a", True)]


@pytest.mark.parametrize(
    ("names", "is_apart"), [(("IMAGE", "IMAGE_TAG"), True), (("WEB_IMAGE", "WEB_VERSION"), True), (("IMAGE", "PORT"), False)]
)
def test_the_tag_of_a_templates_image_may_be_another_parameter(manifest: Make, names: tuple[str, str], is_apart: bool) -> None:
    listed = [{"name": names[0], "value": "quay.io/acme/web"}, {"name": names[1], "value": "latest"}]
    document = {"apiVersion": "template.openshift.io/v1", "kind": "Template", "parameters": listed, "objects": []}
    [use] = image_uses(manifest(document), BUILTIN_FIELDS)
    assert bool(use.parts and use.parts.tag) is is_apart
