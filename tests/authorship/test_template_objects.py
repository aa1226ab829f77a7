"""Objects of deployers are found in a chart's templates by their kind and by what of their name stands there."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentslint.authorship.embedded import letters_printed
from agentslint.authorship.template_objects import object_in_template

TWO = """\
{{- range .Values.apps }}
---
kind: Application
metadata:
  labels: {name: no}
  name: {{ .name }}
{{- end }}
---
kind: Application
metadata: {name: "shop-{{ .Values.env }}"}
---
kind: AppProject
metadata: {name: shop-dev}
"""


@pytest.mark.parametrize(
    ("template", "name", "line", "text"),
    [
        (TWO, "web", 6, "{{ .name }}"),
        (TWO, "shop-dev", 10, '"shop-{{ .Values.env }}"'),
        ("kind: Application\nmetadata:\n  {{- include `names` . | nindent 2 }}\n", "web", 1, "kind: Application"),
        ("kind: Application\nmetadata:\n  annotations:\n    a: b\nspec:\n  name: web\n", "web", 1, "kind: Application"),
        ("items:\n- kind: Application\n  metadata:\n    name: web\n", "web", 4, "web"),
    ],
)
def test_the_line_that_names_an_object(template: str, name: str, line: int, text: str) -> None:
    lines = template.splitlines()

    region = object_in_template(lines, "Application", name)

    assert region is not None
    assert region.start_line == line
    assert lines[line - 1][region.start_column - 1 : region.end_column - 1] == text


@pytest.mark.parametrize(
    "template",
    [
        "kind: ConfigMap\nmetadata: {name: web}\n",
        "kind: Application\nmetadata: {}\n---\nkind: Application\nmetadata: {}\n",
    ],
)
def test_of_objects_without_a_telling_name_nothing_is_said(template: str) -> None:
    assert object_in_template(template.splitlines(), "Application", "web") is None


def test_a_line_full_of_actions_is_read_at_once() -> None:
    assert letters_printed("a{{ . }}" * 120 + "c", f"{'a' * 250}b") is None


@given(st.lists(st.text("ab", max_size=2), min_size=1, max_size=4), st.text("ab", max_size=6))
def test_a_name_fits_as_a_regular_expression_says(literals: list[str], name: str) -> None:
    expected = re.fullmatch(".*".join(map(re.escape, literals)), name) is not None
    assert (letters_printed("{{ x }}".join(literals), name) is not None) == expected
