"""No document, however odd, makes the walk raise."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from manifest_maker import make_manifest

from agentslint.images import BUILTIN, BUILTIN_FIELDS, claims, image_uses, may_hold_images, omissions, pod_specs

WORDS = (
    "spec template containers initContainers ephemeralContainers image env args command name value volumes reference metadata annotations "
    "repository tag digest registry templates container script items tasks taskSpec steps imageName runnerImage jobTemplate"
)
KEYS = st.sampled_from(WORDS.split()) | st.text(max_size=3)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
    | st.sampled_from(["ghcr.io/acme/web:v1", "--image=a.io/b:c", "acme/web@", "{{x}}", "sha256:" + "a" * 64, "a" * 40])
)  # fmt: skip
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.integers(), inner, max_size=5), max_leaves=30
)
KINDS = sorted({(row.group.replace("*", "x"), row.kind.replace("*", "X")) for row in BUILTIN})
DOCUMENTS = st.builds(
    lambda kind, body: {**body, "apiVersion": f"{kind[0]}/v1" if kind[0] else "v1", "kind": kind[1]},
    st.sampled_from([*KINDS, ("example.com", "Tool")]),
    st.dictionaries(KEYS, TREES, max_size=4),
)


@given(DOCUMENTS | TREES.filter(lambda tree: tree is not None))
def test_any_document_is_walked(document: Any) -> None:
    manifest = make_manifest(document)

    may_hold_images(manifest.head, BUILTIN_FIELDS)
    for use in image_uses(manifest, BUILTIN_FIELDS):
        assert (use.reference is None) == bool(use.error)
        for field in (use.field, use.repository_field, use.tag_field, use.digest_field, use.faulty_field):
            assert isinstance(field.text, str)
        assert isinstance(use.owner, str)
    for claim in claims(manifest):
        assert claim.field.text == claim.text
    for pod in pod_specs(manifest):
        assert manifest.at(pod.pointer) is pod.spec
    for omission in omissions(manifest, BUILTIN_FIELDS):
        assert omission.path


def test_no_depth_stops_the_walk() -> None:
    deep: Any = {"image": "acme/web:v1"}
    for _ in range(50_000):
        deep = {"spec": deep}
    shallow: Any = {"image": "acme/web:v1"}
    for _ in range(50):
        shallow = [shallow]

    assert image_uses(make_manifest({"apiVersion": "example.com/v1", "kind": "Deep", "deep": deep}), BUILTIN_FIELDS) == []
    assert len(image_uses(make_manifest({"apiVersion": "example.com/v1", "kind": "Deep", "spec": shallow}), BUILTIN_FIELDS)) == 1
