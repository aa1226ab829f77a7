"""Places of failures that kustomize meets in what a chart rendered: the line of the template, found by what helm printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from agentslint import files
from agentslint.authorship.lines import chart_entry, file_location, line_region
from agentslint.model import Certainty, HelmChartEntry, Location
from agentslint.render.failures.cause import merged_object
from agentslint.render.failures.failing import Failing, Placed
from agentslint.render.helm_output import HelmDocument
from agentslint.yamlread import MappingNode, Node, ScalarNode, SequenceNode, YamlError, compose, region_at

_DUPLICATE = re.compile(r'mapping key "([^"]+)" already defined at line')
_IN_CHART = re.compile(r"rnode slice into resource map|reading helm output|merging from generator")
LACKING = re.compile(r"missing (Resource metadata|kind|metadata\.name)(?: in object \{\{\S* (\S*)\} \{\{(\S*))?")
REGISTERED = re.compile(r"already registered id: ([^.\s]+)\.[^/\s]*/(\S+)\.[^.\s]+")
_REFUSED = re.compile(r"YAML parse error on [^\s/]+/([^\s:]+): (?:error converting YAML to JSON: yaml: line (\d+): )?")
_BLOCKS = re.compile(r"\{\{-?\s*(?:if|range|with|else|end|define|block|template)\b|include|toYaml|indent|tpl|^---", re.M)
"""What may make more or fewer lines of one."""
_INCLUDED = re.compile(r"\b(?:include|template) +\"([^\"]+)\"")
_DEFINED = re.compile(r"\bdefine +\"([^\"]+)\"")
_ACTIONS = re.compile(r"\{\{(?:(?!\{\{|\}\}).)*\}\}")

RenderedLine = tuple[HelmDocument, int]
"""A document, and a 1-based line in it."""


def duplicate_key(failing: Failing) -> Placed | None:
    """The second of two keys of one name in what helm printed; a file of that kind would be named."""
    said = _DUPLICATE.search(failing.text)
    if said is None or "in File: " in failing.text:
        return None
    for document in failing.documents:
        try:
            compose(document.text)
        except YamlError as error:
            if error.message == f"duplicate key {said[1]!r}":
                return _placed(failing, (document, error.line))
    return None


def no_object(failing: Failing) -> Placed | None:
    """What a chart rendered without a name (hooks of Argo CD have `generateName`), without a kind, or without both."""
    said = LACKING.search(failing.trail.cause)
    if said is None or not _IN_CHART.search(failing.text):
        return None
    for document in failing.documents:
        for node in _objects(document):
            if (line := lacking_line(node, *said.groups())) is not None:
                return _placed(failing, (document, line))
    return None


def same_object(failing: Failing) -> Placed | None:
    """The second of two objects of one name that a chart rendered; else the one that is there already."""
    registered = REGISTERED.search(failing.text) if _IN_CHART.search(failing.text) else None
    said = merged_object(failing.text) or (registered and (registered[1], registered[2]))
    if said is None:
        return None
    kind, name = said
    found = [(document, name_line(node)) for document in failing.documents for node in _objects(document) if is_object(node, kind, name)]
    placed = _placed(failing, found[-1]) if found else None
    if placed and len(found) > 1 and (first := _placed(failing, found[0])):
        where = first.location
        placed = Placed(placed.location, placed.certainty, (Location(where.path, where.region, f"{kind}/{name} is here, too"),))
    return placed


def refused_template(failing: Failing) -> Placed | None:
    """The template of which helm cannot read what it renders: the line only where the template itself is no YAML."""
    said, entry = _REFUSED.search(failing.text), failing.called
    if said is None or entry is None or not entry.present:
        return None
    path = f"{entry.directory}/{said[1]}"
    if not files.is_file_in(failing.target.root, path):
        return None
    text = files.text_in(failing.target.root, path)
    if "{{" not in text:
        try:
            compose(text)
        except YamlError as error:
            return Placed(Location(path, line_region(failing.target.root, path, error.line, error.column)))
    if (number := _line_of_output(text, said[2])) and number <= text.count("\n") + 1:
        return Placed(Location(path, line_region(failing.target.root, path, number)), Certainty.MATCHED)
    return Placed(file_location(failing.target, path), Certainty.RESOURCE)


def _line_of_output(template: str, number: str | None) -> int:
    """The line of a template that renders to a line of its output, where each line renders to one; 0 where that is not so."""
    if not number or _BLOCKS.search(template):
        return 0
    lines = template.split("\n")
    first = next((at for at, text in enumerate(lines) if _ACTIONS.sub("", text).strip()), 0)
    return first + int(number)


def _objects(document: HelmDocument) -> Iterator[Node]:
    """The document, or the items of the list that it is."""
    try:
        nodes = compose(document.text, duplicate_keys=True)
    except YamlError:
        return
    for node in nodes:
        yield from objects_in(node)


def objects_in(node: Node) -> Sequence[Node]:
    """Return the object, or the items of the list that it is."""
    items = _child(node, "items")
    return items.items if isinstance(items, SequenceNode) and _text(node, "kind").endswith("List") else (node,)


def lacking_line(node: Node, what: str, kind: str | None, name: str | None) -> int | None:
    """The line at which something is missing; None where it is not."""
    if what == "Resource metadata":
        return None if isinstance(node, MappingNode) and _child(node, "metadata") else node.region.start_line
    if what == "kind":
        return name_line(node) if not _text(node, "kind") and _name(node) == (name or "") else None
    if _name(node) or _text(node, "kind") != kind:
        return None
    for pointer in (("metadata", "generateName"), ("metadata",), ("kind",)):
        if region := region_at(node, pointer, key=True):
            return region.start_line
    return node.region.start_line


def name_line(node: Node) -> int:
    """Return the line of an object's name, else its first."""
    region = region_at(node, ("metadata", "name"), key=True) or node.region
    return region.start_line


