"""Renders of a target with some scalars changed, counted.

Scalars that kustomize's `images:` finds by their text are changed together with the name that it looks for: without the pair the entry
would find nothing, and the field would change altogether.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from agentslint import files
from agentslint.authorship.authored_scalar import AuthoredScalar
from agentslint.authorship.changeable import ChangeableScalars
from agentslint.authorship.edits import edited
from agentslint.experiment.marked_render import MarkedRender
from agentslint.experiment.marks import PAIRED, Mark, behind_repository, sentinel, with_repository
from agentslint.experiment.read_marks import Marks
from agentslint.experiment.renders import Allowance
from agentslint.facts.target_facts import TargetFacts
from agentslint.model import RenderFailure
from agentslint.yamlread.numbers import number_texts

_MOST_NAMES, _MOST_SCALARS = 99, 999


class MarkedRenders(Struct, dict=True):
    """Renders one target with other texts in the place of scalars, as often as the `allowance` lets it."""

    rendered: TargetFacts
    changeable: ChangeableScalars
    allowance: Allowance
    refusal: str = ""
    """The message of the last render, if it failed."""
    _crds_are_needed: bool = False
    _crds_can_be_left_out: bool = False
    _marks: dict[AuthoredScalar, Mark | None] = {}

    @property
    def spent(self) -> bool:
        """Whether no further render may be made."""
        return self.allowance.is_spent

    def mark(self, scalar: AuthoredScalar) -> Mark | None:
        """The sentinel of a scalar, always the same; None for what must not be changed."""
        if scalar not in self._marks:
            number = len(self._marks) + 1
            numeric = scalar.style == "plain" and number_texts(scalar.text) is not None
            mark = sentinel(scalar.text, number, numeric=numeric)
            kept = self.changeable.names_deployed_image(scalar)
            self._marks[scalar] = behind_repository(mark, kept) if kept else self.pairs.mark(scalar, mark, number) or mark
        return self._marks[scalar]

    def tainted(self, marks: Marks) -> MarkedRender | None:
        """Render with the texts of `marks` in place; None where that is refused, or nothing may be rendered any more.

        CustomResourceDefinitions of charts are left out where nobody asked for them: they are most of the bytes of many a chart.
        If that makes the render fail (a patch of one finds nothing then), they are left in from then on.
        """
        left_out = [(switch, Mark(switch.text, "false", ())) for switch in self._crd_switches]
        tainted = self.rendered_with(self._changes([*marks, *left_out]), marks)
        if tainted is None and left_out and not self._crds_can_be_left_out:
            self._crds_are_needed = True
            return self.rendered_with(self._changes(marks), marks)
        self._crds_can_be_left_out = self._crds_can_be_left_out or tainted is not None
        return tainted

    def rendered_with(self, changes: Mapping[str, bytes], marks: Marks) -> MarkedRender | None:
        """Render with other files, in which `marks` are; None as above."""
        outcome = self.allowance.ask(changes, remember=False)
        if outcome is None:
            return None
        self.refusal = f"{outcome.message}\n{outcome.details}" if isinstance(outcome, RenderFailure) else ""
        return None if isinstance(outcome, RenderFailure) else MarkedRender(self.rendered, outcome, marks)

    @property
    def _crd_switches(self) -> Sequence[AuthoredScalar]:
        asked_for = bool(self.rendered.read_crds)
        return () if asked_for or self._crds_are_needed else self.changeable.crd_switches

    @cached_property
    def pairs(self) -> Pairs:
        """The names that `images:` entries match."""
        return Pairs(self.changeable)

    def _changes(self, marks: Marks) -> dict[str, bytes]:
        root = self.rendered.target.root
        by_file: dict[str, list[tuple[AuthoredScalar, Mark]]] = {}
        for scalar, mark in (*marks, *self.pairs.names(marks)):
            by_file.setdefault(scalar.path, []).append((scalar, mark))
        return {
            path: edited(files.read_in(root, path), [(scalar.region, scalar.written(mark.text)) for scalar, mark in inside])
            for path, inside in by_file.items()
        }


class Pairs:
    """The names that the `images:` entries of a target look for.

    kustomize compiles a name to a regular expression (api/internal/image/image.go), so that one pattern finds all sentinels of a
    group: the scalars that hold one repository. Names that a deployer looks for, or sorts, stay as they are.
    """

    def __init__(self, changeable: ChangeableScalars) -> None:
        self._changeable = changeable
        self._groups = {name: number for number, name in enumerate(sorted(changeable.matched_on - changeable.deployed_names)[:_MOST_NAMES])}

    def mark(self, scalar: AuthoredScalar, mark: Mark | None, number: int) -> Mark | None:
        """Return the sentinel of a scalar that an entry finds, with what `mark` changes behind the repository; None for others."""
        repository = self._changeable.names_image(scalar)
        group = self._groups.get(repository)
        if group is None or number > _MOST_SCALARS:
            return None
        return with_repository(mark or Mark(scalar.text, scalar.text, ()), repository, f"{PAIRED}{group:02d}{number:03d}")

    def names(self, marks: Marks) -> Iterator[tuple[AuthoredScalar, Mark]]:
        """Yield the names as patterns that find the sentinels among `marks`, and what the names find themselves.

        Another image may have the name from a scalar that is not changed: a template, or one that another group has.
        """
        used = {self._changeable.names_image(scalar) for scalar, mark in marks if any(core.text.startswith(PAIRED) for core in mark.cores)}
        for name in self._changeable.image_names:
            if name.text in used:
                last = name.text.rfind("/") + 1
                either = f"({PAIRED}{self._groups[name.text]:02d}...|{name.text[last:]})"
                yield name, Mark(name.text, name.text[:last] + either, ())
