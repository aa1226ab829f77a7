"""docs/rule-facts.md: each example is run, and no public fact is left out."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from agentslint import rule
from agentslint.engine.open_session import open_session
from agentslint.engine.pipeline import lint
from agentslint.engine.run_options import RunOptions
from agentslint.rule import Applications, Change, Fleet, ImageUse, Manifest, RenderedTarget
from tests.conftest import PROJECT

PAGE = (PROJECT / "docs/rule-facts.md").read_text()
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.partition("<!-- facts -->")[2].partition("<!-- /facts -->")[0].strip().splitlines()[2:]
]
PLUGIN = """\
from agentslint.rule import Rule


class Keep(Rule):
    \"\"\"Keeps what rules are given.\"\"\"

    kept = {}

    def check_target(self, target):
        self.kept.setdefault("target", target)
        self.kept.setdefault("use", target.image_uses[0])
        self.kept.setdefault("manifest", target.manifests[0])
        return ()

    def check_fleet(self, fleet):
        self.kept["fleet"] = fleet
        return ()

    def check_applications(self, applications):
        self.kept["applications"] = applications
        return ()

    def check_change(self, change):
        self.kept["change"] = change
        return ()

    def check_failure(self, failure):
        self.kept["failure"] = failure
        return ()

    def check_ignores(self, ignores):
        self.kept["ignores"] = ignores
        return ()
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers: [{name: web, image: "ghcr.io/acme/web:v1"}]
"""
APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web}
spec: {source: {path: app, repoURL: "https://git.example.com/acme/gitops.git"}}
"""
INTERNAL = {
    ImageUse: {"pointer", "parts", "start"},
    Manifest: {"text", "line", "head", "index", "prefix", "numbered"},
    RenderedTarget: {"read_crds", "rendering", "tracer", "is_traced", "renders", "scenarios", "target", "context"},
    Fleet: {"context"},
    Applications: {"root"},
    Change: {
        "root", "base_root", "config_folder", "network", "discovered", "beside", "unrendered", "others_failed", "knows", "left",
        "everything", "unseen", "source", "nearest", "rollbacks", "past",
    },
}  # fmt: skip
"""Public for the engine, or for rules that are ours; a fact that moves out of here belongs on the page."""


@pytest.fixture(scope="module")
def subjects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a rule is given on a small repository with one change."""
    root = tmp_path_factory.mktemp("facts")
    (root / "app").mkdir()
    (root / "app/kustomization.yaml").write_text("resources: [deployment.yaml]\n")
    (root / "app/deployment.yaml").write_text(DEPLOYMENT)
    (root / "broken").mkdir()
    (root / "broken/kustomization.yaml").write_text("resources: [gone.yaml]\n")
    (root / "argo.yaml").write_text(APPLICATION)
    (root / "keep.py").write_text(PLUGIN)
    (root / ".agentslint.toml").write_text('plugins = ["keep.py"]\nselect = ["keep"]\n')
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "one"]):
        subprocess.run(["git", *words], cwd=root, check=True)
    (root / "app/deployment.yaml").write_text(DEPLOYMENT.replace(":v1", ":v2"))
    with open_session(RunOptions(paths=(str(root),), base="HEAD")) as (run, registry):
        lint(run)
        kept = dict(registry.rules["keep"].kept)  # type: ignore[attr-defined]
        names = {name: getattr(rule, name) for name in rule.__all__ if hasattr(rule, name)}
        return {"results": {row[2].strip("`"): _run(row[2].strip("`"), {**names, **kept}) for row in ROWS}, **kept}


def _run(example: str, names: dict[str, Any]) -> Any:
    try:
        return eval(example, names)
    except Exception as error:
        return error


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_an_example_runs(subjects: dict[str, Any], row: list[str]) -> None:
    result = subjects["results"][row[2].strip("`")]
    assert not isinstance(result, Exception), result


@pytest.mark.parametrize("kind", INTERNAL, ids=lambda kind: kind.__name__)
def test_no_public_fact_is_left_out(kind: type) -> None:
    said = set(re.findall(r"[a-z]+\.([a-z_]+)", " ".join(row[0] for row in ROWS)))
    known = {name for name in (*vars(kind), *getattr(kind, "__dataclass_fields__", ())) if not name.startswith("_")}
    assert known - said - INTERNAL[kind] == set()


def test_the_page_names_every_scope() -> None:
    assert re.findall(r"^\| `(check_[a-z_]+)`", PAGE, re.M) == [name for name in vars(rule.Rule) if name.startswith("check_")]


def test_the_page_is_found() -> None:
    assert "docs/rule-facts.md" in Path(PROJECT / "CONTRIBUTING.md").read_text()
