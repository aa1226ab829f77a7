"""Plain scalars mean what they mean to kustomize and helm."""

from __future__ import annotations

import math
import subprocess
from pathlib import Path
from typing import Any

import pytest

from agentslint.yamlread import compose, load_trusted, value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, True) for text in ("true", "True", "TRUE", "yes", "on", "y")),
        *((text, False) for text in ("false", "no", "off", "N")),
        *((text, None) for text in ("", "~", "null", "Null")),
        *(
            (text, text)
            for text in (
                "tRue",
                "nULL",
                "0o",
                "0b",
                "1e999",
                "9" * 5000,
                "2024-01-01",
                "12:30:45",
                "1.2.3",
                "1e",
                "0x",
                "0xg",
                "--1",
                "+",
                ".",
                "sha256:12",
            )
        ),
        ("12", 12),
        ("-12", -12),
        ("+12", 12),
        ("1_000", 1000),
        ("0123456", 42798),
        ("0o17", 15),
        ("08", 8.0),
        ("0x1F", 31),
        ("-0x1f", -31),
        ("0b101", 5),
        ("0", 0),
        ("72044e0", 72044.0),
        ("1.5", 1.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("18446744073709551615", 2**64 - 1),
        ("18446744073709551616", float(2**64)),
        (".inf", math.inf),
        ("-.inf", -math.inf),
        ("'12'", "12"),
        ('"true"', "true"),
        ("|\n  12", "12"),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
        ("!custom 12", "12"),
    ],
)
def test_scalars_resolve_as_in_go(text: str, expected: Any) -> None:
    (node,) = compose(f"a: {text}\n".replace("|\n  12\n", "|-\n  12\n"))
    found = value(node)["a"]
    assert found == expected
    assert type(found) is type(expected)


def test_keys_are_strings_as_in_json() -> None:
    (node,) = compose("on: 1\n0x10: 2\n'yes': 3\n1.5: 4\n")
    assert value(node) == {"true": 1, "16": 2, "yes": 3, "1.5": 4}


def test_merge_keys_are_merged_and_own_keys_win() -> None:
    (node,) = compose("x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz: {a: 0, <<: [*x, *y]}\nq: {'<<': 1}\n")
    assert value(node)["z"] == {"a": 0, "b": 2, "c": 4}
    assert value(node)["q"] == {"<<": 1}
    assert value(compose("x: &x {a: 1}\nz: {<<: *x, <<: {b: 2}}\n")[0])["z"] == {"a": 1, "b": 2}


@pytest.mark.parametrize("name", ["keycloak", "facteur", "froussard"])
def test_a_rendered_stream_reads_the_same_by_the_fast_parser(lab: Path, kustomize: Path, name: str) -> None:
    build = [kustomize, "build", lab / "argocd" / "applications" / name]
    stream = subprocess.run(build, capture_output=True, text=True, check=True).stdout
    documents = [text + "\n" for text in stream.rstrip("\n").split("\n---\n")]
    assert len(documents) > 5
    for text in documents:
        assert load_trusted(text) == value(compose(text)[0])
