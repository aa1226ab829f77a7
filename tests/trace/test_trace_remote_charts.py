"""A chart that is not in the repository: where its own value decides, the entry is the place, and the value to set is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from chart_server import ChartServer, index, package, serve

from agentslint.engine.open_session import open_session
from agentslint.engine.pipeline import lint
from agentslint.engine.run_options import RunOptions
from agentslint.model import Certainty, Report, Result

TEMPLATE = """apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}
spec:
  containers:
    - name: cache
      image: {{ .Values.image.registry }}/{{ .Values.image.repository }}:{{ .Values.image.tag }}
    - name: exporter
      image: {{ .Values.exporter.image }}
"""
VALUES = """image:
  registry: docker.io
  repository: acme/cache
  tag: 7.2.4
exporter:
  image: docker.io/acme/exporter:1.9
"""


def write_chart(folder: Path) -> Path:
    chart = folder / "cache-1.0.0" / "cache"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: cache\nversion: 1.0.0\n", encoding="utf-8")
    (chart / "values.yaml").write_text(VALUES, encoding="utf-8")
    (chart / "templates" / "pod.yaml").write_text(TEMPLATE, encoding="utf-8")
    return chart


@pytest.fixture
def charts(helm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ChartServer]:
    """A repository with one chart, and a cache of our own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    package(helm, write_chart(tmp_path / "source"), tmp_path / "charts")
    index(helm, tmp_path / "charts")
    with serve(tmp_path / "charts") as server:
        yield server


def linted(root: Path) -> Report:
    with open_session(RunOptions(paths=(str(root),), select=("require-digest",), root=str(root))) as (run, _):
        return lint(run)


def about(report: Report, container: str) -> Result:
    return next(result for result in report.active if f"container {container}" in result.finding.message)


def write_app(root: Path, entry: str, values: str = "") -> None:
    root.mkdir()
    (root / "kustomization.yaml").write_text(f"helmCharts:\n  - name: cache\n    releaseName: cache\n{entry}", encoding="utf-8")
    (root / "values.yaml").write_text(values, encoding="utf-8")


def test_the_entry_is_named_and_the_value_to_set(charts: ChartServer, tmp_path: Path) -> None:
    entry = f"    repo: {charts.url}\n    version: 1.0.0\n    valuesFile: values.yaml\n"
    write_app(tmp_path / "app", entry, "image:\n  tag: 7.4.0\n")

    report = linted(tmp_path / "app")

    ours, theirs = about(report, "cache"), about(report, "exporter")
    assert (ours.location.path, ours.location.region.start_line, ours.provenance.certainty) == ("values.yaml", 2, Certainty.EXACT)
    assert (theirs.location.path, theirs.location.region.start_line, theirs.provenance.certainty) == (
        "kustomization.yaml",
        2,
        Certainty.CHART,
    )
    (advice,) = theirs.related
    assert advice.message == "set exporter.image here: the chart cache 1.0.0 has it in its values.yaml, line 6"
    assert (advice.path, advice.region.start_line, advice.region.start_column) == ("kustomization.yaml", 5, 14)
    assert report.renders == 3


def test_an_entry_without_values_is_given_some_to_try(charts: ChartServer, tmp_path: Path) -> None:
    write_app(tmp_path / "app", f"    repo: {charts.url}\n    version: 1.0.0\n")

    report = linted(tmp_path / "app")

    messages = sorted(result.related[0].message for result in report.active)
    assert messages == [
        "set exporter.image here: the chart cache 1.0.0 has it in its values.yaml, line 6",
        "set image.tag here: the chart cache 1.0.0 has it in its values.yaml, line 4",
    ]
    assert report.renders == 2
    assert (tmp_path / "app" / "kustomization.yaml").read_text().count("\n") == 5


def test_a_packed_chart_in_a_chart_of_the_repository(charts: ChartServer, tmp_path: Path) -> None:
    root = tmp_path / "app"
    root.mkdir()
    (root / "kustomization.yaml").write_text("helmCharts:\n  - name: shop\n    releaseName: shop\n", encoding="utf-8")
    (root / "charts/shop/charts").mkdir(parents=True)
    (root / "charts/shop/Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 1.0.0\n", encoding="utf-8")
    (root / "charts/shop/values.yaml").write_text("{}\n", encoding="utf-8")
    (root / "charts/shop/charts/cache-1.0.0.tgz").write_bytes((charts.folder / "cache-1.0.0.tgz").read_bytes())

    report = linted(root)

    assert report.failures == []
    assert {result.provenance.certainty for result in report.active} == {Certainty.CHART}
    assert about(report, "cache").related[0].message == (
        "set cache.image.tag here: the chart shop has it in its charts/cache-1.0.0.tgz/cache/values.yaml, line 4"
    )
