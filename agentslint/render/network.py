"""The environment of a renderer without network, and its messages when it needs one."""

from __future__ import annotations

import re

_NOWHERE = "http://127.0.0.1:9"
"""The port of the discard service, where nobody listens."""
NO_NETWORK = {
    **{name: _NOWHERE for each in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY") for name in (each, each.lower())},
    "NO_PROXY": "", "no_proxy": "", "GIT_ALLOW_PROTOCOL": "none",
}  # fmt: skip
"""The environment of --offline: all that holds where the kernel cannot refuse sockets. A name may still be looked up."""

_REFUSED = re.compile(
    r"""
    \bdial\ (?:tcp|udp)\b                                       # Go: kustomize, helm
    | \bsocket:\ (?:permission\ denied|operation\ not\ permitted)
    | \bproxyconnect\ tcp\b
    | \bCould\ not\ resolve\ (?:host|proxy)\b                    # curl, for git
    | \bFailed\ to\ connect\ to\b
    | \btransport\ '\w+'\ not\ allowed\b                          # git
    | \bcannot\ run\ ssh\b
    """,
    re.X | re.I,
)
_SEEN = 32 << 10


def wants_network(said: str) -> bool:
    """Tell whether a program that failed says that it could not reach the network."""
    return bool(_REFUSED.search(said[:_SEEN]) or _REFUSED.search(said[-_SEEN:]))
