"""The steps of a field that a deployer decides: they name the application, and how a set hands a value on."""

from __future__ import annotations

import pytest

from tests.suppress.command_fixtures import run, tree
from tests.suppress.command_in_process import Run, Tree

__all__ = ["run", "tree"]

URL = "https://git.example.com/acme/gitops.git"
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: [{name: web, image: 'ghcr.io/acme/web:v1'}]\n"
FILES = {
    ".agentslint.toml": f'[deploy]\nrepositories = ["{URL}"]\n',
    "apps/web/kustomization.yaml": "resources: [pod.yaml]\n",
    "apps/web/pod.yaml": POD,
}
SOURCE = f"repoURL: {URL}, path: apps/web"
APPLICATION = (
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n  project: default\n"
    "  destination: {name: in-cluster, namespace: web}\n"
)
SET = f"""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: shops}}
spec:
  goTemplate: true
  generators:
    - list:
        elements:
          - name: eu
            tag: v2
  template:
    metadata: {{name: "web-{{{{ .name }}}}"}}
    spec:
      project: default
      destination: {{name: in-cluster, namespace: web}}
      source:
        repoURL: {URL}
        path: apps/web
        kustomize:
          images: ["ghcr.io/acme/web:{{{{ .tag }}}}"]
"""
RENDERED = "renders as Pod/web spec.containers[0].image"


@pytest.mark.parametrize(
    ("files", "steps"),
    [
        (
            {"argo/web.yaml": APPLICATION + f"  source:\n    {{{SOURCE}, kustomize: {{images: ['ghcr.io/acme/web:v2']}}}}\n"},
            [f"argo/web.yaml:8 set by Application/web; {RENDERED}"],
        ),
        (
            {
                "argo/web.yaml": APPLICATION + f"  source: {{{SOURCE}}}\n",
                "apps/web/.argocd-source-web.yaml": "kustomize:\n  images: ['ghcr.io/acme/web:v2']\n",
            },
            [f"apps/web/.argocd-source-web.yaml:2 set for Application/web; {RENDERED}"],
        ),
        (
            {"argo/set.yaml": SET},
            [
                "argo/set.yaml:10 set for Application/web-eu, in ApplicationSet/shops",
                "argo/set.yaml:20 filled into the template of ApplicationSet/shops",
                f"argo/set.yaml:18 the source of Application/web-eu; {RENDERED}",
            ],
        ),
    ],
    ids=["an Application", "a file that overrides it", "an element of a set"],
)
def test_the_steps_name_the_application(files: dict[str, str], steps: list[str], run: Run, tree: Tree) -> None:
    tree.write({**FILES, **files})
    done = run("trace", next(iter(files)), cwd=tree.root)
    lines = [line.strip() for line in done.out.splitlines()]
    assert all(step in lines for step in steps), done.out
