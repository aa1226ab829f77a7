"""A probe changes a value in the layer that holds it, as kustomize and helm read the layers."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentslint.errors import AgentslintError
from agentslint.experiment.value_changes import absent, null, put
from tests.experiment.values_tree import tree

DEFAULTS = {"charts/app/values.yaml": "image:\n  repository: chart\n  tag: chart\n  digest: ''\nother: [1]\n"}
TAG = ("image", "tag")
FILE = "helmCharts:\n- name: app\n  releaseName: app\n  valuesFile: values.yaml\n"
INLINE = "helmCharts:\n- name: app\n  releaseName: app\n  valuesInline:\n    image:\n      tag: inline\n"
LAYERED = f"{FILE}  additionalValuesFiles: [more.yaml, most.yaml]\n"


def test_a_value_of_a_values_file(tmp_path: Path) -> None:
    files = {**DEFAULTS, "kustomization.yaml": FILE, "values.yaml": "image:\n  tag: file\n"}
    with tree(tmp_path, files) as app:
        assert app.plain()["image"] == {"repository": "chart", "tag": "file", "digest": ""}
        assert app.probe(put(TAG, "new"))["image"]["tag"] == "new"
        assert app.probe(put(TAG, ""))["image"]["tag"] == ""
        assert app.probe(absent(TAG))["image"]["tag"] == "chart"
        assert "tag" not in app.probe(null(TAG))["image"]


def test_null_inline_brings_the_default_back(tmp_path: Path) -> None:
    with tree(tmp_path, {**DEFAULTS, "kustomization.yaml": INLINE}) as app:
        assert app.plain()["image"]["tag"] == "inline"
        assert app.probe(null(TAG))["image"]["tag"] == "chart"
        assert app.probe(put(TAG, "new"))["image"]["tag"] == "new"


def test_the_layer_that_wins_is_changed(tmp_path: Path) -> None:
    files = {**DEFAULTS, "kustomization.yaml": LAYERED, "values.yaml": "image: {tag: file, digest: file}\n"}
    with tree(tmp_path, {**files, "more.yaml": "image: {tag: more}\n", "most.yaml": "other: [2]\n"}) as app:
        assert [layer.path for layer in app.values.layers] == ["most.yaml", "more.yaml", "values.yaml", "charts/app/values.yaml"]
        assert app.plain()["image"]["tag"] == "more"
        assert app.values.layer_for(TAG).path == "more.yaml"
        assert app.values.layer_for(("image", "digest")).path == "values.yaml"
        assert app.values.layer_for(("image", "repository")).path == "most.yaml"
        changed = app.probe(put(TAG, "t"), put(("image", "digest"), "d"), put(("image", "repository"), "r"), put(("new", "key"), ["x"]))
        assert changed == {"image": {"repository": "r", "tag": "t", "digest": "d"}, "other": [2], "new": {"key": ["x"]}}


def test_what_is_taken_away_is_taken_from_every_layer(tmp_path: Path) -> None:
    files = {**DEFAULTS, "kustomization.yaml": LAYERED, "values.yaml": "image: {tag: file}\n"}
    with tree(tmp_path, {**files, "more.yaml": "image: {tag: more}\n", "most.yaml": "image: {tag: most}\n"}) as app:
        assert app.probe(absent(TAG))["image"]["tag"] == "chart"


def test_a_mapping_that_a_layer_blocks_with_null(tmp_path: Path) -> None:
    files = {**DEFAULTS, "kustomization.yaml": f"{FILE}  additionalValuesFiles: [more.yaml]\n", "values.yaml": "image: {tag: file}\n"}
    with tree(tmp_path, {**files, "more.yaml": "image: null\n"}) as app:
        assert "image" not in app.plain()
        assert app.values.at(TAG) is None
        assert app.probe(put(TAG, "new"))["image"]["tag"] == "new"


def test_inline_values_win_over_the_values_file(tmp_path: Path) -> None:
    files = {**DEFAULTS, "kustomization.yaml": f"{INLINE}  valuesFile: values.yaml\n", "values.yaml": "image: {tag: file, digest: file}\n"}
    with tree(tmp_path, files) as app:
        assert app.plain()["image"] == {"repository": "chart", "tag": "inline", "digest": "file"}
        assert app.values.at(TAG) == "inline"
        assert app.probe(absent(TAG))["image"]["tag"] == "chart"


def test_values_merge_lets_the_file_win(tmp_path: Path) -> None:
    kustomization = f"{INLINE}  valuesFile: values.yaml\n  valuesMerge: merge\n"
    files = {**DEFAULTS, "kustomization.yaml": kustomization, "values.yaml": "image: {tag: file}\n"}
    with tree(tmp_path, files) as app:
        assert app.values.at(TAG) == app.plain()["image"]["tag"] == "file"
        assert app.probe(put(TAG, "new"))["image"]["tag"] == "new"


def test_values_merge_may_drop_the_file(tmp_path: Path) -> None:
    kustomization = f"{INLINE}  valuesFile: values.yaml\n  valuesMerge: replace\n"
    files = {**DEFAULTS, "kustomization.yaml": kustomization, "values.yaml": "image: {tag: file, digest: file}\n"}
    with tree(tmp_path, files) as app:
        assert app.plain()["image"] == {"repository": "chart", "tag": "inline", "digest": ""}
        assert app.values.at(("image", "digest")) == ""
        assert app.probe(put(("image", "digest"), "new"))["image"]["digest"] == "new"


@pytest.mark.parametrize(("merge", "inline", "file"), [("override", "chart", None), ("merge", None, "chart"), ("replace", None, None)])
def test_a_null_brings_the_default_back_where_kustomize_merges_it_away(
    tmp_path: Path, merge: str, inline: str | None, file: str | None
) -> None:
    """`inline` and `file`: what is left of a key that only the inline values, or only the file, have, once it is null there."""
    kustomization = f"{INLINE}      repository: inline\n  valuesFile: values.yaml\n  valuesMerge: {merge}\n"
    files = {
        "kustomization.yaml": kustomization.replace("tag: inline", "pullPolicy: inline"),
        "values.yaml": "image: {digest: file}\n",
        "charts/app/values.yaml": "image: {repository: chart, digest: chart}\n",
    }
    with tree(tmp_path, files) as app:
        for name, left in (("repository", inline), ("digest", file)):
            key = ("image", name)
            if app.values.holder(key):
                assert app.probe(null(key))["image"].get(name) == left
                assert app.values.layer_for(key).restores is (left is not None)


def test_values_that_the_chart_wins_over_cannot_be_changed(tmp_path: Path) -> None:
    files = {**DEFAULTS, "kustomization.yaml": f"{INLINE}  valuesMerge: merge\n"}
    with tree(tmp_path, files) as app:
        assert app.plain()["image"]["tag"] == "chart"
        with pytest.raises(AgentslintError, match=r"kustomization\.yaml:2: the values of chart app are out of reach"):
            app.probe(put(TAG, "new"))


def test_a_target_without_values_gets_some_inline(tmp_path: Path) -> None:
    with tree(tmp_path, {**DEFAULTS, "kustomization.yaml": "helmCharts:\n- name: app\n  releaseName: app\n"}) as app:
        assert app.probe(put(TAG, "new"))["image"] == {"repository": "chart", "tag": "new", "digest": ""}


OLD = """\
helmChartInflationGenerator:
- chartName: app
  chartHome: ./charts
  releaseName: app
  values: values.yaml
  valuesLocal:
    image: {tag: local}
