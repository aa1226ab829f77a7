"""Scalars without effect: with any other text, the render stays byte for byte the same.

All are changed at once, each to a text of its own; those that show in the output decide something, and where nothing else differs
the others have none. A scalar that has an effect only by being set (`{{ if .Values.image.digest }}`) is found by emptying the rest.
Only where that is not clear (a template branches, a schema refuses) fewer are changed at a time, in `most` renders.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from agentslint import files
from agentslint.authorship.authored_scalar import AuthoredScalar
from agentslint.authorship.edits import edited
from agentslint.experiment.marks import SHORTEST_CUT, Mark, MarkedPart, sentinel
from agentslint.experiment.read_marks import restored
from agentslint.experiment.renders import Allowance, Renders
from agentslint.facts.target_facts import TargetFacts
from agentslint.images.reference import is_digest, read_reference
from agentslint.model import Rendering
from agentslint.yamlread.numbers import number_texts

_CONFIRMED = 4
"""So many are looked at one by one: renders must be left for the others of the target."""
TELLING = 5
"""A shorter text may well occur elsewhere by chance."""
Scalars = Sequence[AuthoredScalar]
Texts = Callable[[AuthoredScalar], str]


class Idle(Struct, dict=True):
    """Looks for the scalars of one target on which nothing depends."""

    rendered: TargetFacts
    renders: Renders
    names_image: Callable[[AuthoredScalar], str] = lambda scalar: ""
    """The repository in a scalar that an `images:` entry looks for, if it holds one."""
    most: int = 8
    _marks: dict[AuthoredScalar, Mark] = {}

    def among(self, scalars: Scalars) -> list[AuthoredScalar]:
        """Return those of `scalars` of which it is proven."""
        for scalar in scalars:
            mark = None if self._evident(scalar) else _mark(scalar, len(self._marks) + 1)
            if mark:
                self._marks[scalar] = mark
        found = [scalar for scalar in self._marks if self.names_image(scalar)]
        others = [scalar for scalar in self._marks if scalar not in found]
        # With another name of an image the entries that look for it find nothing: what they decide over would seem to decide.
        unseen, alone = self._unseen(others), self._unseen(found)
        if len(found) > 1:
            # One of them may have kept the entry from finding the image over which another one decides.
            alone = [scalar for scalar in alone[:_CONFIRMED] if self._unseen([scalar])]
        return self._needless([*unseen, *alone])

    def _evident(self, scalar: AuthoredScalar) -> bool:
        """Whether it needs no proof that a scalar decides something: its text came out, and nobody else says it.

        Only where no chart and nothing from the network takes part: they may say it too.
        """
        target, text = self.rendered.target, scalar.text.encode()
        if target.closure.charts or target.closure.remotes or len(text) < TELLING:
            return False
        if not re.search(rf"(?<![\w.-]){re.escape(scalar.text)}(?![\w.-])", self._plain):
            return False
        return sum(content(target.root, path).count(text) for path in target.closure.files) == 1

    def _unseen(self, group: Scalars) -> list[AuthoredScalar]:
        """Those whose text changes nothing."""
        changed = self._render(group, lambda scalar: scalar.written(self._marks[scalar].text)) if group else None
        if changed is None:
            return self._by_halves(group, self._unseen)
        marks = [(scalar, self._marks[scalar]) for scalar in group]
        left = [scalar for scalar, mark in marks if not _shows(mark, changed)]
        if restored(changed, marks) == self._plain:
            return left
        if len(left) < len(group):
            return self._unseen(left)
        return left if self._alike(changed) else self._by_halves(group, self._unseen)

    def _needless(self, group: Scalars) -> list[AuthoredScalar]:
        """Those that may be empty as well."""
        changed = self._render(group, lambda scalar: scalar.empty) if group else None
        if changed is not None and self._alike(changed):
            return list(group)
        return self._by_halves(group, self._needless)

    def _by_halves(self, group: Scalars, verdict: Callable[[Scalars], list[AuthoredScalar]]) -> list[AuthoredScalar]:
        middle = len(group) // 2
        return [*verdict(group[:middle]), *verdict(group[middle:])] if middle and not self._allowance.is_spent else []

    def _render(self, group: Scalars, text: Texts) -> str | None:
        """Render with other texts in the place of scalars; None where that fails, or nothing may be rendered any more."""
        if self._allowance.is_spent:
            return None
        root = self.rendered.target.root
        paths = dict.fromkeys(scalar.path for scalar in group)
        changes = {
            path: edited(files.read_in(root, path), [(scalar.region, text(scalar)) for scalar in group if scalar.path == path])
            for path in paths
        }
        return _stream(self._allowance.ask(changes))

    def _alike(self, changed: str) -> bool:
        """Whether nothing differs but what differs from render to render anyway (a chart may draw a password)."""
        if changed == self._plain or changed.count("\n") != self._plain.count("\n"):
            return changed == self._plain
        return _differing(self._plain, changed) <= self._restless

    @cached_property
    def _allowance(self) -> Allowance:
        return Allowance(self.renders, self.most)

    @cached_property
    def _plain(self) -> str:
        return _stream(self.rendered.rendering) or ""

    @cached_property
    def _restless(self) -> set[int]:
        """The lines that differ between two renders of the same files."""
        again = _stream(self._allowance.ask({}))
        return _differing(self._plain, again) if again is not None else set()


def _mark(scalar: AuthoredScalar, number: int) -> Mark | None:
    """Another text of the same shape; of an image reference every part differs."""
    image, _ = read_reference(scalar.text)
    if image is None or is_digest(scalar.text) or not (image.tag or image.digest):
        numeric = scalar.style == "plain" and number_texts(scalar.text) is not None
        return sentinel(scalar.text, number, numeric=numeric)
    text = scalar.text
    cores: list[MarkedPart] = []
    for mark in (sentinel(part, number) for part in (image.repository, image.tag, image.digest) if part):
        text = text.replace(mark.original, mark.text, 1) if mark else text
        cores += mark.cores if mark else ()
    return Mark(scalar.text, text, (MarkedPart(text, scalar.text, 0), *cores))


def _shows(mark: Mark, text: str) -> bool:
    """Whether a sentinel, or as much of it as a template that cuts hashes leaves, came out anywhere."""
    return any((core.text[:SHORTEST_CUT] if core.is_hash else core.text) in text for core in mark.cores)


def _stream(outcome: object) -> str | None:
    return outcome.stream.decode("utf-8", "replace") if isinstance(outcome, Rendering) else None


def _differing(one: str, other: str) -> set[int]:
    return {number for number, (left, right) in enumerate(zip(one.split("\n"), other.split("\n"), strict=False)) if left != right}


def content(root: Path, path: str) -> bytes:
    """Return the bytes of a file of a closure, empty if it does not exist."""
    try:
        return files.read_in(root, path)
    except OSError:
        return b""
