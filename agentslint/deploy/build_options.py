"""`kustomize.buildOptions`: what Argo CD adds to `kustomize build`, looked for where people write it.

In a ConfigMap `argocd-cm`, a patch or a generator of it, the values of Argo CD's chart, or an ArgoCD resource of its operator
(https://argo-cd.readthedocs.io/en/stable/user-guide/kustomize/, "Kustomize Build Options/Parameters").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Lock

from msgspec import Struct

from agentslint import files
from agentslint.deploy.build_options_owner import gives, holds_documents, is_argo_setting, is_literal_of_argo, is_patch_of_argo
from agentslint.discover.repository import Repository
from agentslint.model.target import KUSTOMIZATION_FILES
from agentslint.yamlread import BLOCKS, Node, Scalar, YamlError, compose, scalars, value

UNRESTRICTED = ("--load-restrictor", "LoadRestrictionsNone")
_NAME = re.compile(r"kustomize\.buildOptions(?:\.v[\w.+-]+)?|kustomizeBuildOptions")
_SETS = re.compile(rf"(?:{_NAME.pattern})=(.*)", re.S)
_PASSED_ON = ("--load-restrictor", "--load_restrictor", "--reorder")
_ENDINGS = (".yaml", ".yml", ".json", ".env", ".properties")
_UNRESTRICTED = re.compile(r"--load[-_]restrictor[= ]\s*(?:LoadRestrictionsNone|none)\b")


class BuildOptions(Struct, frozen=True):
    """Options as somebody wrote them, and where."""

    text: str
    path: str
    line: int

    @property
    def unrestricted(self) -> bool:
        """Whether kustomize may read files beside the folder that it builds."""
        return _UNRESTRICTED.search(self.text) is not None

    @property
    def passed_on(self) -> tuple[str, ...]:
        """The options that change what is built, without those that start programs or that nobody knows."""
        words, kept = self.text.split(), []
        for number, word in enumerate(words):
            name = word.partition("=")[0]
            if name in _PASSED_ON:
                kept.append(word)
                kept += words[number + 1 : number + 2] if "=" not in word else []
        return tuple(kept)

    @property
    def enables_helm(self) -> bool:
        """Whether Argo CD lets kustomize inflate charts (`isHelmEnabled` in util/kustomize/kustomize.go)."""
        return "--enable-helm" in self.text


def _any(_path: str, _data: bytes) -> bool:
    return True


def _none(_path: str) -> bool:
    return False


class ArgoBuildOptions:
    """The options of a repository; it is looked through once, when first asked. May be asked from several threads.

    `is_trusted` is given the path and the bytes of each file that would have a say.
    """

    def __init__(self, excluded: Callable[[str], bool] = _none, is_trusted: Callable[[str, bytes], bool] = _any) -> None:
        self._excluded = excluded
        self._is_trusted = is_trusted
        self._found: dict[Path, BuildOptions | None] = {}
        self._all: dict[Path, tuple[BuildOptions, ...]] = {}
        self._lock = Lock()

    def unrestricted(self, root: Path) -> BuildOptions | None:
        """Return the options that lift kustomize's load restrictor; None where nobody writes such."""
        with self._lock:
            if root not in self._found:
                self._found[root] = next((found for found in self._known(root) if found.unrestricted), None)
            return self._found[root]

    def only(self, root: Path) -> BuildOptions | None:
        """Return the options with which Argo CD builds; None where nobody writes any, or several installations write different ones."""
        with self._lock:
            found = self._known(root)
        return found[0] if len({each.text for each in found}) == 1 else None

    def _known(self, root: Path) -> tuple[BuildOptions, ...]:
        if root not in self._all:
            self._all[root] = tuple(self._written(root))
        return self._all[root]

    def _written(self, root: Path) -> Iterator[BuildOptions]:
        """Yield all build options that stand in the files of a repository, and that belong to Argo CD."""
        paths = [path for path in Repository(root).files("") if not self._excluded(path)]
        owners = [path for path in paths if path.rpartition("/")[2] in KUSTOMIZATION_FILES]
        for path in paths:
            data = self._read(root, path, b"uildOptions") if path.endswith(_ENDINGS) or path in owners else None
            if data is not None:
                named = path.rpartition("/")[2].encode()
                texts = [(owner, found) for owner in owners if (found := self._read(root, owner, named)) is not None]
                yield from in_file(path, data, any(gives(owner, text, path) for owner, text in texts))

    def _read(self, root: Path, path: str, word: bytes) -> bytes | None:
        """Return what a file holds, if that has a word in it and is trusted."""
        try:
            data = files.read_in(root, path)
        except OSError:
            return None
        return data if word in data and self._is_trusted(path, data) else None


def in_file(path: str, data: bytes, given: bool) -> Iterator[BuildOptions]:
    """Yield the options of Argo CD in one file; `given` tells that a kustomization makes `argocd-cm` of it, or patches that with it."""
    if path.endswith((".env", ".properties")):
        for number, line in enumerate(data.decode("utf-8", "replace").split("\n") if given else (), 1):
            if said := _SETS.fullmatch(line.strip()):
                yield BuildOptions(said[1], path, number)
        return
    try:
        documents = compose(data, path, duplicate_keys=True)
    except YamlError:
        return
    for document in documents:
        yield from (BuildOptions(text, path, line) for text, line in _in_document(document, given))


def _in_document(document: Node, given: bool) -> Iterator[tuple[str, int]]:
    """A key with its value, `name=value` of a generator, an operation of a JSON patch; or one of these inside of a text."""
    body, known = value(document), {scalar.pointer: scalar for scalar in scalars(document)}
    for pointer, scalar in known.items():
        if pointer and isinstance(pointer[-1], str) and _NAME.fullmatch(pointer[-1]):
            yield from [(scalar.text, scalar.region.start_line)] if is_argo_setting(body, pointer, given) else []
        elif said := _SETS.fullmatch(scalar.text):
            yield from [(said[1], scalar.region.start_line)] if is_literal_of_argo(body, pointer) else []
        elif given and pointer[-1:] == ("path",) and _NAME.fullmatch(scalar.text.rpartition("/")[2]):
            operand = known.get((*pointer[:-1], "value"))
            yield from [(operand.text, operand.region.start_line)] if operand else []
        elif "uildOptions" in scalar.text and holds_documents(pointer):
            yield from _inside(scalar, is_patch_of_argo(body, pointer))


def _inside(scalar: Scalar, given: bool) -> Iterator[tuple[str, int]]:
    try:
        documents = compose(scalar.text, duplicate_keys=True)
    except YamlError:
        return
    first = scalar.region.start_line + (scalar.style in BLOCKS)
    for document in documents:
        yield from ((text, first + line - 1) for text, line in _in_document(document, given))
