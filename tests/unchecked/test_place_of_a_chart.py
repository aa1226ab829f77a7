"""A chart that cannot be pulled is reported at the line that names it, also where a kustomization lists the deployer's object."""

from __future__ import annotations

import pytest

from tests.suppress.command_in_process import Run, Tree

APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: argocd}
spec:
  destination: {server: https://kubernetes.default.svc, namespace: web}
  project: default
  source:
    repoURL: https://charts.example.invalid
    chart: web
    targetRevision: 1.0.0
"""


@pytest.mark.parametrize("listed", [True, False])
def test_a_chart_that_cannot_be_pulled_is_reported_where_it_is_named(listed: bool, run: Run, tree: Tree) -> None:
    files = {"app/web.yaml": APPLICATION, **({"app/kustomization.yaml": "resources: [web.yaml]\n"} if listed else {})}

    done = run("lint", ".", "--offline", "-f", "json", cwd=tree.write(files))

    assert [place for place in done.places() if place[0] == "render-error"] == [("render-error", "app/web.yaml", 9)]
    assert done.status == 2
