"""The images in the `templatePatch` of an ApplicationSet, line by line: before it is filled in, the text may be no YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agentslint.authorship.deployer_scalars import sets_repository
from agentslint.authorship.embedded import letters_printed
from agentslint.model import Region
from agentslint.yamlread import BLOCKS, Scalar

_IMAGES = re.compile(r"""(?P<indent>\s*(?:- )*)["']?images["']?:\s*(?:#.*)?""")
_ITEM = re.compile(r"""\s*- +(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<plain>\S.*?))\s*""")
_FLOW = re.compile(r"""\s*(?:- )*["']?images["']?:\s*\[(?P<items>.*)\]\s*""")
_IN_FLOW = re.compile(r""""(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<plain>(?:\{\{.*?\}\}|[^\s,"'])+)""")
_COMMENT = re.compile(r"\s#.*")
_NAME = re.compile(r"[^={}@:]*=")


def patched_image(patch: Scalar, lines: Sequence[str], image: str, repository: str) -> Region | None:
    """Return where a patch, a block of the file's `lines`, sets an image: the item that shows most of it, else that of its repository."""
    if patch.style not in BLOCKS:
        return None
    items = list(_items(lines, range(patch.region.start_line, min(patch.region.end_line, len(lines)))))
    shown = [(letters, region) for region, text in items if (letters := letters_printed(_NAME.sub("", text, count=1), image)) is not None]
    if shown:
        return max(shown, key=lambda each: each[0])[1]
    return next((region for region, text in items if sets_repository(text, repository)), None)


def _items(lines: Sequence[str], part: range) -> Iterator[tuple[Region, str]]:
    """The items of the lists of images in some lines; `part` counts from 0."""
    deep = None
    for number in part:
        line = lines[number]
        text = line.lstrip()
        if found := _IMAGES.fullmatch(line):
            deep = len(found["indent"])
        elif flow := _FLOW.fullmatch(_without_comment(line)):
            yield from (_item(number, each) for each in _IN_FLOW.finditer(line, flow.start("items"), flow.end("items")))
        elif deep is not None and text and not text.startswith(("{{", "#", "- ")) and len(line) - len(text) <= deep:
            deep = None
        elif deep is not None and (item := _ITEM.fullmatch(_without_comment(line))):
            yield _item(number, item)


def _item(number: int, found: re.Match[str]) -> tuple[Region, str]:
    key = found.lastgroup or "plain"
    return Region(number + 1, found.start(key) + 1, number + 1, found.end(key) + 1), found[key]


def _without_comment(line: str) -> str:
    return _COMMENT.sub("", line)
