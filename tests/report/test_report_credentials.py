"""URLs in messages and frames hold neither passwords nor tokens."""

from __future__ import annotations

import pytest

from agentslint.credentials import dropped, starred
from agentslint.render.failure import without_secrets


@pytest.mark.parametrize(
    "url",
    [
        "https://robot:hunter2@example.com/a.yaml",
        "https://hunter2@example.com/a.yaml",
        "https://example.com/a.yaml?token=hunter2",
        "https://example.com/a.yaml?x=1&access_token=hunter2&y=2",
        "https://example.com/a.yaml?X-Amz-Signature=hunter2",
        "https://example.com/a.yaml?sv=1&sig=hunter2",
        "oci://u:hunter2@ghcr.io/a?private-key=hunter2",
    ],
)
def test_a_url_lets_nobody_in(url: str) -> None:
    line = f"- '{url}' # note"
    assert "hunter2" not in dropped(line) + starred(line)
    assert len(starred(line)) == len(line)
    assert dropped(line).endswith("' # note")


@pytest.mark.parametrize("quoted", [False, True])
def test_what_kustomize_prints_whole_is_dropped_also_where_it_is_quoted(quoted: bool) -> None:
    dump = '[{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"},"stringData":{"a":"hunter2"}}]'
    text = f'builtin SecretGenerator with config: `\nliterals:\n- hunter2\n`: no; patch from [patch: "a: hunter2"]; {dump}'
    if quoted:
        text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    said = without_secrets(text)
    assert "hunter2" not in said
    assert "no; patch from (...); Secret/a" in said


def test_what_is_cut_off_is_dropped_too() -> None:
    assert without_secrets("a with config: `\nliterals:\n- hunter2\n") == "a with config: (...)"
    assert without_secrets('[{"apiVersion":"v1","data":"hunter2') == ""
