"""The heuristic and the table against a labelled corpus: exact hits, known false positives and known misses, all by name.

Each manifest of `corpus/` is followed by what is expected of it: uses by kind, `traps` (texts that must not be taken),
`false-positives` (texts that are taken and are no image that runs) and `misses` (images that are not found).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml12
from manifest_maker import make_manifest

from agentslint.images import BUILTIN_FIELDS, UseKind, image_uses, may_hold_images
from agentslint.model import Manifest, Pointer, dotted

CORPUS = Path(__file__).parent / "corpus"
KINDS = {kind.value for kind in UseKind}


class Case(NamedTuple):
    name: str
    manifest: Manifest
    expected: dict[str, Any]


def read_corpus() -> Iterator[Case]:
    for path in sorted(CORPUS.glob("*.yaml")):
        documents: list[Any] = [yaml12.parse_yaml(text) for text in re.split(r"(?m)^---\n", path.read_text(encoding="utf-8"))]
        for body, expectation in zip(documents[::2], documents[1::2], strict=True):
            manifest = make_manifest(body)
            yield Case(f"{path.stem}/{manifest.kind}-{manifest.name}", manifest, expectation["expect"])


CASES = list(read_corpus())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_finds_what_is_labelled_and_nothing_else(case: Case) -> None:
    found = [(use.kind.value, dotted(use.pointer), use.text) for use in image_uses(case.manifest, BUILTIN_FIELDS)]

    expected = [(kind, path, text) for kind in case.expected if kind in KINDS for path, text in case.expected[kind].items()]
    expected += [("guessed", path, text) for path, text in case.expected.get("false-positives", {}).items()]
    assert sorted(found) == sorted(expected)
    assert not found or may_hold_images(case.manifest.head, BUILTIN_FIELDS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_labels_speak_of_what_is_there(case: Case) -> None:
    assert set(case.expected) <= {*KINDS, "traps", "false-positives", "misses"}
    paths = {dotted(pointer): value for pointer, value in leaves(case.manifest.body)}
    assert set(case.expected.get("traps", [])) <= set(paths)
    for path, text in case.expected.get("misses", {}).items():
        assert paths[path] == text


def test_the_corpus_is_wide_and_its_faults_are_named() -> None:
    false_positives = [text for case in CASES for text in case.expected.get("false-positives", {}).values()]
    misses = [text for case in CASES for text in case.expected.get("misses", {}).values()]
    hits = sum(len(case.expected.get(kind, ())) for case in CASES for kind in KINDS)
    traps = sum(len(case.expected.get("traps", ())) for case in CASES)

    assert len(CASES) >= 50
    assert hits >= 45
    assert traps >= 60
    assert sorted(false_positives) == [
        "acme/hero-banner",
        "cdn.example.com/banners/spring",
        "ghcr.io/acme/web:latest",
        "mdi:home",
        "ubuntu:22.04",
    ]
    assert sorted(misses) == [
        "acme/team/worker",
        "ghcr.io/Acme/worker:v1",
        "ghcr.io/acme/preload:v1",
        "ghcr.io/acme/runner:v1",
        "oci://ghcr.io/acme/auth:v1",
        "redis",
        "worker",
    ]


def leaves(node: Any, pointer: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    if not isinstance(node, dict | list):
        yield pointer, node
    for key, child in children:
        yield from leaves(child, (*pointer, key))
