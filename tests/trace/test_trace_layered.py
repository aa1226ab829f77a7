"""What is exact of a part of an image is what decides it, and nothing else that says the same does: in repositories drawn at random."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from layered import Repository
from oracle import another
from oracle_asking import asking
from oracle_clone import Change, Clone, Place, written_scalars

from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.model import Certainty, Field
from agentslint.trace import place_of

_IMAGE = re.compile(r"(?P<repository>[^:@]+)(?::(?P<tag>[^@]+))?(?:@(?P<digest>.+))?")
SEEDS = {0: 9, 1: 4, 2: 11, 3: 6, 4: 12, 5: 14, 6: 6, 7: 17, 13: 18, 31: 2, 47: 16, 65: 13}
"""Seed -> the parts that are exact, at least. The last four mislead a trace that takes a part of a scalar for all of it."""


def parts(text: str) -> dict[str, tuple[int, int]]:
    match = _IMAGE.fullmatch(text)
    return {name: match.span(name) for name in ("repository", "tag", "digest") if match and match[name]}


def problems(root: Path, clone: Clone, target: RenderedTarget) -> Iterator[list[str]]:
    """Yield the problems of each exact place of a part of an image."""
    folder = str(Path(target.target.file).parent)
    plain = clone.rendered(folder)
    assert plain is not None
    written = written_scalars(root, [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()])
    target.tracer.prove([use.field for use in target.image_uses])
    for use in target.image_uses:
        for name, span in parts(use.text).items():
            place = Field(use.manifest, use.pointer, span)
            found = place_of(place, {target.target.name: target.tracer})
            if found.certainty is Certainty.EXACT:
                region = found.location.region
                where = Place(found.location.path, region.start_line, region.start_column, region.end_column)
                yield list(wrong(clone, folder, place, name, where, written))


def wrong(clone: Clone, folder: str, field: Field, name: str, where: Place, written: Mapping[Place, Any]) -> Iterator[str]:
    """One exact place: with another text there the part is another one; with other texts in all like it it stays."""
    what = f"{folder} {field.manifest.resource} {field.value} {name} at {where} ({clone.text(where)})"
    after = clone.rendered(folder, [Change(where, another(clone.text(where)))])
    if after is None or part(after, field, name) == field.text:
        yield f"{what} does not decide it"
    twins = [twin for twin in like(field.text, name, written) if not twin.overlaps(where)]
    after = clone.rendered(folder, [Change(twin, another(field.text)) for twin in twins])
    if name != "repository" and twins and (after is None or part(after, field, name) != field.text):
        yield f"{what} is not alone: one of {', '.join(map(str, twins))} does as well"


def part(documents: Mapping[tuple[str, ...], Any], field: Field, name: str) -> str:
    node = documents[field.manifest.kind, field.manifest.namespace, field.manifest.name]
    for step in field.pointer:
        node = node[step]
    span = parts(node).get(name)
    return node[span[0] : span[1]] if span else ""


def like(text: str, name: str, written: Mapping[Place, tuple[tuple[str | int, ...], str]]) -> Iterator[Place]:
    for place, (_, scalar) in written.items():
        span = parts(scalar).get(name) if scalar != text and "/" in scalar else (0, len(scalar))
        if span and scalar[span[0] : span[1]] == text:
            yield Place(place.path, place.line, place.start + span[0], place.start + span[1])


@pytest.mark.sample(3)
@pytest.mark.parametrize("seed", SEEDS)
def test_layers_that_say_the_same(seed: int, tmp_path: Path, kustomize: Path, helm: Path) -> None:
    root = tmp_path / "repository"
    Repository(seed).write(root)
    clone = Clone.of(root, tmp_path / "clone", kustomize, helm)
    with asking(root.resolve(), ".", every=True) as about:
        judged = [found for target in about.targets for found in problems(root, clone, target)]
    assert [problem for found in judged for problem in found] == []
    assert len(judged) >= SEEDS[seed]
