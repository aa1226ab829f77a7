"""Manifests, with an image here and a secret there."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.fuzz.case import SECRET
from tests.fuzz.texts import ANY, IMAGES, NAMES, SCALARS, chance

_LABELS = {"app": "web"}


def _pod(image: str, name: str, more: dict[str, Any]) -> dict[str, Any]:
    return {"containers": [{"name": name, "image": image, **more}]}


@st.composite
def _specs(draw: st.DrawFn) -> dict[str, Any]:
    spec = _pod(draw(IMAGES), draw(NAMES), draw(st.dictionaries(st.sampled_from(["env", "args", "command", "ports"]), ANY, max_size=1)))
    if draw(chance(0.2)):
        spec["initContainers"] = [{"name": "init", "image": draw(IMAGES)}]
    if draw(chance(0.2)):
        spec["imagePullSecrets"] = [{"name": draw(NAMES)}]
    return spec


def _workload(kind: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    head = {"apiVersion": {"Pod": "v1", "CronJob": "batch/v1"}.get(kind, "apps/v1"), "kind": kind, "metadata": {"name": name}}
    template = {"metadata": {"labels": _LABELS}, "spec": spec}
    if kind == "Pod":
        return head | {"spec": spec}
    if kind == "CronJob":
        return head | {"spec": {"schedule": "* * * * *", "jobTemplate": {"spec": {"template": template}}}}
    return head | {"spec": {"replicas": 1, "selector": {"matchLabels": _LABELS}, "template": template}}


def _secret(name: str, key: str, encoded: bool) -> dict[str, Any]:
    field = "data" if encoded else "stringData"
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, field: {key: f"nginx:{SECRET}"}}


def _custom(name: str, body: Any) -> dict[str, Any]:
    return {"apiVersion": "agents.example.com/v1", "kind": "Tool", "metadata": {"name": name}, "spec": body}


def _listed(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "List", "items": items}


KINDS = st.sampled_from(["Deployment", "Pod", "StatefulSet", "CronJob", "DaemonSet"])
WORKLOADS = st.builds(_workload, KINDS, NAMES, _specs())


def ordinary(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """A Deployment as there are many."""
    return st.builds(_workload, st.just("Deployment"), st.just(name), _specs())


CONFIG_MAPS = st.builds(
    lambda name, data: {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data},
    NAMES,
    st.dictionaries(NAMES, SCALARS, max_size=3),
)
MANIFESTS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    ordinary("api"),
    ordinary("agents"),
    ordinary("worker"),
    WORKLOADS,
    CONFIG_MAPS,
    st.builds(_secret, st.sampled_from(["s", "web"]), st.sampled_from(["token", "image"]), st.booleans()),
    st.builds(_custom, NAMES, st.one_of(ANY, st.builds(lambda image: {"image": image}, IMAGES))),
    st.builds(_listed, st.lists(WORKLOADS, max_size=2)),
    st.dictionaries(NAMES, ANY, max_size=3),
)
