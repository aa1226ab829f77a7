"""Variables that a stranger writes cost neither the time nor the memory of the one who lints them."""

from __future__ import annotations

import time

import pytest

from agentslint.deploy.flux.flux_variables import Variables, substituted
from agentslint.model.application import RecipeError

HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n  a: "


def filled(text: str, **variables: str) -> str:
    return substituted(f"{HEAD}{text}\n".encode(), Variables(variables)).decode()


@pytest.mark.parametrize("operator", ["#", "##", "%", "%%"])
def test_a_long_value_is_trimmed_in_one_go(operator: str) -> None:
    start = time.monotonic()
    assert "bbbb" in filled(f"'${{A{operator}*b*c}}'", A="b" * 20_000)
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'${A//a/${A//a/${A//a/${A//a/x}}}}'", "a" * 1_000),
        ("'${A//a/${A//a/${A//a/x}}}'", "a" * 1_000),
        ("'" + "${A}" * 200 + "'", "a" * 500_000),
        ("'" + "${A##*b*c}" * 200 + "'", "b" * 500_000),
    ],
)
def test_variables_that_make_too_much_are_said(text: str, value: str) -> None:
    start = time.monotonic()
    with pytest.raises(RecipeError, match="ConfigMap/web: its variables take more than 64 MiB"):
        filled(text, A=value)
    assert time.monotonic() - start < 20


def test_a_number_that_is_too_large_leaves_the_value_as_it_is() -> None:
    assert 'a: "web"' in filled("${A:" + "9" * 5_000 + "}", A="web")
