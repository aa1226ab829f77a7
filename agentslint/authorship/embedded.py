"""Texts in something longer: in a template or a helper, in a block of text, and YAML in a scalar (`patch: |-`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from agentslint.authorship.authored_scalar import AuthoredScalar, Layer
from agentslint.authorship.text_positions import TextPositions, text_positions
from agentslint.images.reference import read_reference
from agentslint.model import Pointer, Region
from agentslint.places import by_name
from agentslint.yamlread import BLOCKS, Scalar, YamlError, compose, scalars, value

_COMMENT = re.compile(r"\{\{-?\s*/\*.*?(?:\*/\s*-?\}\}|\Z)", re.S)
"""Here and below, what is never closed goes to the end: else each beginning would be followed there in vain."""
_VALUE_OF = r"""(?<![\w.-]){}["']?\s*:\s*["']?(?P<value>(?:\{{\{{.*?\}}\}}|[^"'\s,{{}}])+)"""
_TELLING = 3
"""Letters and digits of a line that are more than chance."""
_ACTION = re.compile(r"\{\{.*?(?:\}\}|\Z)", re.S)
_COMMENT_OR_ACTION = re.compile(f"{_COMMENT.pattern}|{_ACTION.pattern}", re.S)
_STRING = re.compile(r"\"(?:[^\"\\]|\\.)*(?:(\")|\\?\Z)|`[^`]*(?:(`)|\Z)", re.S)
_YAML_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\n]*")
_KEY = re.compile(r"\s*(?:- )*[\"']?([\w./-]+)[\"']?\s*:")
_NAMING = re.compile(r"^[ \t]*(?:- )?[\"']?(?:apiVersion|kind|name|namespace)[\"']?:.*", re.M)
HIDDEN = "\ue000"
"""Stands for each character that is blotted out. YAML allows it in plain text, and nobody writes it."""
_DEEPEST = 2
"""So many texts may stand in each other below the outermost one."""
_OTHER_BREAKS = frozenset("\x85\u2028\u2029")
"""A parser of YAML 1.1 counts them as line ends, and the places after them would be wrong."""
INSIDE = "/"
"""The step of a pointer that leads into a text."""


class Passage(Struct, frozen=True):
    """Lines of a file, counted from 1 and both included, and the key path under which they stand."""

    path: str
    first: int
    last: int
    key_path: Pointer = ()


def in_passage(passage: Passage, lines: Sequence[str], text: str) -> Iterator[AuthoredScalar]:
    """Yield each place in a passage where `text` stands, at boundaries of words; `lines` are the file's."""
    word = re.compile(rf"(?<![\w.-]){re.escape(text)}(?![\w-]|\.\w)")
    numbers = [number for number in range(passage.first, passage.last + 1) if text in lines[number - 1]]
    found = [(number, match) for number in numbers for match in word.finditer(lines[number - 1])]
    for ordinal, (number, match) in enumerate(found):
        region = Region(number, match.start() + 1, number, match.end() + 1)
        key_path = (*passage.key_path, *_name(text, lines[number - 1]), *([ordinal] if ordinal else []))
        yield AuthoredScalar(passage.path, region, text, "text", key_path, Layer.TEMPLATE)


def _name(text: str, line: str) -> Pointer:
    """An identity of a text in its file that survives a promotion: the repository, else the key on its line."""
    reference, _ = read_reference(text)
    if reference and ("/" in reference.repository or reference.tag or reference.digest):
        return (f"[{reference.repository}]",)
    key = _KEY.match(line)
    return (key.group(1),) if key else ()


def in_template(path: str, lines: Sequence[str], text: str) -> Iterator[AuthoredScalar]:
    """Yield each place where a template holds `text` itself: outside of its actions, or in a string of one."""
    if any(text in line for line in lines):
        shown = template_text("\n".join(lines)).split("\n")
        yield from in_passage(Passage(path, 1, len(shown), ("template",)), shown, text)


def lines_like(lines: Sequence[str], key: str, text: str) -> Iterator[Region]:
    """Yield each value of a key in a template that prints `text`, whatever its actions print in it: some of it stands there in letters."""
    for number, line in enumerate(lines, 1):
        for found in re.finditer(_VALUE_OF.format(re.escape(key)), line):
            telling = sum(map(str.isalnum, "".join(_ACTION.split(found["value"]))))
            if telling >= _TELLING and letters_printed(found["value"], text) is not None:
                yield Region(number, found.start("value") + 1, number, found.end("value") + 1)


def letters_printed(template: str, text: str) -> int | None:
    """Return how many characters of a text stand in the template of one line that prints it; None where it cannot print that text."""
    first, *others = _ACTION.split(template)
    letters = len(first) + sum(map(len, others))
    if not others:
        return letters if first == text else None
    at, end = len(first), len(text) - len(others[-1])
    if letters > len(text) or not text.startswith(first) or not text.endswith(others[-1]):
        return None
    for part in others[:-1]:
        at = text.find(part, at, end)
        if at < 0:
            return None
        at += len(part)
    return letters


def without_actions(template: str) -> str:
    """Return a template in which comments and actions are blotted out, character by character."""
    return _COMMENT_OR_ACTION.sub(_blotted, template)


