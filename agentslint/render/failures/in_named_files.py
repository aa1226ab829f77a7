"""Places of failures in replacements, transformers, generators and configurations, which often stand in files of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agentslint.render.failures.failing import Failing, Placed
from agentslint.render.failures.in_kustomizations import leads_to, paths_in
from agentslint.render.failures.named_files import NamedDocument, named_documents, placed, where
from agentslint.yamlread import Scalar

_PLUGIN = re.compile(
    r"unable to load builtin (\w+)\.|unable to load external plugin '([^']+)'|plugin (\w+)\.[^\s/]*/([^\s.]*)\.\S* fails configuration"
)
_PLUGIN_LISTS = ("transformers", "generators", "validators")
_FIELD = re.compile(r"fieldPath `([^`\n]*)` is missing|unable to find field \"([^\"\n]*)\" in replacement target")
_INDEX = re.compile(r"options\.index (\d+) is out of bounds")
_SELECTED = re.compile(r"nothing selected by [^/\s]*/([^\s.]+)\.")
_CONFIGURED = re.compile(r"Go struct field TransformerConfig\.([\w.]+)")


def plugin(failing: Failing) -> Placed | None:
    """The kind of a transformer or generator that cannot be loaded, or configured."""
    said = _PLUGIN.search(failing.trail.cause)
    if said is None:
        return None
    kind, name = next(text for text in said.groups()[:3] if text), said[4]
    found = [
        (document, scalar)
        for document in named_documents(failing, _PLUGIN_LISTS)
        if (scalar := document.at("kind")) and scalar.text == kind and (not name or _name(document) == name)
    ]
    return placed(failing, found, proven=not name)


def named_path(failing: Failing) -> Placed | None:
    """The scalar of a generator or transformer that names a path from the message."""
    named = paths_in(failing.trail.cause)
    plugins = named_documents(failing, _PLUGIN_LISTS) if named else iter(())
    found = [(plugin, scalar) for plugin in plugins for scalar in plugin.scalars if leads_to(named, scalar, plugin.folder)]
    return placed(failing, found)


def replacement(failing: Failing) -> Placed | None:
    """The part of a replacement that finds nothing: a field, an index, the source."""
    cause = failing.trail.cause
    field, index, selected = _FIELD.search(cause), _INDEX.search(cause), _SELECTED.search(cause)

    def wanted(scalar: Scalar) -> bool:
        last, before = scalar.pointer[-1:], scalar.pointer[-2:-1]
        if field:
            return scalar.text == (field[1] or field[2]) and (last == ("fieldPath",) if field[1] else before == ("fieldPaths",))
        if index:
            return last == ("index",) and scalar.text == index[1]
        return selected is not None and scalar.pointer[-2:] == ("source", "name") and scalar.text == selected[1]

    if not (field or index or selected):
        return None
    return placed(failing, [*where(_in_kustomizations(failing), wanted), *where(named_documents(failing, ("replacements",)), wanted)])


def configuration(failing: Failing) -> Placed | None:
    """The field of a transformer configuration that does not take its value."""
    said = _CONFIGURED.search(failing.trail.cause)
    if said is None:
        return None
    names = said[1].split(".")

    def wanted(scalar: Scalar) -> bool:
        return [step for step in scalar.pointer if isinstance(step, str)][: len(names)] == names

    return placed(failing, where(named_documents(failing, ("configurations",)), wanted))


def _in_kustomizations(failing: Failing) -> Iterator[NamedDocument]:
    """The replacements that are written in kustomizations."""
    for path, scalar in failing.scalars():
        if scalar.pointer[:1] == ("replacements",):
            yield NamedDocument(path, None, [scalar])


def _name(document: NamedDocument) -> str:
    name = document.at("metadata", "name")
    return name.text if name else ""
