"""The subjects of asserts: the variables that their expressions read, and the fields from which those are taken."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct

from agentslint.cel import Expressions, Scope
from agentslint.images.container import pod_containers
from agentslint.images.use import ImageUse, UseKind, container_title
from agentslint.model import Field, HelmChartEntry, Manifest, Place, Pointer, Target
from agentslint.rule import LocalChart, RenderedTarget, target_location

VARIABLES: Mapping[str, tuple[str, ...]] = {
    "manifests": ("object", "target", "application", "values", "chart"),
    "workloads": ("object", "workload", "target", "application", "values", "chart"),
    "containers": ("object", "workload", "container", "target", "application", "values", "chart"),
    "images": ("object", "image", "target", "application", "values", "chart"),
    "targets": ("object", "target", "application"),
}
"""The variables of each `each`; of `targets` the object is a List of all that is rendered."""
_NAMED_ONLY = (UseKind.ENVIRONMENT, UseKind.ARGUMENT, UseKind.CONFIGURATION, UseKind.IMPORT, UseKind.EVERY_TAG, UseKind.BUILD)
_SECRETS = ("Secret", "SecretList")
_WITHHELD = "(withheld)"


class Subject(Struct, frozen=True, dict=True):
    """One thing that is judged: a manifest, or the part of it at `pointer`; without a manifest the whole target."""

    rendered: RenderedTarget
    manifest: Manifest | None = None
    pointer: Pointer = ()
    pod: Pointer = ()
    use: ImageUse | None = None
    title: str = ""

    @property
    def target(self) -> Target:
        """The target that it belongs to."""
        return self.rendered.target

    @property
    def owner(self) -> str:
        """Its name in messages: `Deployment/web (container app)`."""
        if self.use:
            return self.use.owner
        name = self.manifest.resource if self.manifest else self.target.name
        return f"{name} ({self.title})" if self.title else name

    @property
    def holds_secrets(self) -> bool:
        """Whether it may hold the contents of Secrets, which no message shows."""
        return self.manifest is None or self.manifest.kind in _SECRETS or self.manifest.kind == "List"

    @property
    def place(self) -> Place:
        """The place of the whole subject."""
        return Field(self.manifest, self.pointer) if self.manifest else target_location(self.target)

    @cached_property
    def entry(self) -> HelmChartEntry | None:
        """The chart that made it, if one did."""
        return self.rendered.entry_of(self.manifest) if self.manifest else None

    @cached_property
    def chart(self) -> LocalChart | None:
        """Its chart, where that is in the repository."""
        return self.rendered.local_chart(self.entry) if self.entry else None

    def variables(self, names: Collection[str]) -> dict[str, Any] | None:
        """Return the values of some variables; None where one is missing, as `values` is where no chart made the object."""
        found = {name: make(self) for name, make in _MAKERS.items() if name in names}
        return None if any(value is None for value in found.values()) else found

    def shown(self) -> dict[str, Any]:
        """Return all variables that it has, as a message may show them: without the contents of Secrets."""
        made = {name: make(self) for name, make in _MAKERS.items()}
        return {name: _withheld(value) if name == "object" else value for name, value in made.items() if value is not None}

    def field(self, way: Pointer) -> Place | None:
        """Return the place of a path that begins with a variable; None for a value that stands in no file, such as the name of a target."""
        root, *rest = way
        inner = tuple(rest)
        if root == "values":
            return self._value(inner)
        if root == "chart":
            return self.chart.described_at(inner) if self.chart else None
        if self.manifest is None:
            return self._item(inner) if root == "object" else None
        if root == "image" and self.use:
            parts = {"tag": self.use.tag_field, "digest": self.use.digest_field, "text": self.use.field}
            return parts.get(str(rest[0]) if rest else "text", self.use.repository_field)
        if root == "workload":
            inner = (*self.pod, *inner[1:]) if inner[:1] == ("pod",) else ("kind",) if inner == ("kind",) else ("metadata", *inner)
        elif root == "container":
            inner = (*self.pointer, *inner)
        elif root != "object":
            return None
        return Field(self.manifest, inner)

    def _item(self, way: Pointer) -> Place | None:
        if len(way) > 1 and way[0] == "items" and isinstance(way[1], int):
            return Field(self.rendered.manifests[way[1]], way[2:])
        return None

    def _value(self, way: Pointer) -> Place | None:
        """The authored value of the chart: of a list the whole, where the item is not known."""
        if self.entry is None:
            return None
        texts = tuple(step for step in way if isinstance(step, str))
        return self.rendered.values_of(self.entry).location(texts[: next((n for n, step in enumerate(way) if isinstance(step, int)), None)])


def subjects(rendered: RenderedTarget, each: str, manifest: Manifest) -> list[Subject]:
    """Return the subjects in one manifest, made once for all asserts."""
    known = rendered.kept
    key = "subjects", each, manifest.index
    if key not in known:
        known[key] = list(_PARTS[each](rendered, manifest))
    found: list[Subject] = known[key]
    return found


def scope_of(subject: Subject, expressions: Expressions, names: Collection[str]) -> tuple[Scope, dict[str, Any]] | None:
    """Return the scope of a subject with its values, shared by all asserts with the same variables; None where one is missing."""
    known = subject.rendered.kept
    key = expressions.variables, frozenset(names), id(subject)
    if key not in known:
        values = subject.variables(names)
        # The subject stays with its scope, so that its id is not given to another one.
        known[key] = subject, None if values is None else (expressions.scope(values), values)
    found: tuple[Scope, dict[str, Any]] | None = known[key][1]
    return found


def _manifest(rendered: RenderedTarget, manifest: Manifest) -> Iterator[Subject]:
    yield Subject(rendered, manifest)


def _workloads(rendered: RenderedTarget, manifest: Manifest) -> Iterator[Subject]:
    for pod in rendered.pods:
        if pod.manifest is manifest and isinstance(pod.spec.get("containers"), list):
            yield Subject(rendered, manifest, pod=pod.pointer)


def _containers(rendered: RenderedTarget, manifest: Manifest) -> Iterator[Subject]:
    for workload in subjects(rendered, "workloads", manifest):
        for each in pod_containers(manifest.at(workload.pod), workload.pod):
            yield Subject(rendered, manifest, each.pointer, workload.pod, title=container_title(each.kind, each.name))


def _images(rendered: RenderedTarget, manifest: Manifest) -> Iterator[Subject]:
    for use in rendered.image_uses:
        if use.manifest is manifest and use.kind not in _NAMED_ONLY:
            yield Subject(rendered, manifest, use.pointer, use=use)


_PARTS: Mapping[str, Callable[[RenderedTarget, Manifest], Iterator[Subject]]] = {
    "manifests": _manifest, "workloads": _workloads, "containers": _containers, "images": _images,
}  # fmt: skip


def _object(subject: Subject) -> Any:
    if subject.manifest:
        return subject.manifest.body
    return {"apiVersion": "v1", "kind": "List", "items": [manifest.body for manifest in subject.rendered.manifests]}


def _workload(subject: Subject) -> Any:
    manifest = subject.manifest
    if manifest is None:
        return None
    return {"kind": manifest.kind, "name": manifest.name, "namespace": manifest.namespace, "pod": manifest.at(subject.pod)}


def _container(subject: Subject) -> Any:
    return subject.manifest.at(subject.pointer) if subject.manifest else None


def _image(subject: Subject) -> Any:
    use = subject.use
    if use is None or use.reference is None:
        return None
    read = use.reference
    return {
        "text": use.text, "registry": read.registry, "repository": read.repository, "path": read.path,
        "tag": read.tag or "", "digest": read.digest or "", "container": use.container,
    }  # fmt: skip


def _target(subject: Subject) -> Any:
    target = subject.target
    environments = sorted(subject.rendered.context.environments(target, subject.manifest))
    return {"name": target.name, "path": target.path, "kind": target.kind.value, "environments": environments}


def _application(subject: Subject) -> Any:
    deployed = subject.target.deployed
    if deployed is None:
        return None
    own, to = deployed.application, deployed.application.destination
    return {
        "name": own.name, "namespace": own.namespace, "deployer": own.deployer, "project": own.project, "set": own.set,
        "destination": {"name": to.name, "server": to.server, "namespace": to.namespace},
    }  # fmt: skip


def _chart(subject: Subject) -> Any:
    return subject.chart.described if subject.chart else None


def _values(subject: Subject) -> Any:
    return subject.rendered.values_of(subject.entry).merged if subject.entry else None


_MAKERS: Mapping[str, Callable[[Subject], Any]] = {
    "object": _object, "workload": _workload, "container": _container, "image": _image, "target": _target,
    "application": _application, "values": _values, "chart": _chart,
}  # fmt: skip


def _withheld(body: Any) -> Any:
    if not isinstance(body, Mapping):
        return body
    if body.get("kind") == "List" and isinstance(body.get("items"), list):
        return {**body, "items": [_withheld(item) for item in body["items"]]}
    if body.get("kind") not in _SECRETS:
        return body
    kept = ("apiVersion", "kind", "type", "immutable")
    metadata = body.get("metadata")
    shown = {key: metadata[key] for key in ("name", "namespace", "labels") if key in metadata} if isinstance(metadata, Mapping) else {}
    hidden = {key: dict.fromkeys(body[key], _WITHHELD) for key in ("data", "stringData") if isinstance(body.get(key), Mapping)}
    return {**{key: body[key] for key in kept if key in body}, "metadata": shown, **hidden}
