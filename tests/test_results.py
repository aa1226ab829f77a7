"""Findings and places -> results: what is folded into one, and what its fingerprint outlives."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agentslint.engine.results import Located, fingerprint, results
from agentslint.model import (
    Certainty,
    Field,
    Finding,
    Level,
    Location,
    Manifest,
    ManifestHead,
    Pointer,
    Provenance,
    Region,
    Target,
    TargetKind,
)

IMAGE: Pointer = ("spec", "containers", 0, "image")
KEY: Pointer = ("image", "tag")


def target(name: str = "app") -> Target:
    return Target(name, TargetKind.KUSTOMIZATION, Path("/nowhere"), f"{name}/kustomization.yaml")


def manifest(name: str = "web", owner: str = "app", *, before: int = 0, container: str = "web") -> Manifest:
    """A Pod whose container stands behind `before` others."""
    containers = [{"name": f"other-{number}", "image": "x"} for number in range(before)] + [{"name": container, "image": "nginx:1.27"}]
    body = {"kind": "Pod", "metadata": {"name": name}, "spec": {"containers": containers}}
    return Manifest(target(owner), 0, "", 1, head=ManifestHead("v1", "Pod", name), body=body)


def located(
    path: str = "app/values.yaml",
    line: int = 3,
    *,
    rule: str = "require-digest",
    message: str = "runs nginx",
    certainty: Certainty = Certainty.EXACT,
    key_path: Pointer = KEY,
    place: Field | Location | None = None,
    owner: str = "app",
    image: str = "nginx:1.27",
    level: Level = Level.WARNING,
) -> Located:
    """A finding with its place."""
    field = place or Field(manifest(owner=owner), IMAGE)
    words = f"{field.manifest.resource} {field.path} = {image}" if isinstance(field, Field) else ""
    where = Location(path, Region(line, 8, line, 14), "", key_path)
    finding = Finding(rule, message, field, target(owner), image=image, container="web", level=level)
    return finding, Provenance(where, certainty, words), ()


# Fingerprints.


@given(line=st.integers(1, 10_000), column=st.integers(1, 500), image=st.text(max_size=40), message=st.text(max_size=40))
@pytest.mark.parametrize("certainty", Certainty)
def test_neither_lines_nor_texts_alter_it(certainty: Certainty, line: int, column: int, image: str, message: str) -> None:
    finding, provenance, _ = located(certainty=certainty)
    region = Region(line, column, line, column + 1)
    moved = replace(provenance, location=replace(provenance.location, region=region), rendered_as=image)
    promoted = replace(finding, image=image, message=message)
    assert fingerprint(promoted, moved) == fingerprint(finding, provenance)


@pytest.mark.parametrize("certainty", Certainty)
def test_neither_targets_nor_items_that_come_before_alter_it(certainty: Certainty) -> None:
    one = located(certainty=certainty, owner="app")
    other = located(certainty=certainty, owner="eu", place=Field(manifest(owner="eu", before=2), ("spec", "containers", 2, "image")))
    assert fingerprint(*one[:2]) == fingerprint(*other[:2])


def test_a_resource_that_is_renamed_in_a_target_keeps_it_where_the_place_names_it() -> None:
    one = located(certainty=Certainty.RESOURCE, place=Field(manifest("web"), IMAGE))
    other = located(certainty=Certainty.RESOURCE, place=Field(manifest("eu-web"), IMAGE))
    assert fingerprint(*one[:2]) == fingerprint(*other[:2])


PLACES = {
    "rule": located(rule="mutable-tag"),
    "file": located("app/other.yaml"),
    "key path": located(key_path=("controllers", "image", "tag")),
    "chart's other resource": located(certainty=Certainty.CHART, place=Field(manifest("db"), IMAGE)),
    "chart's resource": located(certainty=Certainty.CHART),
    "chart's other field": located(certainty=Certainty.CHART, place=Field(manifest(), ("spec", "containers", 0, "env"))),
    "chart's absent field": located(certainty=Certainty.CHART, place=Field(manifest(), IMAGE, missing="digest")),
    "chart's other container": located(certainty=Certainty.CHART, place=Field(manifest(container="proxy"), IMAGE)),
    "resource's field": located(certainty=Certainty.RESOURCE),
    "resource's absent field": located(certainty=Certainty.RESOURCE, place=Field(manifest(), ("spec",), missing="imagePullSecrets")),
    "nothing but the file": located(certainty=Certainty.RESOURCE, key_path=()),
    "a whole target": located(place=Location("app/values.yaml", Region(1, 1, 1, 1)), key_path=()),
    "another whole target": located(place=Location("app/values.yaml", Region(1, 1, 1, 1)), key_path=(), owner="eu"),
}


def test_what_is_another_thing_has_another_one() -> None:
    found = {name: fingerprint(*item[:2]) for name, item in {**PLACES, "": located()}.items()}
    assert len(set(found.values())) == len(found), found


# Folding.


def test_several_targets_make_one_result_that_names_them() -> None:
    found = results([located(owner="one"), located(owner="two")])
    assert [(each.targets, each.finding.message, each.fields) for each in found] == [
        (("one", "two"), "runs nginx", ("Pod/web spec.containers[0].image",))
    ]
    assert len(found[0].findings) == 2


def test_one_more_target_changes_neither_message_nor_fingerprint() -> None:
    few, more = results([located(owner="two")])[0], results([located(owner="one"), located(owner="two")])[0]
    assert (few.fingerprint, few.finding.message) == (more.fingerprint, more.finding.message)


def test_several_fields_make_one_result_that_counts_them() -> None:
    items = [located(place=Field(manifest(name), IMAGE), message=f"{name} runs nginx") for name in ("a", "b", "c")]
    assert [each.finding.message for each in results(items)] == ["a runs nginx (and 2 more fields)"]
    assert [each.finding.message for each in results(items[:2])] == ["a runs nginx (and 1 more field)"]
    assert results(items)[0].fields == tuple(f"Pod/{name} spec.containers[0].image" for name in ("a", "b", "c"))


def test_what_is_said_of_one_field_is_all_said() -> None:
    items = [located(message=message) for message in ("first", "second", "first")]
    assert results(items)[0].finding.message == "first; second"
    assert results([located(message=str(number)) for number in range(9)])[0].finding.message == "0; 1; 2; and 6 more"


def test_rules_files_and_lines_are_kept_apart() -> None:
    items = [located(), located(rule="mutable-tag"), located("app/a.yaml"), located(line=9)]
    found = results(items)
    assert [(each.location.path, each.location.region.start_line, each.rule_id) for each in found] == [
        ("app/a.yaml", 3, "require-digest"),
        ("app/values.yaml", 3, "mutable-tag"),
        ("app/values.yaml", 3, "require-digest"),
        ("app/values.yaml", 9, "require-digest"),
    ]
    assert len({each.fingerprint for each in found}) == 4


def test_the_first_of_two_with_one_key_path_keeps_its_fingerprint() -> None:
    alone = results([located(line=3)])[0]
    first, second = results([located(line=9), located(line=3)])
    assert (first.location.region.start_line, first.fingerprint) == (3, alone.fingerprint)
    assert second.fingerprint != first.fingerprint


def test_the_surest_place_speaks_for_all() -> None:
    found = results([located(certainty=Certainty.MATCHED, message="one"), located(message="two")])[0]
    assert (found.provenance.certainty, found.finding.message) == (Certainty.EXACT, "two; one")


def test_the_highest_level_counts() -> None:
    found = results([located(level=Level.NOTE), located(level=Level.ERROR), located(level=Level.WARNING)])
    assert [each.level for each in found] == [Level.ERROR]


def test_the_other_places_of_all_findings_are_kept_once_in_order() -> None:
    places = [Location("a.yaml", Region(line, 1, line, 5), f"at {line}") for line in (1, 2, 3)]
    items = [(*located()[:2], tuple(places[:2])), (*located()[:2], tuple(places[1:]))]
    assert results(items)[0].related == tuple(places)


def test_what_is_written_once_is_found_once_whoever_reads_it() -> None:
    """A base at another commit, in a kustomization that two overlays share."""
    place = Location("base/kustomization.yaml", Region(3, 5, 3, 60), "", ("resources", 0))
    path, key_path = place.path, place.key_path
    (found,) = results(located(path, owner=owner, place=place, key_path=key_path) for owner in ("production", "staging"))
    assert (found.targets, found.finding.message) == (("production", "staging"), "runs nginx")
