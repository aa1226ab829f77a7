"""A staged copy serves one render after another, and each finds the files as they are in the tree."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from render_tree import HELM_APP, MakeRenderer, the_target, write

from agentslint.model import RenderFailure, Rendering
from agentslint.render import KustomizeRenderer, RenderOptions, staged_copies
from agentslint.render.options import Limits
from agentslint.render.staged_copies import StagedCopies

OTHER = {"app/values.yaml": b"image: changed\n"}


def rendered(renderer: KustomizeRenderer, root: Path, changes: dict[str, bytes]) -> bytes:
    outcome = renderer.render_changed(the_target(root), RenderOptions(), changes)
    assert isinstance(outcome, Rendering), outcome
    return outcome.stream


def copies(renderer: KustomizeRenderer) -> list[str]:
    return sorted(path.name for path in renderer.folder.glob("tree-*"))


@pytest.mark.parametrize("second", ["charts/web/values.yaml", "charts/web/Chart.yaml", "app/kustomization.yaml"])
def test_a_copy_serves_the_next_render_as_if_it_were_new(make_renderer: MakeRenderer, tmp_path: Path, second: str) -> None:
    root = write(tmp_path / "repo", HELM_APP)
    changes = {second: (root / second).read_bytes() + b"\n# touched\n"}
    renderer = make_renderer()

    rendered(renderer, root, OTHER)
    again = rendered(renderer, root, changes)

    assert copies(renderer) == ["tree-1"]
    assert b"image: changed" not in again
    assert again == rendered(make_renderer(), root, changes)


def test_a_file_that_is_changed_through_a_link_is_itself_again(renderer: KustomizeRenderer, tmp_path: Path) -> None:
    root = write(tmp_path / "repo", {**HELM_APP, "app/real.yaml": "image: linked\n"})
    (root / "app" / "values.yaml").unlink()
    (root / "app" / "values.yaml").symlink_to("real.yaml")

    assert b"image: changed" in rendered(renderer, root, OTHER)
    kept = {"app/kustomization.yaml": (root / "app/kustomization.yaml").read_bytes()}

    assert b"image: linked" in rendered(renderer, root, kept)
    assert copies(renderer) == ["tree-1"]
    assert (renderer.folder / "tree-1" / "repo" / "app" / "values.yaml").is_symlink()


def test_a_copy_with_a_file_that_is_not_in_the_tree_is_used_once(renderer: KustomizeRenderer, tmp_path: Path) -> None:
    root = write(tmp_path / "repo", HELM_APP)

    rendered(renderer, root, {"charts/web/templates/more.yaml": b"kind: ConfigMap\napiVersion: v1\nmetadata:\n  name: more\n"})

    assert copies(renderer) == []
    assert b"name: more" not in rendered(renderer, root, OTHER)


def test_the_copy_that_waited_longest_goes_first(renderer: KustomizeRenderer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staged_copies, "_MOST", 2)
    roots = [write(tmp_path / name / "repo", HELM_APP) for name in ("one", "two", "three")]

    for root in roots:
        rendered(renderer, root, OTHER)

    assert copies(renderer) == ["tree-2", "tree-3"]


def test_renders_side_by_side_each_have_a_copy_of_their_own(make_renderer: MakeRenderer, tmp_path: Path) -> None:
    root = write(tmp_path / "repo", HELM_APP)
    files = ("app/values.yaml", "charts/web/values.yaml", "charts/web/Chart.yaml")
    changes = [
        {path: (root / path).read_bytes() + f"\n# {number}\n".encode(), "app/values.yaml": f"image: v{number}\n".encode()}
        if number % 3
        else {path: (root / path).read_bytes()}
        for number in range(6)
        for path in files
    ]
    renderer = make_renderer()
    with ThreadPoolExecutor(4) as workers:
        found = list(workers.map(lambda change: rendered(renderer, root, change), changes))

    for change, stream in dict(zip(map(repr, changes), zip(changes, found, strict=True), strict=True)).values():
        assert stream == rendered(make_renderer(), root, change)
    assert len(copies(renderer)) <= 4


@pytest.mark.parametrize("limits", [Limits(), Limits(timeout=0.001)], ids=["refused", "timed out"])
def test_a_copy_is_as_new_after_a_render_that_failed(make_renderer: MakeRenderer, tmp_path: Path, limits: Limits) -> None:
    root = write(tmp_path / "repo", HELM_APP)
    renderer = make_renderer()
    broken = {"charts/web/templates/settings.yaml": b'{{ fail "no" }}\n'}

    assert isinstance(renderer.render_changed(the_target(root), RenderOptions(limits=limits), broken), RenderFailure)
    assert rendered(renderer, root, OTHER) == rendered(make_renderer(), root, OTHER)


def test_a_changed_file_has_its_mode_again(renderer: KustomizeRenderer, tmp_path: Path) -> None:
    root = write(tmp_path / "repo", HELM_APP)
    (root / "app/values.yaml").chmod(0o755)
    fresh = StagedCopies(tmp_path / "copies")
    with fresh.lent(the_target(root)) as stage:
        wanted = (stage.root({}) / "app/values.yaml").stat().st_mode

    rendered(renderer, root, OTHER)

    assert (renderer.folder / "tree-1/repo/app/values.yaml").stat().st_mode == wanted


@pytest.mark.parametrize("option", ["--enable-exec", "--enable-exec=true", "--enable-alpha-plugins"])
def test_a_copy_in_which_programs_may_have_written_is_never_lent_again(renderer: KustomizeRenderer, tmp_path: Path, option: str) -> None:
    root = write(tmp_path / "repo", HELM_APP)

    outcome = renderer.render_changed(the_target(root), RenderOptions(build_options=(option,)), OTHER)

    assert isinstance(outcome, Rendering), outcome
    assert copies(renderer) == []
