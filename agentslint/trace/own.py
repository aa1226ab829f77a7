"""Fields of files and streams that were linted as they are: the field's own line."""

from __future__ import annotations

from collections.abc import Mapping

from agentslint.model import Field, Location, Pointer, Region
from agentslint.trace.authored import by_name, narrowed
from agentslint.yamlread import Node, YamlError, compose, region_at


def own_line(field: Field) -> Location:
    """Locate a field in the file or stream that was linted as it is."""
    manifest = field.manifest
    key_path: Pointer = (manifest.resource, *by_name(manifest.body, field.pointer))
    try:
        node = compose(manifest.text, manifest.target.file)[0]
    except (YamlError, IndexError):
        return Location(manifest.target.file, Region(manifest.line, 1, manifest.line, 1), "", key_path)
    pointer = (*manifest.prefix, *field.pointer)
    absent = field.missing and isinstance(field.value, Mapping)
    region = (region_at(node, pointer, key=True) if absent else None) or _nearest_region(node, pointer)
    first = manifest.line - 1
    region = Region(region.start_line + first, region.start_column, region.end_line + first, region.end_column)
    text = field.value if isinstance(field.value, str) else ""
    return narrowed(Location(manifest.target.file, region, "", key_path), text, field.span)


def _nearest_region(node: Node, pointer: Pointer) -> Region:
    """The region at the pointer; of what is not there, the key of the nearest thing around it."""
    exact = region_at(node, pointer)
    while exact is None and pointer:
        exact = region_at(node, pointer, key=True)
        pointer = pointer[:-1]
    return exact or Region(1, 1, 1, 1)