def template_text(template: str) -> str:
    """Return a template in which comments, names and all of an action but its strings are blotted out, character by character."""
    text = _COMMENT.sub(_blotted, template)
    text = _YAML_COMMENT.sub(lambda comment: comment.group() if "{{" in comment.group() else _blotted(comment), text)
    return _NAMING.sub(_blotted, _ACTION.sub(_strings_only, text))


def _strings_only(action: re.Match[str]) -> str:
    text, shown, last = action.group(), "", 0
    for string in _STRING.finditer(text):
        if string.lastindex is not None:
            shown += _blot(text[last : string.start() + 1]) + string.group()[1:-1]
            last = string.end() - 1
    return shown + _blot(text[last:])


def _blotted(match: re.Match[str]) -> str:
    return _blot(match.group())


def _blot(text: str) -> str:
    return re.sub(r"[^\n]", HIDDEN, text)


def inner_scalars(outer: Scalar, lines: Sequence[str], *, changeable: bool = True) -> Iterator[tuple[Any, list[Scalar]]]:
    """Yield each document that a text holds, with its scalars in regions of the outer file.

    `lines` are the outer file's. What is no YAML, or has line ends of YAML 1.1 alone, yields nothing. Scalars that do not
    stand there as they read, on one line, are left out if `changeable`; else their region is as near as it is known.
    """
    place = _placing(outer, lines, changeable=changeable)
    if place is None or _has_other_breaks(outer, lines):
        return
    try:
        nodes = compose(outer.text, "", duplicate_keys=True)
    except YamlError:
        return
    for node in nodes:
        yield value(node), [found for scalar in scalars(node) if (found := place(scalar))]


def _has_other_breaks(outer: Scalar, lines: Sequence[str]) -> bool:
    written = lines[outer.region.start_line - 1 : outer.region.end_line]
    return any(not _OTHER_BREAKS.isdisjoint(line) for line in written)


def nested_scalars(outer: Scalar, lines: Sequence[str], *, changeable: bool = True) -> Iterator[tuple[Pointer, Any, list[Scalar]]]:
    """Yield the documents of a text, and those of the texts in it: values of a ConfigMap in a patch, for one.

    Each comes with the pointer that leads to its text, from the outer one on, "/" between the texts.
    """
    yield from _nested(outer, lines, (), changeable)


def _nested(outer: Scalar, lines: Sequence[str], way: Pointer, changeable: bool) -> Iterator[tuple[Pointer, Any, list[Scalar]]]:
    for body, found in inner_scalars(outer, lines, changeable=changeable):
        yield way, body, found
        for scalar in found if way.count(INSIDE) < _DEEPEST else ():
            if _may_be_document(scalar.text):
                inner = _nested(scalar, lines, (*way, *by_name(body, scalar.pointer), INSIDE), changeable)
                yield from (each for each in inner if isinstance(each[1], (Mapping, list)))


def _may_be_document(text: str) -> bool:
    return ": " in text or ":\n" in text or text.startswith(("{", "["))


def _placing(outer: Scalar, lines: Sequence[str], *, changeable: bool) -> Callable[[Scalar], Scalar | None] | None:
    """Return how a scalar of a text is placed in the outer file; one in which an escape stands is left out if it has to be `changeable`."""
    own = outer.style if outer.style in ("single", "double") else ""
    within = f"{own} {outer.within}".strip()
    # Of a block in a text in quotes, the lines of the file are others.
    if not (outer.within and outer.style in BLOCKS) and (shift := _shift(outer, lines)):
        return lambda scalar: _moved(scalar, *shift, within)
    # In a text in quotes, escapes of both stand in the file.
    places = None if outer.within else text_positions(outer, lines)
    if places is None:
        return None if changeable else lambda scalar: replace(scalar, region=outer.region, key_region=None, within=within)
    return lambda scalar: _in_outer(scalar, places, within, changeable=changeable)


def _in_outer(scalar: Scalar, places: TextPositions, within: str, *, changeable: bool) -> Scalar | None:
    region = places.outer(scalar.region)
    moved = replace(scalar, region=region, key_region=None, within=within)
    return moved if not changeable or stands_as_it_reads(moved) else None


def stands_as_it_reads(scalar: Scalar) -> bool:
    """Tell whether the text of a scalar stands on one line, without an escape."""
    region = scalar.region
    return region.start_line == region.end_line and region.end_column - region.start_column == len(scalar.text) > 0


def _shift(outer: Scalar, lines: Sequence[str]) -> tuple[int, int] | None:
    """How many lines and columns the text is away from its own beginning; None where it is not written as it reads."""
    region = outer.region
    if outer.style == "literal":
        indent = next((len(line) - len(line.lstrip(" ")) for line in lines[region.start_line :] if line.strip()), 0)
        return region.start_line, indent
    return (region.start_line - 1, region.start_column - 1) if stands_as_it_reads(outer) else None


def _moved(scalar: Scalar, lines: int, columns: int, within: str) -> Scalar:
    region = scalar.region
    place = Region(region.start_line + lines, region.start_column + columns, region.end_line + lines, region.end_column + columns)
    return replace(scalar, region=place, within=within)
