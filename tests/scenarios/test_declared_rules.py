"""`rules` of a `[[targets]]` table: a target that is there for some rules only."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.habits import DIGEST, Place, chart

TABLE = '[[targets]]\nname = "{name}"\nchart = "charts/web"\nvalues = ["ci/{name}.yaml"]\nrules = [{rules}]\n'
SCENARIO = '[[scenario]]\nname = "strict"\ntarget = "laptop"\nvalues = { policy = { strict = true } }\nexpect = "fails"\n'


@pytest.fixture
def place(tmp_path: Path) -> Place:
    files = {"ci/laptop.yaml": "replicas: 1\n", "ci/prod.yaml": f"image: {{digest: '{DIGEST}'}}\n"}
    return Place(tmp_path).write({**chart(), **files})


def test_only_the_rules_that_are_named_judge_it(place: Place) -> None:
    place.write({".agentslint.toml": TABLE.format(name="laptop", rules="") + SCENARIO})
    assert {rule for rule, _, _ in place.lint().found} >= {"require-digest", "mutable-tag"}
    place.write({".agentslint.toml": TABLE.format(name="laptop", rules='"strict", "mutable-*"') + SCENARIO})
    done = place.lint()
    assert {rule for rule, _, _ in done.found} == {"mutable-tag"}
    assert done.failures == []


def test_its_other_rules_are_still_asked_of_other_targets(place: Place) -> None:
    place.write({"ci/prod.yaml": "image: {tag: latest}\n"})
    tables = TABLE.format(name="laptop", rules='"strict"') + TABLE.format(name="prod", rules="") + SCENARIO
    found = place.write({".agentslint.toml": tables}).lint().report["results"]
    assert {name for row in found for name in row["targets"]} == {"prod"}


def test_one_that_does_not_render_is_a_failure_whatever_judges_it(place: Place) -> None:
    place.write(
        {".agentslint.toml": TABLE.format(name="laptop", rules='"strict"') + SCENARIO, "ci/laptop.yaml": "policy: {strict: true}\n"}
    )
    done = place.lint()
    assert done.status == 2
    assert any("policy.strict=true needs image.digest" in message for message in done.failures)


def test_a_misspelt_rule_is_told_by_its_line(place: Place) -> None:
    done = place.write({".agentslint.toml": TABLE.format(name="laptop", rules='"require-digst"')}).lint()
    assert (done.status, done.out) == (2, "")
    assert ".agentslint.toml:5: targets.0.rules: there is no rule 'require-digst'; did you mean 'require-digest'?" in done.err


def test_a_target_of_a_folder_has_rules_too(place: Place) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: nginx:latest}]}\n"
    table = '[[targets]]\nname = "samples"\nfolder = "samples"\nrules = ["mutable-tag"]\n'
    done = place.write({"samples/pod.yaml": pod, ".agentslint.toml": table}).lint()
    assert {rule for rule, _, _ in done.found} == {"mutable-tag"}
