"""The kinds that belong to no namespace: built-in ones, well-known custom ones, and those of the definitions that are deployed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from agentslint.rule import Applications

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
_KNOWN = frozenset((group, kind) for table in (_BUILT_IN, _CUSTOM) for group, kinds in table.items() for kind in kinds)


class Scopes:
    """Tells whether a kind belongs to no namespace; one that nobody knows is taken to belong to one."""

    def __init__(self, applications: Applications) -> None:
        self._applications = applications

    def __call__(self, group: str, kind: str) -> bool:
        if (group, kind) in _KNOWN or "." not in group:
            return (group, kind) in _KNOWN
        return self._defined.get((group, kind), False)

    @cached_property
    def _defined(self) -> Mapping[tuple[str, str], bool]:
        """The kinds of the definitions that the targets of the run render."""
        found: dict[tuple[str, str], bool] = {}
        for rendered in self._applications.fleet.targets:
            for crd in rendered.crds:
                group, kind, scope = (crd.at(("spec", *way)) for way in (("group",), ("names", "kind"), ("scope",)))
                if isinstance(group, str) and isinstance(kind, str):
                    found[group, kind] = scope == "Cluster"
        return found
