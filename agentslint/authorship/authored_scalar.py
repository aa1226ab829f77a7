"""The unit of authorship: one scalar in a file of the repository."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterable
from enum import Enum

from msgspec import Struct

from agentslint.model import Location, Pointer, Region

ENCODED = "base64"
"""The style of a scalar whose text is written in base64."""


class Layer(Enum):
    """In what kind of file a scalar stands."""

    KUSTOMIZATION = "kustomization"
    SETTINGS = "settings"
    """A values file or a patch of the target's own."""
    RESOURCE = "resource"
    CHART = "chart"
    """A local chart's values and Chart.yaml."""
    DEPLOYER = "deployer"
    """An Argo CD or Flux object, or an `.argocd-source.yaml` file."""
    TEMPLATE = "template"
    """Text that stands in a template, in a block of text or in a file without structure."""


class AuthoredScalar(Struct, frozen=True):
    """A text with its place in a file of the repository and a key path that outlives moved lines.

    `style` is how it was written: plain, single, double, base64, or text for a part of something longer. The region is that of the
    text alone, on one line. `within` is the style of the quoted text in which the scalar stands, if it does; of several that stand in
    each other the styles from the inside (`single double`).
    """

    path: str
    region: Region
    text: str
    style: str
    key_path: Pointer
    layer: Layer
    within: str = ""

    @property
    def key(self) -> str:
        """The nearest key above it, empty where there is none."""
        return next((step for step in reversed(self.key_path) if isinstance(step, str) and not step.startswith("[")), "")

    @property
    def place(self) -> tuple[str, Region]:
        """File and region: no two scalars share them."""
        return self.path, self.region

    def location(self, message: str = "") -> Location:
        """Its place."""
        return Location(self.path, self.region, message, self.key_path)

    def written(self, text: str) -> str:
        """Write another text in its style: what goes between the quotes, where there are some."""
        return _quoted(text, self.style, *self.within.split())

    @property
    def empty(self) -> str:
        """What to write for an empty text."""
        return _quoted('""', *self.within.split()) if self.style == "plain" else ""


def _quoted(text: str, *styles: str) -> str:
    for style in styles:
        if style == "single":
            text = text.replace("'", "''")
        elif style == "double":
            text = json.dumps(text, ensure_ascii=False)[1:-1]
        elif style == ENCODED:
            text = base64.b64encode(text.encode()).decode()
    return text


def apart(scalars: Iterable[AuthoredScalar]) -> list[AuthoredScalar]:
    """Return the scalars each once, without those that stand inside of another one: no two of them overlap."""
    kept: list[AuthoredScalar] = []
    for scalar in sorted(dict.fromkeys(scalars), key=longest_first):
        before = kept[-1] if kept and kept[-1].path == scalar.path else None
        here = scalar.region.start_line, scalar.region.start_column
        if before is None or (before.region.end_line, before.region.end_column) <= here:
            kept.append(scalar)
    return kept


def by_key(scalars: Iterable[AuthoredScalar]) -> dict[tuple[Pointer, int], AuthoredScalar]:
    """Return the scalars of a file by their key path and its ordinal: two releases of one chart may differ in that alone."""
    found: dict[tuple[Pointer, int], AuthoredScalar] = {}
    count = Counter[Pointer]()
    for scalar in sorted(scalars, key=longest_first):
        found[scalar.key_path, count[scalar.key_path]] = scalar
        count[scalar.key_path] += 1
    return found


def longest_first(scalar: AuthoredScalar) -> tuple[str, int, int, int]:
    """The order of scalars by their places; of two that begin together the longer one comes first."""
    return scalar.path, scalar.region.start_line, scalar.region.start_column, -scalar.region.end_column


class Segment(Struct, frozen=True, order=True):
    """A part [start, end) of a field's text and the scalar that decides it; `offset` is where that part begins in the scalar's text."""

    start: int
    end: int
    scalar: AuthoredScalar
    offset: int = 0

    def overlap(self, span: tuple[int, int]) -> int:
        """How many columns of `span` it decides."""
        return min(self.end, span[1]) - max(self.start, span[0])
