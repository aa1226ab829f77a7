"""What kustomize prints without quotes because it is no number to Go."""

from __future__ import annotations

import pytest

from agentslint.yamlread import compose, load_trusted, value


@pytest.mark.parametrize("text", ["57e10142", "1e309", "-1.5E+400", "9" * 400, "1e-400", "57e101", "0x1f", "1.5"])
def test_the_fast_reader_agrees_with_go(text: str) -> None:
    document = f"kind: Pod\nspec:\n  tag: {text}\n  list:\n  - {text}\n"

    assert load_trusted(document) == value(compose(document)[0])
    assert load_trusted("kind: Pod\nspec:\n  tag: 57e10142\n")["spec"]["tag"] == "57e10142"
