"""Which settings decide nothing is proven by few renders, also where a chart looks closely at what it is given."""

from __future__ import annotations

import json
from pathlib import Path

from agentslint.engine.open_session import open_session
from agentslint.engine.pipeline import lint
from agentslint.engine.run_options import RunOptions
from agentslint.model import Report

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: "ghcr.io/acme/web:{{ .Values.image.tag }}"
"""


def linted(folder: Path, files: dict[str, str]) -> Report:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    with open_session(RunOptions(paths=(str(folder),), select=("inert-override",), root=str(folder))) as (run, _):
        return lint(run)


def chart(values: str, **more: str) -> dict[str, str]:
    return {
        "kustomization.yaml": "helmCharts:\n  - name: web\n    valuesFile: values.yaml\n",
        "values.yaml": values,
        "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        "charts/web/values.yaml": "{}\n",
        "charts/web/templates/pod.yaml": POD,
        **{f"charts/web/{name.replace('_', '.')}": text for name, text in more.items()},
    }


def found(report: Report) -> list[tuple[str, int]]:
    return [(result.location.path, result.location.region.start_line) for result in report.active]


def test_a_target_of_which_all_settings_decide_something_is_rendered_once_more(tmp_path: Path) -> None:
    report = linted(tmp_path, chart("image:\n  tag: v1.4.2\n"))
    assert (found(report), report.renders) == ([], 2)


def test_texts_that_come_out_of_a_plain_kustomization_need_no_proof(tmp_path: Path) -> None:
    pod = POD.replace(":{{ .Values.image.tag }}", "")
    kustomization = "resources: [pod.yaml]\nimages:\n  - name: ghcr.io/acme/web\n    newTag: v1.4.2\n"
    report = linted(tmp_path, {"kustomization.yaml": kustomization, "pod.yaml": pod})
    assert (found(report), report.renders) == ([], 1)


def test_a_schema_that_refuses_other_texts_hides_nothing_but_what_it_refuses(tmp_path: Path) -> None:
    channel = {"properties": {"canary": {"properties": {"tag": {"enum": ["v9.9.9"]}}}}}
    values = "image:\n  tag: v1.4.2\ncanary:\n  tag: v9.9.9\nworker:\n  tag: v1.4.2\n"
    report = linted(tmp_path, chart(values, values_schema_json=json.dumps(channel)))
    assert found(report) == [("values.yaml", 6)]
    assert report.failures == []


def test_there_is_an_end_to_trying(tmp_path: Path) -> None:
    """Every value is refused when it changes: nothing is proven, and nothing is accused."""
    names = [f"part{number}" for number in range(40)]
    schema = {"properties": {name: {"properties": {"tag": {"enum": ["v1.4.2"]}}} for name in names}}
    values = "image:\n  tag: v1.4.2\n" + "".join(f"{name}:\n  tag: v1.4.2\n" for name in names)
    report = linted(tmp_path, chart(values, values_schema_json=json.dumps(schema)))
    assert found(report) == []
    assert report.renders <= 10


def test_a_text_of_which_only_a_condition_takes_notice_decides_something(tmp_path: Path) -> None:
    """Empty or v1 are the same to the template, and what it prints is another value."""
    files = chart("image:\n  tag: v1.4.2\nlevel:\n  tag: v1\n")
    quiet = '      imagePullPolicy: {{ if has (.Values.level.tag | default "v1") (list "v1") }}Always{{ else }}Never{{ end }}\n'
    report = linted(tmp_path, {**files, "charts/web/templates/pod.yaml": POD + quiet})
    assert (found(report), report.failures) == ([], [])
