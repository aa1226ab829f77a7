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
FLUX = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: web}\n"
FLUX += "spec: {path: %s, sourceRef: {kind: GitRepository, name: gitops}}\n"
OWN = "https://github.com/acme/gitops.git"


def skipped(done: Done) -> list[str]:
    return [row["reason"] for row in json.loads(done.out)["skipped"]]


def with_remote(tree: Tree, url: str) -> None:
    environ = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    for words in (["init", "-q"], ["remote", "add", "origin", url]):
        subprocess.run(["git", *words], cwd=tree.root, check=True, env=environ)


@pytest.mark.parametrize("url", [OWN, "git@github.com:acme/gitops", "ssh://git@github.com:22/acme/GitOps.git"])
def test_a_repository_has_many_addresses(url: str, run: Run, tree: Tree) -> None:
    tree.write({**BUILT, "argo/web.yaml": APPLICATION % ("apps/k", url, "")})
    with_remote(tree, OWN)
    assert skipped(run("lint", ".", "-f", "json", cwd=tree.root)) == []


def test_a_folder_of_another_repository_is_not_judged(run: Run, tree: Tree) -> None:
    tree.write({**BUILT, "argo/web.yaml": APPLICATION % ("apps/k", OWN, "")})
    tree.write({"argo/other.yaml": APPLICATION.replace("name: web", "name: other") % ("apps/k", "https://github.com/other/repo", "")})
    with_remote(tree, OWN)
    assert skipped(run("lint", ".", "-f", "json", cwd=tree.root)) == ["deployed from another repository (https://github.com/other/repo)"]


def test_of_a_fork_the_address_of_most_paths_is_its_own(run: Run, tree: Tree) -> None:
    tree.write({**BUILT, "argo/web.yaml": APPLICATION % ("apps/k", "https://github.com/acme/gitops", "")})
    with_remote(tree, "https://github.com/somebody/gitops")
    done = run("lint", ".", "-f", "json", cwd=tree.root)
    assert skipped(done) == []
    assert any("github.com/acme/gitops is taken for this repository" in note for note in json.loads(done.out)["notes"])


@pytest.mark.parametrize("remote", ["", "/srv/git/clone.git", "file:///srv/git/clone.git", "../clone"])
def test_where_no_remote_says_who_this_is_the_path_alone_counts(remote: str, run: Run, tree: Tree) -> None:
    tree.write({**BUILT, "argo/web.yaml": APPLICATION % ("apps/k", "https://github.com/other/repo", "")})
    if remote:
        with_remote(tree, remote)
    assert skipped(run("lint", ".", "-f", "json", cwd=tree.root)) == []


@pytest.mark.parametrize(
    ("manifest", "reasons"),
    [
        (FLUX % "./apps", []),
        (FLUX % "./", ["deployed from GitRepository/gitops, which is not in the repository"]),
        (FLUX % "./app", ["deployed from GitRepository/gitops, which is not in the repository"]),
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
