"""What a target reads: everything that a change of it may come from."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from discover_tree import CONFIG_MAP, Tree

from agentslint.discover import DiscoverConfig, discover
from agentslint.model import Target, TargetKind

PATCH = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata: {a: b}\n"
RICH = """\
resources: [cm.yaml, ../base]
bases: [../old]
components: [../part]
crds: [crd.json]
configurations: [config.yaml]
openapi: {path: schema.json}
patches:
- path: patch.yaml
- patch: |-
    - {op: add, path: /data, value: {}}
  target: {kind: ConfigMap}
patchesStrategicMerge:
- merge.yaml
- |-
  apiVersion: v1
  kind: ConfigMap
  metadata: {name: settings}
patchesJson6902:
- {path: json.yaml, target: {version: v1, kind: ConfigMap, name: settings}}
replacements:
- path: replacement.yaml
configMapGenerator:
- {name: a, files: [one.txt, key=two.txt], envs: [three.env]}
- {name: b, env: four.env}
secretGenerator:
- {name: c, files: [five.txt]}
generators: [generator.yaml, ../plugins]
transformers:
- |-
  apiVersion: builtin
  kind: PatchTransformer
  metadata: {name: t}
  path: inline-patch.yaml
validators: [validator.yaml]
helmChartInflationGenerator:
- {chartName: old, values: old-values.yaml, chartHome: helm}
"""


def test_every_field_that_names_a_file_counts(tree: Tree) -> None:
    tree.write({"app/kustomization.yaml": RICH, "app/cm.yaml": CONFIG_MAP, "app/inline-patch.yaml": PATCH})
    for folder in ("base", "old"):
        tree.kustomization(folder, "cm.yaml")
    tree.kustomization("part", kind="Component", patches=[{"path": "patch.yaml"}])
    tree.write({"app/generator.yaml": "kind: ConfigMapGenerator\nmetadata: {name: g}\nfiles: [k=generated.txt]\n", "app/generated.txt": ""})
    tree.kustomization("plugins", "helm.yaml")
    tree.write({"plugins/helm.yaml": "kind: HelmChartInflationGenerator\nname: agents\nvaluesFile: plugin-values.yaml\n"})
    tree.write({"app/plugin-values.yaml": "", "app/charts/agents/Chart.yaml": "", "app/validator.yaml": "path: ''\n"})
    closure = tree.target("app").closure
    assert closure.files == {
        *("base/kustomization.yaml", "base/cm.yaml", "old/kustomization.yaml", "old/cm.yaml"),
        *("part/kustomization.yaml", "part/patch.yaml", "plugins/kustomization.yaml", "plugins/helm.yaml"),
        *(
            f"app/{name}.yaml"
            for name in ("kustomization", "cm", "config", "patch", "merge", "json", "replacement", "generator", "validator")
        ),
        *(f"app/{name}" for name in ("crd.json", "schema.json", "one.txt", "two.txt", "three.env", "four.env", "five.txt")),
        *("app/generated.txt", "app/inline-patch.yaml", "app/plugin-values.yaml", "app/old-values.yaml"),
    }
    assert closure.folders == {"app/charts", "app/charts/agents"}  # A folder of plugins may inflate any chart.
    assert closure.kustomizations[0] == "app/kustomization.yaml"
    assert set(closure.kustomizations[1:]) == {f"{name}/kustomization.yaml" for name in ("base", "old", "part", "plugins")}
    assert [(chart.kustomization, chart.line, chart.directory) for chart in closure.charts] == [
        ("app/kustomization.yaml", 36, "app/helm/old"),
        ("plugins/helm.yaml", 1, "app/charts/agents"),
    ]
    assert not closure.remotes


def test_a_missing_file_counts_as_its_appearing_would_change_the_target(tree: Tree) -> None:
    tree.kustomization("app", patches=[{"path": "gone.yaml"}])
    assert tree.target("app").closure.reads("app/gone.yaml")


def test_what_lies_outside_of_the_root_is_dropped(tree: Tree) -> None:
    (tree.root.parent / "base").mkdir()
    (tree.root.parent / "base" / "kustomization.yaml").write_text("resources: [x.yaml]\n")
    tree.kustomization("app", "../../base", "../../other.yaml", helmGlobals={"chartHome": "../.."}, helmCharts=[{"name": "base"}])
    closure = tree.target("app").closure
    assert {path for path in closure.files if path.startswith("app")} == closure.files
    assert not closure.folders
    assert [(chart.directory, chart.present) for chart in closure.charts] == [(None, True)]


def test_keys_in_any_case_and_twice_are_read_as_kustomize_reads_them(tree: Tree, kustomize: Path) -> None:
    tree.write({"app/kustomization.yaml": "Resources: [a.yaml]\nresources: [b.yaml]\nresources: [c.yaml]\n"})
    tree.write({"twice/kustomization.yaml": "helmCharts: [{name: x}]\nhelmGlobals: {chartHome: one, chartHome: two}\n"})
    for name in "abc":
        tree.write({f"app/{name}.yaml": CONFIG_MAP.replace("settings", f"name-{name}")})
    closure = tree.target("app").closure
    printed = _build(kustomize, tree.root / "app")
    assert [name for name in "abc" if f"name-{name}" in printed] == ["c"]
    assert closure.reads("app/c.yaml")
    assert tree.target("twice").closure.charts[0].directory == "twice/two/x"


def test_links_count_by_their_own_name_and_by_where_they_lead(tree: Tree) -> None:
    tree.write({"shared/cm.yaml": CONFIG_MAP}).link("app/cm.yaml", "../shared/cm.yaml").kustomization("app", "cm.yaml", "linked")
    tree.kustomization("base", "base.yaml").link("app/linked", "../base")
    closure = tree.target("app").closure
    assert closure.files == {"app/kustomization.yaml", "app/cm.yaml", "shared/cm.yaml", "base/kustomization.yaml", "base/base.yaml"}
    assert tree.names("shared/cm.yaml") == ["app"]
    assert tree.names("app/linked") == ["base"]
    tree.link("alias.yaml", "base/base.yaml")
    assert tree.names("alias.yaml") == ["app"]


def test_a_file_in_a_linked_folder_counts_by_both_names(tree: Tree) -> None:
    tree.write({"shared/cm.yaml": CONFIG_MAP}).link("app/linked", "../shared").kustomization("app", patches=[{"path": "linked/cm.yaml"}])
    assert tree.target("app").closure.files == {"app/kustomization.yaml", "app/linked/cm.yaml", "shared/cm.yaml"}


def test_a_component_builds_by_itself(tree: Tree, kustomize: Path) -> None:
    tree.kustomization("part", "cm.yaml", kind="Component", apiVersion="kustomize.config.k8s.io/v1alpha1")
    assert "name: settings" in _build(kustomize, tree.root / "part")


def test_a_copy_of_the_closure_builds_the_same(lab: Path, kustomize: Path, tmp_path: Path) -> None:
    found = discover([str(lab / "argocd")], root=lab, config=DiscoverConfig(), all_kustomizations=True)
    checked = 0
    for target in found.targets:
        if target.kind is TargetKind.KUSTOMIZATION and not target.closure.remotes and not target.closure.charts:
            copy = tmp_path / target.name.replace("/", "-")
            _copy(target, copy)
            assert _build(kustomize, copy / target.name) == _build(kustomize, lab / target.name)
            checked += 1
    assert checked >= 15


def _copy(target: Target, into: Path) -> None:
    for path in target.closure.files:
        (into / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(target.root / path, into / path)


def _build(kustomize: Path, folder: Path) -> str:
    done = subprocess.run([kustomize, "build", folder], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "broken",
    [
        "resources: [\n",
        "a: b: c\n",
        "\tresources:\n",
        "- a\n",
        "just text\n",
        "",
        "---\n",
        b"\xff\xfe",
        "a: &a [*a]\n",
        "resources: {a: [b]}\n",
    ],
)
def test_a_broken_kustomization_is_a_target_that_reads_itself(tree: Tree, broken: str | bytes) -> None:
    tree.write({"app/kustomization.yaml": broken})
    found = tree.discover("app")
    assert [(target.name, target.closure.files) for target in found.targets] == [("app", {"app/kustomization.yaml"})]
    assert not found.failures
