"""The images of a deployer look for a name: it stays as it is when the image is changed to see where its tag comes from."""

from __future__ import annotations

import pytest

from tests.deploy.test_steps_of_applications import APPLICATION, SOURCE, URL
from tests.suppress.command_fixtures import run, tree
from tests.suppress.command_in_process import Run, Tree

__all__ = ["run", "tree"]

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: [{name: web, image: 'web:v1.0.0'}]\n"
DIGEST = f"sha256:{'a1' * 32}"
FLUX = f"""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: gitops, namespace: flux-system}}
spec: {{url: '{URL}', ref: {{branch: main}}, interval: 1m}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: web, namespace: flux-system}}
spec:
  path: ./apps/web
  interval: 1m
  prune: true
  sourceRef: {{kind: GitRepository, name: gitops}}
  images:
    - name: web
      newTag: TAG
"""


@pytest.mark.parametrize("tag", ["v1.0.0", "v2.0.0"])
@pytest.mark.parametrize("images", ["", f"images: [{{name: web, newTag: v1.0.0, digest: '{DIGEST}'}}]\n"], ids=["no entry", "an entry"])
@pytest.mark.parametrize(
    ("deployer", "line"),
    [(APPLICATION + f"  source:\n    {{{SOURCE}, kustomize: {{images: ['web:TAG']}}}}\n", 8), (FLUX, 16)],
    ids=["Argo CD", "Flux"],
)
def test_a_tag_is_the_deployers(deployer: str, line: int, images: str, tag: str, run: Run, tree: Tree) -> None:
    tree.write(
        {
            ".agentslint.toml": f'[deploy]\nrepositories = ["{URL}"]\n',
            "apps/web/kustomization.yaml": f"resources: [pod.yaml]\n{images}",
            "apps/web/pod.yaml": POD,
            "clusters/web.yaml": deployer.replace("TAG", tag),
        }
    )
    done = run("lint", ".", "--select", "require-digest", cwd=tree.root)
    assert f"clusters/web.yaml:{line}:" in done.out, done.out
    assert "pod.yaml" not in done.out
