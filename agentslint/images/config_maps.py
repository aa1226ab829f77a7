"""Images in ConfigMaps that a controller starts (Katib's suggestions, pipelines in bundles): values that are whole references.

Looked at are values of `data`, and scalars of the YAML or JSON that a value holds, each by its key and its looks as an environment
variable is. Not looked at are images in parts (repository and tag apart), longer texts that hold an image (scripts, properties,
templates), `binaryData`, and values that are longer than 200,000 characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from agentslint.images.inner_documents import InnerDocument
from agentslint.images.named import says_image, whole_reference
from agentslint.images.reference import Reference
from agentslint.images.scalar import FieldContext
from agentslint.images.search import objects
from agentslint.images.use import ImageUse, UseKind
from agentslint.model import Pointer, dotted

_LONGEST = 200_000
_MAY_HOLD = re.compile(
    r"(?<![\w-])[\w-]{1,63}\.[\w.-]{1,253}(?::\d{1,5})?/[\w./-]{1,255}[:@]\w"
    r"|(?i:image)\w{0,63}[\"']?\s{0,8}:\s{0,8}[\"']?[\w.-]{1,253}(?:/[\w./-]{1,255})?:\w"
)
"""A registry, a path, and a tag or digest; or a key that says so with a name and a tag."""


def config_uses(data: Any, pointer: Pointer, around: FieldContext) -> Iterator[ImageUse]:
    """Yield the whole references among the values of a ConfigMap."""
    for key, text in data.items() if isinstance(data, Mapping) else ():
        if isinstance(key, str) and isinstance(text, str) and len(text) <= _LONGEST and (_MAY_HOLD.search(text) or says_image(key)):
            bare = text.strip()
            if reference := whole_reference(bare, key):
                start = None if bare == text else text.index(bare)
                yield around.use((*pointer, key), reference, UseKind.CONFIGURATION, variable=key, start=start)
            elif "\n" in text or bare[:1] in "[{":
                yield from _inner_uses(text, key, (*pointer, key), around)


def _inner_uses(text: str, key: str, pointer: Pointer, around: FieldContext) -> Iterator[ImageUse]:
    from agentslint.yamlread import YamlError, compose, region_at, value

    try:
        nodes = compose(text, "", duplicate_keys=True)
    except YamlError:
        return
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    for node in nodes:
        for inner, reference in _references(around, value(node)):
            region = region_at(node, inner)
            start = starts[region.start_line - 1] + region.start_column - 1 if region else -1
            if text[start : start + len(reference.text)] == reference.text:
                name = f"{key}: {dotted(inner)}"
                yield around.use(pointer, reference, UseKind.CONFIGURATION, variable=name, start=start)


def _references(around: FieldContext, body: Any) -> Iterator[tuple[Pointer, Reference]]:
    root = body if isinstance(body, Mapping) else {"": body}
    for pointer, node in objects(InnerDocument(around.manifest, (), root, (), placeholders=True)):
        at = pointer if root is body else pointer[1:]
        for key, text in node.items():
            if isinstance(key, str) and isinstance(text, str) and (reference := whole_reference(text, key)):
                yield (*at, key), reference
            yield from (
                ((*at, key, index), found)
                for index, item in enumerate(text if isinstance(text, list) else ())
                if isinstance(item, str) and (found := whole_reference(item, str(key)))
            )
