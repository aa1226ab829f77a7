"""The text of a Secret, which a report must not show."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agentslint.model import Field, Result

_KIND_SECRET = re.compile(
    r"""["']?\bkind["']?\s*:\s*(?:[&!]\S{1,256}\s+){0,2}["']?Secret(?:List|Generator)?["']?\s*(?:[,}\]#]|$)|["'/{\s]stringData["'/]?(?:\s*:|/|["'\s]|$)|^stringData\s*:|\bkind["']?\s*:\s*[&!]\S{256}"""
)
"""An anchor or a tag that is longer than anybody writes one may hide a Secret, too."""
_GENERATOR = re.compile(r"""["']?[sſ]ecretGenerator["']?\s*:""", re.I)
_NAMED_GENERATOR = re.compile(r"""^\s*[^#\s].*\b[sſ]ecretGenerator\b|^\s*[sſ]ecretGenerator\b|^\s*"[^"\\]*\\.*"\s*:""", re.I)
"""Of a key with an escape nobody knows here how it reads."""
_DATA = re.compile(r"""\bpath["']?\s*:\s*["']?/data(?![\w-])|(?:^|[\s{,"'])data["']?\s*:""")
"""The data of a patch that does not say of which kind it is."""
_PATCH = re.compile(r"""\bpatch(?:es\w*)?["']?\s*:|\bop["']?\s*:""")
_OTHER_KIND = re.compile(r"""\bkind["']?\s*:\s*["']?ConfigMap\b""")
_COMMENT_OR_TEMPLATE = re.compile(r"\s*(?:#|\{\{|$)")
_SECRET = ("Secret/", "SecretList/")


def holds_secret(result: Result) -> bool:
    """Tell whether the scalar of `result` ends up in a Secret, or is a credential itself."""
    place = result.finding.place
    if result.finding.is_secret:
        return True
    in_secret = isinstance(place, Field) and place.manifest.kind in ("Secret", "SecretList")
    return in_secret or any(field.startswith(_SECRET) for field in (*result.fields, result.provenance.rendered_as))


def rendered_as(result: Result) -> str:
    """Return the rendered field, without its value if that is a Secret's."""
    text = result.provenance.rendered_as
    return text.partition(" = ")[0] if holds_secret(result) else text


def withheld_lines(lines: Sequence[str]) -> frozenset[int]:
    """Return the indexes of those `lines` of one YAML or JSON document that belong to a Secret.

    Works on text, so that it holds for chart templates and broken files, too, and rather hides too much: a Secret
    at the top hides the document, one inside it (an item of a `kind: List`, a patch and its target) the outermost
    block around it, and `secretGenerator` of a kustomization its entries; in flow style, or in JSON, all of the document.
    """
    margin = min((_indent(line) for line in lines if not _COMMENT_OR_TEMPLATE.match(line)), default=0)
    hidden: set[int] = set()
    patch = _is_patch_of_any_kind(lines)
    for index, line in enumerate(lines):
        if index not in hidden and (_KIND_SECRET.search(line) or (patch and _DATA.search(line))):
            hidden.update(_block(lines, index, margin))
        elif index not in hidden and _NAMED_GENERATOR.match(line):
            block = _indent(line) == margin and _GENERATOR.match(line, margin)
            hidden.update(range(index, _end(lines, index, margin, items=False)) if block else range(len(lines)))
    return frozenset(hidden)


def _is_patch_of_any_kind(lines: Sequence[str]) -> bool:
    """Tell whether a patch may be one of a Secret: nothing in the document says that it is one of a ConfigMap."""
    return any(map(_PATCH.search, lines)) and not any(map(_OTHER_KIND.search, lines))


def _block(lines: Sequence[str], index: int, margin: int) -> range:
    """The block at the margin that holds line `index`; the whole document where the line itself is at the margin."""
    start = index
    while start > 0 and not _begins(lines[start], margin):
        start -= 1
    if start == index and not lines[index][margin:].startswith("- "):
        return range(len(lines))
    return range(start, _end(lines, start, margin))


def _end(lines: Sequence[str], start: int, margin: int, *, items: bool = True) -> int:
    """The line that ends the block which begins at `start`; list items at the margin end it only with `items`."""
    for index in range(start + 1, len(lines)):
        if _begins(lines[index], margin) and (items or not lines[index][margin:].startswith("-")):
            return index
    return len(lines)


def _begins(line: str, margin: int) -> bool:
    return _indent(line) <= margin and not _COMMENT_OR_TEMPLATE.match(line)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
