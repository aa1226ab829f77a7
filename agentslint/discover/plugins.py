"""The files that kustomize's builtin generators, transformers and validators (5.8) load, as their configuration names them.

The fields are those of api/internal/builtins that are given to the loader. Their names are looked for in any kind: the kustomization
of a folder may still change what a document is.
"""

from __future__ import annotations

from collections.abc import Iterator

from agentslint.discover.lenient_mapping import Fields, PathReference
from agentslint.yamlread import MappingNode, Node, SequenceNode, pairs, scalars

_PATHS = ("path", "paths", "targetfilepath", "valuesfile", "additionalvaluesfiles", "envs", "env")


def configurations(document: Node) -> Iterator[MappingNode]:
    """Yield the plugins of a document: itself, or the items of a list, which kustomize lays out whatever its kind."""
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, MappingNode):
            yield node
            for key, item in pairs(node):
                if key.text == "items" and isinstance(item, SequenceNode):
                    waiting.extend(item.items)


def loaded(plugin: Fields) -> Iterator[PathReference]:
    """Yield the paths and URLs that a plugin loads."""
    for name in _PATHS:
        yield from plugin.references(name)
    yield from data_files(plugin)
    for replacement in plugin.nested("replacements"):
        yield from replacement.references("path")


def data_files(generator: Fields) -> Iterator[PathReference]:
    """Yield the `files` of a generator, which are paths or `key=path`."""
    for entry in generator.references("files"):
        yield PathReference(entry.text.rpartition("=")[2], entry.line)


def texts(document: Node) -> Iterator[PathReference]:
    """Yield every text of a document that may become part of a plugin: a patch can set any field of it."""
    for scalar in scalars(document):
        yield PathReference(scalar.text.strip(), scalar.region.start_line, scalar.region)
