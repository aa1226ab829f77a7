"""`kustomize.buildOptions`: what Argo CD adds to `kustomize build`, looked for where people write it.

In a ConfigMap `argocd-cm`, a patch or a generator of it, the values of Argo CD's chart, or an ArgoCD resource of its operator
(https://argo-cd.readthedocs.io/en/stable/user-guide/kustomize/, "Kustomize Build Options/Parameters").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from agentslint import files
from agentslint.discover.repository import Repository
from agentslint.yamlread import Node, Scalar, YamlError, compose, scalars

UNRESTRICTED = ("--load-restrictor", "LoadRestrictionsNone")
_NAME = re.compile(r"kustomize\.buildOptions(?:\.v[\w.+-]+)?|kustomizeBuildOptions")
_SETS = re.compile(rf"(?:{_NAME.pattern})=(.*)", re.S)
_ENDINGS = (".yaml", ".yml", ".json", ".env", ".properties")
_UNRESTRICTED = re.compile(r"--load[-_]restrictor[= ]\s*(?:LoadRestrictionsNone|none)\b")


@dataclass(frozen=True)
class BuildOptions:
    """Options as somebody wrote them, and where."""

    text: str
    path: str
    line: int

    @property
    def unrestricted(self) -> bool:
        """Whether kustomize may read files beside the folder that it builds."""
        return _UNRESTRICTED.search(self.text) is not None


class ArgoBuildOptions:
    """The options of a repository; it is looked through once, when first asked. May be asked from several threads."""

    def __init__(self) -> None:
        self._found: dict[Path, BuildOptions | None] = {}
        self._lock = Lock()

    def unrestricted(self, root: Path) -> BuildOptions | None:
        """Return the options that lift kustomize's load restrictor; None where nobody writes such."""
        with self._lock:
            if root not in self._found:
                self._found[root] = next((found for found in written_options(root) if found.unrestricted), None)
            return self._found[root]


def written_options(root: Path) -> Iterator[BuildOptions]:
    """Yield all build options that stand in the files of a repository."""
    for path in Repository(root).files(""):
        if path.endswith(_ENDINGS):
            try:
                data = files.read_in(root, path)
            except OSError:
                continue
            if b"uildOptions" in data:
                yield from _in_file(path, data)


def _in_file(path: str, data: bytes) -> Iterator[BuildOptions]:
    if path.endswith((".env", ".properties")):
        for number, line in enumerate(data.decode("utf-8", "replace").split("\n"), 1):
            if said := _SETS.fullmatch(line.strip()):
                yield BuildOptions(said[1], path, number)
        return
    try:
        documents = compose(data, path, duplicate_keys=True)
    except YamlError:
        return
    for document in documents:
        yield from (BuildOptions(text, path, line) for text, line in _in_document(document))


def _in_document(document: Node) -> Iterator[tuple[str, int]]:
    """A key with its value, `name=value` of a generator, an operation of a JSON patch; or one of these inside of a text."""
    known = {scalar.pointer: scalar for scalar in scalars(document)}
    for pointer, scalar in known.items():
        if pointer and isinstance(pointer[-1], str) and _NAME.fullmatch(pointer[-1]):
            yield scalar.text, scalar.region.start_line
        elif said := _SETS.fullmatch(scalar.text):
            yield said[1], scalar.region.start_line
        elif pointer[-1:] == ("path",) and _NAME.fullmatch(scalar.text.rpartition("/")[2]):
            operand = known.get((*pointer[:-1], "value"))
            yield from [(operand.text, operand.region.start_line)] if operand else []
        elif "\n" in scalar.text and "uildOptions" in scalar.text:
            yield from _inside(scalar)


def _inside(scalar: Scalar) -> Iterator[tuple[str, int]]:
    try:
        documents = compose(scalar.text, duplicate_keys=True)
    except YamlError:
        return
    first = scalar.region.start_line + (scalar.style in ("literal", "folded"))
    for document in documents:
        yield from ((text, first + line - 1) for text, line in _in_document(document))
