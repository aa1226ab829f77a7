"""A deployed source that does not render is placed where it is to be mended, as a kustomization is."""

from __future__ import annotations

import json

import pytest

from tests.suppress.command_fixtures import run, tree
from tests.suppress.command_in_process import Run, Tree

__all__ = ["run", "tree"]

URL = "https://git.example.com/acme/gitops.git"
HEAD = (
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web, namespace: argocd}\nspec:\n  project: default\n"
    f"  destination: {{namespace: web}}\n  source:\n    repoURL: {URL}\n    path: charts/web\n    helm:\n"
)
FILES = {
    ".agentslint.toml": f'[deploy]\nrepositories = ["{URL}"]\n',
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n",
    "charts/web/values.yaml": "image:\n  repository: ghcr.io/acme/web\n  tag: v1\n",
    "charts/web/templates/web.yaml": (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: a\n"
        "    image: '{{ .Values.image.repository }}:{{ .Values.image.tag }}'\n"
    ),
    "values.yaml": "replicas: 1\n",
}
FILE = HEAD + "      valueFiles: [/values.yaml]\n"


@pytest.mark.parametrize(
    ("application", "files", "place", "related"),
    [
        (FILE, {"values.yaml": "replicas: 1\nimage: ghcr.io/acme/web:v2\n"}, ("values.yaml", 2), "charts/web/templates/web.yaml"),
        (HEAD + "      valuesObject:\n        image: web:v2\n", {}, ("argo/web.yaml", 12), "charts/web/templates/web.yaml"),
        (FILE, {"charts/web/values.yaml": "image: [a: b\n"}, ("charts/web/values.yaml", 1), "argo/web.yaml"),
        (FILE, {"values.yaml": "a: 1\n b: 2\n"}, ("values.yaml", 2), "argo/web.yaml"),
        (FILE, {"charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: x\n"}, ("charts/web/Chart.yaml", 3), "argo/web.yaml"),
        (
            FILE,
            {"charts/web/templates/check.yaml": '# checks\n{{ fail "set digest" }}\n', "charts/web/templates/web.yaml": ""},
            ("charts/web/templates/check.yaml", 2),
            "argo/web.yaml",
        ),
        (
            HEAD + "      valuesObject:\n        replicas: many\n",
            {"charts/web/values.schema.json": '{"properties": {"replicas": {"type": "integer"}}}'},
            ("argo/web.yaml", 12),
            "",
        ),
        (
            HEAD + "      values: |\n        image: {tag: v1}\n        replicas: many\n",
            {"charts/web/values.schema.json": '{"properties": {"replicas": {"type": "integer"}}}'},
            ("argo/web.yaml", 13),
            "",
        ),
        (
            HEAD + "      valuesObject:\n        replcas: 2\n",
            {"charts/web/values.schema.json": '{"additionalProperties": false, "properties": {"image": {}, "global": {}}}'},
            ("argo/web.yaml", 12),
            "",
        ),
        (
            HEAD + "      parameters: [{name: replicas, value: many}]\n",
            {"charts/web/values.schema.json": '{"properties": {"replicas": {"type": "integer"}}}'},
            ("argo/web.yaml", 11),
            "",
        ),
        (
            HEAD + "      skipCrds: true\n",
            {"charts/web/values.schema.json": '{"properties": {"image": {"properties": {"tag": {"type": "integer"}}}}}'},
            ("charts/web/values.yaml", 3),
            "",
        ),
        (HEAD + "      releaseName: Bad_Name\n", {}, ("argo/web.yaml", 11), ""),
        (HEAD + "      releaseName: --debug\n", {}, ("argo/web.yaml", 11), ""),
        (HEAD.replace("name: web,", f"name: {'w' * 60},"), {}, ("argo/web.yaml", 3), ""),
        (
            HEAD.replace("charts/web", "apps/web").replace("helm:", "kustomize:") + "      replicas: [{name: api, count: 2}]\n",
            {
                "apps/web/kustomization.yaml": "resources: [web.yaml]\n",
                "apps/web/web.yaml": "{apiVersion: v1, kind: Pod, metadata: {name: web}}",
            },
            ("argo/web.yaml", 11),
            "",
        ),
    ],
)
def test_the_place_is_that_of_the_mistake(
    application: str, files: dict[str, str], place: tuple[str, int], related: str, run: Run, tree: Tree
) -> None:
    done = run("lint", ".", "-f", "json", cwd=tree.write(FILES | {"argo/web.yaml": application} | files))
    [row] = [row for row in json.loads(done.out)["results"] if row["rule"] == "render-error"]
    assert (row["location"]["path"], row["location"]["start_line"]) == place
    beside = [each["path"] for each in row["related"]]
    assert not related or related in beside
    assert "helmCharts" not in done.out


@pytest.mark.parametrize("in_list", [False, True])
def test_values_of_another_application_in_the_file_are_left_alone(in_list: bool, run: Run, tree: Tree) -> None:
    schema = '{"properties": {"replicas": {"type": "integer"}}}'
    one, two = (HEAD.replace("name: web,", f"name: {name},") + "      valuesObject:\n        replicas: %s\n" for name in ("one", "two"))
    text = one % 1 + "---\n" + two % "many"
    if in_list:
        items = ["- " + each.rstrip().replace("\n", "\n  ") + "\n" for each in (one % 1, two % "many")]
        text = "apiVersion: v1\nkind: List\nitems:\n" + "".join(items)
    files = FILES | {"charts/web/values.schema.json": schema, "argo/all.yaml": text}
    done = run("lint", ".", "-f", "json", cwd=tree.write(files))
    line = next(number for number, each in enumerate(text.splitlines(), 1) if "replicas: many" in each)
    assert done.places("render-error") == [("render-error", "argo/all.yaml", line)]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_broken_file_of_a_folder_is_named_with_its_own_line(number: int, run: Run, tree: Tree) -> None:
    """Argo CD takes all files of a folder as one."""
    good = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: map-%d\n"
    files = {f"apps/web/{name}.yaml": good % name + "---\n" + good % (name + 10) for name in (1, 2, 3)}
    files[f"apps/web/{number}.yaml"] = good % number + "data: {a: ]}\n"
    application = HEAD.replace("charts/web", "apps/web").replace("    helm:\n", "")
    done = run(
        "lint", ".", "-f", "json", cwd=tree.write({".agentslint.toml": FILES[".agentslint.toml"], "argo/web.yaml": application, **files})
    )
    rows = [(row["location"]["path"], row["location"]["start_line"]) for row in json.loads(done.out)["failures"]]
    assert (done.status, rows) == (2, [(f"apps/web/{number}.yaml", 5)])
