"""What a deployer lays over a folder is not read, and what it deploys from elsewhere is not rendered: neither is green, both are named."""

from __future__ import annotations

import json

import pytest

from tests.suppress.command_in_process import Done, Run, Tree

DIGEST = "sha256:" + "1" * 64
POD = f"""\
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  containers:
  - {{name: web, image: 'registry.example.com/web:1.0.0@{DIGEST}'}}
"""
APP = {"apps/web/kustomization.yaml": "resources: [web.yaml]\n", "apps/web/web.yaml": POD}
ARGO = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n  destination: {server: x}\n"
FLUX = (
    "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: web}\nspec:\n"
    "  sourceRef: {kind: GitRepository, name: flux-system}\n  path: ./apps/web\n"
)


def told(done: Done) -> list[tuple[str, int]]:
    places = [row["location"] for row in json.loads(done.out)["failures"]]
    return [(place["path"], place["start_line"]) for place in places]


LAID_OVER: dict[str, tuple[dict[str, str], tuple[str, int]]] = {
    "file of one Application": (
        {"apps/web/.argocd-source-web.yaml": "kustomize:\n  images:\n  - web:2\n"},
        ("apps/web/.argocd-source-web.yaml", 0),
    ),
    "file of every Application": (
        {"apps/web/.argocd-source.yaml": "helm: {parameters: [{name: a, value: b}]}\n"},
        ("apps/web/.argocd-source.yaml", 1),
    ),
    "file in the folder of a chart": (
        {
            "charts/api/Chart.yaml": "apiVersion: v2\nname: api\nversion: 0.1.0\n",
            "charts/api/.argocd-source-api.yaml": "helm:\n  parameters:\n  - {name: a, value: b}\n",
        },
        ("charts/api/.argocd-source-api.yaml", 0),
    ),
    "file that cannot be read": ({"apps/web/.argocd-source.yaml": "kustomize: {images: [\n"}, ("apps/web/.argocd-source.yaml", 1)),
}


@pytest.mark.parametrize("name", LAID_OVER)
def test_what_is_laid_over_a_folder_is_not_checked(name: str, run: Run, tree: Tree) -> None:
    files, (path, line) = LAID_OVER[name]

    done = run("lint", ".", "-f", "json", cwd=tree.write({**APP, **files}))

    ((found, number),) = told(done)
    assert (found, number if line else 0) == (path, line)
    assert done.status == 2


NOTHING = {
    "a plain Application": {"argo/web.yaml": f"{ARGO}  source: {{path: apps/web, repoURL: 'https://git.example.com/a'}}\n"},
    "a substitution of nothing": {"flux/web.yaml": f"{FLUX}  postBuild: {{substitute: {{cluster: prod}}}}\n"},
    "a GitRepo of a folder that is rendered": {
        "fleet/web.yaml": "apiVersion: fleet.cattle.io/v1alpha1\nkind: GitRepo\nmetadata: {name: web}\nspec: {paths: [apps, ./apps/web]}\n"
    },
    "values for a chart of the distribution": {
        "k3s/web.yaml": "apiVersion: helm.cattle.io/v1\nkind: HelmChartConfig\nmetadata: {name: web}\nspec: {valuesContent: 'a: b'}\n"
    },
    "another Application": {
        "web.yaml": "apiVersion: app.k8s.io/v1beta1\nkind: Application\nmetadata: {name: web}\nspec: {source: {plugin: {}}}\n"
    },
}


@pytest.mark.parametrize("name", NOTHING)
def test_what_is_deployed_as_it_is_rendered_is_not_spoken_of(name: str, run: Run, tree: Tree) -> None:
    done = run("lint", ".", "-f", "json", cwd=tree.write({**APP, **NOTHING[name]}))
    assert (done.status, told(done), json.loads(done.out)["skipped"]) == (0, [], [])


