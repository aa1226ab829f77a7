"""A difference as one JSON object for programs. Its `schema` is 1; keys may be added to it, never changed or removed.

    schema, tool {name, version}, base {name, commit}, other {name}: the programs compared with, in place of a base
    targets[]    name, was, what (changed, same, appears, disappears, failed), failures[], files[],
                 images[] {resource, place, before, after, note, file, line, commits {old, new, relation, ahead, behind, unknown}},
                 claims[] {resource, name, before, after}, api[] {name, what, breaks},
                 manifests[] {resource, namespace, what, field, file, line},
                 policy {error, warning, note, not checked: how many; what there is none of is left out}
    policy       rules[], results[] (as in the report of a run)
    failures[]   target, message
    notes[]
    summary      targets, differing, renders, seconds, exit_code

What is not there is null: the side of an image that is new or gone, a range between images without SHAs. `field`, `file` and `line` are
told where programs are compared: the first field of a manifest that differs, and the authored places.
"""

from __future__ import annotations

import json
from typing import Any

from msgspec.structs import asdict

from agentslint import __version__
from agentslint.diff.rows import ImageRow, ManifestRow, Range, RunDifference, TargetRow
from agentslint.git.ancestry import Distance, Unknown
from agentslint.model import Location, Report
from agentslint.report import ReportOptions, json_report
from agentslint.report.escape import dumped

SCHEMA = 1


def render(difference: RunDifference) -> str:
    """Return the difference as JSON."""
    report = difference.report
    return dumped(
        {
            "schema": SCHEMA,
            "tool": {"name": "agentslint", "version": __version__},
            "base": {"name": difference.base, "commit": difference.commit or None},
            "other": {"name": difference.other} if difference.other else None,
            "targets": [_target(row) for row in difference.targets],
            "policy": {"rules": list(difference.rules), "results": _results(report)},
            "failures": [{"target": failure.target, "message": failure.message} for failure in report.failures],
            "notes": list(report.notes),
            "summary": {
                "targets": len(report.targets),
                "differing": sum(row.what != "same" for row in difference.targets),
                "renders": report.renders,
                "seconds": round(report.seconds, 3),
                "exit_code": report.exit_code,
            },
        }
    )


def _results(report: Report) -> Any:
    return json.loads(json_report.render(report, ReportOptions()))["results"]


def _target(row: TargetRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "was": row.was or None,
        "what": row.what,
        "failures": list(row.failures),
        "files": list(row.files),
        "images": [_image(image) for image in row.images],
        "claims": [asdict(claim) for claim in row.claims],
        "api": [asdict(api) for api in row.apis],
        "manifests": [_manifest(manifest) for manifest in row.manifests],
        "policy": dict(row.policy),
    }


def _image(row: ImageRow) -> dict[str, Any]:
    return {
        "resource": row.resource,
        "place": row.place,
        "before": row.before,
        "after": row.after,
        "note": row.note,
        **_place(row.location),
        "commits": _range(row.commits) if row.commits else None,
    }


def _manifest(row: ManifestRow) -> dict[str, Any]:
    return {
        "resource": row.resource,
        "namespace": row.namespace,
        "what": row.what,
        "field": row.field or None,
        **_place(row.location),
    }


def _place(place: Location | None) -> dict[str, Any]:
    return {"file": place.path if place else None, "line": place.region.start_line if place else None}


def _range(span: Range) -> dict[str, Any]:
    found = span.distance
    known = found if isinstance(found, Distance) else None
    return {
        "old": span.old,
        "new": span.new,
        "relation": known.relation.value if known else None,
        "ahead": known.ahead if known else None,
        "behind": known.behind if known else None,
        "unknown": found.reason if isinstance(found, Unknown) else None,
    }
