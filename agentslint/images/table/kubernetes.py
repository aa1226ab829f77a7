"""Kubernetes' own workloads, and kinds that carry other manifests."""

from __future__ import annotations

from agentslint.images.table.entries import manifests, pods, resource, settings

_WORKLOADS = "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/"

ROWS = (
    *resource("", "Pod", f"{_WORKLOADS}pod-v1/", pods("spec")),
    *resource("", "PodTemplate", f"{_WORKLOADS}pod-template-v1/", pods("template.spec")),
    *resource("", "ReplicationController", f"{_WORKLOADS}replication-controller-v1/", pods("spec.template.spec")),
    *resource("apps", "Deployment StatefulSet DaemonSet ReplicaSet", _WORKLOADS, pods("spec.template.spec")),
    *resource("extensions", "Deployment DaemonSet ReplicaSet", _WORKLOADS, pods("spec.template.spec")),
    *resource("batch", "Job", f"{_WORKLOADS}job-v1/", pods("spec.template.spec")),
    *resource("batch", "CronJob", f"{_WORKLOADS}cron-job-v1/", pods("spec.jobTemplate.spec.template.spec")),
    *resource("", "ConfigMap", "https://kubernetes.io/docs/concepts/configuration/configmap/", settings("data")),
    *resource("", "List", "https://kubernetes.io/docs/reference/using-api/api-concepts/#collections", manifests("items[]")),
    *resource("apps", "*List", "https://kubernetes.io/docs/reference/using-api/api-concepts/#collections", manifests("items[]")),
    *resource("batch", "*List", "https://kubernetes.io/docs/reference/using-api/api-concepts/#collections", manifests("items[]")),
    *resource(
        "work.open-cluster-management.io",
        "ManifestWork",
        "https://open-cluster-management.io/docs/concepts/work-distribution/manifestwork/",
        manifests("spec.workload.manifests[]"),
    ),
    *resource(
        "work.open-cluster-management.io",
        "ManifestWorkReplicaSet",
        "https://open-cluster-management.io/docs/concepts/work-distribution/manifestworkreplicaset/",
        manifests("spec.manifestWorkTemplate.workload.manifests[]"),
    ),
    *resource(
        "kubernetes.crossplane.io",
        "Object",
        "https://github.com/crossplane-contrib/provider-kubernetes",
        manifests("spec.forProvider.manifest"),
    ),
    *resource("kro.run", "ResourceGraphDefinition", "https://kro.run/docs/overview", manifests("spec.resources[].template")),
)
