"""The way from the scalar to the rendered field: who passes it on."""

from __future__ import annotations

from pathlib import Path

import pytest
from oracle_asking import asking

from agentslint.model import Location
from agentslint.trace import place_of

TRAPS = Path(__file__).parent / "traps"


def steps(trap: str, resource: str, target: str = ".", container: int = 0) -> list[str]:
    """The steps to the image of a container, as `file:line what happens there`."""
    with asking(TRAPS / trap, target) as about:
        (only,) = about.targets
        use = next(
            use
            for use in only.image_uses
            if use.manifest.resource == resource and use.pointer[-2:] == (container, "image") and "containers" in use.pointer
        )
        only.tracer.prove([use.digest_field])
        return [told(step) for step in place_of(use.digest_field, {only.target.name: only.tracer}).steps]


def told(step: Location) -> str:
    return f"{step.path}:{step.region.start_line} {step.message}"


IMAGE = "renders as Deployment/web spec.template.spec.containers[{}].image"


@pytest.mark.parametrize(
    ("trap", "target", "container", "expected"),
    [
        (
            "same_text_in_five_places",
            ".",
            0,
            [
                "values.yaml:4 written here",
                "kustomization.yaml:4 given to the chart as values",
                f"charts/web/templates/web.yaml:15 filled in by the template; {IMAGE.format(0)}",
            ],
        ),
        (
            "digest_of_the_charts_defaults",
            ".",
            0,
            [
                "charts/web/values.yaml:5 written here",
                "kustomization.yaml:2 renders the chart web",
                f"charts/web/templates/web.yaml:15 filled in by the template; {IMAGE.format(0)}",
            ],
        ),
        (
            "bases_and_overlays",
            "overlays/staging",
            0,
            [
                "base/web.yaml:15 written here",
                "base/kustomization.yaml:1 listed as a resource",
                "middle/kustomization.yaml:1 listed as a resource",
                f"overlays/staging/kustomization.yaml:1 listed as a resource; {IMAGE.format(0)}",
            ],
        ),
        (
            "bases_and_overlays",
            "overlays/staging",
            1,
            [
                "overlays/staging/kustomization.yaml:4 written here",
                "base/web.yaml:17 the image that the entry looks for",
                "middle/kustomization.yaml:3 matched by this images entry",
                f"overlays/staging/kustomization.yaml:3 matched by this images entry; {IMAGE.format(1)}",
            ],
        ),
        (
            "strategic_merge_file",
            ".",
            0,
            ["patch.yaml:11 written here", f"kustomization.yaml:3 applied as a patch; {IMAGE.format(0)}"],
        ),
    ],
)
def test_who_passes_a_scalar_on(trap: str, target: str, container: int, expected: list[str]) -> None:
    assert steps(trap, "Deployment/web", target, container) == expected


def test_a_value_that_chooses_the_branch_is_one_of_the_steps() -> None:
    assert steps("branch_on_the_tag", "Deployment/branching")[:2] == [
        "charts/web/templates/web.yaml:34 written here",
        "values.yaml:3 a condition in a template depends on it",
    ]
