"""Findings and their places -> results: one for each rule and scalar, with a fingerprint that outlives a promotion."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Sequence

from agentslint.model import Certainty, Field, Finding, Location, Provenance, Result

Located = tuple[Finding, Provenance, tuple[Location, ...]]
_SURE = (Certainty.EXACT, Certainty.MATCHED)


def results(located: Iterable[Located]) -> list[Result]:
    """Fold findings of one rule on one scalar into one result, ordered by place."""
    folded: dict[str, list[Located]] = {}
    for item in located:
        folded.setdefault(fingerprint(item[0], item[1]), []).append(item)
    found = [_fold(key, items) for key, items in folded.items()]
    return sorted(
        found, key=lambda r: (r.location.path, r.location.region.start_line, r.location.region.start_column, r.rule_id, r.fingerprint)
    )


def _fold(key: str, items: Sequence[Located]) -> Result:
    """The first finding speaks for all; what the others add is said behind it."""
    finding, provenance, _ = items[0]
    targets = dict.fromkeys(item[0].target.name for item in items)
    fields = dict.fromkeys(item[1].rendered_as.partition(" = ")[0] for item in items if item[1].rendered_as)
    related = {(place.path, place.region, place.message): place for item in items for place in item[2]}
    message = _message([item[0] for item in items], len(fields))
    return Result(dataclasses.replace(finding, message=message), provenance, key, tuple(related.values()), tuple(targets), tuple(fields))


def _message(findings: Sequence[Finding], fields: int) -> str:
    """All that is said of one field; of several fields what is said of the first, and how many more there are."""
    messages = list(dict.fromkeys(finding.message for finding in findings))
    if fields > 1 and len(messages) > 1:
        return f"{messages[0]} (and {fields - 1} more {'field' if fields == 2 else 'fields'})"
    return "; ".join(messages)


def fingerprint(finding: Finding, provenance: Provenance) -> str:
    """Hash what stays: the rule, and the authored file and key path where they are known, else target, resource and field.

    Neither line numbers nor texts, tags or digests take part: a moved line or a promotion must not reopen an alert.
    """
    location = provenance.location
    if provenance.certainty in _SURE and location.key_path:
        parts = ["scalar", location.path, *map(str, location.key_path)]
    elif isinstance(finding.place, Field):
        from agentslint.trace.authored import by_name

        field = finding.place
        names = by_name(field.manifest.body, field.pointer)
        parts = ["field", finding.target.name, field.manifest.resource, finding.container, *map(str, names), field.missing]
    else:
        parts = ["target", finding.target.name, location.path, *map(str, location.key_path)]
    return hashlib.sha256("\0".join((finding.rule_id, *parts)).encode()).hexdigest()[:32]
