"""Failures of charts and of the values that they are given."""

from __future__ import annotations

from broken import ENTRY, Broken, config_map, with_app, with_template
from render_tree import CHART, HELM_APP


def with_more(text: str) -> dict[str, str]:
    """A further template."""
    return {"charts/web/templates/more.yaml": f"{text}\n"}


VALUES = {
    "tab in the values": Broken(
        {**HELM_APP, "app/values.yaml": "image:\n\ttag: v1\n"},
        "the values of chart web: found character that cannot start any token",
        "app/values.yaml:2 \ttag: v1",
        (ENTRY,),
    ),
    "values are a list": Broken(
        {**HELM_APP, "app/values.yaml": "# values\n- image\n"},
        "the values of chart web: a list where a mapping belongs",
        "app/values.yaml:2 - image",
        (ENTRY,),
    ),
    "values are no YAML, and others stand in place": Broken(
        {**with_app("    valuesInline:\n      image: nginx\n"), "app/values.yaml": "image: nginx\na: b: c\n"},
        "the values: mapping values are not allowed in this context",
        "app/values.yaml:2 : c",
    ),
    "further values are no YAML": Broken(
        {**with_app("    additionalValuesFiles:\n      - more.yaml\n"), "app/more.yaml": "a: b: c\n"},
        "failed to parse app/more.yaml: mapping values are not allowed in this context",
        "app/more.yaml:1 : c",
        (ENTRY,),
    ),
}

