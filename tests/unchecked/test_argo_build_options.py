"""Files beside the folder that is built are read where the repository's own Argo CD settings say so, and nowhere else."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from tests.suppress.command_in_process import Run, Tree

OPTIONS = "--enable-helm --load-restrictor LoadRestrictionsNone"
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - {name: web, image: 'registry.example.com/web:1.0.0'}\n"
APP = {"app/kustomization.yaml": "resources: [../common/pod.yaml]\nnamePrefix: x-\n", "common/pod.yaml": POD}
CM = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argocd-cm}\n"
PATCH = "resources: []\npatches:\n- target: {kind: ConfigMap}\n  patch: |-\n"
SAID = f'data: {{kustomize.buildOptions: "{OPTIONS}"}}'
CONFIGS = f'configs: {{cm: {{kustomize.buildOptions: "{OPTIONS}"}}}}'
WRITTEN = {
    "ConfigMap": {"argocd/cm.yaml": f"{CM}data:\n  kustomize.buildOptions: {OPTIONS}\n"},
    "flow style": {"argocd/cm.yaml": f"{CM}data: {{'kustomize.buildOptions': '{OPTIONS}'}}\n"},
    "folded": {"argocd/cm.yaml": f"{CM}data:\n  kustomize.buildOptions: >-\n    -e x\n    --load-restrictor=LoadRestrictionsNone\n"},
    "of a version": {"argocd/cm.yaml": f"{CM}data:\n  kustomize.buildOptions.v5.4.3: {OPTIONS}\n"},
    "JSON": {
        "argocd/cm.json": json.dumps({"kind": "ConfigMap", "metadata": {"name": "argocd-cm"}, "data": {"kustomize.buildOptions": OPTIONS}})
    },
    "values of a chart": {"argocd/values.yaml": f"configs:\n  cm:\n    kustomize.buildOptions: {OPTIONS}\n"},
    "generator": {
        "argocd/kustomization.yaml": f"configMapGenerator:\n- name: argocd-cm\n  literals:\n  - kustomize.buildOptions={OPTIONS}\n",
    },
    "environment file": {
        "argocd/cm.env": f"kustomize.buildOptions={OPTIONS}\n",
        "argocd/kustomization.yaml": "configMapGenerator:\n- {name: argocd-cm, envs: [./cm.env]}\n",
    },
    "JSON patch": {
        "argocd/kustomization.yaml": "patches:\n- {path: ../patches/patch.yaml, target: {kind: ConfigMap, name: argocd-.*}}\n",
        "patches/patch.yaml": f"- op: add\n  path: /data/kustomize.buildOptions\n  value: {OPTIONS}\n",
    },
    "patch that names it": {
        "argocd/kustomization.yaml": f"patches: [{{patch: '{{kind: ConfigMap, metadata: {{name: argocd-cm}}, {SAID}}}'}}]\n"
    },
    "list": {"argocd/cm.yaml": f"kind: List\nitems:\n- {{kind: ConfigMap, metadata: {{name: argocd-cm}}, {SAID}}}\n"},
    "values of an umbrella chart": {"argocd/values.yaml": f"argo-cd:\n  configs:\n    cm:\n      kustomize.buildOptions: {OPTIONS}\n"},
    "values of an older chart": {"argocd/values.yaml": f"server:\n  config:\n    kustomize.buildOptions: {OPTIONS}\n"},
    "values in an Application": {
        "argocd/app.yaml": f"kind: Application\nspec: {{source: {{helm: {{values: '{CONFIGS}'}}}}}}\n"
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
    assert note.startswith("rendered with --load-restrictor LoadRestrictionsNone, as kustomize.buildOptions says (")
    assert note.endswith("): app")
    assert any(path in note for path in WRITTEN[name])


NOT_SAID = {
    "nobody says it": {},
    "a name that is no expression": {
        "argocd/kustomization.yaml": "patches:\n- {path: ../patches/patch.yaml, target: {kind: ConfigMap, name: 'a{99999999999}'}}\n",
        "patches/patch.yaml": f"- op: add\n  path: /data/kustomize.buildOptions\n  value: {OPTIONS}\n",
    },
    "in a comment": {"argocd/cm.yaml": f"{CM}data: {{}}\n# kustomize.buildOptions: {OPTIONS}\n"},
    "other options": {"argocd/cm.yaml": f"{CM}data:\n  kustomize.buildOptions: --enable-alpha-plugins --enable-exec\n"},
    "environment file of nobody": {"docs/x.env": f"kustomize.buildOptions={OPTIONS}\n"},
    "environment file of another ConfigMap": {
        "web/x.env": f"kustomize.buildOptions={OPTIONS}\n",
        "web/kustomization.yaml": "configMapGenerator:\n- {name: web, envs: [x.env]}\n",
    },
    "literal of another ConfigMap": {
        "web/kustomization.yaml": f"configMapGenerator:\n- name: web\n  literals: ['kustomize.buildOptions={OPTIONS}']\n"
    },
    "another ConfigMap": {"web/cm.yaml": f"{CM.replace('argocd-cm', 'web')}data:\n  kustomize.buildOptions: {OPTIONS}\n"},
    "JSON of nobody": {"docs/x.json": json.dumps({"kustomize.buildOptions": OPTIONS})},
    "values of another chart": {"web/values.yaml": f"web:\n  kustomize.buildOptions: {OPTIONS}\n"},
    "patch of nobody": {"docs/patch.yaml": f"- op: add\n  path: /data/kustomize.buildOptions\n  value: {OPTIONS}\n"},
    "patch of another ConfigMap": {
        "web/patch.yaml": f"- op: add\n  path: /data/kustomize.buildOptions\n  value: {OPTIONS}\n",
        "web/kustomization.yaml": "patches:\n- {path: patch.yaml, target: {kind: ConfigMap, name: web}}\n",
    },
    "another resource": {"web/cr.yaml": f"kind: Other\nmetadata: {{name: a}}\nspec: {{kustomizeBuildOptions: '{OPTIONS}'}}\n"},
    "an example in a text": {"docs/cm.yaml": f"kind: ConfigMap\nmetadata: {{name: docs}}\ndata:\n  a: |\n    {CONFIGS}\n"},
    "an excluded file": {"old/cm.yaml": WRITTEN["ConfigMap"]["argocd/cm.yaml"], ".agentslint.toml": 'exclude = ["old/"]\n'},
    "another word": {"argocd/cm.yaml": f"{CM}data:\n  kustomize.buildOptions: --load-restrictor LoadRestrictionsRootOnly\n"},
}


@pytest.mark.parametrize("name", NOT_SAID)
def test_else_they_are_refused(name: str, run: Run, tree: Tree) -> None:
    done = run("lint", "app", "-f", "json", cwd=tree.write({**APP, **NOT_SAID[name]}))
    assert (done.status, done.places()) == (2, [("render-error", "app/kustomization.yaml", 1)])
    (result,) = json.loads(done.out)["results"]
    assert "is not in or below" in result["message"]


def test_the_configuration_has_the_last_word(run: Run, tree: Tree) -> None:
    config = '[render]\nbuild-options = ["--load-restrictor", "LoadRestrictionsRootOnly"]\n'
    done = run("lint", "app", "-f", "json", cwd=tree.write({**APP, **WRITTEN["ConfigMap"], ".agentslint.toml": config}))
    assert [rule for rule, _, _ in done.places()] == ["render-error"]


def test_what_lies_outside_of_the_repository_stays_out(run: Run, tree: Tree) -> None:
    (tree.root.parent / "secret.yaml").write_text(POD)
    files = {**WRITTEN["ConfigMap"], "app/kustomization.yaml": "resources: [../../secret.yaml]\n"}
    done = run("lint", "app", "-f", "json", cwd=tree.write(files))
    assert (done.status, [rule for rule, _, _ in done.places()]) == (2, ["render-error"])


def test_a_tree_that_nobody_trusts_does_not_lift_it(run: Run, tree: Tree) -> None:
    done = run("lint", "app", "-f", "json", "--untrusted", cwd=tree.write({**APP, **WRITTEN["ConfigMap"]}))
    assert (done.status, done.places()) == (2, [("render-error", "app/kustomization.yaml", 1)])


@pytest.mark.parametrize("at_commit", [True, False])
def test_of_such_a_tree_the_commit_of_the_policy_has_the_say(at_commit: bool, run: Run, tree: Tree) -> None:
    root = tree.write({**APP, **(WRITTEN["ConfigMap"] if at_commit else {})})
    name = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    for words in (["init", "-q"], ["add", "-A"], [*name, "commit", "-qm", "one"]):
        subprocess.run(["git", *words], cwd=root, check=True, env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull})
    tree.write(WRITTEN["ConfigMap"])

    done = run("lint", "app", "-f", "json", "--untrusted", "--policy-from", "HEAD", cwd=root)

    assert [rule for rule, _, _ in done.places()] == (["require-digest"] if at_commit else ["render-error"])
