"""One change is listed once: in every workload that has the image, and in every target that inherits it."""

from __future__ import annotations

import pytest
from diff_run import as_json, diff
from story import Story

OLD, NEW = "ghcr.io/acme/web:1", "ghcr.io/acme/web:2"


def pod(image: str, other: str = "ghcr.io/acme/proxy:1") -> str:
    containers = f"  containers:\n    - name: main\n      image: {image}\n    - name: proxy\n      image: {other}\n"
    init = f"  initContainers:\n    - name: init\n      image: {image}\n"
    return f"apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n{init}{containers}"


@pytest.fixture
def inherited(story: Story) -> Story:
    """A base with three overlays, of which one sets the image itself."""
    files = {"base/kustomization.yaml": "resources: [pod.yaml]\n", "base/pod.yaml": pod(OLD)}
    for name in ("dev", "prod"):
        files[f"{name}/kustomization.yaml"] = f"resources: [../base]\nnamespace: {name}\n"
    files["pinned/kustomization.yaml"] = "resources: [../base]\nimages: [{name: ghcr.io/acme/proxy, newTag: '9'}]\n"
    story.commit("before", files)
    return story


def test_in_text(inherited: Story) -> None:
    inherited.write({"base/pod.yaml": pod(NEW, "ghcr.io/acme/proxy:2")})
    text = diff(inherited, "--base", "HEAD").out
    assert text.count(f"- {OLD}") == text.count(f"+ {NEW}") == 2
    assert "dev, prod\n  Pod/web (container main)\n  Pod/web (init container init)\n    - " in text
    assert "pinned\n  Pod/web (container main)\n" in text
    assert text.count("ghcr.io/acme/proxy:2") == 1


def test_in_markdown(inherited: Story) -> None:
    inherited.write({"base/pod.yaml": pod(NEW)})
    text = diff(inherited, "--base", "HEAD", "--format", "markdown").out
    assert "#### `dev`, `pinned`, `prod`\n" in text
    assert f"| `Pod/web` `container main`, `Pod/web` `init container init` | `{OLD}` | `{NEW}` |" in text
    assert text.count(NEW) == 1


def test_programs_get_every_row(inherited: Story) -> None:
    inherited.write({"base/pod.yaml": pod(NEW)})
    targets = as_json(inherited, "--base", "HEAD").targets
    assert {name: len(row["images"]) for name, row in targets.items()} == {"dev": 2, "pinned": 2, "prod": 2}


def test_what_differs_stays_apart(inherited: Story) -> None:
    inherited.write({"dev/kustomization.yaml": "resources: [../base]\nnamespace: dev\nimages: [{name: ghcr.io/acme/web, newTag: '3'}]\n"})
    inherited.write({"base/pod.yaml": pod(NEW)})
    text = diff(inherited, "--base", "HEAD").out
    assert "dev\n" in text
    assert "pinned, prod\n" in text
