"""Settings of Applications that decide whether, and what of, a source is judged."""

from __future__ import annotations

import json

import pytest

from tests.suppress.command_fixtures import run, tree
from tests.suppress.command_in_process import Run, Tree

__all__ = ["run", "tree"]

URL = "https://git.example.com/acme/gitops.git"
APPLICATION = (
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: web, namespace: argocd}}\nspec:\n  project: default\n"
    "  destination: {{server: x, namespace: web}}\n  source: {{repoURL: {url}, path: apps/web, {more}}}\n"
)
POD = "apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec: {{containers: [{{name: web, image: 'web:{}'}}]}}\n"
FILES = {".agentslint.toml": f'[deploy]\nrepositories = ["{URL}"]\n', "apps/web/kustomization.yaml": "resources: [pod.yaml]\n"}


def listed(run: Run, tree: Tree, more: str) -> dict[str, object]:
    application = APPLICATION.format(url=URL, more=more)
    done = run("targets", ".", "-f", "json", cwd=tree.write({**FILES, "apps/web/pod.yaml": POD.format(1), "argo/web.yaml": application}))
    [row] = json.loads(done.out)["applications"]
    return {key: row[key] for key in ("judged", "reason")}


def test_a_version_of_kustomize_is_no_business_of_ours(run: Run, tree: Tree) -> None:
    found = listed(run, tree, "kustomize: {version: v4.5.7}")
    assert found == {"judged": False, "reason": "built by kustomize v4.5.7, which only Argo CD's own settings provide"}


def test_a_revision_that_reads_like_a_version_is_a_tag_that_the_clone_lacks(run: Run, tree: Tree) -> None:
    found = listed(run, tree, "targetRevision: v1.4.2")
    assert found == {"judged": False, "reason": "pinned to the tag v1.4.2, which is not in this clone"}
    assert listed(run, tree, "targetRevision: release-1.4")["judged"] is True


def test_of_an_object_that_comes_twice_the_last_one_is_deployed(run: Run, tree: Tree) -> None:
    files = {".agentslint.toml": FILES[".agentslint.toml"], "argo/web.yaml": APPLICATION.format(url=URL, more="directory: {}")}
    tree.write({**files, "apps/web/a.yaml": POD.format("1.0"), "apps/web/b.yaml": POD.format("2.0")})
    images = json.loads(run("images", ".", "-f", "json", cwd=tree.root).out)["images"]
    assert [(each["image"], each["file"]) for each in images] == [("web:2.0", "apps/web/b.yaml")]


@pytest.mark.parametrize("namespace", ["", ", namespace: web"])
def test_of_an_object_of_two_sources_the_last_one_is_deployed(namespace: str, run: Run, tree: Tree) -> None:
    source = "  - {{repoURL: '{url}', path: {path}, directory: {{recurse: false}}}}\n"
    head = APPLICATION.format(url=URL, more="").partition("  source:")[0] + "  sources:\n"
    sources = "".join(source.format(url=URL, path=path) for path in ("apps/first", "apps/second"))
    other = POD.format("3.0").replace("name: web", "name: other", 1)
    tree.write(
        {
            ".agentslint.toml": FILES[".agentslint.toml"],
            "argo/web.yaml": head + sources,
            "apps/first/a.yaml": f"{POD.format('1.0')}\n---\n{other}",
            "apps/second/b.yaml": POD.format("2.0").replace("{name: web}", f"{{name: web{namespace}}}"),
        }
    )
    images = json.loads(run("images", ".", "-f", "json", cwd=tree.root).out)["images"]
    assert [(each["image"], each["file"]) for each in images] == [("web:3.0", "apps/first/a.yaml"), ("web:2.0", "apps/second/b.yaml")]
    found = run("lint", ".", "-f", "json", "--select", "require-digest", cwd=tree.root)
    assert {path for _, path, _ in found.places("require-digest")} == {"apps/first/a.yaml", "apps/second/b.yaml"}
    assert len(found.places("require-digest")) == 2
