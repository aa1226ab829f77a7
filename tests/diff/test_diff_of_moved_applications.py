"""`diff` tells which applications are judged at the base or at the head alone, as what they deploy is then not compared."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.suppress.command_fixtures import run, tree
from tests.suppress.command_in_process import Run, Tree

__all__ = ["run", "tree"]

URL = "https://git.example.com/acme/gitops.git"
APPLICATION = (
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web, namespace: argocd}\nspec:\n  project: default\n"
    f"  destination: {{namespace: web}}\n  source:\n    repoURL: {URL}\n    path: apps/web\n    targetRevision: main\n"
)
FILES = {
    ".agentslint.toml": f'[deploy]\nrepositories = ["{URL}"]\n',
    "argo/web.yaml": APPLICATION,
    "apps/web/kustomization.yaml": "resources: [pod.yaml]\n",
    "apps/web/pod.yaml": (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: a, image: 'ghcr.io/acme/web:v1'}]}\n"
    ),
}
PINNED, PLUGIN, GONE, ELSEWHERE = (
    APPLICATION.replace("targetRevision: main", "targetRevision: v1.0"),
    APPLICATION + "    plugin: {name: lovely}\n",
    APPLICATION.replace("apps/web", "apps/gone"),
    APPLICATION.replace("acme/gitops", "acme/other"),
)


TWO = APPLICATION.partition("  source:")[0] + (
    f"  sources:\n  - {{repoURL: '{URL}', targetRevision: main, path: apps/web}}\n"
    f"  - {{repoURL: '{URL}', targetRevision: main, path: apps/more}}\n"
)
MORE = {"apps/more/pod.yaml": FILES["apps/web/pod.yaml"].replace("web", "more")}


@pytest.mark.parametrize(
    ("before", "after", "said", "status"),
    [
        (APPLICATION, PINNED, "argocd/web was judged at the base and is not any more: pinned to the tag v1.0", 0),
        (APPLICATION, PLUGIN, "argocd/web was judged at the base and is not any more: made by plugin lovely", 0),
        (APPLICATION, ELSEWHERE, "argocd/web was judged at the base and is not any more: deployed from another repository", 0),
        (PINNED, APPLICATION, "argocd/web is judged, and was not at the base: pinned to the tag v1.0", 0),
        (
            APPLICATION,
            GONE,
            "not compared: argocd/web: was judged at the base and is not any more: path apps/gone is not in the repository",
            2,
        ),
        (TWO, TWO.replace("apps/more", "apps/gone"), "was judged at the base and is not any more: path apps/gone is not", 2),
        (TWO, TWO.replace("path: apps/more", "path: apps/more, plugin: {name: lovely}"), "is not any more: made by plugin lovely", 0),
        (PINNED, PLUGIN, "", 0),
        (APPLICATION, APPLICATION, "", 0),
    ],
)
def test_a_move_is_said(before: str, after: str, said: str, status: int, run: Run, tree: Tree) -> None:
    root = tree.write(FILES | MORE | {"argo/web.yaml": before})
    tree.commit()
    subprocess.run(["git", "tag", "v1.0"], cwd=root, check=True)
    tree.write({"argo/web.yaml": after})
    done = run("diff", "--base", "HEAD", cwd=root)
    assert (done.status, "judged" in done.out) == (status, bool(said)), done.out
    assert said in done.out
    failures = json.loads(run("diff", "--base", "HEAD", "-f", "json", cwd=root).out)["failures"]
    assert [row["target"] for row in failures] == (["argocd/web"] if status else [])


def test_one_of_two_applications_of_one_name_is_told(run: Run, tree: Tree) -> None:
    """Each cluster has a folder, and an Argo CD, of its own."""
    both = {f"clusters/{name}/web.yaml": APPLICATION for name in ("eu", "us")}
    root = tree.write({path: text for path, text in FILES.items() if path != "argo/web.yaml"} | both)
    tree.commit()
    tree.write({"clusters/eu/web.yaml": GONE})
    done = run("diff", "--base", "HEAD", cwd=root)
    assert (done.status, "was judged at the base and is not any more: path apps/gone" in done.out) == (2, True), done.out


CHART = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/templates/pod.yaml": FILES["apps/web/pod.yaml"],
}
PLAIN = {"apps/web/pod.yaml": FILES["apps/web/pod.yaml"]}


@pytest.mark.parametrize(
    ("sources", "path", "said"),
    [
        ({name: FILES[name] for name in FILES if name.startswith("apps/")}, "apps/web", "apps/web: was argocd/web"),
        (PLAIN, "apps/web", "argocd/web: is gone"),
        (CHART, "charts/web", "argocd/web: is gone"),
    ],
    ids=["a kustomization", "manifests", "a chart"],
)
def test_the_last_application_that_goes_is_compared(sources: dict[str, str], path: str, said: str, run: Run, tree: Tree) -> None:
    """Nothing here mentions a deployer any more: the base alone does."""
    application = APPLICATION.replace("apps/web", path) + "    kustomize: {images: ['ghcr.io/acme/web:v2']}\n" * (
        said != "argocd/web: is gone"
    )
    root = tree.write({".agentslint.toml": FILES[".agentslint.toml"], "argo/web.yaml": application, **sources})
    tree.commit()
    (root / "argo/web.yaml").unlink()
    done = run("diff", "--base", "HEAD", cwd=root)
    assert done.status == 0, done.out + done.err
    assert said in done.out
    assert "- ghcr.io/acme/web:v" in done.out


def pod(name: str, tag: str) -> str:
    return (
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec: {{containers: [{{name: a, image: 'ghcr.io/acme/{name}:{tag}'}}]}}\n"
    )


SOURCES = APPLICATION.partition("  source:")[0] + (
    f"  sources:\n  - {{repoURL: '{URL}', targetRevision: main, path: apps/web}}\n"
    f"  - {{repoURL: '{URL}', targetRevision: main, path: apps/more}}\n"
)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"apps/web/pod.yaml": pod("web", "v2")}, ["- ghcr.io/acme/web:v1", "+ ghcr.io/acme/web:v2"]),
        ({"apps/web/shared.yaml": pod("shared", "v2")}, []),
        ({"apps/more/shared.yaml": pod("shared", "v8")}, ["- ghcr.io/acme/shared:v9", "+ ghcr.io/acme/shared:v8"]),
    ],
    ids=["an object of one source", "an object that a later source replaces", "an object of the later source"],
)
def test_each_side_of_several_sources_is_what_is_deployed(changed: dict[str, str], found: list[str], run: Run, tree: Tree) -> None:
    folders = {
        "apps/web/pod.yaml": pod("web", "v1"),
        "apps/web/shared.yaml": pod("shared", "v1"),
        "apps/more/shared.yaml": pod("shared", "v9"),
    }
    root = tree.write({".agentslint.toml": FILES[".agentslint.toml"], "argo/web.yaml": SOURCES, **folders})
    tree.commit()
    tree.write(changed)
    done = run("diff", "--base", "HEAD", cwd=root)
    assert [line.strip() for line in done.out.splitlines() if "ghcr.io" in line] == found, done.out


def test_a_run_over_one_source_knows_the_others(run: Run, tree: Tree) -> None:
    folders = {"apps/web/shared.yaml": pod("shared", "v1"), "apps/more/shared.yaml": pod("shared", "v9")}
    root = tree.write({".agentslint.toml": FILES[".agentslint.toml"], "argo/web.yaml": SOURCES, **folders})
    assert run("lint", "apps/web", "-f", "json", "--select", "require-digest", cwd=root).places() == []
    assert run("lint", "apps/more", "-f", "json", "--select", "require-digest", cwd=root).places() == [
        ("require-digest", "apps/more/shared.yaml", 4)
    ]
