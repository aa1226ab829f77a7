"""Which image a claim describes, as its name suggests."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from agentslint.rule import Claim, ImageUse

_GENERIC = frozenset(
    [
        "app", "build", "commit", "container", "digest", "docker", "git", "gitsha", "hash", "head", "image", "rev", "revision", "sha",
        "source", "tag", "version",
    ]
)  # fmt: skip
"""Words that name no image."""


def named_by(claim: Claim, uses: Sequence[ImageUse]) -> list[ImageUse]:
    """Return the uses of the one repository that shares most words with the claim's name; none if several or none do."""
    words = _words(claim.name) - _GENERIC
    shared = {use.reference.repository: len(words & _words(use.reference.path.rpartition("/")[2])) for use in uses if use.reference}
    best = max(shared.values(), default=0)
    found = [repository for repository, count in shared.items() if count == best]
    return [use for use in uses if use.reference and [use.reference.repository] == found] if best and len(shared) > 1 else []


def says_more(claim: Claim, own: Sequence[ImageUse]) -> bool:
    """Tell whether the name has words that neither the images nor the workloads around it have: `SIDECAR_IMAGE_TAG`."""
    known = " ".join(f"{use.manifest.name} {use.container} {use.reference.path if use.reference else ''}" for use in own)
    return bool(_words(claim.name) - _GENERIC - _words(known))


def is_composed(claim: Claim) -> bool:
    """Tell whether another variable holds the repository, so that the image is composed at run time."""
    stem, joint, _ = claim.name.rpartition("_")
    beside = claim.manifest.at(claim.pointer[:-2]) if joint and claim.container else None
    names = [entry.get("name") for entry in beside if isinstance(entry, dict)] if isinstance(beside, list) else []
    return any(f"{stem}_{end}" in names for end in ("REPOSITORY", "REPO", "NAME"))


@lru_cache(maxsize=4096)
def _words(name: str) -> frozenset[str]:
    return frozenset(word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name))
