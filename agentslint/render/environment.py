"""The environment of a render: the same wherever agentslint is started, from a shell, a git hook or CI."""

from __future__ import annotations

import os
from collections.abc import Mapping

_FREE_SPEED = {"GOGC": "400"}
_OUTSIDE_OF_THE_HEAP = 640 << 20
_OF_A_CLUSTER = ("KUBECONFIG",)
_OF_A_GIT_HOOK = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE",
)  # fmt: skip
"""Set while git runs a hook: the clones that kustomize makes of remote bases would go into the repository of the hook."""
_REGISTRY = "HELM_REGISTRY_CONFIG"


def renderer_environment(environ: Mapping[str, str], *, parallel: bool) -> dict[str, str]:
    """Return the environment of a render: no cluster, no helm settings of the user's but registry logins; proxies and certificates stay.

    The Go runtime's settings change nothing in the output; the user's own ones win.
    """
    kept = {name: value for name, value in environ.items() if _stays(name)}
    if environ.get(_REGISTRY):
        kept[_REGISTRY] = os.path.abspath(environ[_REGISTRY])
    speed = {**_FREE_SPEED, **({"GOMAXPROCS": "1"} if parallel else {})}
    return {**speed, **kept}


def heap_goal(environ: Mapping[str, str], limit: int) -> dict[str, str]:
    """Return the heap size from which Go collects garbage more often, for a process that may take `limit` bytes.

    With GOGC=400 alone, a render that needs 1.5 GB takes more than the limit of 2 GiB. The user's own goal wins.
    """
    goal = max(limit // 2, limit - _OUTSIDE_OF_THE_HEAP)
    return {} if "GOMEMLIMIT" in environ else {"GOMEMLIMIT": str(goal)}


def _stays(name: str) -> bool:
    return name not in (*_OF_A_CLUSTER, *_OF_A_GIT_HOOK) and not name.startswith("HELM_")


def helm_homes(folder: str) -> dict[str, str]:
    """Return helm's own folders, as kustomize sets them for each chart."""
    return {f"HELM_{name}_HOME": f"{folder}/{name.lower()}" for name in ("CONFIG", "CACHE", "DATA")}
