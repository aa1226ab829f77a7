"""The labels and annotations that Flux sets on every object (`commonMetadata`), over those that it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentslint.deploy.block_text import block_text
from agentslint.deploy.typed import mapping
from agentslint.yamlread import compose, load_trusted, value
from agentslint.yamlread.split_documents import split

_KEYS = ("labels", "annotations")


def with_common_metadata(stream: bytes, spec: Mapping[str, Any], *, by_kustomize: bool) -> bytes:
    """Return manifests with the common metadata of a spec; the output of kustomize is read fast."""
    common = {key: dict(said) for key in _KEYS if (said := mapping(mapping(spec, "commonMetadata"), key))}
    if not common:
        return stream
    parts = []
    for data, _ in split(stream):
        text = data.decode("utf-8")
        bodies = [load_trusted(text)] if by_kustomize else [value(node) for node in compose(text, duplicate_keys=True)]
        parts += [block_text(_marked(body, common)) for body in bodies if isinstance(body, Mapping)]
    return "---\n".join(parts).encode()


def _marked(body: Mapping[str, Any], common: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    metadata = mapping(body, "metadata")
    laid = {key: {**mapping(metadata, key), **said} for key, said in common.items()}
    return {**body, "metadata": {**metadata, **laid}}
