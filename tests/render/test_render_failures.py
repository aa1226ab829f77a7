"""Each way in which a render fails: what is said, and the place where it is mended."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from render_tree import CHART, HELM_APP, pointed_at, the_target, write

from agentslint.model import RenderFailure
from agentslint.render import KustomizeRenderer, RenderOptions

ENTRY = "app/kustomization.yaml:5 - name: web"


@dataclass(frozen=True)
class Broken:
    """A repository whose `app` does not render: the message, and `path:line text` of the place and of a related one."""

    files: Mapping[str, str | bytes]
    message: str
    place: str
    related: tuple[str, ...] = field(default=())


def config_map(name: str) -> str:
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n"


def kustomization(text: str, **files: str | bytes) -> dict[str, str | bytes]:
    """`app/kustomization.yaml`, and other files of `app` by stem."""
    return {"app/kustomization.yaml": text, **{f"app/{stem}.yaml": content for stem, content in files.items()}}


def with_template(name: str, text: str) -> dict[str, str | bytes]:
    return {**HELM_APP, f"charts/web/templates/{name}": text}


def with_app(text: str) -> dict[str, str | bytes]:
    return {**HELM_APP, "app/kustomization.yaml": HELM_APP["app/kustomization.yaml"] + text}


DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 1\n"
COMPONENT = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"

RESOURCES = {
    "missing resource": Broken(
        kustomization("resources:\n  - there.yaml\n  - gone.yaml\n", there=config_map("a")),
        "app/gone.yaml: no such file or directory",
        "app/kustomization.yaml:3 gone.yaml",
    ),
    "missing resource of a base": Broken(
        {**kustomization("resources:\n  - ../base\n"), "base/kustomization.yaml": "resources:\n  - gone.yaml\n"},
        "base/gone.yaml: no such file or directory",
        "base/kustomization.yaml:2 gone.yaml",
    ),
    "missing base": Broken(
        kustomization("resources:\n  - ../base\n"), "base: no such file or directory", "app/kustomization.yaml:2 ../base"
    ),
    "base without a kustomization": Broken(
        {**kustomization("resources:\n  - ../base\n"), "base/deployment.yaml": DEPLOYMENT},
        "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory 'base'",
        "app/kustomization.yaml:2 ../base",
    ),
    "missing component": Broken(
        kustomization("components:\n  - ../extras\n"), "extras: no such file or directory", "app/kustomization.yaml:2 ../extras"
    ),
    "missing resource of a component": Broken(
        {**kustomization("components:\n  - ../extras\n"), "extras/kustomization.yaml": COMPONENT + "resources:\n  - gone.yaml\n"},
        "extras/gone.yaml: no such file or directory",
        "extras/kustomization.yaml:4 gone.yaml",
    ),
    "base in place of a component": Broken(
        {
            **kustomization("components:\n  - ../base\n"),
            "base/kustomization.yaml": "resources:\n  - map.yaml\n",
            "base/map.yaml": config_map("a"),
        },
        "expected kind 'Component' for path 'base' but got 'Kustomization'",
        "app/kustomization.yaml:2 ../base",
    ),
    "circular bases": Broken(
        {**kustomization("resources:\n  - ../base\n"), "base/kustomization.yaml": "resources:\n  - ../app\n"},
        "cycle detected: candidate root 'app' contains visited root 'app'",
        "base/kustomization.yaml:2 ../app",
    ),
    "resource outside of the folder": Broken(
        {**kustomization("resources:\n  - ../shared.yaml\n"), "shared.yaml": config_map("a")},
        "security; file 'shared.yaml' is not in or below 'app'",
        "app/kustomization.yaml:2 ../shared.yaml",
    ),
    "resource that is there twice": Broken(
        kustomization("resources:\n  - one.yaml\n  - two.yaml\n", one=config_map("same"), two=config_map("same")),
        "may not add resource with an already registered id: ConfigMap.v1.[noGrp]/same.[noNs]",
        "app/kustomization.yaml:3 two.yaml",
    ),
    "object without a kind": Broken(
        kustomization("resources:\n  - bad.yaml\n", bad=config_map("good") + "---\napiVersion: v1\nmetadata:\n  name: odd\n"),
        "missing kind in the object v1 odd",
        "app/bad.yaml:8 odd",
    ),
    "no object at all": Broken(
        kustomization("resources:\n  - bad.yaml\n", bad="# a list\n- one\n"),
        "no Kubernetes object (missing Resource metadata)",
        "app/bad.yaml:2 - one",
    ),
    "two objects that a namespace makes one": Broken(
        kustomization(
            "resources:\n  - secrets.yaml\nnamespace: one\n",
            secrets="".join(
                f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: token\n  namespace: {name}\nstringData:\n  token: hunter2\n---\n"
                for name in ("a", "b")
            ),
        ),
        "namespace transformation produces ID conflict: Secret/token, Secret/token",
        "app/kustomization.yaml:1 resources:",
    ),
}

YAML = {
    "kustomization is no YAML": Broken(
        kustomization("resources:\n  - a.yaml\n images: [\n"),
        "invalid Kustomization: did not find expected key",
        "app/kustomization.yaml:3 images: [",
    ),
    "kustomization of a base is no YAML": Broken(
        {**kustomization("resources:\n  - ../base\n"), "base/kustomization.yaml": "# the base\nresources: [a\n"},
        "invalid Kustomization: did not find expected ',' or ']'",
        "base/kustomization.yaml:2 resources: [a",
    ),
    "tab in a kustomization": Broken(
        kustomization("resources:\n\t- a.yaml\n"),
        "invalid Kustomization: found character that cannot start any token",
        "app/kustomization.yaml:2 \t- a.yaml",
    ),
    "resource is no YAML in its second document": Broken(
        kustomization("resources:\n  - bad.yaml\n", bad=config_map("a") + "---\nkind: Job\nmetadata: name: x\n"),
        "bad.yaml: mapping values are not allowed in this context",
        "app/bad.yaml:7 : x",
    ),
    "tab in a resource": Broken(
        kustomization("resources:\n  - bad.yaml\n", bad="apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: a\n"),
        "bad.yaml: found character that cannot start any token",
        "app/bad.yaml:4 \tname: a",
    ),
    "resource of a base is no YAML": Broken(
        {
            **kustomization("resources:\n  - ../base\n"),
            "base/kustomization.yaml": "resources:\n  - bad.yaml\n",
            "base/bad.yaml": "kind: Job\nmetadata: name: x\n",
        },
        "bad.yaml: mapping values are not allowed in this context",
        "base/bad.yaml:2 : x",
    ),
    "resource is no UTF-8": Broken(
        kustomization("resources:\n  - bad.yaml\n", bad=config_map("a").encode() + b"data:\n  a: caf\xe9\n"),
        "bad.yaml: incomplete UTF-8 octet sequence",
        "app/bad.yaml:6 \ufffd",
    ),
    "duplicate keys in a resource": Broken(
        kustomization("resources:\n  - good.yaml\n  - bad.yaml\n", good=config_map("a"), bad=config_map("b") + "  name: c\n"),
        'mapping key "name" already defined',
        "app/bad.yaml:5 name: c",
    ),
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

FIELDS = {
    "unknown field": Broken(
        kustomization("resources: []\nresource:\n  - a.yaml\n"),
        'invalid Kustomization: unknown field "resource"',
        "app/kustomization.yaml:2 resource",
    ),
    "unknown field of an entry": Broken(
        kustomization("resources:\n  - map.yaml\nimages:\n  - name: nginx\n    tag: v1\n", map=config_map("a")),
        'invalid Kustomization: unknown field "tag"',
        "app/kustomization.yaml:5 tag",
    ),
    "number for a tag": Broken(
        kustomization("images:\n  - name: one\n    newTag: v1\n  - name: two\n    newTag: 123456\n"),
        "invalid Kustomization: images.newTag: a number where a text belongs",
        "app/kustomization.yaml:5 123456",
    ),
    "text for a list": Broken(
        kustomization("resources: a.yaml\n"),
        "invalid Kustomization: resources: a text where a list belongs",
        "app/kustomization.yaml:1 a.yaml",
    ),
    "unknown choice": Broken(
        kustomization("resources:\n  - map.yaml\nsortOptions:\n  order: random\n", map=config_map("a")),
        "the field 'sortOptions.order' must be one of [fifo, legacy]",
        "app/kustomization.yaml:4 random",
    ),
    "nothing in the kustomization": Broken(kustomization(""), "kustomization.yaml is empty", "app/kustomization.yaml:1 "),
    "two kustomization files": Broken(
        {**kustomization("resources: []\n"), "app/kustomization.yml": "resources: []\n"},
        "Found multiple kustomization files under: app",
        "app/kustomization.yaml:1 resources: []",
    ),
    "patch that matches nothing": Broken(
        kustomization(
            "resources:\n  - web.yaml\npatches:\n  - path: patch.yaml\n", web=DEPLOYMENT, patch=DEPLOYMENT.replace("name: web", "name: api")
        ),
        'no resource matches strategic merge patch "Deployment.v1.apps/api.[noNs]"',
        "app/patch.yaml:4 api",
    ),
    "patch in place that matches nothing": Broken(
        kustomization(
            "resources:\n  - web.yaml\npatches:\n  - patch: |-\n      apiVersion: apps/v1\n      kind: Deployment\n"
            "      metadata:\n        name: api\n",
            web=DEPLOYMENT,
        ),
        'no resource matches strategic merge patch "Deployment.v1.apps/api.[noNs]"',
        "app/kustomization.yaml:8 name: api",
    ),
    "patch that is not there": Broken(
        kustomization("resources:\n  - web.yaml\npatches:\n  - path: gone.yaml\n", web=DEPLOYMENT),
        "app/gone.yaml: no such file or directory",
        "app/kustomization.yaml:4 gone.yaml",
    ),
    "patch that is none": Broken(
        kustomization(
            "resources:\n  - web.yaml\npatches:\n  - target:\n      kind: Deployment\n    patch: |-\n      - op: add\n       path: /spec\n",
            web=DEPLOYMENT,
        ),
        "unable to parse SM or JSON patch",
        "app/kustomization.yaml:6 patch",
    ),
    "replacement without a source": Broken(
        kustomization(
            "resources:\n  - web.yaml\nreplacements:\n  - source:\n      kind: ConfigMap\n      name: versions\n"
            "    targets:\n      - select:\n          kind: Deployment\n        fieldPaths:\n          - spec.replicas\n",
            web=DEPLOYMENT,
        ),
        "nothing selected by ConfigMap.[noVer].[noGrp]/versions.[noNs]",
        "app/kustomization.yaml:5 ConfigMap",
    ),
    "replacement of a field that is not there": Broken(
        kustomization(
            "resources:\n  - web.yaml\nreplacements:\n  - source:\n      kind: Deployment\n      name: web\n"
            "    targets:\n      - select:\n          kind: Deployment\n        fieldPaths:\n          - spec.template.image\n",
            web=DEPLOYMENT,
        ),
        'unable to find field "spec.template.image" in replacement target',
        "app/kustomization.yaml:11 spec.template.image",
    ),
    "file of a generator is not there": Broken(
        kustomization("configMapGenerator:\n  - name: settings\n    files:\n      - app.conf=conf/app.conf\n"),
        "app/conf/app.conf: no such file or directory",
        "app/kustomization.yaml:4 app.conf=conf/app.conf",
    ),
    "generated map exists already": Broken(
        kustomization(
            "resources:\n  - map.yaml\nconfigMapGenerator:\n  - name: settings\n    literals:\n      - a=b\n", map=config_map("settings")
        ),
        "ConfigMap/settings is generated, but exists already",
        "app/kustomization.yaml:4 settings",
    ),
}

CHARTS = {
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
        ENTRY,
    ),
    "template renders no object": Broken(
        with_template("job.yaml", "apiVersion: batch/v1\nmetadata:\n  name: nightly\n"),
        "what the chart renders: missing kind in the object batch/v1 nightly",
        ENTRY,
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
            "charts/web/values.schema.json": (
                '{"properties": {"workers": {"items": {"properties": {"size": {"type": "integer"}}}}}}'
            ),
        },
        "the schema of chart web refuses the values: at '/workers/0/size': got string, want integer",
        "app/kustomization.yaml:11 large",
        (ENTRY,),
    ),
    "schema wants what is not there": Broken(
        {**HELM_APP, "charts/web/values.schema.json": '{"required": ["digest"]}'},
        "the schema of chart web refuses the values: missing property 'digest'",
        ENTRY,
    ),
    "chart for a newer Kubernetes": Broken(
        {**HELM_APP, "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\nkubeVersion: '>=1.99.0'\n"},
        "chart requires kubeVersion: >=1.99.0 which is incompatible with Kubernetes v1.34.0",
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
        ENTRY,
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

ALL = {**RESOURCES, **YAML, **FIELDS, **CHARTS}


@pytest.mark.parametrize("name", ALL)
def test_a_failure_has_its_cause_and_the_place_where_it_is_mended(name: str, tmp_path: Path, renderer: KustomizeRenderer) -> None:
    case = ALL[name]
    root = write(tmp_path / "repo", case.files)

    failure = renderer.render(the_target(root), RenderOptions())

    assert isinstance(failure, RenderFailure)
    assert failure.message.startswith(case.message)
    assert place(root, failure.location) == case.place
    assert tuple(place(root, location) for location in failure.related) == case.related
    assert_readable(failure, root)


def place(root: Path, location) -> str:  # type: ignore[no-untyped-def]
    return f"{location.path}:{location.region.start_line} {pointed_at(root, location)}"


def assert_readable(failure: RenderFailure, root: Path) -> None:
    """One sentence, nothing of this machine, no wrapping; and nothing of this machine in what --verbose shows either."""
    for text in (failure.message, failure.details):
        assert str(root) not in text
        assert "/tmp/agentslint-" not in text
    assert "\n" not in failure.message
    assert not re.search(r"/(?:tmp|home|root|Users)/|accumulat|unable to run|is '.*' installed|Error:|exit status", failure.message)
    assert "hunter2" not in failure.message + failure.details


def test_a_remote_base_that_cannot_be_reached_points_at_its_entry(tmp_path: Path, renderer: KustomizeRenderer) -> None:
    url = "http://user:hunter2@127.0.0.1:9/acme/base.git?ref=v1"
    root = write(tmp_path, kustomization(f"resources:\n  - map.yaml\n  - {url}\n", map=config_map("a")))

    failure = renderer.render(the_target(root), RenderOptions())

    assert isinstance(failure, RenderFailure)
    assert failure.message.startswith("git: unable to access 'http://127.0.0.1:9/acme/base.git/': ")
    assert place(root, failure.location) == f"app/kustomization.yaml:3 {url}"
    assert_readable(failure, root)


def test_a_remote_base_is_not_fetched_without_network(tmp_path: Path, make_renderer) -> None:  # type: ignore[no-untyped-def]
    url = "https://github.com/acme/base//app?ref=v1"
    root = write(tmp_path, kustomization(f"resources:\n  - {url}\n"))

    failure = make_renderer(offline=True).render(the_target(root), RenderOptions())

    assert isinstance(failure, RenderFailure)
    assert failure.reason == "offline"
    assert failure.message == f"{url} would be fetched and the network is off (--offline)"
    assert place(root, failure.location) == f"app/kustomization.yaml:2 - {url}"


def test_a_chart_without_its_template_name_is_found_by_its_folder(tmp_path: Path, renderer: KustomizeRenderer) -> None:
    files = {**with_template("check.yaml", 'a: {{ fail "no" }}\n'), "charts/web/Chart.yaml": "apiVersion: v2\nname: other\nversion: 1.0.0\n"}
    root = write(tmp_path, files)

    failure = renderer.render(the_target(root), RenderOptions())

    assert isinstance(failure, RenderFailure)
    assert place(root, failure.location) == 'charts/web/templates/check.yaml:1 a: {{ fail "no" }}'


def test_the_whole_of_what_the_renderer_said_is_kept_for_verbose(tmp_path: Path, renderer: KustomizeRenderer) -> None:
    root = write(tmp_path, kustomization("resources:\n  - gone.yaml\n"))

    failure = renderer.render(the_target(root), RenderOptions())

    assert isinstance(failure, RenderFailure)
    assert "accumulating resources from 'gone.yaml'" in failure.details
