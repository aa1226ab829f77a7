"""The coverage of a run: only there is a suppression without a match stale; elsewhere another run may need it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from msgspec import Struct

from agentslint.model import Failure, Target

AllTargets = Callable[[], Sequence[Target]]


class Coverage(Struct, frozen=True):
    """Rules that ran without failing, targets that were checked whole, and all targets that the repository has."""

    rules: Collection[str]
    targets: Collection[str]
    repository: AllTargets
    traced: bool = True
    """Whether every place was looked for: else findings may be elsewhere than in other runs."""

    @classmethod
    def of(
        cls, rules: Iterable[str], targets: Iterable[str], failures: Iterable[Failure], repository: AllTargets, *, traced: bool = True
    ) -> Coverage:
        """Leave out the rules and targets that something failed of."""
        failed = list(failures)
        whole = frozenset(targets) - {failure.target for failure in failed}
        unsure = {rule for failure in failed for rule in (failure.rule_id, *failure.rules)}
        return cls(frozenset(rules) - unsure, whole, repository, traced)

    def covers_all(self, may_be_spoken_of: Callable[[Target], bool]) -> bool:
        """Tell whether every target of the repository that is named was checked."""
        return all(target.name in self.targets for target in self.repository() if may_be_spoken_of(target))

    def all_of(self, names: Iterable[str]) -> bool:
        """Tell whether those of the named targets that still exist were checked."""
        left = set(names) - set(self.targets)
        return not left or left.isdisjoint(target.name for target in self.repository())
