"""Lines that belong to a Secret, however the document is written."""

from __future__ import annotations

import pytest

from agentslint.report.source_text import SourceText

TOKEN = "hunter2-planted"


@pytest.mark.parametrize(
    "text",
    [
        f"{{resources: [a.yaml],\n  secretGenerator: [{{name: a,\n    literals: [{TOKEN}]}}]}}\n",
        f'{{\n  "resources": [],\n  "secretGenerator": [\n    {{"name": "a",\n     "literals": ["k={TOKEN}"]}}\n  ]\n}}\n',
        f"secretGenerator:\n- name: a\n  literals:\n  - {TOKEN}\n",
        f"secretGenerator:\n- name: a\n  literals:\n  - |-\n    k={TOKEN}\n    {TOKEN}\n",
        f"secretGenerator: [{{name: a, literals: ['{TOKEN}']}}]\n",
        f'"secret\\x47enerator":\n- name: a\n  literals:\n  - {TOKEN}\n',
        f"ſecretGenerator:\n- name: a\n  literals:\n  - {TOKEN}\n",
        f"? secretGenerator\n: - name: a\n    literals:\n    - {TOKEN}\n",
        f"---  # notes\n<<: {{secretGenerator: [{{name: a,\n  literals: [{TOKEN}]}}]}}\n",
        f"kind: List\nitems:\n- {{kind: Secret,\n   stringData: {{a: {TOKEN}}}}}\n",
        f"patches:\n- patch: |\n    kind: Secret\n    metadata: {{name: a}}\n    stringData:\n      a: {TOKEN}\n",
        f"patches:\n- target: {{kind: Secret}}\n  patch: |\n    - op: add\n      path: /stringData/a\n      value: {TOKEN}\n",
        f"patches:\n- target:\n    name: a\n    kind: Secret\n  patch: '[{{op: add, path: /data/a, value: {TOKEN}}}]'\n",
        f"apiVersion: builtin\nkind: SecretGenerator\nmetadata: {{name: a}}\nliterals:\n- {TOKEN}\n",
        f"generators:\n- |\n  kind: SecretGenerator\n  literals: [{TOKEN}]\n",
        f"apiVersion: v1\nstringData:\n  a: {TOKEN}\n",
        f"patches:\n- patch: |\n    - op: add\n      path: /stringData/a\n      value: {TOKEN}\n",
    ],
)
def test_a_line_of_a_secret_is_withheld(text: str) -> None:
    source = SourceText(text)
    for number, line in enumerate(text.splitlines(), 1):
        assert TOKEN not in line or source.withheld(number), line


def test_the_rest_of_a_kustomization_is_shown() -> None:
    source = SourceText("images:\n- name: a\nsecretGenerator:\n- name: b\n  literals: [c]\nresources: [d.yaml]\n")
    assert [number for number in range(1, 7) if source.withheld(number)] == [3, 4, 5]
