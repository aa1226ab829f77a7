"""Pull secrets that break a contract, or that are for another registry, in words."""

from __future__ import annotations

from collections.abc import Iterator

from agentslint.rule import BreachKind, FieldBreach, ForeignSecrets, Location


def in_words(breach: FieldBreach) -> str:
    """Say how pull secrets break their contract."""
    expected, before = breach.expected[0], f"with {breach.empty} empty, " if breach.empty else ""
    match breach.kind:
        case BreachKind.JOINED:
            return f"{before}the pod gets {expected} and {breach.decides}, but should get only the first"
        case BreachKind.OVERTAKEN:
            return f"{before}the pod gets {breach.decides}, although {expected} is set and comes first"
        case BreachKind.FOREIGN:
            return f"{before}the pod gets {breach.decides}, which is not in the chain; use {expected}"
        case BreachKind.NO_FALLBACK:
            return f"{before}the pod does not get {expected}"
        case BreachKind.REFUSED:
            return f"with {breach.empty} empty, the render fails although {expected} is set: {breach.failure}"
        case BreachKind.NOWHERE | BreachKind.NOT_RENDERED:
            return f"the pod does not get {' or '.join(breach.expected)}"


def foreign(found: ForeignSecrets) -> str:
    """Say whose secrets a workload pulls with."""
    verb = "pull" if len(found.workloads) > 1 else "pulls"
    pulling = f"{' and '.join(found.workloads)} {verb} from {found.registry} with the secrets of {found.fallback}"
    return f"{pulling} ({found.secrets}), which are for {found.secrets_for}: set {found.block}.pullSecrets"


def related(found: ForeignSecrets) -> Iterator[tuple[Location, str]]:
    """Yield where the secrets are set, and where the registry that they are for."""
    if found.secrets_place:
        yield found.secrets_place, "inherited from here"
    if found.repository_place:
        yield found.repository_place, "the registry that they are for"
