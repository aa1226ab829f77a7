"""SARIF of real runs: valid by the official schema, and without an error from Microsoft's validator and GitHub's own rules."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.conftest import PROJECT

SCHEMA = json.loads((PROJECT / "tests/report/schema/sarif-2.1.0.json").read_text())


@pytest.fixture(scope="module")
def sarif(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples' findings, and one application that does not render."""
    output = tmp_path_factory.mktemp("sarif") / "examples.sarif"
    command = [sys.executable, "-m", "agentslint", "examples", "--format", "sarif", "--output", str(output)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    return output


def test_the_examples_sarif_is_valid_by_the_schema(sarif: Path) -> None:
    jsonschema.validate(json.loads(sarif.read_text()), SCHEMA)


def test_the_validator_of_microsoft_finds_no_error(sarif: Path) -> None:
    if not (shutil.which("npm") and shutil.which("node")):
        pytest.skip("the SARIF Multitool needs node and npm")
    done = subprocess.run(["sh", str(PROJECT / "tests/report/multitool.sh"), str(sarif)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_is_one_line_of_a_file_in_the_repository(sarif: Path) -> None:
    (run,) = json.loads(sarif.read_text())["runs"]
    assert run["results"]
    for result in run["results"]:
        (location,) = result["locations"]
        place = location["physicalLocation"]
        lines = (PROJECT / place["artifactLocation"]["uri"]).read_text().splitlines()
        region = place["region"]
        assert region["startLine"] == region.get("endLine", region["startLine"]) <= len(lines)
        assert result["partialFingerprints"]["primaryLocationLineHash"]


def test_fingerprints_tell_results_apart(sarif: Path) -> None:
    (run,) = json.loads(sarif.read_text())["runs"]
    prints = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]
    assert len(prints) == len(set(prints))
