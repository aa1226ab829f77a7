"""What counts as a manifest, broken or not."""

from __future__ import annotations

import pytest

from agentslint.discover.manifest_files import is_manifest

HEAD = "apiVersion: v1\nkind: Pod\n"


@pytest.mark.parametrize(
    "text",
    [
        HEAD,
        "# comment\n---\n" + HEAD,
        "a: 1\n---\n" + HEAD,
        "\ufeff" + HEAD,
        HEAD.replace("\n", "\r\n"),
        "kind: Pod\nspec: {}\napiVersion: v1\n",
        "'apiVersion': v1\n\"kind\" : Pod\n",
        HEAD + "spec: [\n",
        HEAD + "\tspec: x\n",
        HEAD + "{{ template }}\n",
        HEAD + "a: \x00",
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n",
        '{"kind": "List", "apiVersion": "v1", "items": []}',
        '{\n  "apiVersion": "v1",\n  "kind": "Pod",\n',
        "{apiVersion: v1, kind: Pod}\n",
        "  \n{apiVersion: v1, kind: Pod,\n",
        "<<: {kind: Pod}\napiVersion: v1\n",
        "<< : {apiVersion: v1}\r\nkind: Pod\r\n",
        "<<: [{kind: Pod}, {apiVersion: v1}]\n",
        "!!merge <<: {kind: Pod}\napiVersion: v1\n",
        "! <<: {kind: Pod}\napiVersion: v1\n",
        "!!merge '<<': {kind: Pod}\napiVersion: v1\n",
        "<<:\n  kind: Pod\napiVersion: v1\n",
        '<<: {"\\x6bind": Pod}\napiVersion: v1\n',
        "b: &b {kind: Pod}\n<<: *b\napiVersion: v1\n",
        "x: [&k kind, &a apiVersion]\n*k : Pod\n*a : v1\n",
        "a: 1\n---\n<<: {kind: Pod}\napiVersion: v1\n",
        "<<: {kind: Pod}\napiVersion: v1\nspec: [\n",
        "kind:\n  Pod\napiVersion: # of the core\r\n  v1\r\n",
    ],
)
def test_a_manifest_has_both_keys_in_one_document(text: str) -> None:
    assert is_manifest(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "apiVersion: v2\nname: chart\n",
        "apiVersion: v1\n---\nkind: Pod\n",
        "spec:\n  apiVersion: v1\n  kind: Pod\n",
        "text: |\n  apiVersion: v1\n  kind: Pod\n",
        "# apiVersion: v1\n# kind: Pod\n",
        "apiVersion:\nkind:\n",
        "'<<': {kind: Pod}\napiVersion: v1\n",
        "<<: {kind: Pod}\na: apiVersion\n",
        "<<<<<<< apiVersion\nkind: Pod\n",
        "- apiVersion: v1\n  kind: Pod\n",
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n",
        '{"properties": {"apiVersion": {"type": "string"}, "kind": {"type": "string"}}}',
        '[{"apiVersion": "v1", "kind": "Pod"}]',
    ],
)
def test_other_files_are_no_manifests(text: str) -> None:
    assert not is_manifest(text.encode())


def test_json_that_nests_too_deep_is_left_to_the_reader_to_refuse() -> None:
    assert is_manifest(b'{"apiVersion": 1, "kind": ' + b"[" * 100_000 + b"]" * 100_000 + b"}")


INDENTED = "  apiVersion: v1\n  kind: Pod\n"


@pytest.mark.parametrize(
    "content",
    [
        f"\r\n{INDENTED}".encode(),
        f"\r\n \r\n# note\r\n{INDENTED}".encode(),
        f"a: 1\n---\r\n\r\n{INDENTED}".encode(),
        b"\xef\xbb\xbf" + INDENTED.encode(),
        b"\xef\xbb\xbf\n" + INDENTED.encode(),
        '"api\\u0056ersion": v1\nkind: Pod\n'.encode("utf-16"),
        '"api\\u0056ersion": v1\nkind: Pod\n'.encode("utf-16-le"),
        b"? apiVersion\n: v1\n? kind\n: Pod\n",
        b"%YAML 1.1\n---\n  apiVersion: v1\n  kind: Pod\n",
    ],
)
def test_a_manifest_is_one_however_it_is_written(content: bytes) -> None:
    assert is_manifest(content)


def test_a_template_that_holds_both_words_somewhere_is_none() -> None:
    assert not is_manifest(b"{{ if .x }}\nspec:\n  apiVersion: v1\n  kind: {{ .kind }}\n{{ end }}\n")
