"""A folder stands for what is deployed from it."""

from __future__ import annotations

import pytest
from discover_tree import CONFIG_MAP, Tree

from agentslint.errors import UsageError
from agentslint.model import TargetKind


def test_bases_and_components_are_covered_by_what_deploys_them(tree: Tree) -> None:
    tree.kustomization("app/base", "cm.yaml")
    tree.kustomization("app/parts/tls", kind="Component", apiVersion="kustomize.config.k8s.io/v1alpha1")
    tree.kustomization("app/overlays/dev", "../../base")
    tree.kustomization("app/overlays/prod", "../../base", components=["../../parts/tls"])
    assert tree.names("app") == ["app/overlays/dev", "app/overlays/prod"]


def test_only_references_from_inside_of_the_folder_count(tree: Tree) -> None:
    tree.kustomization("app/overlays/prod", "cm.yaml")
    tree.kustomization("app", "overlays/prod")
    assert tree.names(".") == ["app"]
    assert tree.names("app/overlays") == ["app/overlays/prod"]


def test_all_takes_bases_too_but_no_components(tree: Tree) -> None:
    tree.kustomization("base", "cm.yaml").kustomization("part", kind="Component").kustomization("prod", "../base")
    assert tree.names(".", all_kustomizations=True) == ["base", "prod"]


@pytest.mark.parametrize("name", ["kustomization.yaml", "kustomization.yml", "Kustomization"])
def test_every_name_of_a_kustomization_is_known(tree: Tree, name: str) -> None:
    tree.write({f"app/{name}": "namePrefix: x-\n"})
    target = tree.target(".")
    assert (target.name, target.kind, target.file) == ("app", TargetKind.KUSTOMIZATION, f"app/{name}")
    assert target.folder == tree.root / "app"


def test_two_kustomizations_in_one_folder_are_one_target_for_kustomize_to_refuse(tree: Tree) -> None:
    tree.write({"app/kustomization.yaml": "resources: [a.yaml]\n", "app/Kustomization": "resources: [b.yaml]\n"})
    assert tree.target("app").closure.kustomizations == ("app/kustomization.yaml", "app/Kustomization")


def test_the_root_itself_is_named_by_a_dot(tree: Tree) -> None:
    tree.kustomization(".", "cm.yaml")
    target = tree.target(".")
    assert (target.name, target.file, target.folder) == (".", "kustomization.yaml", tree.root)


def test_a_folder_that_is_named_is_a_target_whatever_refers_to_it(tree: Tree) -> None:
    tree.kustomization("base", "cm.yaml").kustomization("prod", "../base")
    tree.kustomization("part", kind="Component")
    assert tree.names("base") == ["base"]
    assert tree.names("part") == ["part"]


def test_manifests_outside_of_kustomizations_are_plain_targets(tree: Tree) -> None:
    tree.kustomization("app", "cm.yaml")
    tree.write({"app/not-listed.yaml": CONFIG_MAP, "app/deep/er.yaml": CONFIG_MAP})
    tree.write({"sets/one.yaml": CONFIG_MAP, "sets/two.yml": CONFIG_MAP, "sets/values.yaml": "a: 1\n", "sets/notes.txt": CONFIG_MAP})
    targets = tree.discover(".").targets
    assert [target.name for target in targets] == ["app", "sets/one.yaml", "sets/two.yml"]
    plain = targets[1]
    assert (plain.kind, plain.file, plain.closure.files) == (TargetKind.MANIFESTS, "sets/one.yaml", {"sets/one.yaml"})


def test_a_manifest_beside_an_overlay_that_reads_it_is_not_linted_twice(tree: Tree) -> None:
    tree.write({"shared/cm.yaml": CONFIG_MAP}).kustomization("app", "../shared/cm.yaml")
    assert tree.names(".") == ["app"]


def test_a_kustomization_above_the_given_folder_keeps_its_files(tree: Tree) -> None:
    tree.kustomization("app", "parts/cm.yaml")
    assert tree.names("app/parts") == ["app"]


