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
ARGO = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n"
FLUX = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: web}\nspec:\n  path: ./apps/web\n"
SET = "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: web}\nspec:\n  generators: []\n  template:\n    spec:\n"
PATCHED = f"{SET}      source: {{path: apps/web}}\n  templatePatch: |\n"
GENERATORS = (
    "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: web}\nspec:\n"
    "  template: {spec: {source: {path: apps/web}}}\n  generators:\n  # of them\n"
)
LAID = "      template:\n        spec:\n          source:\n            kustomize: {images: ['web:2']}\n"
FLOW = "{template: {spec: {source: {kustomize: {images: ['web:2']}}}}}"


def told(done: Done) -> list[tuple[str, int]]:
    places = [row["location"] for row in json.loads(done.out)["failures"]]
    return [(place["path"], place["start_line"]) for place in places]


LAID_OVER: dict[str, tuple[dict[str, str], tuple[str, int]]] = {
    "template of an ApplicationSet": (
        {"argo/web.yaml": f"{SET}      source:\n        path: apps/web\n        kustomize: {{images: ['web:2']}}\n"},
        ("argo/web.yaml", 10),
    ),
    "patch of an ApplicationSet": (
        {"argo/web.yaml": f"{PATCHED}    spec:\n      source: {{kustomize: {{images: ['a:latest']}}}}\n"},
        ("argo/web.yaml", 9),
    ),
    "patch in JSON in one line": (
        {
            "argo/web.yaml": f"{SET}      source: {{path: apps/web}}\n"
            """  templatePatch: '{"spec": {"sources": [{"helm": {"parameters": []}}]}}'\n"""
        },
        ("argo/web.yaml", 9),
    ),
    "patch that a generator writes": (
        {"argo/web.yaml": f"{PATCHED}    {{{{- if .patch }}}}\n    {{{{ toYaml .patch }}}}\n    {{{{- end }}}}\n"},
        ("argo/web.yaml", 9),
    ),
    "patch of a spec that a generator writes": (
        {"argo/web.yaml": f"{PATCHED}    spec: {{{{ .spec | toJson }}}}\n"},
        ("argo/web.yaml", 9),
    ),
    "template of a generator": (
        {"argo/web.yaml": f"{GENERATORS}  - list:\n      elements: []\n{LAID}"},
        ("argo/web.yaml", 13),
    ),
    "template of a generator in a matrix": (
        {"argo/web.yaml": f"{GENERATORS}  - matrix:\n      generators:\n      - git: {FLOW}\n      - list: {{elements: []}}\n"},
        ("argo/web.yaml", 10),
    ),
    "template of a merge in a matrix": (
        {"argo/web.yaml": f"{GENERATORS}  - matrix:\n     generators:\n     - merge:\n        generators:\n        - clusters: {FLOW}\n"},
        ("argo/web.yaml", 12),
    ),
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
    "images of Flux": ({"flux/web.yaml": f"{FLUX}  images:\n  - name: web\n    newTag: latest\n"}, ("flux/web.yaml", 7)),
    "patches of Flux": ({"flux/web.yaml": f"{FLUX}  patches: [{{patch: x}}]\n"}, ("flux/web.yaml", 6)),
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
    "a patch of how an ApplicationSet synchronises": {
        "argo/web.yaml": f"{PATCHED}    # a source of path\n    {{{{- if .auto }}}}\n    spec:\n"
        "      syncPolicy: {automated: {prune: {{ .prune }}}}\n    {{- end }}\n"
    },
    "a patch of labels": {
        "argo/web.yaml": f"{PATCHED}    metadata:\n      labels:\n"
        "    {{- range $key, $value := .labels }}\n        {{ $key }}: {{ $value }}\n    {{- end }}\n"
    },
    "a template of a generator that sets a name": {
        "argo/web.yaml": f"{GENERATORS}  - clusters: {{template: {{metadata: {{name: a}}, spec: {{project: b}}}}}}\n"
    },
    "a path that the template of a generator has": {
        "argo/web.yaml": GENERATORS.replace("path: apps/web", "repoURL: https://git.example.com/a")
        + "  - clusters: {template: {spec: {source: {path: apps/web}}}}\n"
    },
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


@pytest.mark.parametrize("key", ["substitute: {tag: 1.0.0}", "substituteFrom: [{kind: ConfigMap, name: vars}]"])
def test_a_substitution_in_what_is_rendered_is_not_checked(key: str, run: Run, tree: Tree) -> None:
    files = {**APP, "apps/web/web.yaml": POD.replace("1.0.0", "${tag}"), "flux/web.yaml": f"{FLUX}  postBuild:\n    {key}\n"}
    done = run("lint", ".", "-f", "json", cwd=tree.write(files))
    assert (done.status, told(done)) == (2, [("flux/web.yaml", 7)])


GIT_REPO = (
    "apiVersion: fleet.cattle.io/v1alpha1\nkind: GitRepo\nmetadata: {name: web}\nspec: {repo: 'https://git.example.com/a', paths: PATHS}\n"
)
BUNDLE = "apiVersion: fleet.cattle.io/v1alpha1\nkind: Bundle\nmetadata: {name: web}\n"
CHART = '{"apiVersion": "helm.cattle.io/v1", "kind": "HelmChart", "metadata": {"name": "web"}, "spec": {"chartContent": "H4sI"}}'
ELSEWHERE = {
    "generators": (
        f"{SET}      source: {{path: 'apps/{{{{name}}}}'}}\n",
        "application",
        "ApplicationSet/web",
        "its generators fill in the source",
    ),
    "template of a generator": (
        f"{GENERATORS}  - clusters: {{template: {{spec: {{source: {{path: deploy/web}}}}}}}}\n",
        "application",
        "ApplicationSet/web",
        "folder deploy/web",
    ),
    "HelmRelease": (
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web}\nspec: {chart: {spec: {chart: podinfo}}}\n",
        "helm-release",
        "HelmRelease/web",
        "chart podinfo",
    ),
    "folder of Flux": (FLUX.replace("apps/web", "deploy"), "flux-kustomization", "Kustomization/web", "folder deploy"),
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
    assert "not rendered: 26 Applications: Application/app-0 (pinned to the range v1.*), " in text
    assert "27 of 27 targets rendered, 26 Applications not rendered; " in text


def test_a_run_of_one_file_reads_the_file_beside_its_folder(run: Run, tree: Tree) -> None:
    root = tree.write({**APP, "apps/web/.argocd-source-web.yaml": "kustomize: {images: ['web:2']}\n"})
    done = run("lint", "apps/web/web.yaml", "-f", "json", cwd=root)
    assert (done.status, told(done)) == (2, [("apps/web/.argocd-source-web.yaml", 1)])
