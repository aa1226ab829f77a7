"""Variables and arguments that repeat a whole reference of an image that runs here, at another version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agentslint.rule import ImageUse, Reference, RenderedTarget, UseKind, git_sha, same_sha

from .names import words_of

_NAMED = (UseKind.ENVIRONMENT, UseKind.ARGUMENT)
_OTHER_TIMES = frozenset(
    [
        "base", "baseline", "canary", "fallback", "from", "initial", "last", "legacy", "max", "maximum", "min", "minimum", "old",
        "parent", "prev", "previous", "rollback", "stable", "target", "to",
    ]
)  # fmt: skip
"""`PREVIOUS_IMAGE` is meant to be another version."""


def stale_references(target: RenderedTarget) -> Iterator[tuple[ImageUse, ImageUse]]:
    """Yield each variable or argument with the running image that it contradicts.

    It describes the image of its own container; of another image that runs in the target it is a copy only where both are
    released together: in a configured group, or in the namespace of a registry that its own image is from.
    """
    running = [use for use in target.image_uses if use.pulled and use.reference]
    for use in target.image_uses:
        if use.kind in _NAMED and use.reference and _OTHER_TIMES.isdisjoint(words_of(use.variable)):
            own = [
                other for other in running if other.manifest is use.manifest and other.pod == use.pod and other.container == use.container
            ]
            same = [other for other in running if other.reference and other.reference.name == use.reference.name]
            mine = [other for other in same if other in own]
            related = mine or (same if _are_together(use.reference, own, target) else [])
            if related and not any(_agree(use.reference, other.reference) for other in same if other.reference):
                yield use, related[0]


def _agree(one: Reference, other: Reference) -> bool:
    """Whether two references to a repository name one version, as far as both say."""
    if one.digest and other.digest:
        return one.digest == other.digest
    if not one.tag or not other.tag:
        return True
    shas = git_sha(one.tag), git_sha(other.tag)
    return one.tag == other.tag or (shas[0] is not None and shas[1] is not None and same_sha(shas[0], shas[1]))


def _are_together(image: Reference, own: Sequence[ImageUse], target: RenderedTarget) -> bool:
    namespace = image.name.rpartition("/")[0]
    beside = any(other.reference and other.reference.name.rpartition("/")[0] == namespace for other in own)
    return target.context.in_group(image.repository) or (beside and namespace not in ("docker.io/library", image.registry))
