"""An edit of an Application that an override file replaces promotes nothing, though the Application itself renders otherwise."""

from __future__ import annotations

import pytest

from tests.suppress.command_fixtures import run, tree
from tests.suppress.command_in_process import Run, Tree

__all__ = ["run", "tree"]

URL = "https://git.example.com/acme/gitops.git"
HEAD = (
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web, namespace: argocd}\nspec:\n  project: default\n"
    f"  destination: {{namespace: web}}\n  source:\n    repoURL: {URL}\n    targetRevision: HEAD\n"
)
IMAGES = HEAD + "    path: apps/web\n    kustomize:\n      images:\n      - ghcr.io/acme/web:%s\n"
PARAMETERS = HEAD + "    path: charts/web\n    helm:\n      parameters:\n      - name: image.tag\n        value: %s\n"
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec: {containers: [{name: a, image: '%s'}]}\n"
FILES = {
    ".agentslint.toml": f'[deploy]\nrepositories = ["{URL}"]\n',
    "apps/web/kustomization.yaml": "resources: [pod.yaml]\n",
    "apps/web/pod.yaml": POD % ("web", "ghcr.io/acme/web:v1"),
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n",
    "charts/web/values.yaml": "image: {tag: v1}\n",
    "charts/web/templates/pod.yaml": POD % ("web", "ghcr.io/acme/web:{{ .Values.image.tag }}"),
}
OVER_IMAGES = {"apps/web/.argocd-source-web.yaml": "kustomize:\n  images:\n  - ghcr.io/acme/web:v9\n"}
OVER_PARAMETERS = {"charts/web/.argocd-source-web.yaml": "helm:\n  parameters:\n  - name: image.tag\n    value: v9\n"}


@pytest.mark.sample(5)
@pytest.mark.parametrize(
    ("application", "over", "line", "instead"),
    [
        (IMAGES, OVER_IMAGES, 13, "apps/web/.argocd-source-web.yaml:3"),
        (PARAMETERS, OVER_PARAMETERS, 14, "charts/web/.argocd-source-web.yaml:4"),
        (IMAGES, {}, 0, ""),
        (PARAMETERS, {}, 0, ""),
        (IMAGES + "---\n" + POD % ("other", "ghcr.io/acme/other:%s"), {}, 0, ""),
        (POD % ("other", "ghcr.io/acme/other:%s") + "---\n" + (IMAGES % "v2"), OVER_IMAGES, 0, ""),
    ],
)
@pytest.mark.parametrize("command", ["lint", "diff"])
def test_the_edit_is_found_at_its_line(
    command: str, application: str, over: dict[str, str], line: int, instead: str, run: Run, tree: Tree
) -> None:
    root = tree.write(FILES | over | {"argo/web.yaml": application.replace("%s", "v2")})
    tree.commit()
    tree.write({"argo/web.yaml": application.replace("%s", "v3")})
    done = run(command, ".", "--base", "HEAD", cwd=root)
    told = [each for each in done.out.splitlines() if "warning[change-without-effect" in each]
    assert [each.split(":")[:2] for each in told] == ([["argo/web.yaml", str(line)]] if line else []), done.out
    assert not line or instead in told[0]
    # Both count the object that differs, and not the application that renders the same.
    said = "1 target differs (argo/web.yaml)" if command == "lint" else " targets differs from HEAD"
    assert not line or said in done.out
