from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from agentslint.rule import Annotated, Finding, ImageUse, Level, Meta, Reasoned, RenderedTarget, Rule, RuleOptions

from .pods import Mention, Pod, mentions, pods


class PullSecrets(Rule):
    """An image from a private registry whose pod has no pull secret, or one that does not exist.

    ## Why
    A pod without its pull secret starts on a node that has the image cached and fails elsewhere: on a new node, in a restore, in a
    hook Job that runs once a release. A secret that nothing creates fails everywhere.

    A registry with the first part of the path (`ghcr.io/acme`) is private if `private` lists it, or if another pod of the
    target pulls only from there and has a secret. Registries that mostly serve public images (Docker Hub, quay.io, registry.k8s.io and
    the like) never count as private unless they are listed. Secrets count from the pod or from its ServiceAccount. Pods of one
    release and namespace that pull from the same place are expected to share a secret.

    ## Fix
    Give `imagePullSecrets` to the pod or its ServiceAccount; render the Secret (or the ExternalSecret or SealedSecret that creates it)
    with the target, or list it in `external`.

    ## References
    - https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
    - https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#add-imagepullsecrets-to-a-service-account
    """

    level = Level.ERROR
    tags = ("images", "registries")

    class Options(RuleOptions, frozen=True):
        private: Annotated[tuple[str, ...], Meta(description="Repositories (globs) that need a secret, such as `ghcr.io/acme/*`.")] = ()
        external: Annotated[
            tuple[Reasoned, ...], Meta(description="Secrets (globs) that something else creates, each with its reason.")
        ] = ()
        accounts: Annotated[
            tuple[Reasoned, ...], Meta(description="ServiceAccounts (globs) that get a secret from something else, each with its reason.")
        ] = ()
        learn: Annotated[bool, Meta(description="Whether a registry counts as private because another pod has a secret for it.")] = True

    options: Options

    def check_target(self, target: RenderedTarget) -> Iterator[Finding]:
        everyone = pods(target)
        self._note_names(target)
        free = {id(pod) for pod in everyone if self.allows(self.options.accounts, pod.account)}
        learnt = {place: pod for pod in reversed(everyone) if (place := _learnt(pod))} if self.options.learn else {}
        pulling = [(pod, use) for pod in everyone for use in pod.images if _place(use) in learnt or self._is_listed(use)]
        first = {id(pod): (pod, use) for pod, use in reversed(pulling)}
        for pod, use in reversed(first.values()):
            if not pod.secrets and id(pod) not in free:
                yield self._without(pod, use, learnt.get(_place(use)))
        missing = [mention for mention in mentions(target) if not self._exists(mention, target.made_secrets)]
        yield from self._unmade(missing, everyone)
        yield from self._unlike(target, pulling, {mention.name for mention in missing})

    def _note_names(self, target: RenderedTarget) -> None:
        """Tell the run which repositories there are."""
        if self.options.private:
            images = [use.reference for use in target.image_uses if use.reference]
            names = {name for image in images for name in (image.repository, image.name)}
            self.looked_at(self.options.private, names, noun="repository")

    def _is_listed(self, use: ImageUse) -> bool:
        image = use.reference
        return image is not None and any(
            fnmatchcase(name, glob) for glob in self.options.private for name in (image.repository, image.name)
        )

    def _exists(self, mention: Mention, made: Iterable[tuple[str, str]]) -> bool:
        """Secrets belong to a namespace; a manifest without one goes to the namespace of the target's deployment."""
        here = mention.manifest.namespace
        return self.allows(self.options.external, mention.name) or any(
            name == mention.name and (namespace == here or not namespace or not here) for namespace, name in made
        )

    def _without(self, pod: Pod, use: ImageUse, other: Pod | None) -> Finding:
        why = f"{other.resource} has {other.secrets[0]} for it" if other else "the option private lists it"
        related = [(other.named, f"{other.resource} pulls with {other.secrets[0]}")] if other else []
        message = f"{use.owner} pulls from {_place(use)} without a pull secret, but the registry is private: {why}"
        return self.finding(pod.field, message, use=use, related=related)

    def _unmade(self, missing: Sequence[Mention], everyone: Sequence[Pod]) -> Iterator[Finding]:
        """One finding a Secret, however many name it."""
        absent = {mention.name for mention in missing}
        others = Counter(name for pod in everyone for name in pod.secrets if name not in absent).most_common(1)
        for (_, name), found in _grouped(missing).items():
            first, *more = found
            also = f" (and {len(more)} more)" if more else ""
            hint = f"; other pods use {others[0][0]}" if others else ""
            message = f"{first.manifest.resource}{also} pulls with the Secret {name}, which this target does not create{hint}"
            yield self.finding(first.field, message, related=[(mention.field, f"{mention.manifest.resource} names it") for mention in more])

    def _unlike(self, target: RenderedTarget, pulling: Sequence[tuple[Pod, ImageUse]], absent: set[str]) -> Iterator[Finding]:
        """Pods that share release and registry share the secret; report those that differ from most, the second one of two."""
        siblings: dict[tuple[str, str, str], dict[int, Pod]] = {}
        for pod, use in pulling:
            if pod.secrets and not absent & set(pod.secrets):
                call = target.call_of(pod.spec.manifest)
                siblings.setdefault((call.release if call else "", pod.namespace, _place(use)), {})[id(pod)] = pod
        reported: set[int] = set()
        for (_, _, place), members in siblings.items():
            usual = Counter(name for pod in members.values() for name in pod.secrets).most_common(1)[0][0]
            for pod in members.values():
                if usual not in pod.secrets and id(pod) not in reported:
                    reported.add(id(pod))
                    yield self.finding(
                        pod.named, f"{pod.resource} pulls from {place} with {', '.join(pod.secrets)}, but other pods use {usual}"
                    )


def _grouped(missing: Iterable[Mention]) -> dict[tuple[str, str], list[Mention]]:
    found: dict[tuple[str, str], list[Mention]] = {}
    for mention in missing:
        found.setdefault((mention.manifest.namespace, mention.name), []).append(mention)
    return found


_OPEN = frozenset(
    [
        "docker.elastic.co", "docker.io", "k8s.gcr.io", "mcr.microsoft.com", "mirror.gcr.io", "public.ecr.aws", "quay.io",
        "registry.k8s.io",
    ]
)  # fmt: skip
"""Registries from which most people pull without a secret."""


def _place(use: ImageUse) -> str:
    """Registry and first path component: ghcr.io/acme."""
    registry, path = (use.reference.registry, use.reference.path) if use.reference else ("", "")
    first, slash, _ = path.partition("/")
    return f"{registry}/{first}" if slash else registry


def _learnt(pod: Pod) -> str:
    """The one place that the pod's secret must be for; "" where there are several, or none that is private."""
    places = {_place(use) for use in pod.images if use.reference and use.reference.registry not in _OPEN}
    return places.pop() if pod.secrets and len(places) == 1 else ""
