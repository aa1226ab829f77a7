"""What lets somebody in, inside of a URL: user and password, and a query's tokens."""

from __future__ import annotations

import re

_SCHEME = "|".join(f"(?<={scheme}:/)" for scheme in ("https", "http", "ssh", "git", "oci", "file"))
"""kustomize joins a URL to a folder, and cleans the path: `app/https:/user:password@host`."""
_USER = re.compile(rf"(?:(?<=://)|{_SCHEME})(?!\*+@)[^/?#\s'\"]+@", re.I)
_BARE_USER = re.compile(r"(?<![\w.:@%-])[\w.-]+:(?!\*+@)[^/:\s'\"@]+@(?=[\w-]+\.[\w.-]+[:/])")
"""git takes `user:password@host/path`, too; an image with a tag and a digest has no dot behind its @."""
_QUERY = re.compile(
    r"(?<=[?&])((?:[a-z]+[-_])*(?:token|sig|signature|secret|password|passwd|pwd|key|apikey|credential|auth|code)=)"
    r"(?!\*)[^&\s'\"#<>]+",
    re.I,
)


def dropped(text: str) -> str:
    """Return a message in which URLs lack them."""
    if "@" in text:
        text = _BARE_USER.sub("", _USER.sub("", text))
    return _QUERY.sub(r"\1...", text) if "=" in text else text


def starred(line: str) -> str:
    """Return a line of the same length, so that columns hold, in which they are stars."""
    for user in (_USER, _BARE_USER):
        line = user.sub(lambda found: "*" * (len(found[0]) - 1) + "@", line)
    return _QUERY.sub(lambda found: found[1] + "*" * (len(found[0]) - len(found[1])), line)
