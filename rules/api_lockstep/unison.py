"""Whether the members of a release group move as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from agentslint.rule import ImageChange, same_sha

Commit = Callable[[ImageChange], "str | None"]
"""The SHA that an image is at now."""


def expected(images: Sequence[ImageChange], commit: Commit) -> str:
    """Return the SHA that most of the moving images are promoted to; "" if there is none."""
    moved = {(image.target, image.use.text): commit(image) for image in images if image.head and image.differs}
    counted = Counter(sha for sha in moved.values() if sha).most_common(1)
    return counted[0][0] if counted else ""


def strays(images: Sequence[ImageChange], sha: str, commit: Commit) -> Iterator[tuple[ImageChange, str]]:
    """Yield the images that do not move with the others, and why."""
    for image in images:
        if image.head and (why := _why(image, sha, commit(image))):
            yield image, why


def _why(image: ImageChange, sha: str, new: str | None) -> str:
    old = image.commits[0]
    if not image.differs and not (new and sha and same_sha(new, sha)):
        return f"stays at {_version(new, image)}"
    if not sha and image.digests[0] != image.digests[1]:
        return ""
    if new is None:
        return f"goes to {_version(new, image)}, which contains no git SHA"
    if not same_sha(new, sha):
        return f"goes to {new[:10]}, not to {sha[:10]}"
    if image.differs and image.digests[1] and image.digests[0] == image.digests[1]:
        return f"goes to {new[:10]} with the digest of {(old or '')[:10] or 'what it ran'}"
    return ""


def _version(sha: str | None, image: ImageChange) -> str:
    return (sha or "")[:10] or image.tags[1] or "an image without tag"
