"""The kinds that belong to no namespace, those of the definitions that are deployed among them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from agentslint.rule import Applications, is_cluster_scoped


class Scopes:
    """Tells whether a kind belongs to no namespace; one that nobody knows is taken to belong to one."""

    def __init__(self, applications: Applications) -> None:
        self._applications = applications

    def __call__(self, group: str, kind: str) -> bool:
        if is_cluster_scoped(group, kind) or "." not in group:
            return is_cluster_scoped(group, kind)
        return self._defined.get((group, kind), False)

    @cached_property
    def _defined(self) -> Mapping[tuple[str, str], bool]:
        """The kinds of the definitions that the targets of the run render."""
        found: dict[tuple[str, str], bool] = {}
        for rendered in self._applications.fleet.targets:
            for crd in rendered.crds:
                group, kind, scope = (crd.at(("spec", *way)) for way in (("group",), ("names", "kind"), ("scope",)))
                if isinstance(group, str) and isinstance(kind, str):
                    found[group, kind] = scope == "Cluster"
        return found
