"""The grammar of image references as patterns: https://github.com/distribution/reference (`reference.go`, "Grammar").

Of the digests that the grammar allows only whole ones of a known algorithm count: sha256 and 64, or sha512 and 128 lower-case hex
characters (https://github.com/opencontainers/image-spec/blob/main/descriptor.md#registered-algorithms).
"""

from __future__ import annotations

import re

_HOST_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_HOST = rf"(?:{_HOST_LABEL}(?:\.{_HOST_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_COMPONENT = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_PATH = rf"{_COMPONENT}(?:/{_COMPONENT})*"
_TAG = r"[\w][\w.-]{0,127}"
_DIGEST = r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}"

HEX_LENGTHS = {"sha256": 64, "sha512": 128}
LONGEST_PATH = 255
LONGEST_TAG = 128

HOST = re.compile(_HOST)
TAG = re.compile(_TAG, re.ASCII)
DIGEST = re.compile(_DIGEST)
IMAGE_ID = re.compile(r"[a-f0-9]{64}")
REFERENCE = re.compile(
    rf"(?P<repository>(?:{_HOST}/)?{_PATH})(?::(?P<tag>{_TAG}))?(?:@(?P<digest>{_DIGEST}))?",
    re.ASCII,
)


def names_registry(repository: str) -> bool:
    """Tell whether the first component is a registry: it has a dot or a colon, or it is localhost (docker's convention)."""
    first, slash, _ = repository.partition("/")
    return bool(slash) and ("." in first or ":" in first or first == "localhost")
