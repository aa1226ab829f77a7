"""Whether a custom resource belongs to a namespace, by the definitions that the targets of the run render."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from agentslint.rule import Fleet


class CustomResources:
    """Answers from the definitions, which are read when first asked for."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    def __call__(self, group: str, plural: str) -> bool | None:
        """Return whether a resource belongs to a namespace, of `*` whether any of its group does; None where nobody knows."""
        if plural == "*":
            return any(own for (its, _), own in self._defined.items() if its == group) or None
        return self._defined.get((group, plural))

    @cached_property
    def _defined(self) -> Mapping[tuple[str, str], bool]:
        found: dict[tuple[str, str], bool] = {}
        for target in self._fleet.targets:
            for crd in target.crds:
                group, plural, scope = (crd.at(("spec", *way)) for way in (("group",), ("names", "plural"), ("scope",)))
                if isinstance(group, str) and isinstance(plural, str):
                    found[group, plural] = scope != "Cluster"
        return found