def test_charts_are_passed_over_and_not_what_lies_beside_them(tree: Tree) -> None:
    tree.kustomization("app", "cm.yaml")
    tree.write({"app/charts/x/Chart.yaml": "name: x\n", "app/charts/x/config/kustomization.yaml": "resources: []\n"})
    tree.write({"helm/agents/Chart.yaml": "name: agents\n", "helm/agents/crds/crd.yaml": CONFIG_MAP})
    assert tree.names(".") == ["app"]

    tree.kustomization("charts/argocd").write({"charts/plain.yaml": CONFIG_MAP})
    assert tree.names(".") == ["app", "charts/argocd", "charts/plain.yaml"]


def test_a_kustomization_beside_a_chart_file_is_deployed_all_the_same(tree: Tree) -> None:
    tree.write({"app/Chart.yaml": "name: x\n"}).kustomization("app", "cm.yaml")
    assert tree.names(".") == ["app"]


def test_a_folder_without_targets_stands_for_those_that_read_it(tree: Tree) -> None:
    tree.write({"charts/agents/Chart.yaml": "name: agents\n", "charts/agents/templates/x.yaml": CONFIG_MAP})
    tree.kustomization("app", helmGlobals={"chartHome": "../charts"}, helmCharts=[{"name": "agents"}])
    tree.kustomization("other", patches=[{"path": "patches/one.yaml"}])
    tree.write({"other/patches/one.yaml": CONFIG_MAP})
    assert tree.names("charts") == ["app"]
    assert tree.names("charts/agents/templates") == ["app"]
    assert tree.names("other/patches") == ["other"]


def test_exclude_patterns_are_those_of_gitignore(tree: Tree) -> None:
    tree.kustomization("apps/dev", "cm.yaml").kustomization("apps/prod", "cm.yaml").kustomization("vendor/x", "cm.yaml")
    tree.write({"apps/sets/a.yaml": CONFIG_MAP, "apps/sets/b.yaml": CONFIG_MAP})
    assert tree.names(".", exclude=("/vendor/", "**/dev", "a.yaml")) == ["apps/prod", "apps/sets/b.yaml"]
    assert tree.names(".", exclude=("*", "!vendor/", "!vendor/x/", "!vendor/x/*")) == ["vendor/x"]


def test_a_folder_that_is_named_is_looked_at_though_a_chart(tree: Tree) -> None:
    tree.kustomization("vendor/x", "cm.yaml").kustomization("vendor/x/charts/y", "cm.yaml")
    assert tree.names("vendor/x/charts") == ["vendor/x/charts/y"]


@pytest.mark.parametrize("pattern", ["vendor/", "vendor", "/vendor/**", "vendor/x"])
@pytest.mark.parametrize("path", ["vendor/x", "vendor/x/cm.yaml", "vendor/x/kustomization.yaml"])
def test_what_is_excluded_is_nothing_to_lint_by_whatever_name(tree: Tree, pattern: str, path: str) -> None:
    tree.kustomization("vendor/x", "cm.yaml").kustomization("app", "cm.yaml")
    with pytest.raises(UsageError, match=f"there is nothing to lint: .*{path}: excluded by the configuration"):
        tree.discover(path, exclude=(pattern,))
    assert tree.discover(path, exclude=(pattern,), nothing_passes=True).targets == ()
    assert tree.names(path, "app", exclude=(pattern,)) == ["app"]
    assert tree.names(".", exclude=(pattern,)) == ["app"]


def test_an_excluded_folder_stands_for_the_targets_that_read_it(tree: Tree) -> None:
    tree.kustomization("vendor/x", "cm.yaml").kustomization("app", "../vendor/x")
    assert tree.names("vendor", exclude=("vendor/",)) == ["app"]


def test_targets_come_once_and_by_name_however_paths_overlap(tree: Tree) -> None:
    tree.kustomization("b", "cm.yaml").kustomization("a", "cm.yaml").write({"c.yaml": CONFIG_MAP})
    assert tree.names("b", ".", "a", "c.yaml", "a/cm.yaml") == ["a", "b", "c.yaml"]


def test_no_target_at_all_is_an_error(tree: Tree) -> None:
    tree.write({"one/notes.txt": "", "two/values.yaml": "a: 1\n"})
    with pytest.raises(UsageError, match=r"no kustomization and no manifest under .*one, .*two"):
        tree.discover("one", "two")


