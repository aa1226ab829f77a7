"""ApplicationSets make targets: findings lie on the line of an element, a file or a template that decides."""

from __future__ import annotations

import json

import pytest

from tests.suppress.command_in_process import Done, Run, Tree

DIGEST = "sha256:" + "1" * 64
URL = "https://git.example.com/shop/gitops.git"
BASE = {
    "base/kustomization.yaml": f"resources: [web.yaml]\nimages:\n- name: registry.example.com/web\n  newTag: '1'\n  digest: {DIGEST}\n",
    "base/web.yaml": (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n"
        "      containers: [{name: web, image: registry.example.com/web}]\n"
    ),
}


def applications(generators: str, image: str, *, more: str = "") -> dict[str, str]:
    """A set whose generators begin on line 8."""
    return {
        "argocd/set.yaml": f"""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: web, namespace: argocd}}
spec:
  goTemplate: true
  goTemplateOptions: ["missingkey=error"]
  generators:
{generators}{more}  template:
    metadata: {{name: "web-{{{{.name}}}}"}}
    spec:
      project: default
      destination: {{server: https://kubernetes.default.svc, namespace: "{{{{.name}}}}"}}
      source:
        repoURL: {URL}
        targetRevision: HEAD
        path: base
        kustomize:
          images: ["{image}"]
"""
    }


def unpinned(done: Done) -> list[tuple[str, int, list[str]]]:
    rows = [row for row in json.loads(done.out)["results"] if row["rule"] == "require-digest"]
    return sorted((row["location"]["path"], row["location"]["start_line"], row["targets"]) for row in rows)


LIST = "  - list:\n      elements:\n      - {name: blue, tag: 2.0.0}\n      - name: green\n        tag: 3.0.0\n"


def test_an_image_is_decided_by_the_element_of_a_list(run: Run, tree: Tree) -> None:
    files = applications(LIST, "registry.example.com/web:{{.tag}}")
    done = run("lint", ".", "-f", "json", cwd=tree.write({**BASE, **files}))
    assert unpinned(done) == [("argocd/set.yaml", 10, ["argocd/web-blue"]), ("argocd/set.yaml", 12, ["argocd/web-green"])]


def test_an_image_is_decided_by_the_template(run: Run, tree: Tree) -> None:
    files = applications(LIST, "registry.example.com/web:9")
    done = run("lint", ".", "-f", "json", cwd=tree.write({**BASE, **files}))
    assert unpinned(done) == [("argocd/set.yaml", 23, ["argocd/web-blue", "argocd/web-green"])]


def test_an_image_is_decided_by_a_file_of_the_repository(run: Run, tree: Tree) -> None:
    generator = f"  - git:\n      repoURL: {URL}\n      revision: HEAD\n      files: [{{path: 'env/*.yaml'}}]\n"
    files = {**applications(generator, "registry.example.com/web:{{.image.tag}}"), "env/prod.yaml": "name: prod\nimage:\n  tag: 4.0.0\n"}
    done = run("lint", ".", "-f", "json", cwd=tree.write({**BASE, **files}))
    assert unpinned(done) == [("env/prod.yaml", 3, ["argocd/web-prod"])]


def test_what_a_selector_leaves_out_is_not_judged_and_no_limit(run: Run, tree: Tree) -> None:
    generator = (
        "  - list:\n      elements:\n      - {name: blue, on: 'yes'}\n      - {name: green, on: 'no'}\n"
        "    selector: {matchLabels: {on: 'yes'}}\n"
    )
    done = run("lint", ".", "-f", "json", cwd=tree.write({**BASE, **applications(generator, "registry.example.com/web:9")}))
    assert unpinned(done) == [("argocd/set.yaml", 23, ["argocd/web-blue"])]
    assert json.loads(done.out)["skipped"] == []


