"""A comment above an item of a list, an entry or a block stands for all of it, whatever key stands first."""

from __future__ import annotations

import pytest

from tests.suppress.command_in_process import Done, Run, Tree
from tests.suppress.sample_apps import chart_app, deployment, kustomization, plain

IGNORE = "# agentslint: ignore[require-digest] the vendor publishes no digest"
RULES = ("--select", "require-digest,stale-ignore", "-f", "json")
HEAD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n"
PINNED = f"nginx@sha256:{'1f' * 32}"
TWO = HEAD.replace("web", "two")
APP = {"app/kustomization.yaml": kustomization("web.yaml")}


def lint(run: Run, tree: Tree, *paths: str) -> Done:
    return run("lint", *(paths or (".",)), *RULES, cwd=tree.root)


def below(indent: int, text: str) -> str:
    """Each line of a text with more indentation."""
    return "".join(f"{' ' * indent}{line}\n" for line in text.splitlines())


ITEM = {
    "the image is its second key": f"spec:\n  containers:\n    {IGNORE}\n    - name: web\n      image: nginx:1.27\n",
    "the image is its last key": (
        f"spec:\n  containers:\n    {IGNORE}\n    - name: web\n      env:\n        - name: A\n          value: b\n\n"
        "      # what runs\n      image: nginx:1.27\n"
    ),
    "the list stands right below its key": f"spec:\n  containers:\n  {IGNORE}\n  - name: web\n    image: nginx:1.27\n",
    "a dash alone": f"spec:\n  containers:\n    {IGNORE}\n    -\n      name: web\n      image: nginx:1.27\n",
    "behind a dash alone": f"spec:\n  containers:\n    -  {IGNORE}\n      name: web\n      image: nginx:1.27\n",
    "an anchor": f"spec:\n  containers:\n    {IGNORE}\n    - &web\n      name: web\n      image: nginx:1.27\n",
    "brackets on two lines": f"spec:\n  containers:\n    {IGNORE}\n    - {{name: web,\n       image: nginx:1.27}}\n",
    "in a list in brackets": f"spec:\n  containers: [\n    {IGNORE}\n    {{name: web,\n    image: nginx:1.27}}]\n",
    "quoted keys in brackets": f'spec: {{\n  {IGNORE}\n  "containers": [\n  {{"name": "web",\n  "image": "nginx:1.27"}}\n  ]}}\n',
    "a block above the list": f"spec:\n  {IGNORE}\n  containers:\n    - name: web\n      image: nginx:1.27\n",
    "a block above a list right below its key": f"spec:\n  {IGNORE}\n  containers:  # all of them\n  - name: web\n    image: nginx:1.27\n",
    "the whole spec": f"{IGNORE}\nspec:\n  containers:\n    - name: web\n      image: nginx:1.27\n",
    "a text that begins on the next line": f"spec:\n  containers:\n    - name: web\n      {IGNORE}\n      image:\n        nginx:1.27\n",
}


@pytest.mark.parametrize("spec", ITEM.values(), ids=ITEM)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_an_item_an_entry_a_block(run: Run, tree: Tree, spec: str, ends: str) -> None:
    tree.write({**APP, "app/web.yaml": (HEAD + spec).replace("\n", ends)})
    done = lint(run, tree)
    assert (done.status, done.places(), len(done.suppressed())) == (0, [], 1), done.out


AROUND = {
    "the next item": (
        f"spec:\n  containers:\n    {IGNORE}\n    - name: web\n      image: {PINNED}\n    - name: more\n      image: nginx:1.27\n"
    ),
    "an item in brackets": (
        f"spec:\n  containers: [\n    {IGNORE}\n    {{name: web, image: '{PINNED}'}},\n    {{name: more, image: nginx:1.27}}]\n"
    ),
    "the entry below": f"spec:\n  containers:\n    - name: web\n      {IGNORE}\n      command: [a]\n      image: nginx:1.27\n",
    "the list of another key": (f"spec:\n  {IGNORE}\n  initContainers: []\n  containers:\n  - name: web\n    image: nginx:1.27\n"),
    "behind a key": f"spec:\n  containers:  {IGNORE}\n    - name: web\n      image: nginx:1.27\n",
    "another document": f"spec:\n  {IGNORE}\n  containers: []\n---\n{TWO}spec:\n  containers:\n    - image: nginx:1.27\n",
}


@pytest.mark.parametrize("spec", AROUND.values(), ids=AROUND)
def test_no_more_than_that(run: Run, tree: Tree, spec: str) -> None:
    tree.write({**APP, "app/web.yaml": HEAD + spec})
    done = lint(run, tree)
    assert sorted({rule for rule, _, _ in done.places()}) == ["require-digest", "stale-ignore"], done.out


def test_an_entry_of_images(run: Run, tree: Tree) -> None:
    tree.write(plain())
    entry = f'images:\n  {IGNORE}\n  - name: nginx\n    newName: nginx\n    newTag: "1.28"\n'
    tree.write({"app/kustomization.yaml": kustomization("web.yaml", more=entry)})
    assert (lint(run, tree).status, lint(run, tree).suppressed()) == (0, [("require-digest", "app/kustomization.yaml", 7)])


@pytest.mark.parametrize("above", ["the entry", "an item of the patch"])
def test_a_patch_in_the_kustomization(run: Run, tree: Tree, above: str) -> None:
    patch = deployment("web", "nginx:1.28")
    if above != "the entry":
        patch = patch.replace("        - name: web\n", f"        {IGNORE}\n        - name: web\n")
    comment = f"  {IGNORE}\n" if above == "the entry" else ""
    tree.write(plain())
    tree.write({"app/kustomization.yaml": kustomization("web.yaml", more=f"patches:\n{comment}  - patch: |-\n{below(6, patch)}")})
    done = lint(run, tree)
    assert (done.status, [path for _, path, _ in done.suppressed()]) == (0, ["app/kustomization.yaml"])


