"""A changed render beside the plain one: the same fields in it, and whether the rest has kept its shape."""

from __future__ import annotations

from collections.abc import Mapping
from posixpath import commonprefix
from typing import Any

from agentslint.experiment.read_marks import Marks, restored, segments
from agentslint.facts.counterparts import Counterparts, without_hashes
from agentslint.facts.stream import read_manifests
from agentslint.facts.target_facts import CRD, TargetFacts
from agentslint.model import Field, Manifest, Rendering
from agentslint.model.manifest import text_of


class MarkedRender:
    """The manifests of a changed render, found by those of the plain one."""

    def __init__(self, plain: TargetFacts, outcome: Rendering, marks: Marks) -> None:
        self.marks = marks
        self.manifests = read_manifests(outcome, lambda kind: kind != CRD or bool(plain.read_crds)).manifests
        self._counterparts = Counterparts((*plain.manifests, *plain.read_crds), self.manifests, lambda name: restored(name, marks))
        self._kept: dict[int, bool] = {}

    def text(self, place: Field) -> str | None:
        """The value at the same place of the same manifest; None if there is none."""
        manifest = self._of(place.manifest)
        return text_of(Field(manifest, place.pointer)) if manifest else None

    def value(self, place: Field) -> Any:
        """The same, as it is."""
        manifest = self._of(place.manifest)
        return manifest.at(place.pointer) if manifest else None

    def kept_shape(self, plain: Manifest) -> bool:
        """Tell whether a manifest differs in nothing but sentinels, its name, and what follows from them."""
        if plain.index not in self._kept:
            manifest = self._of(plain)
            self._kept[plain.index] = manifest is not None and self._alike(plain.body, manifest.body, (manifest.name, plain.name))
        return self._kept[plain.index]

    def _alike(self, plain: Any, changed: Any, names: tuple[str, str]) -> bool:
        if isinstance(plain, Mapping):
            same_keys = isinstance(changed, Mapping) and plain.keys() == changed.keys()
            return same_keys and all(self._alike(value, changed[key], names) for key, value in plain.items())
        if isinstance(plain, list):
            same_length = isinstance(changed, list) and len(plain) == len(changed)
            return same_length and all(self._alike(*pair, names) for pair in zip(plain, changed, strict=True))
        return plain == changed or self._same_text(str(plain), str(changed).replace(*names) if names[0] else str(changed))

    def _same_text(self, plain: str, changed: str) -> bool:
        if segments(plain, changed, self.marks) is not None:
            return True
        return without_hashes(restored(changed, self.marks)) == without_hashes(plain)

    def _of(self, plain: Manifest) -> Manifest | None:
        """The manifest of the same name, also where a sentinel or a hash is part of it."""
        return self._counterparts.of(plain) or self._alike_in_name(plain)

    def _alike_in_name(self, plain: Manifest) -> Manifest | None:
        """The one manifest with the longest beginning of its name in common: charts give tests and hooks another ending each time."""
        new = self._counterparts.new_like(plain)
        common = {index: len(commonprefix([plain.name, each.name])) for index, each in enumerate(new)}
        best = max(common.values(), default=0)
        nearest = [new[index] for index, length in common.items() if length == best]
        return nearest[0] if len(nearest) == 1 and best * 2 > len(plain.name) else None
