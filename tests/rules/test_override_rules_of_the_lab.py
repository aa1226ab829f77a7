"""The override rules on a real application: what they find there, and how many renders that takes."""

from __future__ import annotations

from pathlib import Path

from agentslint.engine.open_session import open_session
from agentslint.engine.pipeline import lint
from agentslint.engine.run_options import RunOptions
from agentslint.model import Report

RULES = (
    "inert-override",
    "mixed-image-source",
    "numeric-tag",
    "one-tag-one-digest",
    "require-tag",
    "single-digest-rollback",
    "tag-digest-form",
)


def linted(lab: Path, *paths: str) -> Report:
    settings = RunOptions(paths=tuple(str(lab / path) for path in paths), select=RULES, root=str(lab))
    with open_session(settings) as (run, _):
        return lint(run)


def test_the_root_image_is_inert_but_for_its_pull_policy(lab: Path) -> None:
    report = linted(lab, "argocd/applications/agents")

    keys = {(result.rule_id, *map(str, result.location.key_path)): result for result in report.active}
    inert = {name[1:] for name in keys if name[0] == "inert-override"}
    assert inert == {("image", "repository")}
    block = keys["inert-override", "image", "repository"]
    others = "image.repository, image.tag and image.digest have no effect"
    assert block.finding.message == f"{others}: controllers.image.repository applies to Deployment/agents-controllers instead"
    assert [place.key_path for place in block.related[:2]] == [("image", "tag"), ("image", "digest")]


def test_one_digest_of_it_is_written_three_times_and_nothing_else_is_accused(lab: Path) -> None:
    report = linted(lab, "argocd/applications/agents")

    others = [result for result in report.active if result.rule_id != "inert-override"]
    assert [result.rule_id for result in others] == ["single-digest-rollback"]
    assert others[0].location.key_path == ("controlPlane", "image", "digest")
    again = [place.key_path[-1] for place in others[0].related]
    assert again == ["AGENTS_MANIFEST_IMAGE_DIGEST", "AGENTS_SERVING_IMAGE_DIGEST"]


def test_all_of_them_together_take_few_renders(lab: Path) -> None:
    assert linted(lab, "argocd/applications/agents").renders <= 6
