"""Pods with the secrets that they pull with, and the Secrets that manifests make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agentslint.rule import Field, ImageUse, Manifest, PodSpec, RenderedTarget


@dataclass(frozen=True)
class Pod:
    """A pod spec, the images that the kubelet pulls for it, and the secrets that it has of its own or of its ServiceAccount."""

    spec: PodSpec
    account: str
    secrets: tuple[str, ...]
    images: tuple[ImageUse, ...]

    @property
    def namespace(self) -> str:
        return self.spec.manifest.namespace

    @property
    def resource(self) -> str:
        return self.spec.manifest.resource

    @property
    def field(self) -> Field:
        """Where the secrets belong."""
        return Field(self.spec.manifest, self.spec.pointer, missing="imagePullSecrets")

    @property
    def named(self) -> Field:
        """The place of its first secret, or where it would be if the ServiceAccount has it."""
        first = Field(self.spec.manifest, (*self.spec.pointer, "imagePullSecrets", 0, "name"))
        return first if first.value else self.field


@dataclass(frozen=True)
class Mention:
    """A place that names a pull secret: a pod's or a ServiceAccount's."""

    field: Field
    name: str

    @property
    def manifest(self) -> Manifest:
        return self.field.manifest


def pods(target: RenderedTarget) -> list[Pod]:
    """Return the pods of a target. A ServiceAccount's secrets count where the pod has none, as in Kubernetes."""
    accounts = {(manifest.namespace, manifest.name): _names(manifest.body) for manifest in target.of_kind("ServiceAccount")}
    images: dict[tuple[int, object], list[ImageUse]] = {}
    for use in target.image_uses:
        if use.pulled and use.reference:
            images.setdefault((id(use.manifest), use.pod), []).append(use)
    found = []
    for spec in target.pods:
        account = str(spec.spec.get("serviceAccountName") or spec.spec.get("serviceAccount") or "default")
        secrets = _names(spec.spec) or accounts.get((spec.manifest.namespace, account), ())
        found.append(Pod(spec, account, secrets, tuple(images.get((id(spec.manifest), spec.pointer), ()))))
    return found


def mentions(target: RenderedTarget) -> Iterator[Mention]:
    """Yield every place that names a pull secret."""
    for spec in target.pods:
        yield from _mentions(spec.manifest, spec.pointer, spec.spec)
    for manifest in target.of_kind("ServiceAccount"):
        yield from _mentions(manifest, (), manifest.body)


def made_secrets(target: RenderedTarget) -> set[tuple[str, str]]:
    """Return namespace and name of each Secret that the target renders, or that a controller creates from its manifests."""
    return {(manifest.namespace, name) for manifest in target.of_kind(*_MAKERS) for name in _made(manifest)}


_MAKERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "Secret": (),
    "OnePasswordItem": (),
    "ExternalSecret": (("spec", "target", "name"),),
    "SealedSecret": (("spec", "template", "metadata", "name"),),
    "VaultStaticSecret": (("spec", "destination", "name"),),
    "VaultDynamicSecret": (("spec", "destination", "name"),),
    "InfisicalSecret": (("spec", "managedSecretReference", "secretName"),),
    "BitwardenSecret": (("spec", "secretName"),),
    "SopsSecret": (("spec", "secretTemplates"),),
}
"""Kind -> where it names the Secret that it makes; the manifest's own name where it does not."""


def _made(manifest: Manifest) -> Iterator[str]:
    for pointer in _MAKERS[manifest.kind]:
        value = manifest.at(pointer)
        if isinstance(value, list):
            yield from (str(item.get("name")) for item in value if isinstance(item, Mapping))
            return
        if value:
            yield str(value)
            return
    yield manifest.name


def _names(owner: Any) -> tuple[str, ...]:
    entries = owner.get("imagePullSecrets") if isinstance(owner, Mapping) else None
    listed = entries if isinstance(entries, list) else []
    return tuple(str(entry["name"]) for entry in listed if isinstance(entry, Mapping) and entry.get("name"))


def _mentions(manifest: Manifest, pointer: tuple[str | int, ...], owner: Any) -> Iterator[Mention]:
    entries = owner.get("imagePullSecrets") if isinstance(owner, Mapping) else None
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, Mapping) and entry.get("name"):
            yield Mention(Field(manifest, (*pointer, "imagePullSecrets", number, "name")), str(entry["name"]))
