"""The names of CustomResourceDefinitions are those that a YAML reader finds, however they are written."""

from __future__ import annotations

import pytest

from agentslint.schemas.definitions import raw_definitions

PLAIN = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  annotations: {a: b}
  name: webs.example.com
spec:
  names: {kind: Web}
"""
WRITTEN = {
    "usual": PLAIN,
    "flow": "{kind: CustomResourceDefinition, metadata: {name: webs.example.com}}",
    "JSON": '{"apiVersion": "v1", "kind": "CustomResourceDefinition", "metadata": {"name": "webs.example.com"}}',
    "list": f"apiVersion: v1\nkind: List\nitems:\n- {PLAIN.rstrip().replace(chr(10), chr(10) + '  ')}\n",
    "beside others": f"kind: ConfigMap\ndata:\n  kind: CustomResourceDefinition\n---\n{PLAIN}",
}


@pytest.mark.parametrize("name", WRITTEN)
def test_the_name_of_a_definition_is_found(name: str) -> None:
    assert [each.name for each in raw_definitions(WRITTEN[name].encode(), "crd.yaml")] == ["webs.example.com"]


def test_an_object_about_definitions_is_none() -> None:
    assert list(raw_definitions(b"kind: Policy\nspec:\n  kinds: [CustomResourceDefinition]\nmetadata: {name: web}\n", "policy.yaml")) == []
