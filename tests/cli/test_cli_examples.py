"""One run over all of examples/ in every format: what the README promises of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cli_command import Done

SCHEMA = Path(__file__).parents[1] / "report" / "schema" / "sarif-2.1.0.json"
EVERY_KIND = {
    "image-claims", "image-lockstep", "image-omitted", "invalid-image", "mutable-tag", "pull-secrets", "render-error", "require-digest",
}  # fmt: skip


@pytest.fixture(scope="module")
def sarif(whole_examples: tuple[Done, Path]) -> Any:
    return json.loads((whole_examples[1] / "report.sarif").read_text())


def test_the_examples_end_with_2_as_one_of_them_does_not_render(whole_examples: tuple[Done, Path]) -> None:
    done, folder = whole_examples
    assert (done.status, done.out, done.err) == (2, "", "")
    assert {path.name for path in folder.iterdir()} == {"report.text", "report.sarif", "report.json", "report.github"}


def test_the_sarif_is_valid_by_the_official_schema(sarif: Any) -> None:
    jsonschema.Draft7Validator(json.loads(SCHEMA.read_text())).validate(sarif)


def test_every_result_points_at_one_line_that_is_there(sarif: Any, examples: Path) -> None:
    (run,) = sarif["runs"]
    assert {result["ruleId"] for result in run["results"]} >= EVERY_KIND
    for result in run["results"]:
        (location,) = result["locations"]
        place = location["physicalLocation"]
        region = place["region"]
        lines = (examples.parent / place["artifactLocation"]["uri"]).read_text().splitlines()
        assert region["startLine"] == region["endLine"] <= len(lines)
        line = lines[region["startLine"] - 1]
        assert 1 <= region["startColumn"] < region["endColumn"] <= len(line) + 1
        assert line[region["startColumn"] - 1 : region["endColumn"] - 1].strip()


def test_all_formats_say_the_same(whole_examples: tuple[Done, Path], sarif: Any) -> None:
    folder = whole_examples[1]
    report = json.loads((folder / "report.json").read_text())
    text, github = (folder / "report.text").read_text(), (folder / "report.github").read_text()
    shown = [result for result in report["results"] if not result["suppressions"]]
    places = [(result["location"]["path"], result["location"]["start_line"], result["rule"]) for result in shown]
    of_sarif = [
        (place["artifactLocation"]["uri"], place["region"]["startLine"], result["ruleId"])
        for result in sarif["runs"][0]["results"]
        for place in [result["locations"][0]["physicalLocation"]]
    ]
    assert sorted(of_sarif) == sorted(places)
    for path, line, rule in places:
        headings = [said for said in text.splitlines() if said.startswith(f"{path}:{line}:")]
        assert any(re.search(rf"\[(?:[a-z-]+, )*{rule}[\],]", said) for said in headings)
        assert any(f"file={path},line={line}," in said and rule in said for said in github.splitlines())
    assert report["summary"]["exit_code"] == 2


def test_the_clean_application_is_clean_and_the_broken_one_is_told_at_its_template(whole_examples: tuple[Done, Path]) -> None:
    text = (whole_examples[1] / "report.text").read_text()
    assert not [line for line in text.splitlines() if line.startswith("examples/argocd/applications/agents/")]
    assert "examples/charts/agents/templates/validation.yaml:" in text
    rendered, targets = map(int, re.findall(r"(\d+) of (\d+) targets rendered", text.splitlines()[-1])[0])
    assert rendered == targets - 1
    assert not [line for line in text.splitlines() if line != line.rstrip()]
