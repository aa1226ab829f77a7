"""Kinds that hold no image, so that they are neither parsed for one nor searched.

First what Kubernetes itself has beside its workloads, then what is common in GitOps repositories. Some of them have an `image`
of another kind (virtual machines, disks), or name images that they do not run (policies, watchers of registries).
"""

from __future__ import annotations

from agentslint.images.table.entries import silent

ROWS = (
    *silent(
        "",
        "Binding Endpoints Event LimitRange Namespace Node PersistentVolume PersistentVolumeClaim ResourceQuota Secret Service "
        "ServiceAccount",
    ),
    *silent("apps", "ControllerRevision"),
    *silent("extensions", "Ingress NetworkPolicy PodSecurityPolicy"),
    *silent(
        "admissionregistration.k8s.io apiextensions.k8s.io apiregistration.k8s.io authentication.k8s.io authorization.k8s.io autoscaling "
        "autoscaling.k8s.io certificates.k8s.io coordination.k8s.io discovery.k8s.io events.k8s.io flowcontrol.apiserver.k8s.io "
        "gateway.networking.k8s.io metrics.k8s.io networking.k8s.io node.k8s.io policy rbac.authorization.k8s.io resource.k8s.io "
        "scheduling.k8s.io snapshot.storage.k8s.io storage.k8s.io"
    ),
    *silent("bitnami.com", "SealedSecret"),
    *silent(
        "external-secrets.io generators.external-secrets.io secrets-store.csi.x-k8s.io secrets.hashicorp.com secrets.infisical.com "
        "onepassword.com"
    ),
    *silent("cert-manager.io acme.cert-manager.io trust.cert-manager.io policy.cert-manager.io"),
    *silent("traefik.io traefik.containo.us cilium.io metallb.io projectcalico.org crd.projectcalico.org getambassador.io"),
    *silent("configuration.konghq.com apisix.apache.org externaldns.k8s.io externaldns.nginx.org k8s.nginx.org"),
    *silent("networking.istio.io security.istio.io telemetry.istio.io policy.linkerd.io linkerd.io"),
    *silent("monitoring.coreos.com", "PrometheusRule ServiceMonitor PodMonitor Probe AlertmanagerConfig ScrapeConfig"),
    *silent("grafana.integreatly.org", "GrafanaDashboard GrafanaDatasource GrafanaFolder GrafanaAlert* GrafanaContactPoint"),
    *silent("image.toolkit.fluxcd.io source.toolkit.fluxcd.io notification.toolkit.fluxcd.io kustomize.toolkit.fluxcd.io"),
    *silent("argoproj.io", "AppProject"),
    *silent("argocd-image-updater.argoproj.io kargo.akuity.io"),
    *silent("kyverno.io policies.kyverno.io reports.kyverno.io wgpolicyk8s.io policy.sigstore.dev"),
    *silent("templates.gatekeeper.sh constraints.gatekeeper.sh config.gatekeeper.sh mutations.gatekeeper.sh status.gatekeeper.sh"),
    *silent("karpenter.sh karpenter.k8s.aws karpenter.azure.com eks.amazonaws.com"),
    *silent("infrastructure.cluster.x-k8s.io cluster.x-k8s.io bootstrap.cluster.x-k8s.io addons.cluster.x-k8s.io metal3.io"),
    *silent("compute.cnrm.cloud.google.com compute.azure.com ec2.*.upbound.io ec2.services.k8s.aws compute.gcp.*upbound.io"),
    *silent("cdi.kubevirt.io forklift.cdi.kubevirt.io instancetype.kubevirt.io export.kubevirt.io eraser.sh kubefledged.io"),
    *silent("kafka.strimzi.io", "KafkaTopic KafkaUser KafkaNodePool KafkaConnector KafkaRebalance"),
    *silent("postgresql.cnpg.io", "Backup ScheduledBackup Database DatabaseRole Publication Subscription FailoverQuorum"),
    *silent("objectbucket.io velero.io snapscheduler.backube"),
    *silent("apiextensions.crossplane.io", "CompositeResourceDefinition"),
    *silent("pkg.crossplane.io", "Lock"),
    *silent("backstage.io kind.x-k8s.io k3d.io cli.kyverno.io kustomize.config.k8s.io config.kubernetes.io"),
    *silent("*.grafana.crossplane.io *.grafana.m.crossplane.io *.grafana.o.crossplane.io"),
    *silent("apps.kruise.io", "ImagePullJob ImageListPullJob NodeImage"),
)
