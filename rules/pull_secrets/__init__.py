from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from agentslint.rule import (
    Annotated, Field, Finding, ImageUse, Level, Manifest, Meta, PodSpec, Reasoned, RenderedTarget, Rule, RuleOptions,
)  # fmt: skip


class PullSecrets(Rule):
    """Images of a private registry have the pull secret that their siblings have.

    ## Why
    A pod without its pull secret starts where the image is cached and fails where it is not: on a new node, in a restore, in a
    hook Job that runs once a release. A secret that nothing creates fails everywhere.

    A registry (and first path component) is private when it is listed in `private`, or learnt to be so because another pod of
    the target pulls from it with a secret. Secrets count from the pod or from its ServiceAccount.

    ## Fix
    Give the pod `imagePullSecrets`, or its ServiceAccount; render the Secret (or the ExternalSecret or SealedSecret that makes it)
    with the target, or name it in `external` with a reason.

    ## References
    - https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
    """

    level = Level.ERROR
    tags = ("images", "registries")

    class Options(RuleOptions, frozen=True):
        private: Annotated[tuple[str, ...], Meta(description="Repositories (globs) of private registries.")] = ()
        external: Annotated[
            tuple[Reasoned, ...], Meta(description="Secrets (globs) that something else creates, each with its reason.")
        ] = ()
        learn: Annotated[bool, Meta(description="Whether a registry counts as private because a sibling uses a secret for it.")] = True

    options: Options

    def check_target(self, target: RenderedTarget) -> Iterator[Finding]:
        accounts = {(m.namespace, m.name): _names(m.body.get("imagePullSecrets")) for m in target.of_kind("ServiceAccount")}
        pods = [(pod, _secrets(pod, accounts), _images(pod, target.image_uses)) for pod in target.pods]
        known = self._learnt(pods)
        made = {name for manifest in target.manifests for name in _makes_secret(manifest)}
        for pod, secrets, images in pods:
            private = [use for use in images if self._is_private(use, known)]
            if private and not secrets:
                yield self._without(pod, private[0], known)
            elif private:
                yield from self._unlike_siblings(pod, secrets, private[0], known)
            yield from self._unmade(pod, made)

    def _learnt(self, pods: Sequence[tuple[PodSpec, tuple[str, ...], list[ImageUse]]]) -> dict[str, list[tuple[PodSpec, tuple[str, ...]]]]:
        """Registry -> the pods that pull from it with a secret."""
        found: dict[str, list[tuple[PodSpec, tuple[str, ...]]]] = {}
        for pod, secrets, images in pods:
            for place in {_place(use) for use in images} if secrets and self.options.learn else ():
                found.setdefault(place, []).append((pod, secrets))
        return {place: users for place, users in found.items() if not _is_public(place)}

    def _is_private(self, use: ImageUse, known: Mapping[str, object]) -> bool:
        repository = use.reference.repository if use.reference else ""
        return _place(use) in known or any(fnmatchcase(repository, glob) for glob in self.options.private)

    def _without(self, pod: PodSpec, use: ImageUse, known: Mapping[str, list[tuple[PodSpec, tuple[str, ...]]]]) -> Finding:
        siblings = known.get(_place(use), [])
        why = f"; {siblings[0][0].manifest.resource} pulls from there with {', '.join(siblings[0][1])}" if siblings else ""
        message = f"{use.owner} pulls {_place(use)}, a private registry, without imagePullSecrets{why}"
        related = [
            (Field(sibling.manifest, (*sibling.pointer, "imagePullSecrets")), "the secret of a sibling") for sibling, _ in siblings[:1]
        ]
        return self.finding(Field(pod.manifest, use.pointer, missing="imagePullSecrets"), message, use=use, related=related)

    def _unlike_siblings(
        self, pod: PodSpec, secrets: tuple[str, ...], use: ImageUse, known: Mapping[str, list[tuple[PodSpec, tuple[str, ...]]]]
    ) -> Iterator[Finding]:
        """Siblings that share a registry share the secret: the one that stands alone is accused."""
        users = known.get(_place(use), [])
        same = [other for other, theirs in users if set(theirs) & set(secrets)]
        others = [(other, theirs) for other, theirs in users if not set(theirs) & set(secrets)]
        if len(others) > len(same):
            message = f"{pod.manifest.resource} pulls {_place(use)} with {', '.join(secrets)}, its siblings with {', '.join(others[0][1])}"
            yield self.finding(Field(pod.manifest, (*pod.pointer, "imagePullSecrets", 0, "name")), message, use=use)

    def _unmade(self, pod: PodSpec, made: set[str]) -> Iterator[Finding]:
        """A named Secret is rendered by the target, or known to come from elsewhere."""
        for number, entry in enumerate(pod.spec.get("imagePullSecrets") or ()):
            name = entry.get("name") if isinstance(entry, Mapping) else None
            if name and name not in made and not any(fnmatchcase(name, secret.match) for secret in self.options.external):
                message = f"{pod.manifest.resource} pulls with the Secret {name}, which this target does not render"
                yield self.finding(Field(pod.manifest, (*pod.pointer, "imagePullSecrets", number, "name")), message)


def _secrets(pod: PodSpec, accounts: Mapping[tuple[str, str], tuple[str, ...]]) -> tuple[str, ...]:
    account = str(pod.spec.get("serviceAccountName") or "default")
    return _names(pod.spec.get("imagePullSecrets")) or accounts.get((pod.manifest.namespace, account), ())


def _names(entries: Any) -> tuple[str, ...]:
    return tuple(str(entry["name"]) for entry in entries or () if isinstance(entry, Mapping) and entry.get("name"))


def _images(pod: PodSpec, uses: Sequence[ImageUse]) -> list[ImageUse]:
    """The images that the kubelet pulls for this pod."""
    return [
        use for use in uses if use.manifest is pod.manifest and use.pod == pod.pointer and use.container and use.reference and use.pulled
    ]


def _place(use: ImageUse) -> str:
    """Registry and first path component: ghcr.io/acme."""
    assert use.reference is not None
    first, slash, _ = use.reference.path.partition("/")
    return f"{use.reference.registry}/{first}" if slash else use.reference.registry


def _is_public(place: str) -> bool:
    return place in ("docker.io/library", "registry.k8s.io", "mirror.gcr.io/library")


def _makes_secret(manifest: Manifest) -> Iterator[str]:
    """Names of Secrets that a manifest is, or that its controller makes of it."""
    if manifest.kind == "Secret":
        yield manifest.name
    elif manifest.kind in ("ExternalSecret", "SealedSecret", "VaultStaticSecret", "SopsSecret", "OnePasswordItem", "BitwardenSecret"):
        target = manifest.at(("spec", "target", "name")) or manifest.at(("spec", "template", "metadata", "name"))
        yield str(target or manifest.at(("spec", "destination", "name")) or manifest.name)
