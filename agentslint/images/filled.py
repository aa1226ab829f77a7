"""Images that something in the cluster writes over: what the manifest says there is a placeholder, and never runs.

- OpenShift's image triggers: the annotation `image.openshift.io/triggers`, and the triggers of a DeploymentConfig, put the image of
  an ImageStreamTag into a container (github.com/openshift/origin, pkg/image/apis/image/v1/trigger).
- OpenShift resolves a bare name by an ImageStream of the namespace whose `lookupPolicy` is local, or where a workload asks for it.
- Istio's injection gives a container its own image where `image: auto` stands.
- Flux fills in `${name}`, perhaps from an object that is not in the repository.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from agentslint.images.inner_documents import InnerDocument
from agentslint.images.use import ImageUse, UseKind
from agentslint.model import Manifest, Pointer

_FIELD_PATH = re.compile(r"([\w.]+)\.(containers|initContainers)\[(?:(\d+)|\?\(@\.name\s*==\s*[\"']([^\"']+)[\"']\))\]\.image")
_TRIGGERS = "image.openshift.io/triggers"
_TRIGGERED = frozenset({"", "apps", "apps.openshift.io", "batch", "extensions"})
_RESOLVE_NAMES = "alpha.image.policy.openshift.io/resolve-names"
_STREAM_GROUPS = ("image.openshift.io", "")
_INJECTED = ("istio-proxy", "istio-init", "istio-validation")
_INJECT = "sidecar.istio.io/inject"
_CONTAINERS = frozenset({UseKind.CONTAINER, UseKind.INIT_CONTAINER, UseKind.GUESSED})


def with_fillers(document: InnerDocument, uses: Iterable[ImageUse]) -> Iterator[ImageUse]:
    """Yield the uses of a document; those that the cluster writes over name who does."""
    triggers = list(_triggers(document))
    for use in uses:
        if use.kind not in _CONTAINERS or use.pointer[-1] != "image":
            yield use
            continue
        by_trigger = next((source for place, name, source in triggers if _is_at(document, use, place, name)), "")
        source = f"OpenShift's image trigger from {by_trigger}" if by_trigger else _injector(use) or _resolver(document, use)
        yield filled(use, source) if source else use


def filled(use: ImageUse, source: str) -> ImageUse:
    """The same use as a placeholder: it names no image."""
    return replace(use, reference=None, error="", filled_by=source)


def by_streams(uses: Iterable[ImageUse], manifests: Iterable[Manifest]) -> Iterator[ImageUse]:
    """Yield the uses of a target; those name their ImageStream that OpenShift resolves by one of the target's `manifests`."""
    streams = {(each.namespace, each.name) for each in manifests if _is_local(each)}
    for use in uses:
        name = _bare_name(use)
        known = bool(name) and (use.manifest.namespace, name) in streams
        yield filled(use, f"the ImageStream {name}") if known else use


def by_outside(uses: Iterable[ImageUse], outside: Iterable[str]) -> Iterator[ImageUse]:
    """Yield the uses of a target; those with a variable that Flux leaves open here name the objects that may fill it in."""
    source = ", ".join(outside)
    for use in uses:
        yield filled(use, source) if source and "${" in use.text else use


def _is_local(manifest: Manifest) -> bool:
    return manifest.kind == "ImageStream" and manifest.group in _STREAM_GROUPS and manifest.at(("spec", "lookupPolicy", "local")) is True


def _bare_name(use: ImageUse) -> str:
    """The name by which OpenShift looks for an ImageStream: one without registry and namespace."""
    image = use.reference if use.pulled or use.kind is UseKind.GUESSED else None
    return image.repository if image and "/" not in image.repository and image.digest is None else ""


def _triggers(document: InnerDocument) -> Iterator[tuple[Pointer, str | int, str]]:
    """Yield the list of containers, the container's name or number in it, and the ImageStreamTag that is put there.

    OpenShift looks at the annotation of Kubernetes' own workloads.
    """
    group = str(document.body.get("apiVersion")).rpartition("/")[0]
    for trigger in _listed(_json(_at(document.body, ("metadata", "annotations", _TRIGGERS)))):
        path = _FIELD_PATH.fullmatch(str(trigger.get("fieldPath")))
        # The documentation of OpenShift shows `paused` as a boolean, and as a text.
        if path and group in _TRIGGERED and str(trigger.get("paused")).lower() != "true" and (source := _stream_tag(trigger.get("from"))):
            number: str | int = int(path[3]) if path[3] else path[4]
            yield (*path[1].split("."), path[2]), number, source
    for trigger in _listed(_at(document.body, ("spec", "triggers"))):
        change = trigger.get("imageChangeParams")
        if trigger.get("type") == "ImageChange" and isinstance(change, Mapping) and (source := _stream_tag(change.get("from"))):
            for name in change.get("containerNames") or ():
                for key in ("containers", "initContainers"):
                    yield ("spec", "template", "spec", key), str(name), source


def _is_at(document: InnerDocument, use: ImageUse, place: Pointer, name: str | int) -> bool:
    inside = use.pointer[len(document.pointer) :]
    return inside[:-2] == place and name in (inside[-2], use.container)


def _stream_tag(source: Any) -> str:
    """`ImageStreamTag web:live`, if it is one."""
    if not isinstance(source, Mapping) or source.get("kind") != "ImageStreamTag" or not source.get("name"):
        return ""
    namespace = f"{source['namespace']}/" if source.get("namespace") else ""
    return f"ImageStreamTag {namespace}{source['name']}"


def _injector(use: ImageUse) -> str:
    """Istio's injection fills in `auto` in the containers of its template: those of its own, or of one that the pod names."""
    if use.text != "auto":
        return ""
    said = {"true": True, "false": False}
    words = [said.get(str(_metadata(use, key).get(_INJECT)).lower()) for key in ("labels", "annotations")]
    is_known = use.container in _INJECTED or "inject.istio.io/templates" in _metadata(use, "annotations")
    return "Istio's sidecar injection" if False not in words and is_known else ""


def _resolver(document: InnerDocument, use: ImageUse) -> str:
    """A workload, or its pods, may ask OpenShift to resolve bare names by ImageStreams of its namespace."""
    asks = (_at(document.body, ("metadata", "annotations", _RESOLVE_NAMES)), _metadata(use, "annotations").get(_RESOLVE_NAMES))
    return f"the ImageStream {_bare_name(use)}" if "*" in asks and _bare_name(use) else ""


def _metadata(use: ImageUse, key: str) -> Mapping[Any, Any]:
    """Labels or annotations of the pod, or of the template of one, that a container belongs to."""
    found = use.manifest.at((*use.pod[:-1], "metadata", key)) if use.pod else None
    return found if isinstance(found, Mapping) else {}


def _at(body: Any, pointer: Pointer) -> Any:
    for step in pointer:
        body = body.get(step) if isinstance(body, Mapping) else None
    return body


def _json(text: Any) -> Any:
    try:
        return json.loads(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _listed(items: Any) -> Iterator[Mapping[Any, Any]]:
    return (item for item in (items if isinstance(items, list) else ()) if isinstance(item, Mapping))
