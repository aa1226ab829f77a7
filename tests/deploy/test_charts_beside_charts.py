"""A chart that another one depends on by its folder (`file://../redis`): the place is the value that decides, in whichever chart."""

from __future__ import annotations

import pytest

from tests.suppress.command_in_process import Run, Tree

APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argocd}
spec:
  destination: {name: in-cluster}
  source:
    repoURL: https://git.example.com/shop/gitops.git
    path: charts/shop
    helm: HELM
"""
RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: shop, namespace: flux-system}
spec:
  interval: 1h
  chart: {spec: {chart: ./charts/shop, sourceRef: {kind: GitRepository, name: here}}}
  values: VALUES
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: here, namespace: flux-system}
spec: {url: 'https://git.example.com/shop/gitops.git', interval: 1h}
"""
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: redis}\nspec: {containers: [{name: redis, image: IMAGE}]}\n"
FROM_VALUES = "'ghcr.io/acme/redis:{{ .Values.tag }}'"


@pytest.mark.parametrize(
    ("files", "path", "part"),
    [
        ({}, "charts/redis/values.yaml", "tag: v0"),
        ({"flux.yaml": RELEASE.replace("VALUES", "{}")}, "charts/redis/values.yaml", "tag: v0"),
        ({"charts/shop/values.yaml": "cache: {tag: v1}\n"}, "charts/shop/values.yaml", "tag: v1"),
        ({"argo.yaml": APPLICATION.replace("HELM", "{valuesObject: {cache: {tag: v2}}}")}, "argo.yaml", "tag: v2"),
        ({"argo.yaml": APPLICATION.replace("HELM", "{parameters: [{name: cache.tag, value: v3}]}")}, "argo.yaml", "value: v3"),
        ({"flux.yaml": RELEASE.replace("VALUES", "{cache: {tag: v4}}")}, "flux.yaml", "tag: v4"),
        (
            {"charts/redis/templates/pod.yaml": POD.replace("IMAGE", "redis:7")},
            "charts/redis/templates/pod.yaml",
            "image: redis:7",
        ),
        (
            {
                "charts/redis/templates/pod.yaml": POD.replace("IMAGE", "'{{ include \"image\" . }}'"),
                "charts/redis/templates/_image.tpl": '{{ define "image" -}}\nredis:8\n{{- end }}\n',
            },
            "charts/redis/templates/_image.tpl",
            "redis:8",
        ),
    ],
)
def test_the_place_is_what_decides(files: dict[str, str], path: str, part: str, run: Run, tree: Tree) -> None:
    entry = "{name: redis, alias: cache, version: 0.1.0, repository: 'file://../redis'}"
    charts = {
        "charts/shop/Chart.yaml": f"apiVersion: v2\nname: shop\nversion: 0.1.0\ndependencies:\n- {entry}\n",
        "charts/redis/Chart.yaml": "apiVersion: v2\nname: redis\nversion: 0.1.0\n",
        "charts/redis/values.yaml": "tag: v0\n",
        "charts/redis/templates/pod.yaml": POD.replace("IMAGE", FROM_VALUES),
    }
    deployer = {} if "flux.yaml" in files else {"argo.yaml": APPLICATION.replace("HELM", "{}")}
    tree.write({**charts, **deployer, **files})

    done = run("lint", ".", "--select", "require-digest", "--offline", "-f", "json", cwd=tree.root)

    assert done.places() == [("require-digest", path, tree.line(path, part))]
