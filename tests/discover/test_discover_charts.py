"""Where kustomize looks for a chart decides whether it would pull one into the user's tree."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from discover_tree import Tree

CHART = "apiVersion: v2\nname: agents\nversion: 1.2.3\n"


def _kustomization(tree: Tree, chart: dict[str, Any], **fields: Any) -> Tree:
    return tree.kustomization("app", helmCharts=[{"name": "agents", **chart}], **fields)


@pytest.mark.parametrize(
    ("chart", "fields", "directory"),
    [
        ({}, {}, "app/charts/agents"),
        ({}, {"helmGlobals": {"chartHome": "../helm"}}, "helm/agents"),
        ({"version": "1.2.3"}, {}, "app/charts/agents"),
        ({"repo": "https://example.com"}, {}, "app/charts/agents"),
        ({"repo": "https://example.com", "version": "1.2.3"}, {}, "app/charts/agents-1.2.3/agents"),
        ({"repo": "oci://example.com/x", "version": "1.2.3"}, {"helmGlobals": {"chartHome": "../helm"}}, "helm/agents-1.2.3/agents"),
    ],
)
def test_the_chart_is_looked_for_where_kustomize_does(
    tree: Tree, kustomize: Path, helm: Path, chart: dict[str, Any], fields: dict[str, Any], directory: str
) -> None:
    _kustomization(tree, chart, **fields)
    (before,) = tree.target("app").closure.charts
    assert (before.directory, before.present) == (directory, False)

    tree.write({f"{directory}/Chart.yaml": CHART, f"{directory}/values.yaml": "{}\n"})
    tree.write({f"{directory}/templates/cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: from-chart\n"})
    closure = tree.target("app").closure
    (after,) = closure.charts
    assert (after.directory, after.present, closure.folders) == (directory, True, {directory})
    build = [kustomize, "build", "--enable-helm", "--helm-command", helm, "--load-restrictor=LoadRestrictionsNone", tree.root / "app"]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert "name: from-chart" in done.stdout, done.stderr


def test_an_entry_keeps_what_is_needed_to_pull_it(tree: Tree) -> None:
    entries = "- name: one\n\n- releaseName: r\n  name: two\n  repo: https://x\n  version: 1.10\n  devel: true\n"
    tree.write({"app/kustomization.yaml": f"helmCharts:\n{entries}"})
    one, two = tree.target("app").closure.charts
    assert (one.kustomization, one.line, one.name, one.release) == ("app/kustomization.yaml", 2, "one", "")
    assert (two.line, two.name, two.release, two.repo, two.version, two.devel) == (4, "two", "r", "https://x", "1.10", True)


def test_a_chart_that_a_generator_inflates_counts(tree: Tree) -> None:
    generator = "apiVersion: builtin\nkind: HelmChartInflationGenerator\nmetadata: {name: x}\nname: agents\nchartHome: ../helm\n"
    tree.kustomization("app", generators=["chart.yaml", generator])
    tree.write({"app/chart.yaml": "# a comment\n" + generator, "helm/agents/Chart.yaml": CHART})
    closure = tree.target("app").closure
    assert [(chart.kustomization, chart.directory, chart.present) for chart in closure.charts] == [
        ("app/chart.yaml", "helm/agents", True),
        ("app/kustomization.yaml", "helm/agents", True),
    ]
    assert closure.charts[0].line == 2
    assert closure.folders == {"helm/agents"}


def test_links_in_a_chart_are_followed(tree: Tree) -> None:
    tree.write({"charts/agents/Chart.yaml": CHART, "charts/lib/Chart.yaml": CHART, "shared/cm.yaml": "a: 1\n"})
    tree.link("charts/agents/charts/lib", "../../lib").link("charts/agents/templates/cm.yaml", "../../../shared/cm.yaml")
    _kustomization(tree, {}, helmGlobals={"chartHome": "../charts"})
    closure = tree.target("app").closure
    assert closure.reads("charts/lib/Chart.yaml")
    assert closure.reads("shared/cm.yaml")


def test_a_values_file_may_come_from_the_network(tree: Tree) -> None:
    _kustomization(tree, {"valuesFile": "https://example.com/values.yaml"})
    assert [remote.url for remote in tree.target("app").closure.remotes] == ["https://example.com/values.yaml"]


@pytest.mark.parametrize("key", ["helmCharts", "HELMCHARTS", "helmChartſ", "helmcharts"])
def test_a_key_is_known_by_the_letters_that_go_takes_for_its_own(tree: Tree, key: str) -> None:
    tree.write({"app/kustomization.yaml": f"{key}:\n- name: agents\n"})
    assert [chart.name for chart in tree.target("app").closure.charts] == ["agents"]
