"""kustomize's generators, transformers and validators: their configuration names files that nothing else names.

Discovery takes what it names for a file if there is one; so the copy of the base must hold these files before anybody looks.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from agentslint import files
from agentslint.discover.kustomization import is_inline, parse_plugin, read_kustomization
from agentslint.model.target import KUSTOMIZATION_FILES
from agentslint.paths import parent
from agentslint.yamlread import YamlError, scalars

_NAMES = re.compile(rb"generators|transformers|validators", re.I)


class Plugins(Struct, frozen=True):
    """The plugins that one kustomization in a `folder` configures: inline, in files, or in all files of a folder."""

    folder: str
    inline: tuple[str, ...]
    places: tuple[str, ...]

    def named(self, root: Path, files: Iterable[str]) -> Iterator[str]:
        """Yield all paths that the configurations could mean, those in `files` (below `root`) among them."""
        texts: list[str | bytes] = [*self.inline, *(_content(root, path) for path in files)]
        for text in texts:
            try:
                words = [scalar.text.rpartition("=")[2] for document in parse_plugin(text, "") for scalar in scalars(document)]
            except YamlError:
                continue
            yield from (_joined(self.folder, word) for word in words if word and "\n" not in word)


def plugins(root: Path, paths: Iterable[str]) -> Iterator[Plugins]:
    """Yield what the kustomizations among `paths` (below `root`) configure."""
    for path in paths:
        if posixpath.basename(path) in KUSTOMIZATION_FILES and _NAMES.search(content := _content(root, path)):
            try:
                texts = [reference.text for reference in read_kustomization(content, path).plugins]
            except YamlError:
                continue
            inline = tuple(text for text in texts if is_inline(text))
            yield Plugins(parent(path), inline, tuple(_joined(parent(path), text) for text in texts if text not in inline))


def _joined(folder: str, text: str) -> str:
    return os.path.normpath(posixpath.join(folder, text))


def _content(root: Path, path: str) -> bytes:
    try:
        return files.read_in(root, path, files.KUSTOMIZATION)
    except OSError:
        return b""
