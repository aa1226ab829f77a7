"""What a run did not hold against a schema, and why: it is counted, so that nobody takes it for valid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct, field

from agentslint.model.skipped import counted, some

if TYPE_CHECKING:
    from agentslint.schemas.violations import Gap


class Unchecked(Struct):
    """Counts what was not checked: objects without a schema, by kind, and parts of schemas that were not evaluated."""

    kinds: Counter[str] = field(default_factory=Counter)
    """Kinds with their apiVersion, each with the number of its objects."""
    gaps: dict[Gap, Counter[str]] = {}
    variables: int = 0
    """Values with variables that a deployer fills in."""
    notes: dict[str, None] = {}
    unread: dict[str, tuple[str, int]] = {}
    """Files with schemas that cannot be read, each with the reason and the 1-based line."""
    is_asked_for: bool = False
    """Whether the configuration asks for schemas beyond those that the repository brings."""

    def add(self, gaps: Counter[tuple[Gap, str]]) -> None:
        """Count the parts of a schema that were not evaluated for one object."""
        for (gap, text), number in gaps.items():
            self.gaps.setdefault(gap, Counter())[text] += number

    def fail(self, path: str, why: str, line: int) -> None:
        """Keep why a file with schemas cannot be read, and where."""
        self.unread.setdefault(path, (why, line))

    @property
    def said(self) -> Iterator[str]:
        """Yield a sentence for each, that with the kinds first."""
        if self.kinds:
            named = [f"{kind} ({number})" for kind, number in self.kinds.most_common()]
            yield f"{self._counted_kinds}: {some(named, len(named))}"
        for gap, texts in self.gaps.items():
            said = some(list(texts)) if gap.has_names else f"{counted(sum(texts.values()), 'time')}, {counted(len(texts), 'text')}"
            yield f"not evaluated: {gap.value}: {said}"
        if self.variables:
            yield f"not held against schemas: {counted(self.variables, 'value')} with variables that a deployer fills in"
        yield from self.notes

    @property
    def in_short(self) -> Iterator[str]:
        """Yield the number of kinds without a schema, where the configuration asks for schemas."""
        if self.is_asked_for and self.kinds:
            yield f"{self._counted_kinds} (--verbose names them)"

    @property
    def _counted_kinds(self) -> str:
        return f"no schema for {counted(sum(self.kinds.values()), 'resource')} of {counted(len(self.kinds), 'kind')}"
