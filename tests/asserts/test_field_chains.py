"""The fields that an expression names, read without the library."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentslint.asserts.field_chains import chains, existing, missing_chain

OBJECT = {
    "object": {
        "spec": {"replicas": 1, "none": None, "ports": [{"name": "http"}]},
        "metadata": {"labels": {"app.kubernetes.io/name": "web"}},
    }
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("object.spec.replicas >= 2", [("object", "spec", "replicas")]),
        ("object . spec\n  . replicas", [("object", "spec", "replicas")]),
        ("object.?spec.?replicas.orValue(1)", [("object", "spec", "replicas")]),
        ("object.metadata.labels['app.kubernetes.io/name'] == 'web'", [("object", "metadata", "labels", "app.kubernetes.io/name")]),
        ('object["spec"].ports[0].name', [("object", "spec", "ports", 0, "name")]),
        ("object.spec.ports.all(p, p.name == 'http')", [("object", "spec", "ports")]),
        ("'object.spec' == object.kind", [("object", "kind")]),
        ("other.object.kind == myobject.kind", []),
        ("has(object.spec.paused) && object.spec.x", [("object", "spec", "paused"), ("object", "spec", "x")]),
        ("object", [("object",)]),
    ],
)
def test_chains(text: str, found: list[tuple[str | int, ...]]) -> None:
    assert list(chains(text, {"object"})) == found


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("object.spec.replicas == 1 && object.spec.paused", "paused", ("object", "spec", "paused")),
        ("object.spec.template.spec.x", "template", ("object", "spec", "template")),
        ("object.spec.ports[3].name", "", ("object", "spec", "ports", 3)),
        ("object.spec.none.inner", "", ("object", "spec", "none", "inner")),
        ("has(object.spec.paused) || object.spec.replicas.x == 1", "", ("object", "spec", "replicas", "x")),
        ("object.spec.ports.all(p, p.port == 1)", "port", None),
    ],
)
def test_the_missing_step(text: str, name: str, found: tuple[str | int, ...] | None) -> None:
    assert missing_chain(text, OBJECT, name) == found


@given(st.text("object.[]'\"?()x0 \\", max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    for chain in chains(text, {"object"}):
        assert existing(OBJECT, chain) >= 1
