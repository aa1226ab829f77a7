"""A values file that two charts of one kustomization read: a scenario lays its values over one of them alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.asserts.repositories import lines, report_of, unknown, written

CHART = {
    "Chart.yaml": "apiVersion: v2\nname: {name}\nversion: 1.0.0\n",
    "values.yaml": "replicas: 1\n",
    "templates/web.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
spec:
  replicas: {{ .Values.replicas }}
""",
}
CHARTS = {f"charts/{name}/{path}": text.replace("{name}", name) for name in ("front", "back") for path, text in CHART.items()}
ENTRY = "  - name: {}\n    releaseName: {}\n"
HEAD = "helmGlobals:\n  chartHome: ../charts\nhelmCharts:\n"
HABITS = {
    "valuesFile": ("    valuesFile: values.yaml\n", "    valuesFile: values.yaml\n"),
    "another spelling": ("    valuesFile: ./values.yaml\n", "    valuesFile: ../app/values.yaml\n"),
    "additional": ("    valuesFile: more.yaml\n    additionalValuesFiles: [values.yaml]\n", "    valuesFile: values.yaml\n"),
    "beside inline values": ("    valuesFile: values.yaml\n    valuesInline: {other: 1}\n", "    valuesFile: values.yaml\n"),
}
SCENARIO = """
[[scenario]]
name = "more-of-one"
target = "app"
chart = "{}"
values = {{ replicas = 5, size = 7 }}
asserts = [
  {{ that = "object.metadata.name == '{}' ? object.spec.replicas == 5 : object.spec.replicas == 2", message = "{{object.spec.replicas}}" }},
  {{ that = "object.metadata.name == '{}' ? values.size == 7 : !has(values.size)", message = "{{values}}" }},
]
"""


@pytest.mark.parametrize("chart", ["front", "back"])
@pytest.mark.parametrize("habit", HABITS)
def test_a_scenario_changes_the_values_of_its_own_chart(tmp_path: Path, habit: str, chart: str) -> None:
    pytest.importorskip("cel_expr_python")
    front, back = HABITS[habit]
    files = {
        **CHARTS,
        "app/kustomization.yaml": HEAD + ENTRY.format("front", "front") + front + ENTRY.format("back", "back") + back,
        "app/values.yaml": "replicas: 2\n",
        "app/more.yaml": "color: red\n",
    }
    folder = written(tmp_path, files, SCENARIO.format(chart, chart, chart))
    with report_of(folder, "more-of-one") as report:
        assert (lines(report), unknown(report)) == ([], [])
    assert sorted(path.name for path in (folder / "app").iterdir()) == ["kustomization.yaml", "more.yaml", "values.yaml"]
