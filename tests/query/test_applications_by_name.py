"""Commands take the name of an application in the place of a path."""

from __future__ import annotations

import json

import pytest

from tests.suppress.command_in_process import Run, Tree

URL = "https://git.example.com/acme/gitops.git"
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec: {containers: [{name: a, image: 'ghcr.io/acme/%s:v1'}]}\n"
CHART = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/values.yaml": "image: {repository: ghcr.io/acme/web, tag: v1}\n",
    "charts/web/templates/web.yaml": (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n"
        "  - {name: a, image: '{{ .Values.image.repository }}:{{ .Values.image.tag }}'}\n"
    ),
}


def application(name: str, path: str, more: str = "") -> str:
    return (
        f"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: {name}, namespace: argocd}}\nspec:\n  project: default\n"
        f"  destination: {{namespace: {name}}}\n  source:\n    repoURL: {URL}\n    path: {path}\n{more}"
    )


@pytest.fixture
def repository(tree: Tree) -> Tree:
    """Two applications of two folders, one of a chart, and one that is not judged."""
    files = {".agentslint.toml": f'[deploy]\nrepositories = ["{URL}"]\n', "loose.yaml": POD % ("loose", "loose"), **CHART}
    for name in ("one", "two"):
        files[f"apps/{name}/pod.yaml"] = POD % (name, name)
        files[f"argo/{name}.yaml"] = application(name, f"apps/{name}")
    files["argo/web.yaml"] = application("web", "charts/web")
    files["argo/made.yaml"] = application("made", "apps/one", "    plugin: {name: lovely}\n")
    tree.write(files)
    return tree


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("argocd/one",), {"apps/one/pod.yaml"}),
        (("two",), {"apps/two/pod.yaml"}),
        (("argocd/one", "argocd/two"), {"apps/one/pod.yaml", "apps/two/pod.yaml"}),
        (("argocd/*",), {"apps/one/pod.yaml", "apps/two/pod.yaml", "charts/web/values.yaml"}),
        (("argocd/one", "loose.yaml"), {"apps/one/pod.yaml", "loose.yaml"}),
        (("apps/one",), {"apps/one/pod.yaml"}),
    ],
)
@pytest.mark.parametrize("folder", ["", "charts/web"])
def test_the_targets_of_an_application_are_linted(words: tuple[str, ...], found: set[str], folder: str, run: Run, repository: Tree) -> None:
    back = "../" * len(folder.split("/")) if folder else ""
    given = [f"{back}{word}" if (repository.root / word).exists() else word for word in words]
    done = run("lint", *given, "-f", "json", "--select", "require-digest", cwd=repository.root / folder)
    assert {path for _, path, _ in done.places()} == found


def test_its_fields_are_traced(run: Run, repository: Tree) -> None:
    done = run("trace", "argocd/two", "Pod/*", "-f", "json", cwd=repository.root)
    rows = [(row["target"], origin["path"]) for row in json.loads(done.out)["fields"] for origin in row["origins"]]
    assert (done.status, rows) == (0, [("argocd/two", "apps/two/pod.yaml")])


def test_its_contract_is_verified(run: Run, repository: Tree) -> None:
    done = run("contract", "argocd/web", cwd=repository.root)
    assert done.status == 0
    assert "argocd/web: chart web, release web" in done.out


def test_its_images_are_listed(run: Run, repository: Tree) -> None:
    done = run("images", "web", "-f", "json", cwd=repository.root)
    assert [(row["application"], row["image"]) for row in json.loads(done.out)["images"]] == [("argocd/web", "ghcr.io/acme/web:v1")]


def test_it_alone_is_listed(run: Run, repository: Tree) -> None:
    done = run("targets", "argocd/two", "-f", "json", cwd=repository.root)
    assert [row["name"] for row in json.loads(done.out)["applications"]] == ["two"]


def test_it_alone_is_compared(run: Run, repository: Tree) -> None:
    repository.commit()
    for name in ("one", "two"):
        repository.write({f"apps/{name}/pod.yaml": (POD % (name, name)).replace(":v1", ":v2")})
    done = run("diff", "argocd/two", "--base", "HEAD", "-f", "json", cwd=repository.root)
    assert ("ghcr.io/acme/two:v2" in done.out, "ghcr.io/acme/one" in done.out) == (True, False), done.out + done.err
    assert [row["name"] for row in json.loads(done.out)["targets"]] == ["argocd/two"]


@pytest.mark.parametrize("command", ["lint", "trace", "contract", "images", "targets", "diff"])
def test_a_misspelt_name_is_told_with_the_nearest(command: str, run: Run, repository: Tree) -> None:
    done = run(command, "argocd/tow", cwd=repository.root)
    assert (done.status, done.err.splitlines()[-1]) == (
        2,
        "agentslint: argocd/tow: there is no such file, folder or application; did you mean argocd/two?",
    )


@pytest.mark.parametrize("command", ["lint", "trace", "contract", "images", "diff"])
def test_one_that_is_not_judged_says_why(command: str, run: Run, repository: Tree) -> None:
    done = run(command, "argocd/made", cwd=repository.root)
    assert (done.status, done.err) == (2, "agentslint: argocd/made is not judged: made by plugin lovely\n")
