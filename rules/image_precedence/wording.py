"""How a field breaks its contract, in words."""

from __future__ import annotations

from agentslint.rule import BreachKind, FieldBreach


def in_words(breach: FieldBreach) -> str:
    """Say how a field breaks its contract."""
    expected, before = breach.expected[0], f"with {breach.empty} empty, " if breach.empty else ""
    match breach.kind:
        case BreachKind.JOINED:
            return f"{before}{expected} and {breach.decides} are joined, where the first one alone should decide"
        case BreachKind.OVERTAKEN:
            return f"{before}{breach.decides} decides, although {expected} is set and comes first"
        case BreachKind.FOREIGN:
            return f"{before}{breach.decides} decides, which is no part of the chain; {expected} should"
        case BreachKind.NO_FALLBACK:
            return f"{before}{expected} does not take over"
        case BreachKind.REFUSED:
            return f"with {breach.empty} empty the render fails, although {expected} is set: {breach.failure}"
        case BreachKind.NOWHERE:
            return f"nothing here shows {' or '.join(breach.expected)}"
        case BreachKind.NOT_RENDERED:
            return f"{expected} is set and does not show"
