"""helm 4 words its errors otherwise than helm 3: both lead to the same cause and place."""

from __future__ import annotations

import pytest

from agentslint.render.failures.helm_wording import in_words_of_helm_3
from agentslint.render.failures.refused_values import refused

INCLUDED = (
    'web/templates/job.yaml:2:10\n  executing "web/templates/job.yaml" at <include "tag" .>:\n    error calling include:\n'
    'web/templates/_names.tpl:2:10\n  executing "tag" at <.Values.image.tag>:\n    nil pointer evaluating interface {}.tag'
)
ON_ONE_LINE = (
    'template: web/templates/job.yaml:2:10: executing "web/templates/job.yaml" at <include "tag" .>: error calling include: '
    'template: web/templates/_names.tpl:2:10: executing "tag" at <.Values.image.tag>: nil pointer evaluating interface {}.tag'
)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (f"Error: {INCLUDED}: unable to run: 'helm template'", f"Error: {ON_ONE_LINE}: unable to run: 'helm template'"),
        (f"Error: Error: {INCLUDED}\n\nUse --debug flag", f"Error: Error: {ON_ONE_LINE}\n\nUse --debug flag"),
        (ON_ONE_LINE, ON_ONE_LINE),
        ("web/templates/a.yaml renders to broken YAML\n  at line 3", "web/templates/a.yaml renders to broken YAML\n  at line 3"),
        ('level=ERROR msg="release name check failed" error="release name \\"W\\": bad"\nError: release name', "Error: release name"),
        ('Error: level=WARN msg="found a symbolic link" path=/a/b\nError: it fails', "Error: Error: it fails"),
        ("time=2026-11-30T10:00:00Z level=ERROR msg=failed\nError: it fails", "Error: it fails"),
        ("the values say level=high and no more\n", "the values say level=high and no more\n"),
    ],
    ids=["a chain", "after a warning", "helm 3", "other indented text", "logged", "logged after a prefix", "with its time", "other levels"],
)
def test_the_words_of_helm_4_become_those_of_helm_3(said: str, expected: str) -> None:
    assert in_words_of_helm_3(said) == expected


def test_a_message_that_kustomize_has_quoted_for_a_component_is_read_too() -> None:
    quoted = f"Error: {INCLUDED}".replace('"', '\\"').replace("\n", "\\n")
    assert in_words_of_helm_3(quoted) == f"Error: {ON_ONE_LINE}".replace('"', '\\"')


SCHEMA = "Error: values don't meet the specifications of the schema(s) in the following chart(s):\nweb:\n"


@pytest.mark.parametrize(
    ("said", "ways"),
    [
        ("- at '/workers/1/size': got string, want integer\n", [("workers", 1, "size")]),
        ("- at '': missing property 'owner'\n- at '/image': additional properties 'tagg', 'b' not allowed\n", [(), ("image", "tagg")]),
        ("- at '': additional properties 'replcas' not allowed\n", [("replcas",)]),
        ("- workers.1.size: Invalid type. Expected: integer, given: string\n", [("workers", 1, "size")]),
        ("- (root): owner is required\n- (root): Additional property replcas is not allowed\n", [(), ("replcas",)]),
    ],
    ids=["a value", "two", "an unknown key", "before 3.18", "the root before 3.18"],
)
def test_the_values_that_a_schema_refuses_are_read_in_both_wordings(said: str, ways: list[object]) -> None:
    assert list(refused(SCHEMA + said)) == ways
    assert list(refused(said)) == []
