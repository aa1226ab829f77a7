"""The report as one JSON object for programs. Its `schema` is 1; keys may be added to it, never changed or removed.

    schema, tool {name, version}
    results[]   rule, level, message, location, certainty, rendered_as, resource, field, image, container,
                target, targets[], fields[], related[] (locations), suppressions[] {kind, justification, location}, fingerprint
    failures[]  message, target, rule, location, details
    notes[]
    skipped[]   kind (chart, manifest, component, application, helm-release, flux-kustomization, helm-chart, helm-op, bundle, git-repo,
                variable), name, reason: what was come across and not rendered, judged or filled in
    summary     error, warning, note, suppressed, failures, targets, rendered, renders, seconds, exit_code

A location is {path, start_line, start_column, end_line, end_column, key_path[], message}: lines and columns count from 1,
columns are Unicode code points, the end column is exclusive. What is not known is null, or an empty string or list.
Suppressed results are listed, too; `summary` counts them apart.
"""

from __future__ import annotations

from typing import Any

from agentslint import __version__
from agentslint.credentials import dropped
from agentslint.model import Failure, Field, Location, Report, Result, Suppression
from agentslint.report.escape import dumped
from agentslint.report.reporter import ReportOptions
from agentslint.report.summary import by_place, counts, limits, suppressed
from agentslint.report.withheld import rendered_as

SCHEMA = 1


def render(report: Report, _: ReportOptions) -> str:
    """Return the report as JSON; no option changes it."""
    return dumped(
        {
            "schema": SCHEMA,
            "tool": {"name": "agentslint", "version": __version__},
            "results": [_result(result) for result in by_place(report.results)],
            "failures": [_failure(failure) for failure in report.failures],
            "notes": [*report.notes, *report.asides],
            "skipped": limits(report),
            "configuration": {"path": report.configuration, "revision": report.revision},
            "summary": _summary(report),
        }
    )


def _summary(report: Report) -> dict[str, Any]:
    return {
        **{level.value: count for level, count in counts(report).items()},
        "suppressed": suppressed(report),
        "failures": len(report.failures),
        "targets": len(report.targets),
        "rendered": report.rendered,
        "renders": report.renders,
        "seconds": round(report.seconds, 3),
        "exit_code": report.exit_code,
    }


def _result(result: Result) -> dict[str, Any]:
    finding = result.finding
    place = finding.place if isinstance(finding.place, Field) else None
    return {
        "rule": result.rule_id,
        "level": result.level.value,
        "message": finding.message,
        "location": _location(result.location),
        "certainty": result.provenance.certainty.value,
        "rendered_as": rendered_as(result),
        "resource": dropped(place.manifest.resource) if place else "",
        "field": dropped(place.path) if place else "",
        "image": finding.image,
        "container": finding.container,
        "target": finding.target.name,
        "targets": list(result.targets),
        "fields": list(result.fields),
        "related": [_location(location) for location in result.related],
        "suppressions": [_suppression(suppression) for suppression in result.suppressions],
        "fingerprint": result.fingerprint,
    }


def _location(location: Location) -> dict[str, Any]:
    return {**place(location), "message": location.message}


def place(location: Location) -> dict[str, Any]:
    """Return where a location is, in the keys that every JSON of agentslint has for it."""
    region = location.region
    return {
        "path": location.path,
        "start_line": region.start_line,
        "start_column": region.start_column,
        "end_line": region.end_line,
        "end_column": region.end_column,
        "key_path": list(location.key_path),
    }


def _suppression(suppression: Suppression) -> dict[str, Any]:
    location = _location(suppression.location) if suppression.location else None
    return {"kind": suppression.kind, "justification": suppression.justification, "location": location}


def _failure(failure: Failure) -> dict[str, Any]:
    return {
        "message": failure.message,
        "target": failure.target,
        "rule": failure.rule_id,
        "location": _location(failure.location) if failure.location else None,
        "details": failure.details,
    }