@pytest.mark.parametrize("generator", ["  - scmProvider: {github: {organization: a}}\n", "  - clusters: {}\n"])
def test_a_generator_that_is_not_judged_is_named(generator: str, run: Run, tree: Tree) -> None:
    root = tree.write({**BASE, **applications(generator, "registry.example.com/web:9")})
    done = run("lint", ".", "-f", "json", cwd=root)
    assert [row["name"] for row in json.loads(done.out)["skipped"]] == ["ApplicationSet/web"]
    assert "All good" not in run("lint", ".", cwd=root).out


def test_clusters_may_be_configured(run: Run, tree: Tree) -> None:
    config = '[[deploy.clusters]]\nname = "prod"\nserver = "https://prod.example.com"\nlabels = {tag = "5.0.0"}\n'
    files = {**applications("  - clusters: {}\n", "registry.example.com/web:{{.metadata.labels.tag}}"), ".agentslint.toml": config}
    done = run("lint", ".", "-f", "json", cwd=tree.write({**BASE, **files}))
    assert [row[2] for row in unpinned(done)] == [["argocd/web-prod"]]


def test_a_template_that_fails_is_said_at_its_line_and_the_others_are_judged(run: Run, tree: Tree) -> None:
    generator = "  - list:\n      elements:\n      - {name: blue, tag: 2.0.0}\n      - {name: green}\n"
    files = applications(generator, "registry.example.com/web:{{.tag}}")
    done = run("lint", ".", "-f", "json", cwd=tree.write({**BASE, **files}))
    assert unpinned(done) == [("argocd/set.yaml", 10, ["argocd/web-blue"])]
    said = json.loads(done.out)
    rows = [row for row in (*said["failures"], *said["results"]) if "tag" in row["message"] and row["location"]["start_line"] in (11, 22)]
    assert rows
    assert done.status


def test_a_change_of_an_element_differs_in_its_application_alone(run: Run, tree: Tree) -> None:
    import os
    import subprocess

    root = tree.write({**BASE, **applications(LIST, "registry.example.com/web:{{.tag}}")})
    environ = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com"}
    environ |= {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com"}
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "first"]):
        subprocess.run(["git", *words], cwd=root, check=True, env=environ)
    path = root / "argocd/set.yaml"
    path.write_text(path.read_text().replace("3.0.0", "3.1.0"))
    done = run("diff", "--base", "HEAD", ".", cwd=root)
    assert "registry.example.com/web:3.1.0" in done.out
    assert "registry.example.com/web:2.0.0" not in done.out


def test_a_set_that_makes_an_application_of_itself_is_judged_once(run: Run, tree: Tree) -> None:
    files = applications("  - list:\n      elements: [{name: self, tag: '1'}]\n", "registry.example.com/web:{{.tag}}")
    files["argocd/set.yaml"] = files["argocd/set.yaml"].replace("path: base", "path: argocd").partition("        kustomize:")[0]
    done = run("lint", ".", cwd=tree.write({**BASE, **files}))
    assert "judged once, though it comes out of its own application again: ApplicationSet/web (argocd/set.yaml:1)" in done.out


def test_a_missing_key_that_prints_no_value_is_said(run: Run, tree: Tree) -> None:
    generator = "  - list:\n      elements: [{name: blue}]\n"
    files = applications(generator, f"registry.example.com/web:1@{DIGEST}")
    text = files["argocd/set.yaml"].replace('  goTemplateOptions: ["missingkey=error"]\n', "")
    files["argocd/set.yaml"] = text + '          nameSuffix: "-{{.suffix}}"\n'
    done = run("lint", ".", "-f", "json", "--select", "application-source", cwd=tree.write({**BASE, **files}))
    (row,) = json.loads(done.out)["results"]
    assert ("<no value>" in row["message"], row["location"]["path"]) == (True, "argocd/set.yaml")


def test_a_generator_of_another_repository_is_not_ours(run: Run, tree: Tree) -> None:
    generator = "  - git:\n      repoURL: https://git.example.com/other/repo.git\n      revision: HEAD\n      directories: [{path: '*'}]\n"
    done = run("lint", ".", "-f", "json", cwd=tree.write({**BASE, **applications(generator, "registry.example.com/web:1")}))
    assert [row["name"] for row in json.loads(done.out)["skipped"]] == ["ApplicationSet/web"]
