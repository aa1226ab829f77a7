"""The documents of a manifest: itself, and the manifests that the table says it holds inside (lists, work for other clusters)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from agentslint.images.field_paths import follow
from agentslint.images.fields import ImageField, ImageFields
from agentslint.model import Manifest, ManifestHead, Pointer

TemplateParameters = Mapping[str, tuple[Pointer, str]]
"""The parameters of a template: the place and the text of each default."""
_DEEPEST = 8
_PLAIN_GROUPS = frozenset({"", "apps", "batch", "extensions"})
_SECRET_KINDS = frozenset({("", "Secret"), ("bitnami.com", "SealedSecret")})
_SECRET_GROUPS = frozenset({"external-secrets.io", "generators.external-secrets.io"})


class InnerDocument(Struct, frozen=True):
    """One manifest, or one inside of another; `pointer` leads to it from the root.

    `rows` are the table's rows of its kind; `unknown` says that the table does not know it. `placeholders` says that
    something may still fill in `{{...}}` and the like before a container is made of it, and `given` are the parameters of the
    template that it stands in, each with its place and its default.
    """

    manifest: Manifest
    pointer: Pointer
    body: Mapping[Any, Any]
    rows: tuple[ImageField, ...]
    placeholders: bool
    given: TemplateParameters = {}

    @property
    def unknown(self) -> bool:
        """Whether the table has no row of the kind."""
        return not self.rows


def documents(manifest: Manifest, fields: ImageFields) -> Iterator[InnerDocument]:
    """Yield the manifest's documents, outer ones first. Kinds that hold secrets are left out, whatever the table says."""
    yield from _documents(manifest, manifest.body, (), fields, {}, placeholders=False)


def may_hold_images(head: ManifestHead, fields: ImageFields) -> bool:
    """Tell from the head alone whether a document may hold an image, so that others need not be parsed.

    A kind that the table does not know may; so may what names no kind.
    """
    group = head.api_version.rpartition("/")[0]
    if holds_secrets(group, head.kind):
        return False
    return not is_silent(fields.for_kind(group, head.kind))


def holds_secrets(group: str, kind: str) -> bool:
    """Tell whether documents of this kind hold secrets, or where to find them."""
    return (group, kind) in _SECRET_KINDS or group in _SECRET_GROUPS


def is_silent(rows: tuple[ImageField, ...]) -> bool:
    """Tell whether the table says that a kind holds no image."""
    return bool(rows) and all(row.form == "none" for row in rows)


def identity(body: Mapping[Any, Any]) -> tuple[str, str]:
    """Return group and kind of a document."""
    api_version, kind = body.get("apiVersion"), body.get("kind")
    group = api_version.rpartition("/")[0] if isinstance(api_version, str) else ""
    return group, kind if isinstance(kind, str) else ""


def _documents(
    manifest: Manifest, body: Any, pointer: Pointer, fields: ImageFields, given: TemplateParameters, *, placeholders: bool
) -> Iterator[InnerDocument]:
    if not isinstance(body, Mapping) or len(pointer) > _DEEPEST * 4:
        return
    group, kind = identity(body)
    if holds_secrets(group, kind):
        return
    rows = fields.for_kind(group, kind)
    placeholders = placeholders or group not in _PLAIN_GROUPS or kind == "Template"
    given = {**given, **_parameters(body, pointer)} if kind == "Template" else given
    yield InnerDocument(manifest, pointer, body, rows, placeholders, given)
    for row in rows:
        if row.form == "manifest":
            for inner, node in follow(body, row.steps, pointer):
                yield from _documents(manifest, node, inner, fields, given, placeholders=placeholders)


def _parameters(template: Mapping[Any, Any], pointer: Pointer) -> dict[str, tuple[Pointer, str]]:
    """The parameters of an OpenShift Template that have a default (https://docs.okd.io/latest/openshift_images/using-templates.html)."""
    listed = template.get("parameters")
    found: dict[str, tuple[Pointer, str]] = {}
    for number, each in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(each, Mapping) and isinstance(each.get("name"), str) and isinstance(each.get("value"), str):
            found[each["name"]] = (*pointer, "parameters", number, "value"), each["value"]
    return found
