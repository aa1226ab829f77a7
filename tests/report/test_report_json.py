"""The shape that programs rely on: a change to it needs a new number in `schema`."""

from __future__ import annotations

import json
from typing import Any

TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}
NUMBER = {"type": "integer", "minimum": 0}
KINDS = [
    *("chart", "manifest", "component", "application", "helm-release", "flux-kustomization"),
    *("helm-chart", "helm-op", "bundle", "git-repo"),
    "variable",
]


def closed(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": list(properties), "properties": properties}


LOCATION = closed(
    path=TEXT,
    start_line=NUMBER,
    start_column=NUMBER,
    end_line=NUMBER,
    end_column=NUMBER,
    key_path={"type": "array", "items": {"type": ["string", "integer"]}},
    message=TEXT,
)
MAYBE = {"anyOf": [LOCATION, {"type": "null"}]}
LEVEL = {"enum": ["error", "warning", "note"]}
RESULT = closed(
    rule=TEXT,
    level=LEVEL,
    message=TEXT,
    location=LOCATION,
    certainty={"enum": ["exact", "matched", "resource", "chart"]},
    rendered_as=TEXT,
    resource=TEXT,
    field=TEXT,
    image=TEXT,
    container=TEXT,
    target=TEXT,
    targets=TEXTS,
    fields=TEXTS,
    related={"type": "array", "items": LOCATION},
    suppressions={"type": "array", "items": closed(kind=TEXT, justification=TEXT, location=MAYBE)},
    fingerprint=TEXT,
)
REPORT = closed(
    schema={"const": 1},
    tool=closed(name={"const": "agentslint"}, version=TEXT),
    results={"type": "array", "items": RESULT},
    failures={"type": "array", "items": closed(message=TEXT, target=TEXT, rule=TEXT, location=MAYBE, details=TEXT)},
    notes=TEXTS,
    skipped={
        "type": "array",
        "items": closed(kind={"enum": KINDS}, name=TEXT, reason=TEXT),
    },
    configuration=closed(path={"type": ["string", "null"]}, revision={"type": ["string", "null"]}),
    summary=closed(
        error=NUMBER,
        warning=NUMBER,
        note=NUMBER,
        suppressed=NUMBER,
        failures=NUMBER,
        targets=NUMBER,
        rendered=NUMBER,
        renders=NUMBER,
        seconds={"type": "number"},
        exit_code=NUMBER,
    ),
)


def test_the_report_has_the_documented_shape(build: Any, render: Any) -> None:
    import jsonschema

    for report in (build.typical(), build.report()):
        jsonschema.validate(json.loads(render("json", report)), REPORT)


def test_suppressed_results_are_there_and_counted_apart(build: Any, render: Any) -> None:
    document = json.loads(render("json", build.typical()))
    assert len(document["results"]) == 4
    assert document["summary"] == {
        "error": 1,
        "warning": 1,
        "note": 1,
        "suppressed": 1,
        "failures": 2,
        "targets": 2,
        "rendered": 1,
        "renders": 0,
        "seconds": 1.234,
        "exit_code": 2,
    }


def test_a_result_says_what_it_is_about(build: Any, render: Any) -> None:
    result = next(r for r in json.loads(render("json", build.typical()))["results"] if r["rule"] == "require-digest")
    assert (result["resource"], result["field"]) == ("Deployment/agents", "spec.template.spec.containers[0].image")
    assert result["location"]["key_path"] == ["image", "tag"]
    assert result["targets"] == ["argocd/applications/agents", "argocd/applications/agents-eu"]