CHARTS = {
    "a text of the values that is a template itself": Broken(
        {**HELM_APP, "app/values.yaml": "image: nginx\nnote: '{{ .Values.gone.x }}'\n", **with_more("a: {{ tpl .Values.note . }}")},
        "gotpl:1: .Values.gone.x: nil pointer evaluating interface {}.x",
        "app/values.yaml:2 {{ .Values.gone.x }}",
        ("charts/web/templates/more.yaml:1 a: {{ tpl .Values.note . }}", ENTRY),
    ),
    "no values file": Broken(
        {path: text for path, text in HELM_APP.items() if path != "app/values.yaml"},
        "app/values.yaml: no such file or directory",
        "app/kustomization.yaml:8 values.yaml",
    ),
    "no chart and no repo": Broken(
        {path: text for path, text in HELM_APP.items() if path not in CHART},
        "no such chart, and no repo to pull it from",
        ENTRY,
    ),
    "text where a template takes a part": Broken(
        {**HELM_APP, "app/values.yaml": "replicas: 1\nmore: ghcr.io/acme/more:v1\n", **with_more("{{ .Values.more.tag }}")},
        "web/templates/more.yaml:1: .Values.more.tag: can't evaluate field tag in type interface {}",
        "app/values.yaml:2 ghcr.io/acme/more:v1",
        ("charts/web/templates/more.yaml:1 {{ .Values.more.tag }}", ENTRY),
    ),
    "chart refuses": Broken(
        with_template("validate.yaml", '{{- if not .Values.digest }}\n  {{- fail "digest is required: set image.digest" }}\n{{- end }}\n'),
        "digest is required: set image.digest",
        'charts/web/templates/validate.yaml:2 {{- fail "digest is required: set image.digest" }}',
        (ENTRY,),
    ),
    "chart refuses in several lines": Broken(
        with_template("validate.yaml", '{{ fail "\\nset one of\\n  digest\\n  tag\\n" }}\n'),
        "set one of digest tag",
        'charts/web/templates/validate.yaml:1 {{ fail "\\nset one of\\n  digest\\n  tag\\n" }}',
        (ENTRY,),
    ),
    "dependency refuses": Broken(
        {
            **HELM_APP,
            "charts/web/charts/cache/Chart.yaml": "apiVersion: v2\nname: cache\nversion: 1.0.0\n",
            "charts/web/charts/cache/templates/check.yaml": '\n{{ required "size is required" .Values.size }}\n',
        },
        "size is required",
        'charts/web/charts/cache/templates/check.yaml:2 {{ required "size is required" .Values.size }}',
        (ENTRY,),
    ),
    "no such value": Broken(
        with_template("job.yaml", "kind: Job\nimage: {{ .Values.runner.image.tag }}\n"),
        "web/templates/job.yaml:2: .Values.runner.image.tag: nil pointer evaluating interface {}.image",
        "charts/web/templates/job.yaml:2 image: {{ .Values.runner.image.tag }}",
        (ENTRY,),
    ),
    "no such value in a template that another includes": Broken(
        {
            **with_template("_names.tpl", '{{- define "tag" -}}\n{{ .Values.runner.image.tag }}\n{{- end }}\n'),
            "charts/web/templates/job.yaml": 'kind: Job\nimage: {{ include "tag" . }}\n',
        },
        "web/templates/_names.tpl:2: .Values.runner.image.tag: nil pointer evaluating interface {}.image",
        "charts/web/templates/_names.tpl:2 {{ .Values.runner.image.tag }}",
        (ENTRY,),
    ),
    "template is not closed": Broken(
        with_template("job.yaml", "kind: Job\nimage: {{ .Values.image\n"),
        "web/templates/job.yaml:2: unclosed action",
        "charts/web/templates/job.yaml:2 image: {{ .Values.image",
        (ENTRY,),
    ),
    "template without its end": Broken(
        with_template("job.yaml", "{{ if .Values.image }}\nkind: Job\n\n"),
        "web/templates/job.yaml:4: unexpected EOF",
        "charts/web/templates/job.yaml:2 kind: Job",
        (ENTRY,),
    ),
    "unknown function": Broken(
        with_template("job.yaml", "kind: {{ frobnicate 1 }}\n"),
        'web/templates/job.yaml:1: function "frobnicate" not defined',
        "charts/web/templates/job.yaml:1 kind: {{ frobnicate 1 }}",
        (ENTRY,),
    ),
    "template renders broken YAML": Broken(
        with_template("job.yaml", "{{/* a job */}}\nkind: Job\nmetadata: {{ .Values.image }}: x\n"),
        "web/templates/job.yaml renders to broken YAML (line 2 of its output): mapping values are not allowed in this context",
        "charts/web/templates/job.yaml:3 metadata: {{ .Values.image }}: x",
        (ENTRY,),
    ),
    "template renders no object": Broken(
        with_template("job.yaml", "apiVersion: batch/v1\nmetadata:\n  name: nightly\n"),
        "the output of the chart: missing kind in the object batch/v1 nightly",
        "charts/web/templates/job.yaml:3 name: nightly",
        (ENTRY,),
    ),
    "schema refuses a value": Broken(
        {
            **HELM_APP,
            "charts/web/values.schema.json": '{"properties": {"image": {"type": "object"}}, "required": ["digest"]}',
        },
        "the schema of chart web refuses the values: missing property 'digest'; at '/image': got string, want object",
        "app/values.yaml:1 nginx:1.28",
        (ENTRY,),
    ),
    "schema refuses a value that stands in place": Broken(
        {
            **with_app("    valuesInline:\n      workers:\n        - size: large\n"),
            "charts/web/values.schema.json": ('{"properties": {"workers": {"items": {"properties": {"size": {"type": "integer"}}}}}}'),
        },
        "the schema of chart web refuses the values: at '/workers/0/size': got string, want integer",
        "app/kustomization.yaml:11 large",
        (ENTRY,),
    ),
    "schema knows no such value": Broken(
        {
            **with_app(""),
            "app/values.yaml": "image: x\nreplcas: 2\n",
            "charts/web/values.schema.json": '{"additionalProperties": false, "properties": {"image": {}}}',
        },
        "the schema of chart web refuses the values: additional properties 'replcas' not allowed",
        "app/values.yaml:2 2",
        (ENTRY,),
    ),
    "schema wants what is not there": Broken(
        {**HELM_APP, "charts/web/values.schema.json": '{"required": ["digest"]}'},
        "the schema of chart web refuses the values: missing property 'digest'",
        ENTRY,
    ),
    "chart for a newer Kubernetes": Broken(
        {**HELM_APP, "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\nkubeVersion: '>=1.99.0'\n"},
        "chart requires kubeVersion: >=1.99.0 which is incompatible with Kubernetes v1.",
        "charts/web/Chart.yaml:4 >=1.99.0",
        (ENTRY,),
    ),
    "dependency that was not fetched": Broken(
        {
            **HELM_APP,
            "charts/web/Chart.yaml": (
                "apiVersion: v2\nname: web\nversion: 1.0.0\n"
                "dependencies:\n  - name: cache\n    version: 1.0.0\n    repository: https://charts.example.invalid\n"
            ),
        },
        "run `helm dependency build`: found in Chart.yaml, but missing in charts/ directory: cache",
        "charts/web/Chart.yaml:5 cache",
        (ENTRY,),
    ),
    "chart description is no YAML": Broken(
        {**HELM_APP, "charts/web/Chart.yaml": "apiVersion: v2\nname: web: x\n"},
        "cannot load Chart.yaml: mapping values are not allowed in this context",
        "charts/web/Chart.yaml:2 : x",
        (ENTRY,),
    ),
    "chart without a version": Broken(
        {**HELM_APP, "charts/web/Chart.yaml": "apiVersion: v2\nname: web\n"},
        "validation: chart.metadata.version is required",
        "charts/web/Chart.yaml:1 apiVersion: v2",
        (ENTRY,),
    ),
    "release name that helm refuses": Broken(
        {**HELM_APP, "app/kustomization.yaml": HELM_APP["app/kustomization.yaml"].replace("releaseName: web", "releaseName: Web_1")},
        'release name "Web_1": invalid release name, must match regex',
        "app/kustomization.yaml:6 Web_1",
    ),
    "chart name that would be an option": Broken(
        {**HELM_APP, "app/kustomization.yaml": HELM_APP["app/kustomization.yaml"].replace("- name: web", "- name: --untardir=..")},
        "chart name must not start with '-', got \"--untardir=..\"",
        "app/kustomization.yaml:5 --untardir=..",
    ),
    "chart makes what exists already": Broken(
        {
            **HELM_APP,
            "app/kustomization.yaml": HELM_APP["app/kustomization.yaml"].replace("namespace: web\n", "resources: [map.yaml]\n", 1),
            "app/map.yaml": config_map("web-settings"),
        },
        "ConfigMap/web-settings is generated, but exists already",
        "charts/web/templates/settings.yaml:4 name: {{ .Release.Name }}-settings",
        (ENTRY,),
    ),
    "chart in a folder of charts": Broken(
        {
            **{path.replace("charts/web", "charts/shop/web"): text for path, text in CHART.items()},
            "app/values.yaml": "",
            "app/kustomization.yaml": HELM_APP["app/kustomization.yaml"].replace("- name: web", "- name: shop/web"),
        },
        "failed to write values file: open shop/web-kustomize-values.yaml: no such file or directory",
        "app/kustomization.yaml:5 - name: shop/web",
    ),
    "second of two releases of a chart": Broken(
        {
            **with_app("  - name: web\n    releaseName: other\n    valuesFile: other.yaml\n"),
            "app/other.yaml": "refuse: true\n",
            "charts/web/templates/check.yaml": '{{ if .Values.refuse }}{{ fail "no" }}{{ end }}\n',
        },
        "no",
        'charts/web/templates/check.yaml:1 {{ if .Values.refuse }}{{ fail "no" }}{{ end }}',
        ("app/kustomization.yaml:9 - name: web",),
    ),
}
