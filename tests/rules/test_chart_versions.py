"""A chart that cannot be had, since its version moves, is found where its deployer names the version."""

from __future__ import annotations

from pathlib import Path

from agentslint.engine.open_session import open_session
from agentslint.engine.pipeline import lint
from agentslint.engine.run_options import RunOptions

FLUX = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: charts, namespace: apps}
spec: {url: "https://charts.example.com"}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: redis, namespace: apps}
spec:
  interval: 1m
  chart:
    spec:
      chart: redis
      version: ">=1.0"
      sourceRef: {kind: HelmRepository, name: charts}
"""
ARGO = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: redis, namespace: argocd}
spec:
  project: default
  destination: {name: in-cluster, namespace: redis}
  source:
    repoURL: https://charts.example.com
    chart: redis
    targetRevision: 1.*
"""


def places(root: Path, tree: dict[str, str]) -> list[tuple[str, int]]:
    """Lint a repository of some files, given by path and text; returns path and line of each finding."""
    for name, text in tree.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    with open_session(RunOptions((str(root),), select=("chart-version-pin",), root=str(root), offline=True)) as (session, _):
        report = lint(session)
    return sorted((result.location.path, result.location.region.start_line) for result in report.active)


def test_a_version_that_moves_is_found_once_at_its_line(tmp_path: Path) -> None:
    assert places(tmp_path, {"flux.yaml": FLUX, "argo.yaml": ARGO}) == [("argo.yaml", 10), ("flux.yaml", 14)]


PATCHED = {
    "clusters/apps.yaml": """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec: {interval: 1m, path: ./apps/prod, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}
""",
    "apps/base/redis.yaml": FLUX.replace('      version: ">=1.0"\n', ""),
    "apps/base/broker.yaml": """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: broker, namespace: apps}
spec:
  interval: 1m
  url: oci://registry.example.com/charts/broker
  ref:
    semver: 2.x
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: broker, namespace: apps}
spec:
  interval: 1m
  chartRef: {kind: OCIRepository, name: broker}
""",
    "apps/base/kustomization.yaml": "resources: [redis.yaml, broker.yaml]\n",
    "apps/prod/kustomization.yaml": "resources: [../base]\npatches:\n  - path: redis.yaml\n",
    "apps/prod/redis.yaml": """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: redis, namespace: apps}
spec:
  chart:
    spec:
      version: ">=2.0"
""",
}


def test_the_version_of_a_release_is_found_in_the_patch_or_the_object_that_says_it(tmp_path: Path) -> None:
    assert places(tmp_path, PATCHED) == [("apps/base/broker.yaml", 8), ("apps/prod/redis.yaml", 7)]
