"""Whether two references to one repository are two images, or two versions of one."""

from __future__ import annotations

import re

from agentslint.rule import Reference, git_sha

_RELEASES = frozenset(
    [
        "alpha", "b", "beta", "build", "canary", "dev", "edge", "g", "git", "head", "hotfix", "latest", "main", "master", "nightly", "post",
        "pr", "pre", "preview", "r", "rc", "release", "sha", "snapshot", "stable", "staging", "prod", "test", "v", "version",
    ]
)  # fmt: skip
"""Words that describe a version, and no other image."""


def are_two_images(one: Reference, other: Reference, *, in_one_pod: bool) -> bool:
    """Tell by the tags of two references to one repository, or in one pod by their digests alone, whether they name two images."""
    if in_one_pod and one.tag is None and other.tag is None:
        return one.repository == other.repository and one.digest != other.digest and None not in (one.digest, other.digest)
    tags = one.tag or "", other.tag or ""
    if one.repository != other.repository or tags[0] == tags[1] or not all(map(_is_version, tags)):
        return False
    return in_one_pod or _words(tags[0]) != _words(tags[1])


def _is_version(tag: str) -> bool:
    return any(map(str.isdigit, tag))


def _words(tag: str) -> frozenset[str]:
    """The words that say which image it is."""
    sha = git_sha(tag)
    rest = tag.replace(sha, "") if sha else tag
    return frozenset(word.lower() for word in re.findall(r"[A-Za-z]+", rest)) - _RELEASES
