"""A file stands for the targets that read it: that is what pre-commit passes."""

from __future__ import annotations

import pytest
from discover_tree import CONFIG_MAP, Tree

from agentslint.errors import UsageError


@pytest.fixture
def app(tree: Tree) -> Tree:
    """Two overlays of one base, one of them with a chart."""
    tree.kustomization("app/base", "cm.yaml", patches=[{"path": "patch.yaml"}]).write({"app/base/patch.yaml": CONFIG_MAP})
    tree.kustomization("app/dev", "../base")
    chart = {"name": "agents", "valuesFile": "values.yaml", "additionalValuesFiles": ["more.yaml"]}
    tree.kustomization("app/prod", "../base", helmGlobals={"chartHome": "../../charts"}, helmCharts=[chart])
    tree.write({"app/prod/values.yaml": "a: 1\n", "app/prod/more.yaml": "b: 1\n"})
    return tree.write({"charts/agents/Chart.yaml": "name: agents\n", "charts/agents/templates/x.yaml": "{{ x }}\n"})


@pytest.mark.parametrize(
    ("path", "targets"),
    [
        ("app/prod/values.yaml", ["app/prod"]),
        ("app/prod/more.yaml", ["app/prod"]),
        ("app/prod/kustomization.yaml", ["app/prod"]),
        ("charts/agents/templates/x.yaml", ["app/prod"]),
        ("app/base/cm.yaml", ["app/dev", "app/prod"]),
        ("app/base/patch.yaml", ["app/dev", "app/prod"]),
        ("app/base/kustomization.yaml", ["app/dev", "app/prod"]),
    ],
)
def test_a_file_stands_for_the_targets_that_read_it(app: Tree, path: str, targets: list[str]) -> None:
    found = app.discover(path)
    assert [target.name for target in found.targets] == targets
    assert not found.notes


def test_with_all_the_bases_that_read_it_count_too(app: Tree) -> None:
    assert app.names("app/base/cm.yaml", all_kustomizations=True) == ["app/base", "app/dev", "app/prod"]


def test_a_file_that_none_reads_is_a_note(app: Tree) -> None:
    app.write({"README.md": "# hello\n", "app/prod/unused.yaml": "a: 1\n", "broken.yaml": "a: [\n"})
    found = app.discover("README.md", "app/prod/unused.yaml", "broken.yaml")
    assert found.targets == ()
    assert found.notes == tuple(f"{path}: no target reads it" for path in ("README.md", "app/prod/unused.yaml", "broken.yaml"))


def test_a_manifest_that_none_reads_is_linted_as_it_stands(app: Tree) -> None:
    app.write({"app/prod/application.yaml": CONFIG_MAP, "broken.yaml": CONFIG_MAP + "  x: [\n"})
    assert app.names("app/prod/application.yaml", "broken.yaml") == ["app/prod/application.yaml", "broken.yaml"]


def test_a_component_that_none_uses_is_a_target_when_named(app: Tree) -> None:
    app.kustomization("app/part", kind="Component")
    assert app.names("app/part/kustomization.yaml") == ["app/part"]
    app.kustomization("app/dev", "../base", components=["../part"])
    assert app.names("app/part/kustomization.yaml") == ["app/dev"]


def test_an_excluded_file_is_no_target_though_named(app: Tree) -> None:
    app.write({"vendor/x.yaml": CONFIG_MAP}).kustomization("vendor/app", "cm.yaml")
    found = app.discover("vendor/x.yaml", "vendor/app/kustomization.yaml", "app/base/cm.yaml", exclude=("vendor/", "app/base"))
    assert [target.name for target in found.targets] == ["app/dev", "app/prod"]
    assert found.notes == tuple(
        f"{path}: excluded by the configuration, and no target reads it" for path in ("vendor/x.yaml", "vendor/app/kustomization.yaml")
    )


def test_files_of_excluded_targets_are_not_linted_through_them(app: Tree) -> None:
    assert app.names("app/base/cm.yaml", exclude=("app/dev/",)) == ["app/prod"]


def test_paths_are_taken_from_where_the_user_stands(app: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    from agentslint.discover import DiscoverConfig, discover

    monkeypatch.chdir(app.root / "app" / "prod")
    found = discover(["values.yaml", "../dev"], root=app.root, config=DiscoverConfig())
    assert [target.name for target in found.targets] == ["app/dev", "app/prod"]


def test_a_path_that_does_not_exist_is_named(app: Tree) -> None:
    with pytest.raises(UsageError, match=r"app/gone\.yaml: there is no such file or folder"):
        app.discover("app/gone.yaml")


def test_a_path_outside_of_the_root_is_refused(app: Tree) -> None:
    (app.root.parent / "elsewhere.yaml").write_text(CONFIG_MAP)
    with pytest.raises(UsageError, match=r"elsewhere\.yaml lies outside of the repository"):
        app.discover("../elsewhere.yaml")
