"""What GitHub and other readers of SARIF rely on."""

from __future__ import annotations

import gzip
import json
import random
from typing import Any

import pytest
from msgspec.structs import replace

from agentslint.model import Failure, Level, Suppression
from agentslint.report import sarif_limits


@pytest.fixture
def run(render: Any, validate: Any) -> Any:
    """Make the SARIF of a report, hold it against the schema, and return its one run."""

    def made(report: Any, **options: Any) -> Any:
        log = json.loads(render("sarif", report, **options))
        validate(log)
        (only,) = log["runs"]
        return only

    return made


def test_the_schema_itself_is_used(validate: Any) -> None:
    import jsonschema

    with pytest.raises(jsonschema.ValidationError):
        validate({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x", "nonsense": 1}}}]})


def test_a_typical_report_is_valid(build: Any, run: Any) -> None:
    made = run(build.typical())
    assert made["columnKind"] == "unicodeCodePoints"
    assert made["originalUriBaseIds"]["%SRCROOT%"]["description"]["text"]
    assert [result["ruleId"] for result in made["results"]] == ["require-digest", "image-lockstep", "pull-secrets"]
    rules = made["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in made["results"])


def test_an_empty_report_is_valid_and_keeps_the_rules_that_ran(build: Any, run: Any) -> None:
    made = run(build.report())
    assert made["results"] == []
    assert [rule["id"] for rule in made["tool"]["driver"]["rules"]] == ["mutable-tag", "require-digest"]


def test_a_result_says_where_and_what_it_decides(build: Any, run: Any) -> None:
    result = run(build.typical())["results"][0]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "argocd/applications/agents/values.yaml", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 4, "startColumn": 8, "endLine": 4, "endColumn": 14, "snippet": {"text": "v1.4.2"}}
    assert place["contextRegion"] == {"startLine": 4, "endLine": 4, "snippet": {"text": "  tag: v1.4.2"}}
    assert [(place["kind"], place["name"]) for place in result["locations"][0]["logicalLocations"]] == [
        ("target", "argocd/applications/agents"),
        ("resource", "Deployment/agents"),
        ("field", "spec.template.spec.containers[0].image"),
    ]
    assert result["partialFingerprints"] == {"primaryLocationLineHash": "0123456789abcdef"}
    assert result["properties"]["provenance"]["certainty"] == "matched"
    assert result["properties"]["provenance"]["renderedAs"].endswith("= ghcr.io/acme/agents:v1.4.2")


def test_the_way_from_the_scalar_to_the_field_is_a_code_flow(build: Any, run: Any) -> None:
    steps = (
        build.location(message="written here"),
        build.location(f"{build.agents}/kustomization.yaml", build.region(3, 5, 12), message="given to the chart as {0}"),
        build.location("charts/agents/templates/web.yaml", message="filled in by the template; renders as Deployment/agents spec.image"),
    )
    result = build.result()
    traced = result.replace(provenance=replace(result.provenance, steps=steps))
    (flow,) = run(build.report([traced]))["results"][0]["codeFlows"]
    places = [place["location"] for place in flow["threadFlows"][0]["locations"]]
    assert [place["physicalLocation"]["artifactLocation"]["uri"] for place in places] == [step.path for step in steps]
    assert [place["physicalLocation"]["region"]["startLine"] for place in places] == [4, 3, 4]
    assert places[1]["message"]["text"] == "given to the chart as {{0}}"


def test_a_place_that_nothing_passes_on_has_no_code_flow(build: Any, run: Any) -> None:
    result = build.result()
    alone = result.replace(provenance=replace(result.provenance, steps=(build.location(message="written here"),)))
    assert ["codeFlows" in made for made in run(build.report([result, alone]))["results"]] == [False, False]


def test_a_region_of_several_lines_is_cut_to_its_first(build: Any, run: Any) -> None:
    at = build.location("f.yaml", build.region(1, 3, 20, end_line=9))
    result = build.result(at=at)
    known = run(build.report([result], sources={"f.yaml": "a: bcd\n"}))["results"][0]["locations"][0]["physicalLocation"]["region"]
    unknown = run(build.report([result]))["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert (known["startLine"], known["endLine"], known["endColumn"]) == (1, 1, 7)
    assert unknown == {"startLine": 1, "startColumn": 3, "endLine": 1}


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b/ü%.yaml", "a%20b/%C3%BC%25.yaml"),
        ("a:b/#c?.yaml", "a%3Ab/%23c%3F.yaml"),
        ("./a//b/../c.yaml", "a/c.yaml"),
        ("latin\udce9.yaml", "latin%E9.yaml"),
        ("lone\ud800.yaml", "lone%3F.yaml"),
        ("-", "-"),
    ],
)
def test_paths_become_relative_uris(build: Any, run: Any, path: str, uri: str) -> None:
    made = run(build.report([build.result(at=build.location(path))]))
    assert made["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": uri, "uriBaseId": "%SRCROOT%"}


def test_a_configuration_outside_of_the_repository_has_an_absolute_uri(build: Any, run: Any) -> None:
    made = run(build.report([build.result(at=build.location("/etc/agents lint.toml"))]))
    assert made["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "file:///etc/agents%20lint.toml"}


def test_related_places_are_linked_in_the_message(build: Any, run: Any) -> None:
    related = [build.location("a[0].yaml", message="agents is at 5fbe5706"), build.location("b.yaml")]
    result = run(build.report([build.result("they differ", related=related)]))["results"][0]
    assert result["message"]["text"] == r"they differ. See [a\[0\].yaml:4 (agents is at 5fbe5706)](1), [b.yaml:4](2)."
    assert [place["id"] for place in result["relatedLocations"]] == [1, 2]


def test_many_related_places_are_counted_not_all_linked(build: Any, run: Any) -> None:
    related = [build.location(f"{number}.yaml") for number in range(150)]
    result = run(build.report([build.result(related=related)]))["results"][0]
    assert result["message"]["text"].endswith("[9.yaml:4](10) and 140 more.")
    assert len(result["relatedLocations"]) == 100


def test_a_message_makes_no_links_and_no_placeholders_of_its_own(build: Any, run: Any) -> None:
    text = run(build.report([build.result("see [here](7) or {0} in {{ .Values.tag }}")]))["results"][0]["message"]["text"]
    assert text == "see [here] (7) or {{0}} in {{ .Values.tag }}"


def test_a_rule_brings_its_page(build: Any, run: Any) -> None:
    rules = run(build.report())["tool"]["driver"]["rules"]
    rule = next(rule for rule in rules if rule["id"] == "require-digest")
    assert rule["name"] == "RequireDigest"
    assert rule["shortDescription"]["text"] == "Container images run by digest."
    assert rule["fullDescription"]["text"].endswith("A tag can be moved after the review, and then something else runs.")
    assert rule["help"]["markdown"].startswith("Container images run by digest.\n\n## Why\n")
    assert "##" not in rule["help"]["text"]
    assert rule["helpUri"] == "https://example.com/digests"
    assert rule["defaultConfiguration"] == {"level": "error"}
    assert rule["properties"] == {
        "tags": ["security", "images"],
        "precision": "high",
        "problem.severity": "error",
        "security-severity": "7.5",
    }


def test_a_rule_of_one_word_has_a_name_that_differs_from_its_id(build: Any, run: Any) -> None:
    rules = run(build.report([build.result(rule="tags")], rules={}))["tool"]["driver"]["rules"]
    assert [(rule["id"], rule["name"]) for rule in rules] == [("tags", "TagsRule")]


def test_suppressed_results_are_left_out_unless_asked_for(build: Any, run: Any) -> None:
    entry = build.location(".agentslint.toml")
    report = build.report([build.result(suppressions=[Suppression("external", "by design", entry), Suppression("odd", "")])])
    assert run(report)["results"] == []
    first, second = run(report, sarif_suppressed=True)["results"][0]["suppressions"]
    assert (first["kind"], first["justification"]) == ("external", "by design")
    assert first["location"]["physicalLocation"]["artifactLocation"]["uri"] == ".agentslint.toml"
    assert second["kind"] == "external"


@pytest.mark.parametrize(("category", "name"), [("agentslint", "agentslint/"), ("gitops/prod/", "gitops/prod/")])
def test_the_category_names_the_run(build: Any, run: Any, category: str, name: str) -> None:
    assert run(build.report(), category=category)["automationDetails"] == {"id": name}


def test_what_was_not_checked_is_a_notification(build: Any, run: Any) -> None:
    made = run(build.typical())
    (invocation,) = made["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 2)
    broken, raised, note = invocation["toolExecutionNotifications"]
    assert (broken["level"], broken["descriptor"]["id"]) == ("error", "not-checked")
    assert broken["locations"][0]["physicalLocation"]["region"]["startLine"] == 2
    assert made["tool"]["driver"]["rules"][raised["associatedRule"]["index"]]["id"] == raised["associatedRule"]["id"] == "broken-rule"
    assert (note["level"], note["message"]["text"]) == ("note", "chart redis has no version: pulled anew")
    descriptors = made["tool"]["driver"]["notifications"]
    assert all(descriptors[n["descriptor"]["index"]]["id"] == n["descriptor"]["id"] for n in (broken, raised, note))


def test_findings_alone_are_a_successful_run(build: Any, run: Any) -> None:
    assert run(build.report([build.result()]))["invocations"][0]["executionSuccessful"] is True
    assert run(build.report(failures=[Failure("x")]))["invocations"][0]["executionSuccessful"] is False


def test_a_failure_that_is_tolerated_is_a_warning(build: Any, run: Any) -> None:
    (invocation,) = run(build.report(failures=[Failure("x")], exit_code=0))["invocations"]
    assert invocation["executionSuccessful"] is True
    assert [notification["level"] for notification in invocation["toolExecutionNotifications"]] == ["warning"]


def test_of_too_many_results_the_most_severe_are_kept_and_the_cut_is_said(build: Any, run: Any) -> None:
    levels = [Level.NOTE, Level.WARNING, Level.ERROR, Level.WARNING]
    results = [build.result(at=build.location(f"{n % 7}.yaml", build.region(n + 1)), level=levels[n % 4]) for n in range(6000)]
    made = run(build.report(results))
    kept = [result["level"] for result in made["results"]]
    assert {level: kept.count(level) for level in ("error", "warning", "note")} == {"error": 1500, "warning": 3000, "note": 500}
    (notification,) = made["invocations"][0]["toolExecutionNotifications"]
    assert notification["descriptor"]["id"] == "results-cut"
    assert notification["message"]["text"].startswith("1,000 of 6,000 results are left out")


def test_a_log_that_is_too_large_is_cut_until_it_fits(build: Any) -> None:
    noise = random.Random(7)
    results = [build.result(noise.randbytes(500).hex(), level=Level.ERROR if n == 150 else Level.NOTE) for n in range(200)]

    def write(kept: list[Any], cut: str) -> str:
        return "\n".join([cut, *(f"{result.level.value} {result.finding.message}" for result in kept)])

    text = sarif_limits.fitted(results, write, most_bytes=50_000)
    assert len(gzip.compress(text.encode())) <= 50_000
    kept = len(text.splitlines()) - 1
    assert 60 < kept < 100
    assert text.startswith(f"{200 - kept:,} of 200 results are left out")
    assert "\nerror " in text


def test_a_minified_file_is_not_quoted_again_and_again(build: Any, render: Any) -> None:
    line = "x" * 100_000
    results = [build.result(at=build.location("f.json", build.region(1, n, n + 5))) for n in range(1, 200)]
    assert len(render("sarif", build.report(results, sources={"f.json": line}))) < 500_000
