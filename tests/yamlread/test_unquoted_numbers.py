"""The table of unquoted numbers against what the real helm and the real kustomize make of them: one render each, for all texts."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentslint.yamlread import compose, value
from agentslint.yamlread.numbers import date_text, number_texts, string_text, word_text

TEMPLATE = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: texts
data:
  {{- range $number, $text := .Values.texts }}
  printed-{{ $number }}: {{ printf "%v" $text | quote }}
  quoted-{{ $number }}: {{ $text | quote }}
  json-{{ $number }}: {{ $text | toJson | quote }}
  {{- end }}
"""
CHOSEN = """
0123456 72044e0 12345678 1.10 1.20 1.0 7 1.4 1e3 1E3 1_000 0x1f 0X1F 0b101 0B1 0o17 0O17 017 08 09 0777777 999999 1000000 1000001 123456.5
.5 5. +5 -5 -0 1e400 1e-400 0.001 0.0001 0.00001 0.000001 0.0000001 12345678901234567890 18446744073709551615 18446744073709551616
9007199254740993 1e20 1e21 123456789012345678901234 0.1e1 1.e5 1_0.5_0 0x_1f 1:30 1:2:3 2024-01-01 20240501 1.10.0 v1.10 1e e1 12e 0e0 00
0_1 -0123 +0123456 4.9e-324 2.50 20.04 22.10 3.10 1,000 1/2 _1 1_ 1__0 0b12 0x .e5 1e+5 1e+06 1e05 1.0e+2 1234e5 000 0000001 1.50e3 nan
12345e7 1234567e8 123e456 1e308 1e309 0xabcdef0 8.16.0 72044f0 sha-0123456
"""


def texts() -> list[str]:
    """Chosen traps, and what commits and builds draw: abbreviated SHAs, build numbers, versions. The same ones in every run."""
    draw = random.Random(9)
    digits = ["".join(draw.choice("0123456789") for _ in range(draw.choice((7, 8, 10)))) for _ in range(100)]
    exponents = [f"{draw.randrange(10**4):04d}e{draw.randrange(100)}" for _ in range(60)]
    versions = [f"{draw.randrange(40)}.{draw.randrange(200)}{draw.choice(('', '0', '00'))}" for _ in range(60)]
    return list(dict.fromkeys([*CHOSEN.split(), *digits, *exponents, *versions]))


def listed(indent: str = "") -> str:
    return f"{indent}texts:\n" + "".join(f"{indent}  - {text}\n" for text in texts())


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: texts\nversion: 1.0.0\n")
    (folder / "values.yaml").write_text("texts: []\n")
    (folder / "templates" / "map.yaml").write_text(TEMPLATE)
    return folder


def differences(rendered: str) -> Iterator[str]:
    data = value(compose(rendered)[0])["data"]
    for number, text in enumerate(texts()):
        came_out = (data[f"printed-{number}"], data[f"quoted-{number}"], data[f"json-{number}"])
        _, printed, json = number_texts(text) or (text, text, f'"{text}"')
        if came_out != (printed, printed, json):
            yield f"{text}: comes out as {came_out}, the table says {printed} and {json}"


def test_values_file_of_helm(chart: Path, helm: Path) -> None:
    (chart.parent / "values.yaml").write_text(listed())
    command = [str(helm), "template", "texts", str(chart), "--values", str(chart.parent / "values.yaml")]
    rendered = subprocess.run(command, check=True, capture_output=True, text=True).stdout

    assert list(differences(rendered)) == []


def test_values_in_a_kustomization(chart: Path, kustomize: Path, helm: Path) -> None:
    entry = f"helmGlobals:\n  chartHome: .\nhelmCharts:\n  - name: texts\n    valuesInline:\n{listed('      ')}"
    (chart.parent / "kustomization.yaml").write_text(entry)
    command = [str(kustomize), "build", "--enable-helm", "--helm-command", str(helm), str(chart.parent)]
    rendered = subprocess.run(command, check=True, capture_output=True, text=True).stdout

    assert list(differences(rendered)) == []


def test_it_knows_the_numbers_that_change() -> None:
    """Without this the tests above would hold for a table of nothing."""
    changed = [text for text in texts() if (found := number_texts(text)) and found[1] != text]
    assert {"0123456", "72044e0", "12345678", "1.10"} <= set(changed)
    assert {number_texts(text) for text in ("v1.10", "1.10.0", "72044f0", "sha-0123456")} == {None}


def test_numbers_where_a_string_is_expected(chart: Path, helm: Path) -> None:
    """`appVersion` is a string to helm, so that a number becomes one in a way of its own."""
    chosen = [text for text in CHOSEN.split() if number_texts(text)] + [
        "123456789.5",
        "20240501.25",
        "1234e56",
        "16777217.0",
        "0.1234567891",
    ]
    for number, text in enumerate(chosen):
        folder = chart / "charts" / f"sub{number}"
        (folder / "templates").mkdir(parents=True)
        (folder / "Chart.yaml").write_text(f"apiVersion: v2\nname: sub{number}\nversion: 1.0.0\nappVersion: {text}\n")
        (folder / "templates" / "map.yaml").write_text(f"n{number}: {{{{ .Chart.AppVersion | quote }}}}\n")
    command = [str(helm), "template", "texts", str(chart)]
    rendered = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    came_out = {key: text for document in compose(rendered) for key, text in (value(document) or {}).items() if key.startswith("n")}
    assert {text: came_out[f"n{number}"] for number, text in enumerate(chosen)} == {text: string_text(text) for text in chosen}


@pytest.mark.parametrize(
    ("text", "word", "date"),
    [
        ("on", "true", None),
        ("No", "false", None),
        ("True", "true", None),
        ("true", None, None),
        ("stable", None, None),
        ("2024-05-01", None, "2024-05-01T00:00:00Z"),
        ("2024-13-01", None, None),
        ("20240501", None, None),
    ],
)
def test_words_and_dates(text: str, word: str | None, date: str | None) -> None:
    assert (word_text(text), date_text(text)) == (word, date)
