"""The docs say what is true: generated pages are fresh, named paths exist, the published schema takes our own files."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import jsonschema
import pytest
import tomli

from agentslint.config.starter import STARTER
from tests.conftest import PROJECT

PAGES = [*PROJECT.glob("*.md"), *(PROJECT / "docs").glob("*.md"), *(PROJECT / "docs/decisions").glob("*.md")]


def test_generated_pages_are_fresh() -> None:
    done = subprocess.run([sys.executable, "-m", "agentslint.docs", "--check"], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_files_lead_somewhere(page: object) -> None:
    text = page.read_text()  # type: ignore[attr-defined]
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", text):
        assert (page.parent / target).exists(), target  # type: ignore[attr-defined]


def test_every_path_in_backticks_exists() -> None:
    text = re.sub(r"```.*?```", "", (PROJECT / "CONTRIBUTING.md").read_text(), flags=re.S)
    paths = [path for path in re.findall(r"`([\w./-]+)`", text) if re.match(r"(agentslint|rules|tests|docs|examples)/", path)]
    assert paths
    assert [path for path in paths if not (PROJECT / path).exists() and path != "rules/allow_host_network/"] == []


def test_the_published_schema_takes_our_own_configurations() -> None:
    schema = json.loads((PROJECT / "docs/agentslint.schema.json").read_text())
    starter = re.sub(r"^# (?=[\w\[])", "", STARTER, flags=re.M)
    starter = "\n".join(line for line in starter.splitlines() if not line.startswith(("agentslint:", "Everything")))
    for text in (starter, (PROJECT / "examples/.agentslint.toml").read_text()):
        jsonschema.validate(tomli.loads(text), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"rules": {"require-digest": {"alow": []}}}, schema)


def test_every_case_that_the_mission_names_is_there() -> None:
    """A row names one or more rules; each case in it is a case of one of them."""
    for row in (PROJECT / "docs/mission.md").read_text().splitlines():
        cells = [cell.strip() for cell in row.strip("|").split(" | ")]
        rules = re.findall(r"\(rules/([a-z-]+)\.md\)", row)
        for kind, cell in zip(("pass", "fail"), cells[2:4], strict=False) if rules else ():
            for case in re.findall(r"`(\w+)`", cell):
                assert any((PROJECT / "rules" / rule.replace("-", "_") / kind / case).is_dir() for rule in rules), f"{kind}/{case}"
