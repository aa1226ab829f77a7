"""Environments choose by the applications that deploy a folder, their clusters, namespaces and projects."""

from __future__ import annotations

import json

import pytest

from tests.suppress.command_in_process import Done, Run, Tree
from tests.suppress.sample_apps import deployment, kustomization

REQUIRED = '[[environments]]\nname = "production"\n{}\n[rules.require-digest]\nenvironments = ["production"]\n'
URL = "https://git.example.com/acme/gitops"


def application(name: str, destination: str, project: str, path: str = "apps/web") -> str:
    return (
        f"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: {name}, namespace: argocd}}\nspec:\n  project: {project}\n"
        f"  destination: {{{destination}}}\n"
        f"  source: {{repoURL: '{URL}', path: {path}, kustomize: {{images: ['ghcr.io/acme/web={name}:v2']}}}}\n"
    )


def write(tree: Tree, config: str) -> None:
    tree.write(
        {
            ".agentslint.toml": config,
            "apps/web/kustomization.yaml": kustomization("web.yaml"),
            "apps/web/web.yaml": deployment("web", "ghcr.io/acme/web:v1"),
            "argo/live.yaml": application("live", "server: 'https://kubernetes.default.svc', namespace: shop-live", "shop"),
            "argo/trial.yaml": application("trial", "name: lab, namespace: shop-trial", "trials"),
        }
    )


def judged(done: Done) -> list[str]:
    return sorted(path for _, path, _ in done.places("require-digest"))


LIVE = [
    'applications = ["live"]',
    'applications = ["argocd/li*"]',
    'clusters = ["in-cluster"]',
    'clusters = ["https://kubernetes.default.svc"]',
    'namespaces = ["shop-live"]',
    'projects = ["shop"]',
]


@pytest.mark.parametrize("choice", LIVE)
def test_each_kind_of_glob_chooses(run: Run, tree: Tree, choice: str) -> None:
    write(tree, REQUIRED.format(choice))
    done = run("lint", ".", "--format", "json", cwd=tree.root)
    assert (done.status, judged(done)) == (1, ["argo/live.yaml"])


def test_one_glob_of_any_kind_is_enough(run: Run, tree: Tree) -> None:
    write(tree, REQUIRED.format('projects = ["shop"]\nclusters = ["lab"]'))
    done = run("lint", ".", "--format", "json", cwd=tree.root)
    assert judged(done) == ["argo/live.yaml", "argo/trial.yaml"]


def test_a_cluster_is_known_by_its_address_and_by_its_configured_name(run: Run, tree: Tree) -> None:
    cluster = '[[deploy.clusters]]\nname = "lab"\nserver = "https://lab.example.com"\n'
    write(tree, REQUIRED.format('clusters = ["*lab.example.com"]') + cluster)
    assert judged(run("lint", ".", "--format", "json", cwd=tree.root)) == ["argo/trial.yaml"]


def test_the_path_of_a_deployed_folder_still_chooses_it(run: Run, tree: Tree) -> None:
    write(tree, REQUIRED.format('paths = ["apps/web"]'))
    done = run("lint", ".", "--format", "json", cwd=tree.root)
    assert (done.status, judged(done)) == (1, ["argo/live.yaml", "argo/trial.yaml"])


def test_a_resource_with_a_namespace_is_not_in_that_of_the_destination(run: Run, tree: Tree) -> None:
    write(tree, REQUIRED.format('namespaces = ["shop-live"]\npaths = ["nowhere", "argo/*"]'))
    tree.write({"apps/web/kustomization.yaml": kustomization("web.yaml", more="namespace: other\n")})
    assert judged(run("lint", ".", "--format", "json", cwd=tree.root)) == []


MISSPELT = {
    'applications = ["liv"]': "environment production: no application matches 'liv'; did you mean 'live'?",
    'clusters = ["labs"]': "environment production: no cluster matches 'labs'; did you mean 'lab'?",
    'projects = ["shops"]': "environment production: no project matches 'shops'; did you mean 'shop'?",
    'namespaces = ["shop-life"]': "environment production: no namespace matches 'shop-life'; did you mean 'shop-live'?",
}


@pytest.mark.parametrize(("choice", "message"), MISSPELT.items())
def test_a_glob_that_matches_nothing_is_not_green(run: Run, tree: Tree, choice: str, message: str) -> None:
    write(tree, REQUIRED.format(choice))

    done = run("lint", ".", "--format", "json", cwd=tree.root)

    assert done.status == 2
    assert [(row["location"]["start_line"], row["message"]) for row in json.loads(done.out)["failures"]] == [(3, message)]


def test_one_glob_of_several_that_matches_nothing_is_a_note(run: Run, tree: Tree) -> None:
    write(tree, REQUIRED.format('applications = ["live", "gone-*"]'))
    done = run("lint", ".", "--format", "json", cwd=tree.root)
    assert done.status == 1
    assert [note for note in json.loads(done.out)["notes"] if "gone" in note] == [
        ".agentslint.toml:3: environment production: no application matches 'gone-*'"
    ]


def test_a_kustomization_below_a_failed_application_is_in_its_environments(run: Run, tree: Tree) -> None:
    write(tree, REQUIRED.format('applications = ["top"]'))
    tree.write(
        {
            "apps/top/kustomization.yaml": kustomization("../web", "gone.yaml"),
            "argo/top.yaml": application("top", "namespace: top", "shop", "apps/top").replace(", kustomize", ", unused"),
            "argo/live.yaml": "",
            "argo/trial.yaml": "",
        }
    )
    done = run("lint", ".", "--format", "json", cwd=tree.root)
    assert (done.status, judged(done)) == (2, ["apps/web/web.yaml"])
