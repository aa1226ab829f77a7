"""Scalars that kustomize's `images:` finds by their text: they are changed together with the name that it looks for.

Without the pair the entry would find nothing, and the field would change altogether.
"""

from __future__ import annotations

from collections.abc import Iterator

from agentslint.trace.collect import Changeable
from agentslint.trace.reading import Marks
from agentslint.trace.scalar import AuthoredScalar
from agentslint.trace.sentinel import Sentinel, with_repository

_MOST_NAMES, _MOST_SCALARS = 99, 999


class Pairs:
    """The names that the `images:` entries of a target look for.

    kustomize compiles a name to a regular expression (api/internal/image/image.go), so that one pattern finds all sentinels of a
    group: the scalars that hold one repository.
    """

    def __init__(self, changeable: Changeable) -> None:
        self._changeable = changeable
        self._groups = {name: number for number, name in enumerate(sorted(changeable.matched_on)[:_MOST_NAMES])}

    def mark(self, scalar: AuthoredScalar, mark: Sentinel | None, number: int) -> Sentinel | None:
        """Return the sentinel of a scalar that an entry finds, with what `mark` changes behind the repository; None for others."""
        repository = self._changeable.names_image(scalar)
        group = self._groups.get(repository)
        if group is None or number > _MOST_SCALARS:
            return None
        return with_repository(mark or Sentinel(scalar.text, scalar.text, ()), repository, f"zp{group:02d}{number:03d}")

    def names(self, marks: Marks) -> Iterator[tuple[AuthoredScalar, Sentinel]]:
        """Yield the names as patterns that find the sentinels among `marks`, and with them nothing else."""
        used = {self._changeable.names_image(scalar) for scalar, mark in marks if any(core.text.startswith("zp") for core in mark.cores)}
        for name in self._changeable.image_names:
            if name.text in used:
                word = f"zp{self._groups[name.text]:02d}..."
                yield name, Sentinel(name.text, name.text[: name.text.rfind("/") + 1] + word, ())