def test_one_empty_folder_among_others_is_a_note(tree: Tree) -> None:
    tree.kustomization("app", "cm.yaml").write({"empty/notes.txt": ""})
    found = tree.discover("app", "empty")
    assert [target.name for target in found.targets] == ["app"]
    assert [note.rpartition("/")[2] for note in found.notes] == [
        "empty: no kustomization and no manifest, and no target reads anything in it"
    ]


def test_a_cycle_is_a_target_with_all_that_is_in_it(tree: Tree) -> None:
    tree.kustomization("z", "../y").kustomization("y", "../x").kustomization("x", "../z", "cm.yaml").kustomization("self", ".")
    targets = {target.name: target for target in tree.discover(".").targets}
    assert list(targets) == ["self", "x"]
    assert set(targets["x"].closure.kustomizations) == {f"{name}/kustomization.yaml" for name in "xyz"}
    assert targets["x"].closure.kustomizations[0] == "x/kustomization.yaml"
    assert tree.names("y") == ["y"]


def test_what_only_an_unused_component_refers_to_is_not_lost(tree: Tree) -> None:
    tree.kustomization("part", "../b", kind="Component").kustomization("b", "../a", "cm.yaml").kustomization("a", "cm.yaml")
    assert tree.names(".") == ["b"]


def test_one_that_refers_to_itself_still_covers_its_bases(tree: Tree) -> None:
    tree.kustomization("z", ".", "../a").kustomization("a", "cm.yaml")
    assert tree.names(".") == ["z"]


def test_standard_input_is_a_target_of_its_own(tree: Tree) -> None:
    found = tree.discover("-", stdin_name="rendered.yaml")
    (target,) = found.targets
    assert (target.name, target.file, target.kind) == ("rendered.yaml", "rendered.yaml", TargetKind.STREAM)
    assert tree.names("-") == ["<stdin>"]


@pytest.mark.parametrize("behind", ["charts/app", ".hidden/charts/x/app", "vendor/charts"])
def test_a_link_to_a_folder_that_is_passed_over_is_followed(tree: Tree, behind: str) -> None:
    tree.kustomization("ok", "cm.yaml").write({f"{behind}/cm.yaml": CONFIG_MAP})
    (tree.root / "deploy").symlink_to(behind)
    (tree.root / "again").symlink_to("deploy")
    assert tree.names(".") == sorted([f"{behind}/cm.yaml", "ok"])


def test_a_link_out_of_the_folder_that_is_named_is_followed(tree: Tree) -> None:
    tree.kustomization("apps/ok", "cm.yaml").kustomization("shared/web", "cm.yaml")
    (tree.root / "apps/web").symlink_to("../shared/web")
    assert tree.names("apps") == ["apps/ok", "shared/web"]


def test_links_in_a_circle_come_to_an_end(tree: Tree) -> None:
    tree.kustomization("ok", "cm.yaml").write({"a/charts/cm.yaml": CONFIG_MAP, "b/charts/cm.yaml": CONFIG_MAP})
    (tree.root / "a/charts/b").symlink_to("../../b/charts")
    (tree.root / "b/charts/a").symlink_to("../../a/charts")
    (tree.root / "start").symlink_to("a/charts")
    assert tree.names(".") == ["a/charts/cm.yaml", "b/charts/cm.yaml", "ok"]


@pytest.mark.parametrize("name", ["Chart.yaml", "kustomization.yaml"])
@pytest.mark.parametrize("kind", ["link", "folder"])
def test_what_is_only_called_a_chart_hides_nothing(tree: Tree, name: str, kind: str) -> None:
    tree.write({"plain/app/cm.yaml": CONFIG_MAP})
    if kind == "link":
        (tree.root / name).symlink_to("/nowhere")
    else:
        tree.write({f"{name}/note.txt": "x"})
    assert tree.names("plain") == ["plain/app/cm.yaml"]


@pytest.mark.parametrize("kind", ["link", "folder"])
def test_manifests_beside_what_is_only_called_a_chart_are_named(tree: Tree, kind: str) -> None:
    tree.kustomization("app", "cm.yaml").write({"app/below/cm.yaml": CONFIG_MAP})
    if kind == "link":
        (tree.root / "app/Chart.yaml").symlink_to("/nowhere")
    else:
        tree.write({"app/Chart.yaml/note.txt": "x"})
    assert [each.name for each in tree.discover(".").skipped] == ["app/below/cm.yaml"]
