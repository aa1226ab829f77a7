"""One tag with another digest is another image: it passes where the previous stage runs that digest, or has run it."""

from __future__ import annotations

import json

import pytest

from tests.suppress.command_fixtures import run, tree
from tests.suppress.command_in_process import Run, Tree

__all__ = ["run", "tree"]

CONFIG = """\
select = ["promotion-order"]
[[groups]]
name = "web"
images = ["registry.example.com/shop/*"]
order = [{ targets = ["staging"] }, { targets = ["production"] }]
"""
A, B, C = (f"@sha256:{digit * 64}" for digit in "123")


def pods(staging: str, production: str) -> dict[str, str]:
    """Both stages, each with its image in an entry whose parts have a line each."""
    files = {".agentslint.toml": CONFIG}
    for name, image in (("staging", staging), ("production", production)):
        tag, _, digest = image.partition("@")
        files[f"{name}/kustomization.yaml"] = (
            f"resources: [pod.yaml]\nimages:\n- name: registry.example.com/shop/web\n  newTag: {tag}\n  digest: {digest}\n"
        )
        files[f"{name}/pod.yaml"] = (
            "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: registry.example.com/shop/web}]}\n"
        )
    return files


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (("1.4.0" + A, "1.4.0" + A), ("1.4.0" + A, "1.4.0" + C), [("production/kustomization.yaml", 5)]),
        (("stable-a" + A, "stable-a" + A), ("stable-a" + A, "stable-a" + C), [("production/kustomization.yaml", 5)]),
        (("1.4.0" + A, "1.4.0" + B), ("1.4.0" + A, "1.4.0" + A), []),
        (("1.4.0" + A, "1.4.0" + B), ("1.4.0" + C, "1.4.0" + A), []),
        (("1.4.0" + A, "1.4.0" + A), ("1.4.0" + B, "1.4.0" + B), []),
        (("1.4.0" + A, "1.4.0" + A), ("1.4.0" + B, "1.4.0" + A), []),
        (("1.4.0" + A, "1.5.0" + A), ("1.4.0" + B, "1.5.0" + A), []),
        (("1.4.0" + A, "1.3.0" + A), ("1.4.0" + A, "1.5.0" + B), [("production/kustomization.yaml", 4)]),
    ],
)
def test_what_the_stage_before_has_not_run_is_found(
    before: tuple[str, str], after: tuple[str, str], lines: list[tuple[str, int]], run: Run, tree: Tree
) -> None:
    tree.write(pods(*before))
    tree.commit()
    done = run("lint", ".", "--base", "HEAD", "-f", "json", cwd=tree.write(pods(*after)))
    assert [(path, line) for _, path, line in done.places()] == lines
    assert json.loads(done.out)["failures"] == []
