"""A staged copy is judged by kustomize as the tree itself is: links stay links, and what leaves the tree still does."""

from __future__ import annotations

import os
from pathlib import Path

from render_tree import CHART, HELM_APP, snapshot, the_target, write

from agentslint.model import RenderFailure, Rendering, Target
from agentslint.render import KustomizeRenderer, RenderOptions
from agentslint.render.stage import needs_stage
from agentslint.render.staged_copies import StagedCopies

REMOTE = "helmCharts:\n  - name: cache\n    repo: http://127.0.0.1:9\n    version: 1.0.0\n"


def staged_copy(target: Target, folder: Path) -> Path:
    """The copy that a render of the target is lent; it stays until the end of the run."""
    with StagedCopies(folder / "copies").lent(target) as stage:
        return stage.root({})


def test_only_a_chart_that_would_be_pulled_needs_a_copy(tmp_path: Path) -> None:
    vendored = {"app/kustomization.yaml": REMOTE, "app/charts/cache-1.0.0/cache/Chart.yaml": CHART["charts/web/Chart.yaml"]}

    assert not needs_stage(the_target(write(tmp_path / "local", HELM_APP)))
    assert not needs_stage(the_target(write(tmp_path / "vendored", vendored)))
    assert needs_stage(the_target(write(tmp_path / "remote", {"app/kustomization.yaml": REMOTE})))


def test_a_copy_holds_what_the_target_reads_and_nothing_else(tmp_path: Path) -> None:
    root = write(tmp_path / "repo", {**HELM_APP, "app/notes.txt": "unread", "other/kustomization.yaml": "resources: []"})

    staged = staged_copy(the_target(root), tmp_path)

    copied = {path.relative_to(staged).as_posix() for path in staged.rglob("*") if path.is_file()}
    assert copied == {*HELM_APP}
    assert all((staged / path).read_text() == text for path, text in HELM_APP.items())
    assert not any((staged / path).samefile(root / path) for path in HELM_APP)


def test_links_within_the_tree_lead_to_the_copy(tmp_path: Path) -> None:
    root = write(tmp_path / "repo", {**HELM_APP, "shared/values.yaml": "image: linked\n"})
    (root / "app" / "values.yaml").unlink()
    (root / "app" / "values.yaml").symlink_to("../shared/values.yaml")
    (root / "charts" / "web" / "values.yaml").unlink()
    (root / "charts" / "web" / "values.yaml").symlink_to(root / "shared" / "values.yaml")

    staged = staged_copy(the_target(root), tmp_path)

    for link in (staged / "app" / "values.yaml", staged / "charts" / "web" / "values.yaml"):
        assert link.is_symlink()
        assert link.resolve() == staged / "shared" / "values.yaml"


def test_a_linked_folder_leads_to_its_copy(tmp_path: Path) -> None:
    real = {path.replace("charts/", "vendor/"): text for path, text in CHART.items()}
    app = {path: text for path, text in HELM_APP.items() if path not in CHART}
    root = write(tmp_path / "repo", {**app, **real})
    (root / "charts").symlink_to("vendor")

    staged = staged_copy(the_target(root), tmp_path)

    assert (staged / "charts").is_symlink()
    assert (staged / "charts" / "web" / "Chart.yaml").read_text() == CHART["charts/web/Chart.yaml"]


def test_links_that_go_round_in_circles_end(tmp_path: Path) -> None:
    root = write(tmp_path / "repo", HELM_APP)
    (root / "charts" / "web" / "loop").symlink_to(".")
    (root / "charts" / "web" / "one").symlink_to("two")
    (root / "charts" / "web" / "two").symlink_to("one")

    staged = staged_copy(the_target(root), tmp_path)

    assert (staged / "charts" / "web" / "loop").is_symlink()


def test_a_link_out_of_the_tree_is_refused_as_in_place(renderer: KustomizeRenderer, tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"})
    messages = []
    for name, charts in (("plain", ""), ("staged", REMOTE)):
        root = write(tmp_path / name, {"app/kustomization.yaml": "resources:\n  - map.yaml\n" + charts})
        (root / "app" / "map.yaml").symlink_to(outside / "map.yaml")
        target = the_target(root)
        renderer.charts.provide = lambda pull, limits: None  # type: ignore[method-assign]
        outcome = renderer.render(target, RenderOptions())
        assert isinstance(outcome, RenderFailure)
        messages.append(outcome.message)

    assert messages == [f"app/map.yaml leads out of the repository, to {outside}/map.yaml; it is not read"] * 2


def test_special_files_are_left_out(tmp_path: Path) -> None:
    root = write(tmp_path / "repo", HELM_APP)
    os.mkfifo(root / "charts" / "web" / "pipe")

    assert not (staged_copy(the_target(root), tmp_path) / "charts" / "web" / "pipe").exists()


def test_a_changed_copy_is_rendered_and_the_tree_is_not(renderer: KustomizeRenderer, tmp_path: Path) -> None:
    root = write(tmp_path / "repo", HELM_APP)
    before = snapshot(root)

    outcome = renderer.render_changed(the_target(root), RenderOptions(), {"app/values.yaml": b"image: changed\n"})

    assert isinstance(outcome, Rendering)
    assert b"image: changed" in outcome.stream
    assert snapshot(root) == before
