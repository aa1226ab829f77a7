"""Contracts of charts whose values stand in a deployer's object, however they are written there."""

from __future__ import annotations

import json

import pytest

from tests.suppress.command_fixtures import run, tree
from tests.suppress.command_in_process import Run, Tree

__all__ = ["run", "tree"]

URL = "https://git.example.com/acme/gitops.git"
CONFIGURATION = f"""\
[deploy]
repositories = ["{URL}"]
[[contracts]]
chart = "web"
workload = "Pod/web"
chain = ["web.image", "image"]
fields = ["tag"]
"""
TEMPLATE = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: web
      image: "ghcr.io/acme/web:CHAIN"
"""
APPLICATION = f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: web, namespace: argocd}}
spec:
  project: default
  destination: {{name: in-cluster, namespace: web}}
  source:
    repoURL: {URL}
    path: charts/web
"""
KEPT = "{{ .Values.web.image.tag | default .Values.image.tag }}"
BROKEN = "{{ .Values.image.tag | default .Values.web.image.tag }}"
SET = [{"name": "image.tag", "value": "v9"}, {"name": "hosts[0].name", "value": "a"}, {"name": "web.image.tag", "value": "null"}]


@pytest.mark.sample(5)
@pytest.mark.parametrize(
    "helm",
    [
        "",
        f"    helm: {{parameters: {json.dumps(SET)}}}\n",
        "    helm:\n      values: |\n        image: {tag: v9}\n",
        "    helm:\n      values: |\n        image: {tag: v9}\n      parameters: [{name: web.image.tag, value: '10', forceString: true}]\n",
        "    helm: {valueFiles: [prod.yaml], parameters: [{name: image.tag, value: v9}]}\n",
        "    helm: {valuesObject: {image: {tag: v8}}, parameters: [{name: image.tag, value: v9}]}\n",
    ],
    ids=["nothing", "parameters", "a block", "a block and parameters", "a file and parameters", "an object and parameters"],
)
@pytest.mark.parametrize(("chain", "status"), [(KEPT, 0), (BROKEN, 1)], ids=["kept", "broken"])
def test_a_contract_is_judged(chain: str, status: int, helm: str, run: Run, tree: Tree) -> None:
    tree.write(
        {
            ".agentslint.toml": CONFIGURATION,
            "argocd/web.yaml": APPLICATION + helm,
            "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
            "charts/web/values.yaml": "image: {tag: v1}\nweb: {image: {tag: ''}}\n",
            "charts/web/prod.yaml": "image: {tag: v2}\n",
            "charts/web/templates/web.yaml": TEMPLATE.replace("CHAIN", chain),
        }
    )
    done = run("lint", ".", "--select", "image-precedence", cwd=tree.root)
    assert done.status == status, done.out
    assert ("image-precedence" in done.out) == bool(status)
