"""An Application counts as rendered if a target renders its very folder, of this repository: one of the same name elsewhere is another."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from tests.suppress.command_in_process import Done, Run, Tree

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n"
BUILT = {"apps/k/kustomization.yaml": "resources: [web.yaml]\n", "apps/k/web.yaml": CONFIG}
APPLICATION = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n  source: {path: %s, repoURL: '%s'%s}\n"
FLUX = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: web}\nspec: {path: %s}\n"
OWN = "https://github.com/acme/gitops.git"


def skipped(done: Done) -> list[str]:
    return [row["reason"] for row in json.loads(done.out)["skipped"]]


def with_remote(tree: Tree, url: str) -> None:
    environ = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    for words in (["init", "-q"], ["remote", "add", "origin", url]):
        subprocess.run(["git", *words], cwd=tree.root, check=True, env=environ)


@pytest.mark.parametrize(
    ("url", "reasons"),
    [
        (OWN, []),
        ("git@github.com:acme/gitops", []),
        ("ssh://git@github.com:22/acme/GitOps.git", []),
        ("https://github.com/fork/gitops", []),
        ("https://github.com/other/repo", ["folder apps/k of github.com/other/repo"]),
        ("git@gitlab.example.com:group/sub/other.git", ["folder apps/k of gitlab.example.com/group/sub/other"]),
    ],
)
def test_a_folder_of_another_repository_is_not_rendered(url: str, reasons: list[str], run: Run, tree: Tree) -> None:
    tree.write({**BUILT, "argo/web.yaml": APPLICATION % ("apps/k", url, "")})
    with_remote(tree, OWN)
    assert skipped(run("lint", ".", "-f", "json", cwd=tree.root)) == reasons


@pytest.mark.parametrize("remote", ["", "/srv/git/clone.git", "file:///srv/git/clone.git", "../clone"])
def test_where_no_remote_says_who_this_is_the_path_alone_counts(remote: str, run: Run, tree: Tree) -> None:
    tree.write({**BUILT, "argo/web.yaml": APPLICATION % ("apps/k", "https://github.com/other/repo", "")})
    if remote:
        with_remote(tree, remote)
    assert skipped(run("lint", ".", "-f", "json", cwd=tree.root)) == []


@pytest.mark.parametrize(
    ("manifest", "reasons"),
    [
        (APPLICATION % ("apps", OWN, ""), ["folder apps"]),
        (APPLICATION % (".", OWN, ""), ["folder ."]),
        (APPLICATION % ("apps/", OWN, ", directory: {recurse: true}"), []),
        (APPLICATION % (".", OWN, ", directory: {recurse: true}"), []),
        (APPLICATION % ("app", OWN, ", directory: {recurse: true}"), ["folder app"]),
        (FLUX % "./apps", []),
        (FLUX % "./", []),
        (FLUX % "./app", ["folder app"]),
    ],
)
def test_a_folder_above_a_target_is_not_that_target(manifest: str, reasons: list[str], run: Run, tree: Tree) -> None:
    done = run("lint", ".", "-f", "json", cwd=tree.write({**BUILT, "argo/web.yaml": manifest}))
    assert skipped(done) == reasons


def test_a_folder_of_manifests_that_a_kustomization_elsewhere_reads_is_rendered(run: Run, tree: Tree) -> None:
    files = {
        "kustomization.yaml": "resources: [apps/web.yaml]\npatches: [{path: patches/values.txt}]\n",
        "apps/web.yaml": CONFIG,
        "patches/values.txt": CONFIG,
        "argo/kustomization.yaml": "resources: [a.yaml, b.yaml]\n",
        "argo/a.yaml": APPLICATION % ("apps", OWN, ""),
        "argo/b.yaml": APPLICATION.replace("name: web", "name: root") % (".", OWN, ""),
    }
    assert skipped(run("lint", ".", "-f", "json", cwd=tree.write(files))) == []
