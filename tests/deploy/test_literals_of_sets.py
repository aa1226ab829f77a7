"""The literal text beside a placeholder of an ApplicationSet: a tag that is written there is where a finding points."""

from __future__ import annotations

import pytest

from tests.suppress.command_fixtures import run, tree
from tests.suppress.command_in_process import Run, Tree

__all__ = ["run", "tree"]

URL = "https://git.example.com/acme/gitops.git"
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: [{name: web, image: IMAGE}]\n"
FILES = {
    ".agentslint.toml": f'[deploy]\nrepositories = ["{URL}"]\n',
    "web/kustomization.yaml": "resources: [pod.yaml]\n",
    "web/pod.yaml": POD.replace("IMAGE", "ghcr.io/acme/web:v1.0.0"),
    "chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "chart/values.yaml": "image: {repository: ghcr.io/acme/web, tag: v1.0.0}\nwhole: ''\n",
    "chart/templates/pod.yaml": POD.replace(
        "IMAGE", '"{{ .Values.whole | default (printf "%s:%s" .Values.image.repository .Values.image.tag) }}"'.replace('"%s:%s"', "`%s:%s`")
    ),
}
SET = f"""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: webs}}
spec:
  goTemplate: true
  generators: [list: {{elements: [{{app: web}}]}}]
  template:
    metadata: {{name: "{{{{ .app }}}}"}}
    spec:
      project: default
      destination: {{name: in-cluster, namespace: web}}
      source:
        repoURL: {URL}
"""


@pytest.mark.parametrize(
    ("rest", "place"),
    [
        ("        path: web\n        kustomize: {images: ['ghcr.io/acme/{{.app}}:v9.9.9']}\n", "15:53"),
        ("        path: web\n        kustomize:\n          images:\n            - ghcr.io/acme/{{ .app }}:v9.9.9\n", "17:39"),
        ("        path: chart\n        helm:\n          parameters: [{name: whole, value: 'ghcr.io/acme/{{.app}}:v9.9.9'}]\n", "16:68"),
        (
            "        path: chart\n        helm:\n          values: |\n            image:\n"
            '              repository: {{ printf "ghcr.io/acme/%s" .app }}\n              tag: v9.9.9\n',
            "19:20",
        ),
        ("        path: chart\n        helm: {valuesObject: {whole: 'ghcr.io/acme/{{ .app }}:v9.9.9'}}\n", "15:63"),
        (
            "        path: web\n  templatePatch: |\n    {{- if .app }}\n    spec:\n      source:\n        kustomize:\n          images:\n"
            "            - ghcr.io/acme/{{ .app }}:v9.9.9\n    {{- end }}\n",
            "21:39",
        ),
    ],
    ids=["images", "images in lines", "a parameter", "a block of values", "an object of values", "templatePatch"],
)
def test_the_literal_is_found(rest: str, place: str, run: Run, tree: Tree) -> None:
    tree.write({**FILES, "argo/set.yaml": SET + rest})
    done = run("lint", "argo", "--select", "require-digest", cwd=tree.root)
    assert [line.split()[0] for line in done.out.splitlines() if "[require-digest]" in line] == [f"argo/set.yaml:{place}"], done.out