@pytest.mark.parametrize(
    "values",
    [
        f"{IGNORE}\nimage:\n  pullPolicy: Always\n  tag: 1.28.0\nsidecar: false\n",
        f"{IGNORE}\nimage: {{pullPolicy: Always,\n  tag: 1.28.0}}\nsidecar: false\n",
        f"sidecar: false\n{IGNORE}\n\"image\":\n    pullPolicy: Always\n    tag: '1.28.0'\n",
    ],
)
def test_a_block_of_values(run: Run, tree: Tree, values: str) -> None:
    tree.write(chart_app(values))
    done = lint(run, tree)
    assert (done.status, [path for _, path, _ in done.suppressed()]) == (0, ["app/values.yaml"]), done.out


def test_an_entry_of_helm_charts(run: Run, tree: Tree) -> None:
    tree.write(chart_app("sidecar: false\n"))
    inline = f"helmGlobals:\n  chartHome: ../charts\nhelmCharts:\n  {IGNORE}\n  - name: web\n    releaseName: web\n"
    tree.write({"app/kustomization.yaml": inline + "    valuesInline:\n      sidecar: false\n      image: {tag: 1.29.0}\n"})
    tree.write({"app/kustomization.yaml": tree.read("app/kustomization.yaml") + "    valuesFile: values.yaml\n"})
    done = lint(run, tree)
    assert (done.status, [path for _, path, _ in done.suppressed()]) == (0, ["app/kustomization.yaml"]), done.out


TEMPLATES = {
    "an item": ("        - name: sidecar\n", "        {{/* %s */}}\n        - name: sidecar\n"),
    "an if": ("        {{- if .Values.sidecar }}\n", "        {{/* %s */}}\n        {{- if .Values.sidecar }}\n"),
    "a comment of YAML": (
        "        - name: sidecar\n",
        "        # %s\n        - name: sidecar\n          {{- with .Values.none }}\n{{- end }}\n",
    ),
}


@pytest.mark.parametrize(("old", "new"), TEMPLATES.values(), ids=TEMPLATES)
def test_a_template_of_a_chart(run: Run, tree: Tree, old: str, new: str) -> None:
    tree.write(chart_app(f"image:\n  tag: 1.28.0  {IGNORE}\n"))
    tree.replace("charts/web/templates/deployment.yaml", old, new.replace("%s", IGNORE[2:]))
    done = lint(run, tree)
    assert (done.status, len(done.suppressed())) == (0, 2), done.out


def test_an_item_of_a_template_is_not_the_next_one(run: Run, tree: Tree) -> None:
    tree.write(chart_app("image:\n  tag: 1.28.0\n"))
    tree.replace(
        "charts/web/templates/deployment.yaml", "        - name: web\n", f"        {{{{/* {IGNORE[2:]} */}}}}\n        - name: web\n"
    )
    assert ("require-digest", "charts/web/templates/deployment.yaml", 14) in lint(run, tree).places()


def test_ignore_finds_the_line_ignored_already(run: Run, tree: Tree) -> None:
    tree.write({**APP, "app/web.yaml": HEAD + ITEM["the image is its second key"]})
    before = tree.read("app/web.yaml")
    line = tree.line("app/web.yaml", "image:")
    assert run("ignore", "require-digest", f"app/web.yaml:{line}", "--reason", "again", cwd=tree.root).status == 0
    assert tree.read("app/web.yaml") == before


IN_A_TEXT = {
    "a file in a ConfigMap": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n  jobs.yaml: |\n    jobs:\n"
        f"    {IGNORE}\n    - name: one\n      image: registry.example.com/one:1\n    - image: registry.example.com/two:1\n"
    ),
    "behind the image": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n  jobs.yaml: |\n    jobs:\n"
        f"    - image: registry.example.com/one:1  {IGNORE}\n    - image: registry.example.com/two:1\n"
    ),
}


@pytest.mark.parametrize("text", IN_A_TEXT.values(), ids=IN_A_TEXT)
def test_in_a_text_that_is_yaml_itself(run: Run, tree: Tree, text: str) -> None:
    tree.write({**APP, "app/web.yaml": text})
    done = lint(run, tree)
    assert [rule for rule, _, _ in done.places()] == ["require-digest"], done.out
    assert len(done.suppressed()) == 1


def test_in_the_values_of_an_application(run: Run, tree: Tree) -> None:
    url = "https://git.example.com/acme/gitops.git"
    application = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web, namespace: argocd}\nspec:\n  project: default\n"
        f"  destination: {{namespace: web}}\n  source:\n    repoURL: {url}\n    path: charts/web\n    helm:\n      values: |\n"
        f"        {IGNORE}\n        image: nginx:1.27\n"
    )
    chart = {
        "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        "charts/web/values.yaml": "image: x\n",
        "charts/web/templates/web.yaml": f"{HEAD}spec: {{containers: [{{name: web, image: '{{{{ .Values.image }}}}'}}]}}\n",
    }
    tree.write({**chart, "argo/web.yaml": application, ".agentslint.toml": f'[deploy]\nrepositories = ["{url}"]\n'})
    done = lint(run, tree)
    assert (done.places(), len(done.suppressed())) == ([], 1), done.out
