"""The keys of Secrets, as far as the manifests that make them say all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from agentslint.deploy.typed import mapping
from agentslint.model import Manifest

SecretKeys = frozenset[str] | None
"""None where not all keys are known."""
_FILLED_LATER = ("reflect", "replicat", "inject")
"""Parts of the names of annotations by which a controller fills a Secret: reflector, replicator, secret-generator and the like."""


def secret_keys(manifest: Manifest) -> SecretKeys:
    """Return the keys of the Secret that a manifest is, or that an operator makes of it; None where it does not say all of them."""
    read = _READERS.get((manifest.group, manifest.kind))
    return read(manifest) if read else None


def _of_secret(secret: Manifest) -> SecretKeys:
    """An empty Secret waits for its content, and that of a token gets it from the API server."""
    annotations = mapping(secret.at(("metadata",)), "annotations")
    is_filled = any(part in str(name).lower() for name in annotations for part in _FILLED_LATER)
    if is_filled or secret.at(("type",)) == "kubernetes.io/service-account-token":
        return None
    return _known(secret.at(("data",)), secret.at(("stringData",)))


def _of_sealed_secret(sealed: Manifest) -> SecretKeys:
    """https://github.com/bitnami-labs/sealed-secrets#sealedsecrets-as-templates-for-secrets"""
    return _known(sealed.at(("spec", "encryptedData")), sealed.at(("spec", "template", "data")))


def _of_external_secret(external: Manifest) -> SecretKeys:
    """Those of the template take the place of those of `data`, unless they are merged.

    https://external-secrets.io/latest/api/externalsecret/
    """
    target = mapping(external.at(("spec",)), "target")
    template = mapping(target, "template")
    if template.get("templateFrom") or target.get("creationPolicy") == "Merge":
        return None
    templated = template.get("data")
    if templated and template.get("mergePolicy") != "Merge":
        return _known(templated)
    data = external.at(("spec", "data"))
    if external.at(("spec", "dataFrom")) or not isinstance(data, list):
        return None
    own = {str(each["secretKey"]): "" for each in data if isinstance(each, Mapping) and "secretKey" in each}
    return _known(own, templated) if len(own) == len(data) else None


def _known(*mappings: Any) -> SecretKeys:
    """The keys of some mappings together; None where there are none, or one of them is something else."""
    if not all(each is None or isinstance(each, Mapping) for each in mappings):
        return None
    return frozenset(str(key) for each in mappings for key in each or ()) or None


_READERS: Mapping[tuple[str, str], Callable[[Manifest], SecretKeys]] = {
    ("", "Secret"): _of_secret,
    ("bitnami.com", "SealedSecret"): _of_sealed_secret,
    ("external-secrets.io", "ExternalSecret"): _of_external_secret,
}
