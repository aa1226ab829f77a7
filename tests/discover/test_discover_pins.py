"""What kustomizations make of images is known without a render, and is what kustomize makes of them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml
from discover_tree import Tree

Entries = list[dict[str, str]]


def pod(image: str) -> str:
    return f"apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  containers:\n  - {{name: web, image: '{image}'}}\n"


def pins(tree: Tree) -> set[str]:
    found = tree.discover("app").targets[0].closure.pins
    return {f"{pin.repository}{pin.tag and ':' + pin.tag}{pin.digest and '@' + pin.digest}" for pin in found}


DIGEST = "sha256:" + "4b5e57f6" * 8


@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        ([{"name": "web", "newTag": "v1"}], []),
        ([{"name": "web", "newName": "ghcr.io/acme/web", "newTag": "v1"}], []),
        ([{"name": "web", "newTag": "v1"}], [{"name": "web", "newTag": "v2"}]),
        ([{"name": "web", "newTag": "v1"}], [{"name": "web", "digest": DIGEST}]),
        ([{"name": "web", "newTag": "v1"}], [{"name": "web", "newName": "mirror.acme.com/web"}]),
        ([{"name": "web", "newName": "ghcr.io/acme/web", "newTag": "v1"}], [{"name": "ghcr.io/acme/web", "newTag": "v2"}]),
        ([{"name": "web", "newName": "ghcr.io/acme/web"}], [{"name": "ghcr.io/acme/web", "newTag": "v2", "digest": DIGEST}]),
        ([{"name": "web", "newTag": "v1"}, {"name": "web", "newName": "api"}, {"name": "api", "newTag": "v2"}], []),
    ],
)
def test_what_is_left_of_pins_is_what_kustomize_makes_of_the_image(tree: Tree, kustomize: Path, inner: Entries, outer: Entries) -> None:
    tree.write({"base/pod.yaml": pod("web")})
    tree.kustomization("base", "pod.yaml", images=inner).kustomization("app", "../base", images=outer)
    built = subprocess.run([kustomize, "build", str(tree.root / "app")], check=True, capture_output=True).stdout
    assert pins(tree) == {yaml.safe_load(built)["spec"]["containers"][0]["image"]}


def test_each_of_two_bases_keeps_its_own_pin(tree: Tree) -> None:
    for name in ("blue", "green"):
        tree.kustomization(name, f"{name}.yaml", images=[{"name": "web", "newTag": name}])
    tree.kustomization("app", "../blue", "../green")
    assert pins(tree) == {"web:blue", "web:green"}


def test_a_base_that_two_overlays_share_is_pinned_once(tree: Tree) -> None:
    tree.kustomization("base", "pod.yaml", images=[{"name": "web", "newTag": "v1"}])
    tree.kustomization("blue", "../base").kustomization("green", "../base").kustomization("app", "../blue", "../green")
    assert len(tree.target("app").closure.pins) == 1


def test_kustomizations_in_a_circle_have_pins_all_the_same(tree: Tree) -> None:
    tree.kustomization("app", "../base", images=[{"name": "web", "newTag": "v1"}]).kustomization("base", "../app")
    assert pins(tree) == {"web:v1"}


def test_a_tag_that_yaml_would_take_for_a_number_is_read_as_it_is_written(tree: Tree) -> None:
    tree.write({"app/kustomization.yaml": "images:\n- name: web\n  newTag: 0123456\n"})
    assert pins(tree) == {"web:0123456"}
