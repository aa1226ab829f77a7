"""The texts of ConfigMaps and Secrets from which a deployer's object takes values: whole files, or one value a key."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from agentslint.authorship.authored_scalar import ENCODED
from agentslint.authorship.documents import Document
from agentslint.authorship.embedded import nested_scalars, stands_as_it_reads
from agentslint.model import Pointer
from agentslint.model.manifest import DATA_KINDS
from agentslint.yamlread import ONE_LINE, Scalar, YamlError, compose, scalars, value

TakenTexts = Iterator[tuple[Pointer, Any, list[Scalar]]]
"""Each document in a text, with the pointer that leads to the text from the file's own document, and its scalars."""


def taken_texts(document: Document, lines: Sequence[str], *, changeable: bool = True) -> TakenTexts:
    """Yield the documents that stand in the data of a ConfigMap or Secret, or in the operations of a patch.

    Texts in base64 come with the region of the whole; only one that is no document can be changed.
    """
    for scalar in document.scalars:
        if _is_encoded(document, scalar):
            yield from _encoded(scalar, changeable=changeable)
        elif _may_be_taken(document, scalar):
            for way, body, inner in nested_scalars(scalar, lines, changeable=changeable):
                if way or isinstance(body, (Mapping, list)):
                    yield (*scalar.pointer, *way), body, inner


def is_fixed(scalar: Scalar) -> bool:
    """Tell whether a scalar has a text of one line that cannot be written anew where it stands."""
    return scalar.style in ONE_LINE and "\n" not in scalar.text and bool(scalar.text) and not stands_as_it_reads(scalar)


def _may_be_taken(document: Document, scalar: Scalar) -> bool:
    if isinstance(document.body, list):
        return "value" in scalar.pointer[1:2]
    return document.resource[0] in DATA_KINDS and scalar.pointer[:1] in (("data",), ("stringData",))


def _is_encoded(document: Document, scalar: Scalar) -> bool:
    return document.resource[0] == "Secret" and scalar.pointer[:1] == ("data",)


def _encoded(scalar: Scalar, *, changeable: bool) -> TakenTexts:
    try:
        text = base64.b64decode(scalar.text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return
    whole = replace(scalar, text=text, style=ENCODED)
    is_on_one_line = scalar.style in ONE_LINE and scalar.region.start_line == scalar.region.end_line
    if changeable:
        if is_on_one_line and "\n" not in text:
            yield scalar.pointer, None, [replace(whole, pointer=())]
        return
    try:
        nodes = compose(text, "", duplicate_keys=True)
    except YamlError:
        return
    for node in nodes:
        body = value(node)
        if isinstance(body, (Mapping, list)):
            yield scalar.pointer, body, [replace(each, region=scalar.region, key_region=None) for each in scalars(node)]
