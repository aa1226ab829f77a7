"""The documents that a kustomization names beside its resources: in files, and in blocks of text in it."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from msgspec import Struct

from agentslint import files
from agentslint.authorship.embedded import inner_scalars
from agentslint.authorship.lines import documents, folder_of
from agentslint.model import Certainty
from agentslint.render.failures.failing import Failing, Placed
from agentslint.yamlread import Scalar, scalars, value

PATCHES = ("patches", "patchesStrategicMerge", "patchesJson6902")


class NamedDocument(Struct, frozen=True):
    """A document, and its scalars in regions of the file in which they are written."""

    path: str
    body: Any
    scalars: Sequence[Scalar]
    folder: str = ""
    """The folder of the kustomization that names it: where the paths in a generator or transformer begin."""

    def at(self, *pointer: str | int) -> Scalar | None:
        """Return one of the scalars."""
        return next((scalar for scalar in self.scalars if scalar.pointer == pointer), None)


FoundScalar = tuple[NamedDocument, Scalar]


def named_documents(failing: Failing, keys: Collection[str]) -> Iterator[NamedDocument]:
    """Yield the documents that the lists under some keys name (`patches`), those of the kustomization nearest to the cause first."""
    for path, scalar in failing.scalars():
        pointer = scalar.pointer
        if pointer[:1] and pointer[0] in keys and (len(pointer) == 2 or pointer[2:] in (("patch",), ("path",))):
            file = posixpath.normpath(f"{folder_of(path)}/{scalar.text}")
            if "\n" in scalar.text or pointer[-1] == "patch" or scalar.text.lstrip().startswith(("{", "[")):
                lines = files.text_in(failing.target.root, path).split("\n")
                yield from (NamedDocument(path, body, inner, folder_of(path)) for body, inner in inner_scalars(scalar, lines))
            else:
                nodes = documents(failing.target, file)
                yield from (NamedDocument(file, value(node), list(scalars(node)), folder_of(path)) for node in nodes)


def placed(failing: Failing, found: Sequence[FoundScalar], *, proven: bool = True) -> Placed | None:
    """Return the place of the first of some scalars; it is exact if there is no other one, and the message leaves no doubt."""
    if not found:
        return None
    document, scalar = found[0]
    return Placed(failing.at(document.path, scalar), Certainty.EXACT if proven and len(found) == 1 else Certainty.MATCHED)


def where(found: Iterator[NamedDocument], wanted: Callable[[Scalar], bool]) -> list[FoundScalar]:
    """Return those scalars of some documents that are wanted."""
    return [(document, scalar) for document in found for scalar in document.scalars if wanted(scalar)]
