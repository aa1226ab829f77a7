"""Files beside the folder that is built are read where the repository's own Argo CD settings say so, and nowhere else."""

from __future__ import annotations

import json

import pytest

from tests.suppress.command_in_process import Run, Tree

OPTIONS = "--enable-helm --load-restrictor LoadRestrictionsNone"
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - {name: web, image: 'registry.example.com/web:1.0.0'}\n"
APP = {"app/kustomization.yaml": "resources: [../common/pod.yaml]\nnamePrefix: x-\n", "common/pod.yaml": POD}
CM = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argocd-cm}\n"
PATCH = "resources: []\npatches:\n- target: {kind: ConfigMap}\n  patch: |-\n"
WRITTEN = {
    "ConfigMap": {"argocd/cm.yaml": f"{CM}data:\n  kustomize.buildOptions: {OPTIONS}\n"},
    "flow style": {"argocd/cm.yaml": f"{CM}data: {{'kustomize.buildOptions': '{OPTIONS}'}}\n"},
    "folded": {"argocd/cm.yaml": f"{CM}data:\n  kustomize.buildOptions: >-\n    -e x\n    --load-restrictor=LoadRestrictionsNone\n"},
    "of a version": {"argocd/cm.yaml": f"{CM}data:\n  kustomize.buildOptions.v5.4.3: {OPTIONS}\n"},
    "JSON": {"argocd/cm.json": json.dumps({"kind": "ConfigMap", "apiVersion": "v1", "data": {"kustomize.buildOptions": OPTIONS}})},
    "values of a chart": {"argocd/values.yaml": f"configs:\n  cm:\n    kustomize.buildOptions: {OPTIONS}\n"},
    "generator": {
        "argocd/kustomization.yaml": f"configMapGenerator:\n- name: argocd-cm\n  literals:\n  - kustomize.buildOptions={OPTIONS}\n",
    },
    "environment file": {"argocd/cm.env": f"kustomize.buildOptions={OPTIONS}\n"},
    "JSON patch": {
        "argocd/patch.yaml": f"- op: add\n  path: /data/kustomize.buildOptions\n  value: {OPTIONS}\n",
    },
    "patch in place": {"argocd/parts.yaml": f"{PATCH}    data:\n      kustomize.buildOptions: {OPTIONS}\n"},
    "operator": {
        "argocd/cr.yaml": f"apiVersion: argoproj.io/v1\nkind: ArgoCD\nmetadata: {{name: a}}\nspec: {{kustomizeBuildOptions: '{OPTIONS}'}}\n"
    },
}  # fmt: skip


@pytest.mark.parametrize("name", WRITTEN)
def test_files_beside_the_folder_are_read_as_argo_cd_reads_them(name: str, run: Run, tree: Tree) -> None:
    done = run("lint", "app", "-f", "json", cwd=tree.write({**APP, **WRITTEN[name]}))
    assert done.places() == [("require-digest", "common/pod.yaml", 6)]
    (note,) = [note for note in json.loads(done.out)["notes"] if "kustomize.buildOptions" in note]
    (path,) = WRITTEN[name]
    assert note.startswith("rendered with --load-restrictor LoadRestrictionsNone, as kustomize.buildOptions says (")
    assert note.endswith("): app")
    assert path in note


NOT_SAID = {
    "nobody says it": {},
    "in a comment": {"argocd/cm.yaml": f"{CM}data: {{}}\n# kustomize.buildOptions: {OPTIONS}\n"},
    "other options": {"argocd/cm.yaml": f"{CM}data:\n  kustomize.buildOptions: --enable-alpha-plugins --enable-exec\n"},
    "another word": {"argocd/cm.yaml": f"{CM}data:\n  kustomize.buildOptions: --load-restrictor LoadRestrictionsRootOnly\n"},
}


@pytest.mark.parametrize("name", NOT_SAID)
def test_else_they_are_refused(name: str, run: Run, tree: Tree) -> None:
    done = run("lint", "app", "-f", "json", cwd=tree.write({**APP, **NOT_SAID[name]}))
    assert (done.status, done.places()) == (2, [("render-error", "app/kustomization.yaml", 1)])


def test_the_configuration_has_the_last_word(run: Run, tree: Tree) -> None:
    config = '[render]\nbuild-options = ["--load-restrictor", "LoadRestrictionsRootOnly"]\n'
    done = run("lint", "app", "-f", "json", cwd=tree.write({**APP, **WRITTEN["ConfigMap"], ".agentslint.toml": config}))
    assert [rule for rule, _, _ in done.places()] == ["render-error"]


def test_what_lies_outside_of_the_repository_stays_out(run: Run, tree: Tree) -> None:
    (tree.root.parent / "secret.yaml").write_text(POD)
    files = {**WRITTEN["ConfigMap"], "app/kustomization.yaml": "resources: [../../secret.yaml]\n"}
    done = run("lint", "app", "-f", "json", cwd=tree.write(files))
    assert (done.status, [rule for rule, _, _ in done.places()]) == (2, ["render-error"])
