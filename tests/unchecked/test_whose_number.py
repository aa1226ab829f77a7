"""Whose number came out: without proofs by renders, that of the very chart or release, and of no other one."""

from __future__ import annotations

import pytest

from tests.suppress.command_in_process import Run, Tree

POD = "apiVersion: v1\nkind: Pod\nmetadata: {{name: {0}}}\nspec:\n  containers:\n  - {{name: {0}, image: 'registry.example.com/{0}:{1}'}}\n"
ENTRIES = "helmCharts:\n- {name: one, releaseName: one, valuesFile: one.yaml}\n- {name: two, releaseName: two, valuesFile: two.yaml}\n"


def charts(one: str, two: str) -> dict[str, str]:
    """Chart `one` prints its tag; chart `two` prints a text of its own."""
    files = {"app/kustomization.yaml": ENTRIES, "app/one.yaml": one, "app/two.yaml": two}
    for name, printed in (("one", "{{ .Values.image.tag }}"), ("two", "2.0")):
        files[f"app/charts/{name}/Chart.yaml"] = f"apiVersion: v2\nname: {name}\nversion: 0.1.0\n"
        files[f"app/charts/{name}/templates/pod.yaml"] = POD.format(name, printed)
    return files


@pytest.mark.parametrize("how", [[], ["--no-trace"]])
@pytest.mark.parametrize(
    ("one", "two", "places"),
    [
        ("image: {tag: 1.10}\n", "image: {tag: '1.1'}\n", [("numeric-tag", "app/one.yaml", 1)]),
        ("image: {tag: '1.1'}\n", "image: {tag: 1.10}\n", []),
        ("image: {tag: '1.10'}\n", "image: {tag: 1.10}\n", []),
    ],
)
def test_an_image_of_another_chart_proves_nothing(run: Run, tree: Tree, one: str, two: str, places: list[object], how: list[str]) -> None:
    tree.write(charts(one, two))
    assert run("lint", "app", "--select", "numeric-tag", "-f", "json", *how, cwd=tree.root).places() == places


def release(name: str, tag: str) -> str:
    head = f"apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: {name}}}\n"
    return f"{head}spec:\n  values:\n    image:\n      tag: {tag}\n"


@pytest.mark.sample(8)
@pytest.mark.parametrize("how", [[], ["--no-trace"]])
@pytest.mark.parametrize("around", ["", "namePrefix: web-\n", "nameSuffix: -web\n"])
@pytest.mark.parametrize(("first", "second", "line"), [("1.10", "1.1", 7), ("1.1", "1.10", 15), ("'1.10'", "1.1", 0), ("1.4", "1.1", 0)])
def test_a_release_whose_name_is_a_part_of_another_one(
    run: Run, tree: Tree, first: str, second: str, line: int, around: str, how: list[str]
) -> None:
    body = release("web", first) + "---\n" + release("web-web", second)
    tree.write({"app/kustomization.yaml": f"resources: [all.yaml]\n{around}", "app/all.yaml": body})
    done = run("lint", "app", "--select", "numeric-tag", "-f", "json", *how, cwd=tree.root)
    assert done.places() == ([("numeric-tag", "app/all.yaml", line)] if line else [])
