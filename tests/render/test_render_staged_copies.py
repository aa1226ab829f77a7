"""A staged copy serves one render after another, and each finds the files as they are in the tree."""

from __future__ import annotations

from pathlib import Path

import pytest
from render_tree import HELM_APP, MakeRenderer, the_target, write

from agentslint.model import Rendering
from agentslint.render import KustomizeRenderer, RenderOptions, staged_copies

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
