"""Findings and their places -> results: one for each rule and scalar, with a fingerprint that outlives a promotion."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from agentslint.authorship.vendored_charts import unversioned
from agentslint.model import Certainty, Failure, Field, Finding, Location, Provenance, Result

Located = tuple[Finding, Provenance, tuple[Location, ...]]
_BY_CERTAINTY = tuple(Certainty)
_SAID = 3
_SURE = (Certainty.EXACT, Certainty.MATCHED)


def results(located: Iterable[Located]) -> list[Result]:
    """Fold findings of one rule on one scalar into one result, ordered by place."""
    folded: dict[tuple[str, str, int], list[Located]] = {}
    for item in located:
        where = item[1].location
        folded.setdefault((fingerprint(item[0], item[1]), where.path, where.region.start_line), []).append(item)
    found = [_fold(key[0], items) for key, items in folded.items()]
    return list(_distinct(_of_one_line(sorted(found, key=_order))))


def unchecked(finding: Finding, provenance: Provenance) -> Failure:
    """Turn a question that a rule could not answer into a failure, at its place."""
    return Failure(finding.message, finding.target.name, finding.rule_id, location=provenance.location)


def _order(result: Result) -> tuple[str, int, int, str, str]:
    place = result.location
    return place.path, place.region.start_line, place.region.start_column, result.rule_id, result.fingerprint


def _of_one_line(found: Iterable[Result]) -> Iterator[Result]:
    """Fold what is said of one line of a file for several targets as wholes: one broken line is one thing to mend.

    It keeps the fingerprint that it has for one of them, so that a baseline knows it still.
    """
    kept: dict[object, Result] = {}
    for result in found:
        own = result.findings[0]
        as_whole = not isinstance(own.place, Field) and not result.location.key_path and len(result.findings) == 1
        cause = own.message.removeprefix(f"{own.target.name}: ")
        key: object = (result.rule_id, result.location.path, result.location.region, cause) if as_whole else id(result)
        if key not in kept:
            kept[key] = result
            continue
        first = kept[key]
        finding = replace(first.finding, message=cause)
        targets = sorted({*first.targets, *result.targets})
        kept[key] = first.replace(finding=finding, targets=tuple(targets), folded=(*first.findings, *result.findings))
    yield from kept.values()


def _distinct(found: Iterable[Result]) -> Iterator[Result]:
    """Two places with one fingerprint (two releases of one name, two comments that say the same) are counted in their order."""
    seen: Counter[str] = Counter()
    for result in found:
        seen[result.fingerprint] += 1
        number = seen[result.fingerprint]
        yield result if number == 1 else result.replace(fingerprint=_hash(result.fingerprint, str(number)))


def _fold(key: str, items: Sequence[Located]) -> Result:
    """The finding with the best location represents all; the messages of the others follow its own."""
    finding, provenance, _ = min(items, key=lambda item: _BY_CERTAINTY.index(item[1].certainty))
    findings = tuple(item[0] for item in items)
    targets = dict.fromkeys(each.target.name for each in findings)
    fields = dict.fromkeys(item[1].rendered_as.partition(" = ")[0] for item in items if item[1].rendered_as)
    related = {(place.path, place.region, place.message): place for item in items for place in item[2]}
    said = replace(
        finding,
        message=_message([finding, *findings], len(fields)),
        level=max((each.level for each in findings), key=lambda level: level.rank),
    )
    return Result(
        said, provenance, key, tuple(related.values()), tuple(targets), tuple(fields), folded=findings if len(findings) > 1 else ()
    )


def _message(findings: Sequence[Finding], fields: int) -> str:
    """All messages about one field; for several fields the message of the first, and the number of the others."""
    messages = list(dict.fromkeys(finding.message for finding in findings))
    if fields > 1 and len(messages) > 1:
        return f"{messages[0]} (and {fields - 1} more {'field' if fields == 2 else 'fields'})"
    left = len(messages) - _SAID
    return "; ".join(messages[:_SAID]) + (f"; and {left} more" if left > 0 else "")


def fingerprint(finding: Finding, provenance: Provenance) -> str:
    """Hash what stays: the rule, and the authored file and key path where they are known, else place, resource and field.

    Neither line numbers nor texts, tags or digests take part: a moved line or a promotion must not reopen an alert. Nor does the
    version of a vendored chart in its path. Nor do targets, unless a finding is about one as a whole: one more overlay that
    inherits a base must not either.
    """
    place, location = finding.place, provenance.location
    parts = [unversioned(location.path, finding.target.closure.charts), *map(str, location.key_path)]
    if not isinstance(place, Field):
        parts += [] if location.key_path else ["target", finding.target.path]
    elif provenance.certainty not in _SURE or not location.key_path:
        parts += _field(finding, place, named=provenance.certainty is Certainty.RESOURCE and bool(location.key_path))
    return _hash(finding.rule_id, *parts)


def _field(finding: Finding, field: Field, named: bool) -> list[str]:
    """Which field it is, where the place stands for many; a resource that the place names already may be renamed in a target."""
    from agentslint.places import by_name

    names = by_name(field.manifest.body, field.pointer)
    return ["field", "" if named else field.manifest.resource, finding.container, *map(str, names), field.missing]


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
