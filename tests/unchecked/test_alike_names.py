"""Two objects are not taken for one because their names look alike, and not for two because a hash is part of the name."""

from __future__ import annotations

import pytest

from tests.suppress.command_in_process import Run, Tree

CHART = {
    "app/kustomization.yaml": "helmCharts:\n- {name: web, releaseName: web, valuesFile: values.yaml}\n",
    "app/values.yaml": "controller: true\n",
    "app/charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n",
    "app/charts/web/values.yaml": "controller: false\n",
}
POD = "  containers:\n  - {{name: main, image: 'registry.example.com/shop/{0}:1.0.0'}}\n"
JOB = "  template:\n    spec:\n      containers:\n      - {{name: main, image: 'registry.example.com/shop/{0}:1.0.0'}}\n"


def switched(kind: str, first: str, second: str) -> dict[str, str]:
    """A chart whose switch decides which of two objects is rendered."""
    parts = []
    for name in (first, second):
        spec = JOB if kind == "Job" else POD
        parts.append(f"metadata:\n  name: {name}\nspec:\n{spec.format(name)}" if kind != "ConfigMap" else f"metadata:\n  name: {name}\n")
    version = "batch/v1" if kind == "Job" else "v1"
    body = f"{{{{- if .Values.controller }}}}\n{parts[0]}{{{{- else }}}}\n{parts[1]}{{{{- end }}}}\n"
    return {**CHART, "app/charts/web/templates/d.yaml": f"apiVersion: {version}\nkind: {kind}\n{body}"}


@pytest.mark.parametrize("kind", ["Pod", "Job", "ConfigMap"])
@pytest.mark.parametrize(
    ("first", "second"), [("web-controller", "web-production"), ("web-monitoring", "web-kubernetes"), ("web-prod", "web-stage")]
)
def test_a_word_of_ten_letters_is_no_hash(kind: str, first: str, second: str, run: Run, tree: Tree) -> None:
    done = run("impact", "app/values.yaml", "controller", cwd=tree.write(switched(kind, first, second)))
    assert done.out.splitlines()[-2:] == [f"    {kind}/{first} (gone)", f"    {kind}/{second} (new)"]


def test_the_hash_of_a_generated_name_is_no_other_object(run: Run, tree: Tree) -> None:
    files = {"app/kustomization.yaml": "configMapGenerator:\n- name: web\n  literals:\n  - mode=one\n"}
    done = run("impact", "app/kustomization.yaml:4", cwd=tree.write(files))
    assert "(gone)" not in done.out
    assert "ConfigMap/web" in done.out


def test_two_objects_of_one_name_in_two_namespaces_have_their_own_templates(run: Run, tree: Tree) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  namespace: {0}\nspec:\n" + POD.format("web")
    files = {f"app/charts/web/templates/{name}.yaml": pod.replace("{0}", name) for name in ("a", "b")}
    done = run("lint", "app", "--select", "require-digest", "-f", "json", cwd=tree.write({**CHART, **files}))
    assert [(path, line) for _, path, line in done.places()] == [(f"app/charts/web/templates/{name}.yaml", 8) for name in ("a", "b")]
    assert {row["certainty"] for row in done.results} == {"exact"}


def test_two_releases_of_one_chart_with_the_same_names_are_two_groups(run: Run, tree: Tree) -> None:
    entries = "".join(f"- {{name: web, releaseName: {name}, namespace: {name}, valuesFile: {name}.yaml}}\n" for name in ("a", "b"))
    old, new = "sha-aaaa1111bbbb2222cccc3333dddd4444eeee5555", "sha-0f1e2d3c4b5a69788796a5b4c3d2e1f001234567"
    pods = [
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: {{{{ .Release.Namespace }}}}}}\nspec:\n  containers:\n"
        f"  - {{name: main, image: 'registry.example.com/shop/{name}:{{{{ .Values.tag }}}}'}}\n"
        for name in ("api", "web")
    ]
    files = {
        **CHART,
        "app/kustomization.yaml": f"helmCharts:\n{entries}",
        "app/a.yaml": f"tag: {old}\n",
        "app/b.yaml": f"tag: {new}\n",
        "app/charts/web/templates/pods.yaml": "---\n".join(pods),
    }
    done = run("lint", "app", "--select", "image-lockstep", "-f", "json", cwd=tree.write(files))
    assert (done.status, done.places()) == (0, [])
