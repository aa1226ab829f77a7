"""All image uses and omissions of a manifest: by the table where it knows the kind, by their looks where it does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agentslint.images.custom import row_uses
from agentslint.images.field_paths import follow, leads_somewhere
from agentslint.images.fields import ImageField, ImageFields
from agentslint.images.filled import with_fillers
from agentslint.images.heuristic import guessed_uses
from agentslint.images.inner_documents import InnerDocument, documents
from agentslint.images.tag_beside import with_tag_beside
from agentslint.images.use import ImageUse, Omission
from agentslint.model import Manifest


def image_uses(manifest: Manifest, fields: ImageFields) -> list[ImageUse]:
    """Return every place where `manifest` names an image, in the document's order by row. It never raises.

    An image that is not text, or that is no reference, is a use whose `error` says so; a placeholder that a controller
    fills in later (`{{inputs.parameters.image}}` in a workflow) is none. A use that the cluster writes over says who does.
    """
    found: dict[tuple[object, int | None], ImageUse] = {}
    for document in documents(manifest, fields):
        for use in with_fillers(document, _document_uses(document)):
            found.setdefault((use.pointer, use.start), with_tag_beside(use))
    return list(found.values())


def omissions(manifest: Manifest, fields: ImageFields) -> list[Omission]:
    """Return where a custom resource leaves the choice of an image to its operator (the table's `omitted` rows)."""
    return [
        omission
        for document in documents(manifest, fields)
        for row in document.rows
        if row.omitted
        for omission in _row_omissions(document, row)
    ]


def _document_uses(document: InnerDocument) -> Iterator[ImageUse]:
    if document.unknown:
        yield from guessed_uses(document)
    for row in document.rows:
        yield from row_uses(document, row)


def _row_omissions(document: InnerDocument, row: ImageField) -> Iterator[Omission]:
    """The last key is missing from an existing object: an absent object (a component that is off) omits nothing."""
    if any(leads_somewhere(document.body, path) for path in row.unless_steps):
        return
    *owner, key = row.steps
    for pointer, node in follow(document.body, tuple(owner), document.pointer):
        if isinstance(node, Mapping) and node.get(key) in (None, ""):
            yield Omission(document.manifest, pointer, key, row.omitted, row.source)
