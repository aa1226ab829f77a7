"""Results in SARIF: message, places, fingerprint, suppressions and provenance."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from agentslint.model import Location, Result, Suppression
from agentslint.report.frames import Frames
from agentslint.report.sarif_places import logical, physical, quoted
from agentslint.report.withheld import rendered_as

_RELATED_KEPT = 100
"""GitHub shows no more locations of a result."""
_LINKED = 10
_PLACEHOLDER = re.compile(r"\{(\d+)\}")


def result_object(result: Result, indexes: Mapping[str, int], frames: Frames) -> dict[str, Any]:
    """Return the result object of `result`; `indexes` says where its rule stands in the run's rules."""
    return {
        "ruleId": result.rule_id,
        "ruleIndex": indexes[result.rule_id],
        "level": result.level.value,
        "message": {"text": _message(result)},
        "locations": [{"physicalLocation": quoted(result, frames), "logicalLocations": logical(result)}],
        **_optional("relatedLocations", [_related(i, place, frames) for i, place in enumerate(result.related[:_RELATED_KEPT], 1)]),
        **_optional("codeFlows", _code_flows(result, frames)),
        **_optional("partialFingerprints", {"primaryLocationLineHash": result.fingerprint} if result.fingerprint else {}),
        **_optional("suppressions", [_suppression(suppression, frames) for suppression in result.suppressions]),
        "properties": {"provenance": _provenance(result)},
    }


def _optional(name: str, value: Any) -> dict[str, Any]:
    return {name: value} if value else {}


def _message(result: Result) -> str:
    """Return the rule's message, followed by links to the related places (SARIF 2.1.0, section 3.11.6)."""
    text = literal(result.finding.message) or result.rule_id
    if not result.related:
        return text
    shown = result.related[:_LINKED]
    links = [f"[{_link_text(_caption(place))}]({index})" for index, place in enumerate(shown, 1)]
    rest = len(result.related) - len(shown)
    more = f" and {rest} more" if rest else ""
    return f"{_sentence(text)} See {', '.join(links)}{more}."


def literal(text: str) -> str:
    """Return `text` such that no viewer finds a link or a placeholder in it that its author did not mean.

    Only braces around a number are doubled. The standard asks for all of them (section 3.11.5), but viewers show
    messages without arguments as they are, and Helm's errors are full of braces.
    """
    return _PLACEHOLDER.sub(r"{{\1}}", text.strip().replace("](", "] ("))


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _caption(place: Location) -> str:
    where = f"{place.path}:{place.region.start_line}"
    return f"{where} ({place.message})" if place.message else where


def _link_text(text: str) -> str:
    return re.sub(r"([\\\[\]])", r"\\\1", re.sub(r"\s+", " ", text))


def _related(index: int, place: Location, frames: Frames) -> dict[str, Any]:
    message = {"message": {"text": literal(place.message)}} if place.message.strip() else {}
    return {"id": index, "physicalLocation": physical(place, frames), **message}


def _code_flows(result: Result, frames: Frames) -> list[dict[str, Any]]:
    """Return the way from the scalar to the rendered field as one flow (SARIF 2.1.0, section 3.36); none where it has no steps."""
    steps = result.provenance.steps
    if len(steps) < 2:
        return []
    places = [{"physicalLocation": physical(step, frames), "message": {"text": literal(step.message) or "passed on"}} for step in steps]
    return [{"threadFlows": [{"locations": [{"location": place} for place in places]}]}]


def _suppression(suppression: Suppression, frames: Frames) -> dict[str, Any]:
    kind = suppression.kind if suppression.kind in ("inSource", "external") else "external"
    place = {"physicalLocation": physical(suppression.location, frames)} if suppression.location else None
    return {"kind": kind, "justification": suppression.justification, **_optional("location", place)}


def _provenance(result: Result) -> dict[str, Any]:
    return {
        "certainty": result.provenance.certainty.value,
        **_optional("renderedAs", rendered_as(result)),
        **_optional("targets", list(result.targets)),
        **_optional("fields", list(result.fields)),
    }
