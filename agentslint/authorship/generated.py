"""Files that a generator writes: a fix made by hand there is lost when the generator runs again.

A file says it itself in the comments that it begins with, or `.gitattributes` says it (`linguist-generated`, which hides a file in
GitHub's reviews). Where the generator is named, so is it here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache

from agentslint.model import Location, Region
from agentslint.paths import ancestors, join, parent

LinesOf = Callable[[str], Sequence[str]]
"""The path of a file -> its lines; none where it cannot be read."""

_ATTRIBUTES = ".gitattributes"
_ATTRIBUTE = "linguist-generated"
_HEADER = 40
_COMMENT = re.compile(r"(?:#|//|\{\{-?\s*/\*|\*)[\s#/*!-]*(.*)")
_NOUN = r"(?:files?|manifests?|documents?|code|contents?|output|configuration|bundle|resources?|chart|crds?|yaml|json)"
_MADE = r"(?:@|automatically\s+|auto[- ]?|machine[- ])?generated\b"
_IS = r"(?:(?:is|are|was|were|has\s+been|have\s+been)\s+)"
_NO_TOOL = r"(?:love|care|pride|joy|hand|hands|humans?|us|me|you|someone|somebody|default|scratch|a|an|our|my|your|this|these|it|them)\b"
_SAYS_SO = re.compile(
    rf"(?:(?:this|the|these)\s+)?(?:(?:kubernetes|k8s|helm|yaml|json)\s+)?{_NOUN}\s+{_IS}?{_MADE}"
    rf"|(?:(?:this|the|these|an?)\s+)?{_IS}?{_MADE}"
    rf"(?:\s+(?:kubernetes|k8s|helm|yaml|json))?(?:\s+{_NOUN}\b|[\s.!,:;]*$|\s+(?:on|at)\s+\S*\d"
    rf"|\s+(?:automatically\s+)?(?:by|with|using|via|from)\s*:?\s+(?:the\s+)?(?!{_NO_TOOL})[`'\"\w./@-]+(?:\s+(?-i:[A-Z])[\w.-]*){{0,4}}"
    r"(?=[`'\",;:.!(]|\s+(?:v?\d|-|\(|on\b|at\b|and\b|from\b|via\b|version\b|do\s+not\b|please\b|\w+[`'\"])|\s*$))"
    r"|@generated\b",
    re.I,
)
"""A file says it of itself, or names a tool that made it: a generated secret, or a file made with love, is not meant."""
_SENTENCES = re.compile(r"[.!;,:]\s+|\s-+\s")
_HANDS_OFF = re.compile(r"do\s+not\s+(?:edit|modify|change)|don't\s+edit", re.I)
_ANYWHERE = re.compile(rf"\b{_NOUN}\b(?:\s+[\w-]+){{0,3}}?\s+{_IS}{_MADE}", re.I)
_BY = re.compile(
    r"generated\b(?:\s{1,8}(?:file|code|automatically)){0,3}[\s:]{0,8}\b(by|with|using|via|from)\s{1,8}(?:the\s{1,8})?[`'\"]?(.{1,120}?)"
    r"(?:[`'\";,(]|\.(?:\s|$)|\s-|\s(?:at|on|and|do\s{1,8}not|please)\b|$)",
    re.I,
)
_HELM_TEMPLATE = re.compile(r"Source:\s+\S+/templates/\S+$")
_LONGEST_NAME = 60


class Generated:
    """Tells of files of one repository whether a generator writes them."""

    def __init__(self, lines: LinesOf) -> None:
        self._lines = lines
        self.place = lru_cache(maxsize=None)(self._place)

    def _place(self, path: str) -> Location | None:
        """Return the line that says so, with words about it; None for a file that nothing is said of."""
        return _header(path, self._lines(path)) or self._attributed(path)

    def _attributed(self, path: str) -> Location | None:
        """The nearest `.gitattributes` that names the file counts, in it the last line that does (gitattributes(5))."""
        for folder in ancestors(parent(path)):
            name = join(folder, _ATTRIBUTES)
            within = path[len(folder) + 1 :] if folder else path
            said = [(number, is_set) for number, pattern, is_set in _rows(self._lines(name)) if _names(pattern, within)]
            if said:
                number, is_set = said[-1]
                return _location(name, self._lines(name), number, "") if is_set else None
        return None


def _header(path: str, lines: Sequence[str]) -> Location | None:
    comments = list(_comments(lines))
    hands_off = any(_HANDS_OFF.search(text) for _, text in comments)
    for number, text in comments:
        if _HELM_TEMPLATE.match(text):
            return _location(path, lines, number, " by helm template")
        if _SAYS_SO.match(text) or (hands_off and _is_said_in(text)):
            by = _BY.search(text)
            return _location(path, lines, number, f" {by[1].lower()} {by[2].strip()[:_LONGEST_NAME]}" if by else "")
    return None


def _is_said_in(text: str) -> bool:
    return _ANYWHERE.search(text) is not None or any(_SAYS_SO.match(each) for each in _SENTENCES.split(text))


def _comments(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The comments before the first line of a file that says something else."""
    for number, line in enumerate(lines[:_HEADER], 1):
        text = line.strip().lstrip("\ufeff")
        if not text or text == "---":
            continue
        found = _COMMENT.match(text)
        if found is None:
            return
        yield number, found[1].rstrip(" \t\r\v\f*/}-")


def _rows(lines: Sequence[str]) -> Iterator[tuple[int, str, bool]]:
    for number, line in enumerate(lines, 1):
        if _ATTRIBUTE not in line or line.lstrip().startswith("#"):
            continue
        quoted = re.match(r'\s*"((?:[^"\\]|\\.)*)"\s+(.*)', line)
        pattern, _, attributes = (quoted[1], "", quoted[2]) if quoted else line.strip().partition(" ")
        for attribute in attributes.split():
            if attribute.lstrip("-!").partition("=")[0] == _ATTRIBUTE:
                yield number, pattern, attribute in (_ATTRIBUTE, f"{_ATTRIBUTE}=true")


@cache
def _names(pattern: str, path: str) -> bool:
    """A pattern is one of gitignore(5), but for folders: what names one says nothing of the files in it."""
    if pattern.endswith("/") or pattern.startswith("!"):
        return False
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    regex = GitIgnoreSpecPattern(pattern).regex
    found = regex.match(path) if regex else None
    return found is not None and not found.groupdict().get("ps_d")


def _location(path: str, lines: Sequence[str], number: int, by: str) -> Location:
    text = lines[number - 1].rstrip()
    indent = len(text) - len(text.lstrip())
    region = Region(number, indent + 1, number, max(len(text) + 1, indent + 2))
    return Location(path, region, f"this file is generated{by}; change what makes it, not the file")
