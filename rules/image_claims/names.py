"""Which image a claim describes, as its name suggests."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from agentslint.rule import Claim, ImageUse, git_sha

_NUMBERS = re.compile(r"v?(\d+(?:\.\d+)+)(?![\w.])")
_GENERIC = frozenset(
    [
        "app", "build", "commit", "container", "digest", "docker", "git", "gitsha", "hash", "head", "image", "rev", "revision", "sha",
        "source", "tag", "version",
    ]
)  # fmt: skip
"""Words that name no image."""
_OF_ANY = frozenset(["service", "release", "self", "my", "own", "current", "dd"])


def named_by(claim: Claim, uses: Sequence[ImageUse]) -> list[ImageUse]:
    """Return the uses of the one repository that shares most words with the claim's name; none if several or none do."""
    words = words_of(local_name(claim)) - _GENERIC
    shared = {use.reference.repository: len(words & words_of(use.reference.path.rpartition("/")[2])) for use in uses if use.reference}
    best = max(shared.values(), default=0)
    found = [repository for repository, count in shared.items() if count == best]
    return [use for use in uses if use.reference and [use.reference.repository] == found] if best and len(shared) > 1 else []


def says_more(claim: Claim, own: Sequence[ImageUse]) -> bool:
    """Tell whether the name has words that neither the images nor the workloads around it have: `SIDECAR_IMAGE_TAG`."""
    known = " ".join(f"{use.manifest.name} {use.container} {use.reference.path if use.reference else ''}" for use in own)
    return bool(words_of(local_name(claim)) - _GENERIC - _OF_ANY - words_of(known))


def local_name(claim: Claim) -> str:
    """Return the name of a claim, of an annotation without its domain."""
    return claim.name.rpartition("/")[2]


def is_version(claim: Claim) -> bool:
    """Tell whether a claim repeats a version (`APP_VERSION`), of which the tag may say more (`1.5.0-alpine`)."""
    return claim.kind == "tag" and re.search(r"(?i)version$", claim.name) is not None and git_sha(claim.text) is None


def names_image(claim: Claim) -> bool:
    """Tell whether the name says that the value is an image's own tag."""
    return not words_of(local_name(claim)).isdisjoint(("image", "container", "docker")) or claim.name.lower() == "tag"


def is_other_version(claim: Claim, use: ImageUse) -> bool:
    """Tell whether the tag is a version of as many numbers, and these are others."""
    numbers = [_NUMBERS.match(text) for text in (claim.text, (use.reference and use.reference.tag) or "")]
    said, runs = (match[1].split(".") if match else [] for match in numbers)
    return len(said) == len(runs) > 1 and said != runs


def is_composed(claim: Claim) -> bool:
    """Tell whether another variable holds the repository, so that the image is composed at run time."""
    stem, joint, _ = claim.name.rpartition("_")
    beside = claim.manifest.at(claim.pointer[:-2]) if joint and claim.container else None
    names = [entry.get("name") for entry in beside if isinstance(entry, dict)] if isinstance(beside, list) else []
    return any(f"{stem}_{end}" in names for end in ("REPOSITORY", "REPO", "NAME", "REGISTRY"))


@lru_cache(maxsize=4096)
def words_of(name: str) -> frozenset[str]:
    """Return the words of a name in any case: `WEB_IMAGE_TAG`, `webImageTag`."""
    return frozenset(word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name))