GIT_REPO = (
    "apiVersion: fleet.cattle.io/v1alpha1\nkind: GitRepo\nmetadata: {name: web}\nspec: {repo: 'https://git.example.com/a', paths: PATHS}\n"
)
BUNDLE = "apiVersion: fleet.cattle.io/v1alpha1\nkind: Bundle\nmetadata: {name: web}\n"
CHART = '{"apiVersion": "helm.cattle.io/v1", "kind": "HelmChart", "metadata": {"name": "web"}, "spec": {"chartContent": "H4sI"}}'
ABSENT = "which is not in the repository"
ELSEWHERE = {
    "HelmRelease": (
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web}\n"
        "spec: {chart: {spec: {chart: podinfo, sourceRef: {kind: HelmRepository, name: podinfo}}}}\n",
        "helm-release",
        "HelmRelease/web",
        f"chart podinfo of HelmRepository/podinfo, {ABSENT}",
    ),
    "folder of Flux": (
        FLUX.replace("apps/web", "deploy"),
        "flux-kustomization",
        "Kustomization/web",
        f"deployed from GitRepository/flux-system, {ABSENT}",
    ),
    "HelmChart": (
        "apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: {name: web}\nspec: {chart: podinfo, repo: 'https://charts.example.com'}\n",
        "helm-chart",
        "HelmChart/web",
        "chart podinfo",
    ),
    "HelmChart in place, in a List": (
        f'{{"apiVersion": "v1", "kind": "List", "items": [{CHART}]}}\n',
        "helm-chart",
        "HelmChart/web",
        "chart web",
    ),
    "GitRepo": (GIT_REPO.replace("PATHS", "[deploy]"), "git-repo", "GitRepo/web", "folder deploy"),
    "GitRepo with globs": (GIT_REPO.replace("PATHS", "['apps/*']"), "git-repo", "GitRepo/web", "folders apps/*"),
    "Bundle of a chart": (f"{BUNDLE}spec: {{helm: {{chart: podinfo}}}}\n", "bundle", "Bundle/web", "chart podinfo"),
    "Bundle of resources": (
        f"{BUNDLE}spec: {{resources: [{{name: a.yaml, content: ''}}]}}\n",
        "bundle",
        "Bundle/web",
        "the resources in it",
    ),
    "HelmOp": (BUNDLE.replace("Bundle", "HelmOp") + "spec: {helm: {chart: podinfo}}\n", "helm-op", "HelmOp/web", "chart podinfo"),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_nothing_renders_is_counted_and_named(name: str, run: Run, tree: Tree) -> None:
    manifest, kind, resource, reason = ELSEWHERE[name]
    root = tree.write({**APP, "deployers/web.yaml": manifest})

    done = run("lint", ".", "-f", "json", cwd=root)
    text = run("lint", ".", cwd=root).out

    found = [(row["kind"], row["name"], row["reason"]) for row in json.loads(done.out)["skipped"] if row["kind"] != "chart"]
    assert found == [(kind, resource, reason)]
    assert "All good" not in text
    assert f"{resource} ({reason})" in text
    assert "2 of 2 targets rendered, 1 " in text


def test_many_are_counted(run: Run, tree: Tree) -> None:
    source = "  source: {path: apps/web, repoURL: 'https://git.example.com/a', targetRevision: v1.*}\n"
    apps = {f"argo/{number}.yaml": ARGO.replace("web", f"app-{number}") + source for number in range(26)}
    text = run("lint", ".", cwd=tree.write({**APP, **apps})).out
    assert "not judged: 26 Applications: 26 pinned to the range v1.* (Application/app-0, Application/app-1, " in text
    assert " and 21 more)\n" in text
    assert "27 of 27 targets rendered, 26 Applications not judged; " in text


def test_a_run_of_one_file_reads_the_file_beside_its_folder(run: Run, tree: Tree) -> None:
    root = tree.write({**APP, "apps/web/.argocd-source-web.yaml": "kustomize: {images: ['web:2']}\n"})
    done = run("lint", "apps/web/web.yaml", "-f", "json", cwd=root)
    assert (done.status, told(done)) == (2, [("apps/web/.argocd-source-web.yaml", 1)])
