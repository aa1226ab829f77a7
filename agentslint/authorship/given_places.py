"""The lines of an Argo CD object on which it writes the values of a chart: parameters, `valuesObject`, and the text of `values`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agentslint import files
from agentslint.authorship.embedded import inner_scalars
from agentslint.authorship.lines import documents, first_line
from agentslint.model import HelmChartEntry, Location, Pointer, Region, Target
from agentslint.yamlread import MappingNode, Node, Scalar, ScalarNode, SequenceNode, node_at, region_at, text_at


def given_place(target: Target, entry: HelmChartEntry, key: Pointer) -> Location | None:
    """Return where the source of a chart writes the value at `key`; None where that is not found, as with a placeholder in a text."""
    for document in documents(target, entry.kustomization):
        for source in _sources(document, entry.line):
            if region := _in_parameters(source, key) or _in_values(target, entry, source, key):
                return Location(entry.kustomization, first_line(region, target.root, entry.kustomization), "", ("helm", *key))
    return None


def _sources(node: Node, line: int) -> Iterator[MappingNode]:
    """The mappings that name a path or a chart on a line: it is that of the entry."""
    if isinstance(node, MappingNode):
        if any(key.text in ("path", "chart") and line == inner.region.start_line for key, inner in node.pairs):
            yield node
        for _, inner in node.pairs:
            yield from _sources(inner, line)
    elif isinstance(node, SequenceNode):
        for inner in node.items:
            yield from _sources(inner, line)


def _in_parameters(source: MappingNode, key: Pointer) -> Region | None:
    """The last parameter that sets a value wins, and all parameters win over other values."""
    listed = node_at(source, ("helm", "parameters"))
    name = ".".join(map(str, key))
    found = [item for item in listed.items if text_at(item, ("name",)) == name] if isinstance(listed, SequenceNode) else []
    return region_at(found[-1], ("value",)) if found else None


def _in_values(target: Target, entry: HelmChartEntry, source: MappingNode, key: Pointer) -> Region | None:
    """`valuesObject` replaces `values`."""
    if node_at(source, ("helm", "valuesObject")) is not None:
        return region_at(source, ("helm", "valuesObject", *key))
    written = node_at(source, ("helm", "values"))
    if not isinstance(written, ScalarNode):
        return None
    outer = Scalar((), written.text, written.region, written.style, None)
    found = inner_scalars(outer, _lines(target, entry.kustomization), changeable=False)
    return next((scalar.region for _, inner in found for scalar in inner if scalar.pointer[: len(key)] == key), None)


def _lines(target: Target, path: str) -> Sequence[str]:
    try:
        return files.text_in(target.root, path, files.MANIFEST).split("\n")
    except OSError:
        return ()
