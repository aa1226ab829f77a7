"""The kinds that belong to no namespace: built-in ones, and well-known custom ones."""

from __future__ import annotations

_BUILT_IN = {
    "": ("ComponentStatus", "Namespace", "Node", "PersistentVolume"),
    "admissionregistration.k8s.io": (
        *("MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding", "MutatingWebhookConfiguration"),
        *("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration"),
    ),
    "apiextensions.k8s.io": ("CustomResourceDefinition",),
    "apiregistration.k8s.io": ("APIService",),
    "certificates.k8s.io": ("CertificateSigningRequest", "ClusterTrustBundle"),
    "flowcontrol.apiserver.k8s.io": ("FlowSchema", "PriorityLevelConfiguration"),
    "networking.k8s.io": ("IPAddress", "IngressClass", "ServiceCIDR"),
    "node.k8s.io": ("RuntimeClass",),
    "policy": ("PodSecurityPolicy",),
    "rbac.authorization.k8s.io": ("ClusterRole", "ClusterRoleBinding"),
    "resource.k8s.io": ("DeviceClass", "DeviceTaintRule", "ResourceSlice"),
    "scheduling.k8s.io": ("PriorityClass",),
    "storage.k8s.io": ("CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"),
}
_CUSTOM = {
    "cert-manager.io": ("ClusterIssuer",),
    "external-secrets.io": ("ClusterExternalSecret", "ClusterSecretStore"),
    "gateway.networking.k8s.io": ("GatewayClass",),
    "karpenter.k8s.aws": ("EC2NodeClass",),
    "karpenter.sh": ("NodeClaim", "NodePool"),
    "kyverno.io": ("ClusterCleanupPolicy", "ClusterPolicy"),
    "snapshot.storage.k8s.io": ("VolumeSnapshotClass", "VolumeSnapshotContent"),
}
_REVIEWS = (
    *(("authentication.k8s.io", name) for name in ("selfsubjectreviews", "tokenreviews")),
    *(("authorization.k8s.io", name) for name in ("selfsubjectaccessreviews", "selfsubjectrulesreviews", "subjectaccessreviews")),
    *(("metrics.k8s.io", "nodes"), ("extensions", "podsecuritypolicies")),
)
"""What is only asked, or served by other groups."""
_OF_NAMESPACES = frozenset(
    (
        *("", "apps", "authorization.k8s.io", "autoscaling", "batch", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io"),
        *("extensions", "metrics.k8s.io", "networking.k8s.io", "policy", "rbac.authorization.k8s.io", "resource.k8s.io", "storage.k8s.io"),
    )
)
"""Groups of Kubernetes: all of their kinds that belong to no namespace are in the tables."""
_KNOWN = frozenset((group, kind) for table in (_BUILT_IN, _CUSTOM) for group, kinds in table.items() for kind in kinds)


def is_cluster_scoped(group: str, kind: str) -> bool:
    """Tell whether a kind is known to belong to no namespace; custom ones may belong to none all the same."""
    return (group, kind) in _KNOWN


def is_namespaced_resource(group: str, resource: str) -> bool | None:
    """Tell whether a resource (`pods`, as roles name it) belongs to a namespace; None for a custom one that is not known."""
    if (group, resource) in _CLUSTER_RESOURCES:
        return False
    return True if group in _OF_NAMESPACES else None


def _plural(kind: str) -> str:
    name = kind.lower()
    if name.endswith("y"):
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x")) else f"{name}s"


_CLUSTER_RESOURCES = frozenset((*_REVIEWS, *((group, _plural(kind)) for group, kind in _KNOWN)))
