"""What lets somebody in, inside of a URL: user and password, and a query's tokens."""

from __future__ import annotations

import re

_USER = re.compile(r"(?<=://)[^/@\s'\"]+@")
_QUERY = re.compile(
    r"(?<=[?&])((?:[a-z]+[-_])*(?:token|sig|signature|secret|password|passwd|pwd|key|apikey|credential|auth|code)=)[^&\s'\"#<>]+", re.I
)


def dropped(text: str) -> str:
    """Return a message in which URLs lack them."""
    return _QUERY.sub(r"\1...", _USER.sub("", text))


def starred(line: str) -> str:
    """Return a line of the same length, so that columns hold, in which they are stars."""
    line = _USER.sub(lambda found: "*" * (len(found[0]) - 1) + "@", line)
    return _QUERY.sub(lambda found: found[1] + "*" * (len(found[0]) - len(found[1])), line)