"""
GENERATOR = """\
apiVersion: builtin
kind: HelmChartInflationGenerator
metadata: {name: app}
name: app
releaseName: app
valuesInline:
  image: {tag: local}
"""


@pytest.mark.parametrize(
    "files",
    [
        {"kustomization.yaml": OLD, "values.yaml": "image: {digest: file}\n"},
        {"kustomization.yaml": "generators: [app.yaml]\n", "app.yaml": GENERATOR},
    ],
    ids=["the old field", "a generator's file"],
)
def test_other_ways_to_name_a_chart(tmp_path: Path, files: dict[str, str]) -> None:
    with tree(tmp_path, {**DEFAULTS, **files}) as app:
        assert app.values.at(TAG) == "local"
        assert app.probe(put(TAG, "new"), put(("image", "repository"), "r"))["image"]["tag"] == "new"
        assert app.probe(absent(TAG))["image"]["tag"] == "chart"


def test_the_second_of_two_charts(tmp_path: Path) -> None:
    kustomization = f"{INLINE}- name: app\n  releaseName: second\n  valuesInline: {{image: {{tag: second}}}}\n"
    with tree(tmp_path, {**DEFAULTS, "kustomization.yaml": kustomization}) as app:
        second = app.target.closure.charts[1]
        assert [layer.prefix for layer in type(app.values)(app.target, second).own] == [("helmCharts", 1, "valuesInline")]


def test_a_value_is_found_where_it_is_written(tmp_path: Path) -> None:
    files = {**DEFAULTS, "kustomization.yaml": INLINE.replace("tag: inline", "tag: inline  # why")}
    with tree(tmp_path, files) as app:
        places = {key: app.values.location(("image", key)) for key in ("tag", "digest", "nothing")}
        assert [(place.path, place.region.start_line, place.region.start_column) if place else None for place in places.values()] == [
            ("kustomization.yaml", 6, 12),
            ("charts/app/values.yaml", 4, 12),
            None,
        ]
