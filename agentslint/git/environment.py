"""The environment of git: the user's settings and keys, and nothing that would turn a question to another repository."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

_KEPT = re.compile(
    "GIT_(CONFIG_(COUNT|KEY_.*|VALUE_.*|PARAMETERS|GLOBAL|SYSTEM|NOSYSTEM)|EXEC_PATH|ATTR_NOSYSTEM"
    "|ASKPASS|SSH|SSH_COMMAND|SSH_VARIANT|SSL_.*|HTTP_.*|PROXY_.*|CURL_.*|ALLOW_PROTOCOL|NO_LAZY_FETCH|LFS_.*"
    "|TEST_ASSUME_DIFFERENT_OWNER)"
)
"""How the user reads configuration (`safe.directory` may stand there) and fetches. All others say which repository, index, objects,
attributes or paths are meant, start programs, or write traces."""
_OF_A_FETCH = re.compile(
    "(GIT|SSH|XDG|LC|GCM|KRB5|SSL)_.*|KRB5.*|PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|TZ|TZDIR|TMPDIR|NETRC|GNUPGHOME|CURL_CA_BUNDLE"
    "|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|DBUS_SESSION_BUS_ADDRESS|(?i:(http|https|all|no)_proxy)"
)
_PROGRAMS = frozenset(("GIT_ASKPASS", "SSH_ASKPASS", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_PROXY_COMMAND"))
_PROTOCOLS = "file:http:https:ssh"
"""`ext` runs any program; `git` may start one that the repository names (core.gitProxy)."""
_FIXED = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
"""In English, since messages are read; without a lock on the index; without a question to the user."""
_OFFLINE = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
"""Before 2.44 git fetches what a partial clone lacks all the same: then no protocol is allowed."""


def environment(*, network: bool, settings: Sequence[tuple[str, str]] = ()) -> dict[str, str]:
    """Return the environment of a question to git; `settings` win over those of the repository."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("GIT_") or _KEPT.fullmatch(name)}
    online = {} if "GIT_ALLOW_PROTOCOL" in kept else {"GIT_ALLOW_PROTOCOL": _PROTOCOLS}
    return kept | _FIXED | (online if network else _OFFLINE) | _configuration(kept.get("GIT_CONFIG_COUNT", ""), settings)


def of_a_fetch(environ: dict[str, str]) -> dict[str, str]:
    """Return the part of an environment that git needs to fetch, without tokens of the job; all of it where the user named a program."""
    if not _PROGRAMS.isdisjoint(environ):
        return environ
    return {name: text for name, text in environ.items() if _OF_A_FETCH.fullmatch(name)}


def _configuration(count: str, settings: Sequence[tuple[str, str]]) -> dict[str, str]:
    """After the settings that the environment has already; git says itself that a count is none."""
    if not settings or not (count.isdecimal() or not count):
        return {}
    first = int(count or "0")
    found = {"GIT_CONFIG_COUNT": str(first + len(settings))}
    for number, (key, value) in enumerate(settings, first):
        found |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return found
