"""Unwraps a message of kustomize: the kustomizations and the entries on the way to the cause.

kustomize 5.8 nests `accumulation err='accumulating resources from 'ENTRY': REASON AS A FILE': REASON AS A FOLDER` once for each base
(`accumulateResources`, `accumulateDirectory` in api/internal/target/kusttarget.go), since an entry is tried as a file first.
"""

from __future__ import annotations

import json
import posixpath
import re

from msgspec import Struct

_NOISE = re.compile(r"accumulating (?:resources|components): |loading (?:generator|transformer) plugins: ")
_QUOTED = re.compile(r'(?:accumulateDirectory:|loader\.New) (".*")\s*', re.S)
_TRIED = re.compile(r"accumulation err='(?:accumulating|merging) resources from '(?P<entry>.*?)': (?P<file>.*?)': (?P<base>.*)", re.S)
_FILE = re.compile(r"(?:accumulating|merging) resources from '(?P<entry>.*?)': (?P<rest>.*)", re.S)
_ENTERED = re.compile(r"(?:recursed accumulation of path|couldn't make target for path) '(?P<folder>[^']*)': (?P<rest>.*)", re.S)
_MERGED = re.compile(r"recursed merging from path '[^']*': ")
_NO_FOLDER = "must build at directory: "


class TrailStep(Struct, frozen=True):
    """A kustomization's folder and the entry of it that was being read, "" where kustomize does not say."""

    folder: str
    entry: str = ""


class Trail(Struct, frozen=True):
    """The way from the target's kustomization to the cause; the last step is the nearest to it."""

    steps: tuple[TrailStep, ...]
    cause: str


def follow(text: str, folder: str) -> Trail:
    """Unwrap kustomize's message about the kustomization in `folder` (relative to the root, as the paths in `text`)."""
    steps = [TrailStep(folder)]
    while True:
        inner = _unwrap(text, steps)
        if inner == text:
            return Trail(tuple(steps), text)
        text = inner


def _unwrap(text: str, steps: list[TrailStep]) -> str:
    """Take one layer off and note what it says in `steps`."""
    if noise := _NOISE.match(text):
        return text[noise.end() :]
    if quoted := _QUOTED.fullmatch(text):
        return _unquoted(quoted.group(1))
    if tried := _TRIED.match(text):
        steps[-1] = TrailStep(steps[-1].folder, tried["entry"])
        return tried["file"] if tried["base"].startswith(_NO_FOLDER) else tried["base"]
    if file := _FILE.match(text):
        steps[-1] = TrailStep(steps[-1].folder, file["entry"])
        return file["rest"]
    if merged := _MERGED.match(text):
        return text[merged.end() :]
    if entered := _ENTERED.match(text):
        if not entered["rest"].startswith("unable to find one of "):
            steps.append(TrailStep(posixpath.normpath(entered["folder"])))
        return entered["rest"]
    return text.removeprefix(_NO_FOLDER).removeprefix("not a valid directory: ")


def _unquoted(text: str) -> str:
    """Undo Go's %q, which is JSON's quoting for all that occurs in messages."""
    try:
        return str(json.loads(text))
    except ValueError:
        return text[1:-1]
