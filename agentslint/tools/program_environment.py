"""The environment of a render: a short list of names, so that no chart finds the secrets of the job."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from agentslint.access import CERTIFICATES

_FREE_SPEED = {"GOGC": "400"}
_OUTSIDE_OF_THE_HEAP = 640 << 20
_REGISTRY = "HELM_REGISTRY_CONFIG"
_ALLOWED = frozenset(
    (
        *("PATH", "LANG", "LANGUAGE", "TZ", "TZDIR", "TMPDIR"),
        *CERTIFICATES,
        *("GOGC", "GOMEMLIMIT", "GOMAXPROCS", "GODEBUG", "GOTRACEBACK"),
    )
)
_ALLOWED_IN_ANY_CASE = frozenset(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"))
_OF_A_CLUSTER = ("KUBECONFIG",)
_OF_A_GIT_HOOK = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE",
)  # fmt: skip
"""Set while git runs a hook: fetched objects would go into the repository of the hook."""


def renderer_environment(environ: Mapping[str, str], *, parallel: bool = False, more: Iterable[str] = ()) -> dict[str, str]:
    """Return the environment of a render: search path, locale, proxies, certificates, and the names in `more`.

    Neither tokens nor HOME. The Go runtime's settings change nothing in the output; the user's own ones win.
    """
    named = frozenset(more)
    kept = {name: value for name, value in environ.items() if _is_allowed(name) or name in named}
    speed = {**_FREE_SPEED, **({"GOMAXPROCS": "1"} if parallel else {})}
    return {**speed, **_whole(kept)}


def fetch_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment in which charts and bases are fetched: the user's, for credentials and their helpers.

    Without clusters, and without helm's settings but registry logins.
    """
    left_out = (*_OF_A_CLUSTER, *_OF_A_GIT_HOOK)
    kept = {name: value for name, value in environ.items() if name not in left_out and (name == _REGISTRY or not name.startswith("HELM_"))}
    return _whole(kept)


def heap_goal(environ: Mapping[str, str], limit: int) -> dict[str, str]:
    """Return the heap size from which Go collects garbage more often, for a process that may take `limit` bytes.

    With GOGC=400 alone, a render that needs 1.5 GB takes more than the limit of 2 GiB. The user's own goal wins.
    """
    goal = max(limit // 2, limit - _OUTSIDE_OF_THE_HEAP)
    return {} if "GOMEMLIMIT" in environ else {"GOMEMLIMIT": str(goal)}


def _is_allowed(name: str) -> bool:
    return name in _ALLOWED or name.startswith("LC_") or name.upper() in _ALLOWED_IN_ANY_CASE


def _whole(environ: dict[str, str]) -> dict[str, str]:
    """Renders have another current folder: the path of the registry logins becomes an absolute one."""
    if environ.get(_REGISTRY):
        return {**environ, _REGISTRY: os.path.abspath(environ[_REGISTRY])}
    return {name: value for name, value in environ.items() if name != _REGISTRY}


def helm_homes(folder: str) -> dict[str, str]:
    """Return helm's own folders, as kustomize sets them for each chart."""
    return {f"HELM_{name}_HOME": f"{folder}/{name.lower()}" for name in ("CONFIG", "CACHE", "DATA")}