def is_object(node: Node, kind: str, name: str) -> bool:
    """Tell whether a node is an object of this kind and name."""
    return (_text(node, "kind"), _name(node)) == (kind, name)


def _name(node: Node) -> str:
    metadata = _child(node, "metadata")
    return _text(metadata, "name") if metadata else ""


def _child(node: Node, key: str) -> Node | None:
    return next((item for name, item in node.pairs if name.text == key), None) if isinstance(node, MappingNode) else None


def _text(node: Node, key: str) -> str:
    child = _child(node, key)
    return child.text if isinstance(child, ScalarNode) else ""


def _placed(failing: Failing, rendered: RenderedLine) -> Placed | None:
    """A line of a document at its template; at the chart's entry where the template is not in the repository."""
    entry = failing.called
    if entry is None:
        return None
    path = f"{entry.directory}/{rendered[0].template.partition('/')[2]}" if entry.present and entry.directory else ""
    if not path or not files.is_file_in(failing.target.root, path):
        return _at_entry(failing, entry)
    lines = files.text_in(failing.target.root, path).split("\n")
    alike = [document for document in failing.documents if document.template == rendered[0].template]
    for find, certainty in _WAYS:
        if number := find(rendered, lines, alike):
            return Placed(Location(path, line_region(failing.target.root, path, number)), certainty)
    if helper := _in_helper(failing, entry, rendered, "\n".join(lines)):
        template = file_location(failing.target, path)
        return Placed(helper, Certainty.MATCHED, (Location(template.path, template.region, "the template that includes it"),))
    return Placed(file_location(failing.target, path), Certainty.RESOURCE)


def _in_helper(failing: Failing, entry: HelmChartEntry, rendered: RenderedLine, template: str) -> Location | None:
    """The only line of the chart's partials (`_helpers.tpl`) that has this text, in one that the template includes."""
    document, line = rendered
    text = document.text.split("\n")[line - 1].strip()
    root = failing.target.root
    partials = (str(path.relative_to(root)) for path in sorted((root / str(entry.directory) / "templates").rglob("_*")))
    read = ((path, files.text_in(root, path)) for path in partials if files.is_file_in(root, path))
    included = set(_INCLUDED.findall(template))
    texts = [(path, whole) for path, whole in read if text and not included.isdisjoint(_DEFINED.findall(whole))]
    lines = ((path, number, own.strip()) for path, whole in texts for number, own in enumerate(whole.split("\n"), 1))
    found = [(path, number) for path, number, own in lines if own == text]
    return Location(found[0][0], line_region(root, *found[0])) if len(found) == 1 else None


def _at_entry(failing: Failing, entry: HelmChartEntry) -> Placed:
    return Placed(chart_entry(entry, failing.target.root), Certainty.CHART)


def _verbatim(rendered: RenderedLine, lines: list[str], alike: list[HelmDocument]) -> int:
    """The template holds the document as it is rendered, and as often: then the line is proven. 0 where it does not."""
    document, line = rendered
    body = _body(document)
    texts = [text for _, text in body]
    own = [(number, text.strip()) for number, text in enumerate(lines, 1) if text.strip()]
    marks = ["---", *(text for _, text in own), "---"]
    whole = ["---", *texts, "---"]
    starts = [at for at in range(len(own) - len(body) + 1) if marks[at : at + len(whole)] == whole]
    same = [each for each in alike if [text for _, text in _body(each)] == texts]
    offset = next((at for at, (number, _) in enumerate(body) if number == line), None)
    return own[starts[same.index(document)] + offset][0] if len(starts) == len(same) and offset is not None else 0


def _body(document: HelmDocument) -> list[tuple[int, str]]:
    """The lines of a document with their numbers, without blank ones and without helm's comment."""
    lines = enumerate(document.text.split("\n"), 1)
    return [(number, text.strip()) for number, text in lines if text.strip() and not text.startswith("# Source: ")]


def _same_text(rendered: RenderedLine, lines: list[str], alike: list[HelmDocument]) -> int:
    """The template holds a line of this text as often as its documents do: the one of the same number."""
    document, line = rendered
    text = document.text.split("\n")[line - 1].strip()
    before = [own for each in alike[: alike.index(document)] for _, own in _body(each)]
    before += [own for number, own in _body(document) if number < line]
    here = [number for number, own in enumerate(lines, 1) if own.strip() == text]
    total = sum(own == text for each in alike for _, own in _body(each))
    return here[before.count(text)] if len(here) == total else 0


def _same_key(rendered: RenderedLine, lines: list[str], _alike: list[HelmDocument]) -> int:
    """The only line of the template with this key."""
    document, line = rendered
    key = re.match(r"\s*(?:- )?([\"']?[\w./-]+[\"']?):", document.text.split("\n")[line - 1])
    if key is None:
        return 0
    here = [number for number, own in enumerate(lines, 1) if re.match(rf"\s*(?:- )?{re.escape(key[1])}:", own)]
    return here[0] if len(here) == 1 else 0


_WAYS: tuple[tuple[Callable[[RenderedLine, list[str], list[HelmDocument]], int], Certainty], ...] = (
    (_verbatim, Certainty.EXACT),
    (_same_text, Certainty.MATCHED),
    (_same_key, Certainty.MATCHED),
)
