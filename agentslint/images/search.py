"""A walk through documents of unknown kinds. It uses no recursion, so no depth of nesting can stop it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agentslint.images.inner_documents import InnerDocument, holds_secrets, identity
from agentslint.model import Pointer

_UNSEARCHED_KEYS = frozenset(
    {
        "metadata", "status", "labels", "annotations", "matchLabels", "openAPIV3Schema",
        "rbd", "bootDisk", "initializeParams", "storageProfile",
    }
)  # fmt: skip
"""Descriptions, and disks: `rbd.image` names a Ceph block device, `initializeParams.image` a disk of a virtual machine."""
_DEEPEST = 100
"""Nobody writes an image deeper than this; without a limit a crafted document could cost the square of its depth."""
_UNSEARCHED_KINDS = frozenset({("", "ConfigMap"), ("apiextensions.k8s.io", "CustomResourceDefinition")})


def objects(document: InnerDocument) -> Iterator[tuple[Pointer, Mapping[Any, Any]]]:
    """Yield every object of a document that may hold an image, outer ones first, with its pointer."""
    waiting: list[tuple[Pointer, Any]] = [(document.pointer, document.body)]
    while waiting:
        pointer, node = waiting.pop()
        if len(pointer) > _DEEPEST:
            continue
        if isinstance(node, list):
            inner: list[tuple[Pointer, Any]] = [
                ((*pointer, index), item) for index, item in enumerate(node) if isinstance(item, dict | list)
            ]
        elif _is_unsearched(node):
            continue
        else:
            yield pointer, node
            inner = [((*pointer, key), value) for key, value in node.items() if isinstance(value, dict | list) and _is_searched(key)]
        waiting.extend(reversed(inner))


def _is_searched(key: Any) -> bool:
    return isinstance(key, str) and key not in _UNSEARCHED_KEYS


def _is_unsearched(node: Mapping[Any, Any]) -> bool:
    """Documents inside of documents: their secrets and configuration are no more searched than those outside."""
    if "kind" not in node or "apiVersion" not in node:
        return False
    group, kind = identity(node)
    return holds_secrets(group, kind) or (group, kind) in _UNSEARCHED_KINDS
