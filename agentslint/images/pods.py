"""Pod specs wherever they sit, and the containers in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agentslint.images.builtin import builtin_fields
from agentslint.images.container import Container
from agentslint.images.custom import pod_pointer, row_containers
from agentslint.images.field_paths import follow
from agentslint.images.fields import ImageFields
from agentslint.images.heuristic import guessed_containers, is_pod_spec
from agentslint.images.inner_documents import InnerDocument, documents
from agentslint.images.search import objects
from agentslint.images.use import PodSpec
from agentslint.model import Manifest, Pointer


def pod_specs(manifest: Manifest, fields: ImageFields | None = None) -> list[PodSpec]:
    """Return the pod specs of a manifest, and the parts of custom resources that hold their pull secrets, each once.

    `fields` is the built-in table unless given.
    """
    found: dict[Pointer, PodSpec] = {}
    for document in documents(manifest, fields or builtin_fields()):
        for spec in document_pods(document):
            found.setdefault(spec.pointer, spec)
    return list(found.values())


def document_pods(document: InnerDocument) -> Iterator[PodSpec]:
    """Yield the pod specs of one document: by the table, or by their shape where the table does not know the kind."""
    if document.unknown:
        yield from (PodSpec(document.manifest, pointer, node, guessed=True) for pointer, node in objects(document) if is_pod_spec(node))
    for row in document.rows:
        for pointer, _ in follow(document.body, row.steps, document.pointer) if row.form != "none" else ():
            pod = pod_pointer(document, row, pointer)
            spec = document.manifest.at(pod) if pod is not None else None
            if pod is not None and isinstance(spec, Mapping):
                yield PodSpec(document.manifest, pod, spec)


def document_containers(document: InnerDocument) -> Iterator[Container]:
    """Yield the containers of one document."""
    if document.unknown:
        yield from guessed_containers(document)
    for row in document.rows:
        yield from row_containers(document, row)
