"""How a field breaks its contract, in words."""

from __future__ import annotations

from agentslint.rule import BreachKind, FieldBreach


def in_words(breach: FieldBreach) -> str:
    """Say how a field breaks its contract."""
    expected, before = breach.expected[0], f"with {breach.empty} empty, " if breach.empty else ""
    match breach.kind:
        case BreachKind.JOINED:
            return f"{before}{expected} and {breach.decides} are joined, but only the first should be used"
        case BreachKind.OVERTAKEN:
            return f"{before}{breach.decides} is used, although {expected} is set and comes first"
        case BreachKind.FOREIGN:
            return f"{before}{breach.decides} is used, which is not in the chain; use {expected}"
        case BreachKind.NO_FALLBACK:
            return f"{before}{expected} is not used as the fallback"
        case BreachKind.REFUSED:
            return f"with {breach.empty} empty, the render fails although {expected} is set: {breach.failure}"
        case BreachKind.NOWHERE:
            return f"{' or '.join(breach.expected)} is not used"
        case BreachKind.NOT_RENDERED:
            return f"{expected} is set but not used"
