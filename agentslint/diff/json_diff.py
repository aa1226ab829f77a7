"""A difference as one JSON object for programs. Its `schema` is 1; keys may be added to it, never changed or removed.

    schema, tool {name, version}, base {name, commit}
    targets[]    name, was, what (changed, same, appears, disappears, failed), failures[], files[],
                 images[] {resource, place, before, after, note, commits {old, new, relation, ahead, behind, unknown}},
                 claims[] {resource, name, before, after}, api[] {name, what, breaks}, manifests[] {resource, namespace, what},
                 policy {error, warning, note, not checked: how many; what there is none of is left out}
    policy       rules[], results[] (as in the report of a run)
    failures[]   target, message
    notes[]
    summary      targets, differing, renders, seconds, exit_code

What is not there is null: the side of an image that is new or gone, a range between images without SHAs.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from agentslint import __version__
from agentslint.diff.rows import ImageRow, Range, RunDifference, TargetRow
from agentslint.git.ancestry import Distance, Unknown
from agentslint.model import Report
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
            "base": {"name": difference.base, "commit": difference.commit},
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
        "manifests": [asdict(manifest) for manifest in row.manifests],
        "policy": dict(row.policy),
    }


def _image(row: ImageRow) -> dict[str, Any]:
    return {
        "resource": row.resource,
        "place": row.place,
        "before": row.before,
        "after": row.after,
        "note": row.note,
        "commits": _range(row.commits) if row.commits else None,
    }


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
