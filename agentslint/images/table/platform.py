"""Parts of platforms: identity, storage, gateways, virtual machines, extended workloads."""

from __future__ import annotations

from agentslint.images.table.entries import container, containers, image, parts, pods, resource, under

_KRUISE = "https://openkruise.io/docs/user-manuals/"
_KUBEVIRT = "https://kubevirt.io/user-guide/storage/disks_and_volumes/#containerdisk"
_VAULT = "https://bank-vaults.dev/docs/operator/"
_AWX = "https://github.com/ansible/awx-operator"
_K0SMOTRON = "https://github.com/k0sproject/k0smotron"

_MACHINE_IMAGES = image("volumes[].containerDisk.image domain.firmware.kernelBoot.container.image")
_CONTAINER_IMAGE = "provider.kubernetes.envoyDeployment.container.image provider.kubernetes.envoyDaemonSet.container.image"
_SUBSETS = (
    "spec.template.statefulSetTemplate.spec.template.spec spec.template.advancedStatefulSetTemplate.spec.template.spec "
    "spec.template.cloneSetTemplate.spec.template.spec spec.template.deploymentTemplate.spec.template.spec"
)

ROWS = (
    *resource(
        "k8s.keycloak.org",
        "Keycloak",
        "https://www.keycloak.org/operator/advanced-configuration",
        image("spec.image", "the Keycloak operator chooses the image", pod="spec"),
        pods("spec.unsupported.podTemplate.spec"),
    ),
    *resource(
        "temporal.io",
        "TemporalCluster",
        "https://github.com/alexandrevilain/temporal-operator",
        image("spec.image spec.ui.image spec.admintools.image", "the Temporal operator chooses the image by the version", pod="spec"),
    ),
    *resource(
        "temporal.io",
        "TemporalWorkerDeployment WorkerDeployment",
        "https://github.com/temporalio/temporal-worker-controller",
        pods("spec.template.spec"),
    ),
    *resource(
        "minio.min.io",
        "Tenant",
        "https://github.com/minio/operator",
        image("spec.image", "the MinIO operator chooses the image"),
        image("spec.kes.image"),
        containers("spec.initContainers spec.sideCars.containers"),
    ),
    *resource(
        "vault.banzaicloud.com",
        "Vault",
        _VAULT,
        image("spec.image", "the Vault operator chooses the image"),
        image("spec.bankVaultsImage spec.statsdImage spec.fluentdImage spec.veleroFsfreezeImage"),
        pods("spec.vaultPodSpec spec.vaultConfigurerPodSpec"),
        containers("spec.vaultContainers spec.vaultInitContainers"),
        container("spec.vaultContainerSpec"),
    ),
    *resource(
        "ceph.rook.io",
        "CephCluster",
        "https://rook.io/docs/rook/latest/CRDs/Cluster/ceph-cluster-crd/",
        image("spec.cephVersion.image"),
    ),
    *resource(
        "nvidia.com",
        "ClusterPolicy",
        "https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/getting-started.html",
        parts("spec.driver spec.toolkit spec.devicePlugin spec.dcgm spec.dcgmExporter spec.gfd spec.migManager spec.validator"),
        parts("spec.nodeStatusExporter spec.vgpuManager spec.vfioManager spec.sandboxDevicePlugin spec.kataManager spec.ccManager"),
        parts("spec.driver.manager spec.vgpuManager.driverManager spec.vfioManager.driverManager spec.operator.initContainer"),
        parts("spec.gds spec.gdrcopy spec.vgpuDeviceManager spec.kataSandboxDevicePlugin"),
    ),
    *resource(
        "gateway.envoyproxy.io",
        "EnvoyProxy",
        "https://gateway.envoyproxy.io/docs/api/extension_types/",
        under("spec", image(_CONTAINER_IMAGE)),
        containers("spec.provider.kubernetes.envoyDeployment.initContainers"),
    ),
    *resource(
        "gateway.kgateway.dev",
        "GatewayParameters",
        "https://github.com/kgateway-dev/kgateway",
        parts("spec.kube.envoyContainer.image spec.kube.sdsContainer.image spec.kube.istio.istioProxyContainer.image"),
        containers("spec.kube.istio.customSidecars"),
    ),
    *resource(
        "gateway.nginx.org",
        "NginxProxy",
        "https://github.com/nginx/nginx-gateway-fabric",
        parts("spec.kubernetes.deployment.container.image spec.kubernetes.daemonSet.container.image"),
    ),
    *resource(
        "tailscale.com",
        "ProxyClass",
        "https://github.com/tailscale/tailscale/blob/main/k8s-operator/api.md",
        image(
            "spec.statefulSet.pod.tailscaleContainer.image spec.statefulSet.pod.tailscaleInitContainer.image", pod="spec.statefulSet.pod"
        ),
    ),
    *resource("kubevirt.io", "VirtualMachine VirtualMachineInstanceReplicaSet", _KUBEVIRT, under("spec.template.spec", _MACHINE_IMAGES)),
    *resource("kubevirt.io", "VirtualMachineInstance", _KUBEVIRT, under("spec", _MACHINE_IMAGES)),
    *resource(
        "pool.kubevirt.io", "VirtualMachinePool", _KUBEVIRT, under("spec.virtualMachineTemplate.spec.template.spec", _MACHINE_IMAGES)
    ),
    *resource("apps.kruise.io", "CloneSet StatefulSet DaemonSet BroadcastJob", f"{_KRUISE}cloneset", pods("spec.template.spec")),
    *resource("apps.kruise.io", "UnitedDeployment", f"{_KRUISE}uniteddeployment", pods(_SUBSETS)),
    *resource(
        "apps.kruise.io",
        "AdvancedCronJob",
        f"{_KRUISE}advancedcronjob",
        pods("spec.template.jobTemplate.spec.template.spec spec.template.broadcastJobTemplate.spec.template.spec"),
    ),
    *resource("apps.kruise.io", "SidecarSet", f"{_KRUISE}sidecarset", pods("spec")),
    *resource(
        "awx.ansible.com",
        "AWX",
        _AWX,
        image("spec.control_plane_ee_image spec.ee_images[].image"),
        image("spec.image spec.redis_image spec.postgres_image spec.init_container_image"),
    ),
    *resource(
        "k0smotron.io",
        "Cluster",
        _K0SMOTRON,
        image("spec.etcd.image spec.etcd.defragJob.image spec.monitoring.prometheusImage spec.monitoring.proxyImage"),
    ),
    *resource("k8up.io", "PreBackupPod", "https://github.com/k8up-io/k8up", pods("spec.pod.spec")),
    *resource("longhorn.io", "EngineImage", "https://github.com/longhorn/longhorn", image("spec.image")),
    *resource(
        "infra.contrib.fluxcd.io",
        "Terraform",
        "https://github.com/flux-iac/tofu-controller",
        image("spec.runnerPodTemplate.spec.image"),
        containers("spec.runnerPodTemplate.spec.initContainers"),
    ),
    *resource(
        "executor.testkube.io",
        "Executor",
        "https://github.com/kubeshop/testkube",
        container("spec"),
    ),
)
