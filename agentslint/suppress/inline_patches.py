"""Patches that are written in a kustomization itself: text to its YAML, YAML to kustomize, comments included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agentslint.model.target import KUSTOMIZATION_FILES
from agentslint.yamlread import MappingNode, Node, ScalarNode, SequenceNode, YamlError, compose, value

_LISTS = ("patches", "patchesjson6902", "patchesstrategicmerge")


def inline_patches(document: Node, path: str) -> Iterator[ScalarNode]:
    """Yield the patches that stand as literal blocks in a kustomization; none in another file."""
    for name, listed in _entries(document, path):
        if name in _LISTS and isinstance(listed, SequenceNode):
            for entry in listed.items:
                named = [item for key, item in entry.pairs if key.text.lower() == "patch"] if isinstance(entry, MappingNode) else [entry]
                yield from (node for node in named if isinstance(node, ScalarNode) and node.style == "literal")


def inline_values(document: Node) -> Iterator[ScalarNode]:
    """Yield the literal blocks of a manifest whose text is YAML: values and patches of Argo CD's objects, files of a ConfigMap."""
    body = value(document) if isinstance(document, MappingNode) else None
    kind = body.get("kind") if isinstance(body, Mapping) else None
    if kind in ("Application", "ApplicationSet", "ConfigMap", "List"):
        yield from _literals(document, "")


def _literals(node: Node, above: str) -> Iterator[ScalarNode]:
    if isinstance(node, SequenceNode):
        for item in node.items:
            yield from _literals(item, above)
    elif isinstance(node, MappingNode):
        for key, item in node.pairs:
            if isinstance(item, ScalarNode):
                is_yaml = key.text in ("templatePatch", "patch") or (above, key.text) == ("helm", "values")
                is_file = above == "data" and key.text.endswith((".yaml", ".yml"))
                yield from [item] if item.style == "literal" and (is_yaml or is_file) else ()
            else:
                yield from _literals(item, key.text)


def meaning(text: str, path: str) -> str:
    """Say what a YAML file means, for comparison; a patch in a kustomization is compared by its own meaning. Raises YamlError."""
    documents = compose(text, path, duplicate_keys=True)
    return repr([_understood(value(document)) if _is_kustomization(path) else value(document) for document in documents])


def _entries(document: Node, path: str) -> list[tuple[str, Node]]:
    if not (_is_kustomization(path) and isinstance(document, MappingNode)):
        return []
    return [(key.text.lower(), item) for key, item in document.pairs]


def _is_kustomization(path: str) -> bool:
    return path.rpartition("/")[2] in KUSTOMIZATION_FILES


def _understood(body: Any) -> Any:
    if not isinstance(body, Mapping):
        return body
    return {
        key: [_patch(entry) for entry in item] if key.lower() in _LISTS and isinstance(item, list) else item for key, item in body.items()
    }


def _patch(entry: Any) -> Any:
    if isinstance(entry, Mapping):
        return {key: _parsed(item) if key.lower() == "patch" else item for key, item in entry.items()}
    return _parsed(entry)


def _parsed(text: Any) -> Any:
    try:
        return [value(document) for document in compose(text, duplicate_keys=True)] if isinstance(text, str) else text
    except YamlError:
        return text
