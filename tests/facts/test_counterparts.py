"""Manifests of two renders are paired, generated ones without kustomize's hash: a hash as kustomize writes it, and no word."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from agentslint.authorship.given_names import unhashed
from agentslint.facts.counterparts import Counterparts, paired_manifests, without_hashes
from agentslint.facts.stream import read_manifests
from agentslint.model import Manifest, Rendering, Target, TargetKind

COUNT = 300
WORDS = ("production", "controller", "monitoring", "2024-01-01", "kubernetes", "deployment", "0123456789", "abcdefghij", "bcdfghkmt24")


def manifests(*names: str, kind: str = "ConfigMap", version: str = "v1") -> tuple[Manifest, ...]:
    stream = "---\n".join(yaml.safe_dump({"apiVersion": version, "kind": kind, "metadata": {"name": name}}) for name in names)
    return read_manifests(Rendering(Target("app", TargetKind.STREAM, Path(), "a.yaml"), stream.encode()), lambda kind: True).manifests


def names(pairs: list[tuple[Manifest | None, Manifest | None]]) -> list[tuple[str, str]]:
    return [(old.name if old else "", new.name if new else "") for old, new in pairs]


@pytest.fixture(scope="module")
def generated(kustomize: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Names as kustomize makes them, of ConfigMaps and Secrets with different contents."""
    folder = tmp_path_factory.mktemp("generated")
    rows = [{"name": f"web-{number}", "literals": [f"key={number * 7919}"]} for number in range(COUNT)]
    content = {"configMapGenerator": rows[::2], "secretGenerator": rows[1::2]}
    (folder / "kustomization.yaml").write_text(json.dumps(content))
    done = subprocess.run([kustomize, "build", folder], capture_output=True, text=True, check=True)
    return [document["metadata"]["name"] for document in yaml.safe_load_all(done.stdout)]


def test_every_suffix_of_kustomize_is_one(generated: list[str]) -> None:
    assert len(generated) == COUNT
    assert {unhashed(name) for name in generated} == {f"web-{number}" for number in range(COUNT)}
    assert {without_hashes(f"{name}/key") for name in generated} == {f"web-{number}/key" for number in range(COUNT)}
    assert {letter for name in generated for letter in name[-10:]} == set("bcdfghkmt2456789")


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_none(word: str) -> None:
    assert unhashed(f"web-{word}") == without_hashes(f"web-{word}") == f"web-{word}"


def test_what_has_a_word_behind_its_name_is_another_resource() -> None:
    assert names(paired_manifests(manifests("web-production"), manifests("web-staging-a"))) == [
        ("", "web-staging-a"),
        ("web-production", ""),
    ]
    assert Counterparts(manifests("web-production"), manifests("web-monitoring")).of(manifests("web-production")[0]) is None


def test_generated_resources_are_paired_by_the_rest_of_their_names(generated: list[str]) -> None:
    first, second = generated[0], generated[0][:-10] + generated[1][-10:]
    (pair,) = paired_manifests(manifests(first), manifests(second))
    assert names([pair]) == [(first, second)]
    found = Counterparts(manifests(first), manifests("other", second)).of(manifests(first)[0])
    assert found is not None
    assert found.name == second
    assert names(paired_manifests(manifests(first), manifests(unhashed(first)))) == [(first, unhashed(first))]


def test_a_resource_of_any_kind_may_ask_for_a_hash(generated: list[str]) -> None:
    first, second = generated[0], generated[0][:-10] + generated[1][-10:]
    assert names(paired_manifests(manifests(first, kind="Job"), manifests(second, kind="Job"))) == [(first, second)]
    assert len(paired_manifests(manifests(first, kind="Job"), manifests(second, kind="CronJob"))) == 2
