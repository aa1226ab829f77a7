"""Applications that come out of a render are pointed at where people wrote them: in a listed manifest, or in a chart's template."""

from __future__ import annotations

import json

import pytest

from tests.suppress.command_in_process import Done, Run, Tree

URL = "https://git.example.com/shop/gitops.git"
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: p, image: 'a:v1'}]}\n"
HEAD = "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
SPEC = f"spec:\n  destination: {{name: in-cluster}}\n  source:\n    repoURL: {URL}\n    targetRevision: main\n"
APPS = f"""\
{{{{- range .Values.apps }}}}
---
{HEAD}metadata:
  namespace: argocd
  name: {{{{ .name }}}}
{SPEC}    path: apps/{{{{ .name }}}}
{{{{- end }}}}
---
{HEAD}metadata: {{namespace: argocd, name: "fixed"}}
{SPEC}    path: apps/web
"""
CHART = {"Chart.yaml": "apiVersion: v2\nname: boot\nversion: 0.1.0\n", "values.yaml": "apps:\n- name: web\n", "templates/apps.yaml": APPS}
ROOT = f"{HEAD}metadata: {{name: root, namespace: argocd}}\n{SPEC}    path: boot\n"


def places(done: Done) -> dict[str, tuple[str, int]]:
    return {row["name"]: (row["file"], row["line"]) for row in json.loads(done.out)["applications"]}


@pytest.mark.parametrize(
    ("folder", "more"),
    [
        ("boot", {"root.yaml": ROOT}),
        ("k/charts/boot", {"k/kustomization.yaml": "helmCharts: [{name: boot, releaseName: b}]\n"}),
    ],
)
def test_an_application_of_a_chart_stands_in_its_template(run: Run, tree: Tree, folder: str, more: dict[str, str]) -> None:
    files = {f"{folder}/{path}": text for path, text in CHART.items()}
    tree.write({**files, **more, "apps/web/pod.yaml": POD})

    found = places(run("targets", ".", "-f", "json", "--offline", cwd=tree.root))

    template = f"{folder}/templates/apps.yaml"
    assert found["web"] == (template, tree.line(template, "name: {{ .name }}"))
    assert found["fixed"] == (template, tree.line(template, "fixed"))


REMOTE = "spec:\n  destination: {name: in-cluster}\n  source:\n    repoURL: https://charts.example.com\n    chart: web\n"
SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: web, namespace: argocd}
spec:
  goTemplate: true
  generators:
  - list:
      elements:
      - {name: one, version: 1.2.3}
      - name: two
        version: 1.*
  template:
    metadata: {name: '{{ .name }}'}
    spec:
      destination: {name: in-cluster}
      source:
        repoURL: https://charts.example.com
        chart: web
        targetRevision: '{{ .version }}'
"""


@pytest.mark.parametrize(
    ("manifest", "patch", "at"),
    [
        (f"{HEAD}metadata: {{name: web, namespace: argocd}}\n{REMOTE}    targetRevision: 1.x\n", "", ("argo/web.yaml", "1.x")),
        (SET, "", ("argo/web.yaml", "1.*")),
        (
            f"{HEAD}metadata: {{name: web, namespace: argocd}}\n{REMOTE}    targetRevision: 1.2.3\n",
            "patches:\n- target: {kind: Application}\n  patch: |\n    - {op: replace, path: /spec/source/targetRevision, value: 1.x}\n",
            ("argo/kustomization.yaml", "1.x"),
        ),
    ],
)
def test_a_moving_version_of_a_listed_object_is_where_it_is_written(
    run: Run, tree: Tree, manifest: str, patch: str, at: tuple[str, str]
) -> None:
    tree.write({"argo/kustomization.yaml": f"resources: [web.yaml]\n{patch}", "argo/web.yaml": manifest})

    done = run("lint", ".", "--select", "chart-version-pin,render-error", "--offline", "-f", "json", cwd=tree.root)

    assert done.places("chart-version-pin") == [("chart-version-pin", at[0], tree.line(*at))]
    written = {row["location"]["start_line"] for row in json.loads(done.out)["results"] if row["location"]["path"] == "argo/web.yaml"}
    assert tree.line("argo/web.yaml", " chart: web") in written


def test_a_chart_that_cannot_be_had_is_where_the_object_names_it(run: Run, tree: Tree) -> None:
    """Of an object with a prefix in the manifest, of one that a chart makes in the template that names it."""
    web = f"{HEAD}metadata: {{name: web, namespace: argocd}}\n{REMOTE}    targetRevision: 1.2.3\n"
    made = f"{HEAD}metadata: {{name: '{{{{ .Release.Name }}}}-web', namespace: argocd}}\n{REMOTE}    targetRevision: 1.2.3\n"
    tree.write({"base/kustomization.yaml": "resources: [web.yaml]\n", "base/web.yaml": web, "root.yaml": ROOT})
    tree.write({"over/kustomization.yaml": "namePrefix: prod-\nresources: [../base]\n", "boot/Chart.yaml": CHART["Chart.yaml"]})
    tree.write({"boot/templates/web.yaml": made, "boot/templates/other.yaml": "kind: ConfigMap\nmetadata: {name: root-web}\n"})

    done = run("lint", ".", "--select", "render-error", "--offline", "-f", "json", cwd=tree.root)

    template = "boot/templates/web.yaml"
    places = {("base/web.yaml", tree.line("base/web.yaml", " chart: web")), (template, tree.line(template, "Release.Name"))}
    assert {place[1:] for place in done.places()} == places
