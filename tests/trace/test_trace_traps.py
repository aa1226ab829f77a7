"""Small targets that mislead a search by text: each says on the authored line where its finding belongs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from agentslint import testing
from agentslint.model import Certainty, Report
from agentslint.testing import rule_cases

TRAPS = sorted(path for path in (Path(__file__).parent / "traps").iterdir() if path.is_dir())

CERTAINTY = {
    ("label_checksum_and_variable", "checksum/config"): Certainty.CHART,
    ("encoded_in_base64", "env[0].value"): Certainty.CHART,
    ("fail_unless_it_is_this_one", "v1.4.2"): Certainty.MATCHED,
    ("schema_with_pattern_and_enum", "exporter:only"): Certainty.MATCHED,
    ("tag_is_a_checksum", "web"): Certainty.MATCHED,
    ("two_values_that_are_compared", "container proxy"): Certainty.CHART,
    ("pull_secret_missing_in_a_chart", "web"): Certainty.CHART,
}
"""Where less is known than the very scalar: trap and a word of the message."""

RENDERS = {
    "booleans_and_counts": 6,
    "branch_on_the_tag": 5,
    "chart_that_insists_on_its_images": 3,
    "comparison_in_a_helper": 6,
    "definitions_that_are_patched": 3,
    "semver_compare_chooses_the_image": 3,
    "pattern_and_fail": 5,
    "fail_unless_it_is_this_one": 6,
    "schema_with_pattern_and_enum": 5,
    "truncated": 5,
    "two_pairs_that_are_alike": 3,
    "two_values_that_are_compared": 9,
}
"""Where more than the plain render and one changed one are needed: how many in all."""


def case(folder: Path) -> testing.Case:
    return testing.Case(testing.expectations(folder)[0].rule_id, folder, True)


@cache
def lint_case(case: testing.Case, plugins: Sequence[Path] = ()) -> Report:
    """Lint a trap once for both tests."""
    return testing.lint_case(case, plugins)


@pytest.mark.parametrize("folder", TRAPS, ids=lambda folder: folder.name)
def test_a_trap_is_seen_through(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_cases, "lint_case", lint_case)
    assert testing.problems(case(folder)) == []


@pytest.mark.sample(10)
@pytest.mark.parametrize("folder", TRAPS, ids=lambda folder: folder.name)
def test_what_is_called_exact_is_proven_and_the_rest_is_not_called_so(folder: Path) -> None:
    report = lint_case(case(folder))
    found = {result.finding.message: result.provenance.certainty for result in report.active}
    exceptions = {word: certainty for (trap, word), certainty in CERTAINTY.items() if trap == folder.name}
    wanted = {message: next((exceptions[word] for word in exceptions if word in message), Certainty.EXACT) for message in found}

    assert found == wanted
    assert report.renders <= RENDERS.get(folder.name, 2 * len(report.targets))
