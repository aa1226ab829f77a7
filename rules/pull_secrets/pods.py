"""Pods with the secrets that they pull with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from agentslint.rule import Field, ImageUse, Manifest, PodSpec, RenderedTarget


class Pod(Struct, frozen=True):
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


class Mention(Struct, frozen=True):
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


def _names(owner: Any) -> tuple[str, ...]:
    entries = owner.get("imagePullSecrets") if isinstance(owner, Mapping) else None
    listed = entries if isinstance(entries, list) else []
    return tuple(str(entry["name"]) for entry in listed if isinstance(entry, Mapping) and entry.get("name"))


def _mentions(manifest: Manifest, pointer: tuple[str | int, ...], owner: Any) -> Iterator[Mention]:
    entries = owner.get("imagePullSecrets") if isinstance(owner, Mapping) else None
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, Mapping) and entry.get("name"):
            yield Mention(Field(manifest, (*pointer, "imagePullSecrets", number, "name")), str(entry["name"]))
