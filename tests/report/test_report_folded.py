"""Findings of two rules on one scalar: reports for people show one, reports for programs hold both."""

from __future__ import annotations

import json

import pytest

from tests.suppress.command_fixtures import run, tree
from tests.suppress.command_in_process import Run, Tree
from tests.suppress.sample_apps import chart_app, kustomization, plain

__all__ = ["run", "tree"]

RULES = ("--select", "require-digest,mutable-tag,invalid-image,stale-ignore")


def lint(run: Run, tree: Tree, *words: str) -> str:
    return run("lint", ".", *RULES, *words, cwd=tree.root).out


def headings(text: str) -> list[str]:
    return [line for line in text.splitlines() if "error[" in line or "warning[" in line or "note[" in line]


@pytest.mark.parametrize("image", ["nginx:latest", "nginx", "registry.example.com:5000/team/web"])
def test_one_heading_names_both(run: Run, tree: Tree, image: str) -> None:
    tree.write(plain(image))
    heading, beside = headings(lint(run, tree))
    assert heading.startswith("app/web.yaml:10:")
    assert "error[require-digest, mutable-tag] " in heading
    assert beside.lstrip().startswith("= warning[mutable-tag]: ")
    assert lint(run, tree).splitlines()[-1].startswith("1 error; 1 of 1 target rendered")
    (only,) = lint(run, tree, "-q").splitlines()
    assert "error[require-digest, mutable-tag] " in only
    (annotation, *_) = lint(run, tree, "-f", "github").splitlines()
    assert "require-digest%2C mutable-tag::" in annotation


def test_programs_are_given_both(run: Run, tree: Tree) -> None:
    tree.write(plain("nginx:latest"))
    rows = run("lint", ".", *RULES, "-f", "json", cwd=tree.root).results
    assert sorted((row["rule"], row["level"]) for row in rows) == [("mutable-tag", "warning"), ("require-digest", "error")]
    assert len({row["fingerprint"] for row in rows}) == 2
    sarif = json.loads(lint(run, tree, "-f", "sarif"))
    assert sorted(result["ruleId"] for result in sarif["runs"][0]["results"]) == ["mutable-tag", "require-digest"]
    assert "     1  error    require-digest" in lint(run, tree, "--statistics")
    assert "     1  warning  mutable-tag" in lint(run, tree, "--statistics")


@pytest.mark.parametrize(("ignored", "left"), [("require-digest", "warning[mutable-tag] "), ("mutable-tag", "error[require-digest] ")])
def test_each_is_accepted_for_itself(run: Run, tree: Tree, ignored: str, left: str) -> None:
    tree.write(plain("nginx:latest", f"# agentslint: ignore[{ignored}] a sandbox"))
    (heading,) = headings(lint(run, tree))
    assert left in heading
    assert "suppressed" in lint(run, tree).splitlines()[-1]


def test_the_level_says_which_is_the_stronger(run: Run, tree: Tree) -> None:
    tree.write(
        {**plain("nginx:latest"), ".agentslint.toml": '[rules.mutable-tag]\nlevel = "error"\n[rules.require-digest]\nlevel = "note"\n'}
    )
    heading, beside = headings(lint(run, tree))
    assert "error[mutable-tag, require-digest] " in heading
    assert beside.lstrip().startswith("= note[require-digest]: ")


def test_two_scalars_stay_two(run: Run, tree: Tree) -> None:
    tree.write(chart_app("image:\n  tag: latest\nsidecar: true\n"))
    tree.replace("charts/web/templates/deployment.yaml", "busybox:1.36", "busybox:latest")
    found = [line for line in headings(lint(run, tree)) if not line.lstrip().startswith("=")]
    assert [line.split(" ")[1] for line in found] == ["error[require-digest,"] * 2


def test_two_containers_on_one_line_stay_two(run: Run, tree: Tree) -> None:
    containers = "[{name: a, image: nginx:latest}, {name: b, image: redis:latest}]"
    pod = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  containers: {containers}\n"
    tree.write({"app/kustomization.yaml": kustomization("web.yaml"), "app/web.yaml": pod})
    assert [line.split(" ")[1] for line in lint(run, tree, "-q").splitlines()] == ["error[require-digest,"] * 2


RULE = """
from agentslint.rule import Rule


class {name}(Rule):
    \"\"\"A rule.\"\"\"

    implied_by = ({by},)

    def check_image_use(self, use):
        yield self.finding(use.field, "{name} says so", use=use)
"""


def test_rules_that_imply_each_other_are_shown_once(run: Run, tree: Tree) -> None:
    rules = RULE.format(name="OneRule", by='"two-rule"') + RULE.format(name="TwoRule", by='"one-rule"')
    tree.write({**plain(), "rules.py": rules, ".agentslint.toml": 'plugins = ["rules.py"]\nselect = ["one-rule", "two-rule"]\n'})
    (only,) = run("lint", ".", "-q", cwd=tree.root).out.splitlines()
    assert "one-rule" in only
    assert "two-rule" in only
