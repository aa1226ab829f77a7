"""Editing a scalar changes nothing else, and a sentinel is of the same kind as what it stands for: for any text."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agentslint.authorship.authored_scalar import AuthoredScalar, Layer
from agentslint.authorship.edits import edited
from agentslint.experiment.marks import sentinel, variations
from agentslint.experiment.read_marks import segments
from agentslint.images.reference import read_reference
from agentslint.model import Region
from agentslint.yamlread import ScalarNode, compose, value
from agentslint.yamlread.numbers import number_texts
from agentslint.yamlread.resolve import resolve

ANY = st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=12)
ENDS = st.sampled_from(["\n", "\r\n"])
HEX = "0123456789abcdef"


@given(lines=st.lists(st.tuples(ANY, ENDS), min_size=1, max_size=6), mark=st.booleans(), data=st.data())
def test_all_around_an_edited_region_stays_as_it_was(lines: list[tuple[str, str]], mark: bool, data: st.DataObject) -> None:
    whole = "".join(text + end for text, end in lines)
    number = data.draw(st.integers(1, len(lines)))
    text = lines[number - 1][0]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    new = data.draw(ANY)
    bom = b"\xef\xbb\xbf" if mark else b""
    assume(not whole.startswith("\ufeff"))

    after = edited(bom + whole.encode(), [(Region(number, start + 1, number, end + 1), new)])

    before = "".join(text + end for text, end in lines[: number - 1]) + text[:start]
    assert after == bom + before.encode() + new.encode() + whole.encode()[len((before + text[start:end]).encode()) :]


@given(st.binary(max_size=40))
def test_without_a_change_every_file_is_the_same(data: bytes) -> None:
    assert edited(data, []) == data


def test_of_two_regions_that_overlap_the_first_is_changed() -> None:
    changes = [(Region(1, 3, 1, 5), "x"), (Region(1, 2, 1, 4), "y"), (Region(1, 6, 1, 7), "z")]
    assert edited(b"abcdefg", changes) == b"aydezg"


def test_a_file_that_is_no_utf_8_keeps_its_bytes() -> None:
    assert edited(b"caf\xe9: a\n", [(Region(1, 7, 1, 8), "b")]) == b"caf\xe9: b\n"


WORDS = st.from_regex(r"[a-z][a-z0-9]{0,9}([._-][a-z0-9]{1,6}){0,2}", fullmatch=True)
VERSIONS = st.from_regex(r"v?[0-9]{1,3}\.[0-9]{1,3}(\.[0-9]{1,3})?(-[a-z]{2,8})?", fullmatch=True)
DIGESTS = st.text(HEX, min_size=64, max_size=64).map(lambda digits: f"sha256:{digits}")
SHAS = st.text(HEX, min_size=40, max_size=40)
HOSTS = st.from_regex(r"[a-z]{1,8}", fullmatch=True)
REFERENCES = st.builds(lambda host, path, tag: f"{host}.example.com/{path}:{tag}", HOSTS, WORDS, VERSIONS)
KINDS = {
    "digest": (DIGESTS, r"sha256:[0-9a-f]{64}"),
    "sha": (SHAS, r"[0-9a-f]{40}"),
    "version": (VERSIONS, r"v?[0-9]+\.[0-9]+(\.[0-9]+)?(-[a-z]+)?"),
    "word": (WORDS, r"[a-z0-9._-]+"),
    "reference": (REFERENCES, r"[a-z]+\.example\.com/[a-z0-9._-]+:v?[0-9]+\.[0-9]+(\.[0-9]+)?(-[a-z]+)?"),
}
NUMBERS = st.integers(1, 99_999)


def yaml(text: str) -> object:
    return resolve(ScalarNode(text, "plain", None, (1, 1, 1, 1)))


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data(), number=NUMBERS)
def test_a_sentinel_is_of_the_kind_that_it_stands_for(kind: str, data: st.DataObject, number: int) -> None:
    texts, shape = KINDS[kind]
    text = data.draw(texts)
    numeric = number_texts(text) is not None
    mark = sentinel(text, number, numeric=numeric)
    assume(mark is not None)
    assert mark is not None

    assert re.fullmatch(shape, mark.text) or numeric
    assert mark.text != text
    assert isinstance(yaml(mark.text), str) == isinstance(yaml(text), str), "what was a string to YAML stays one, and so does a number"
    assert all(core.text in mark.text for core in mark.cores[:1])
    if kind == "reference":
        assert read_reference(mark.text)[0] is not None


@given(text=WORDS | VERSIONS | DIGESTS | SHAS | REFERENCES, numbers=st.lists(NUMBERS, min_size=2, max_size=2, unique=True))
def test_no_two_sentinels_are_taken_for_each_other(text: str, numbers: list[int]) -> None:
    one, other = (sentinel(text, number) for number in numbers)
    assume(one is not None)
    assert one is not None
    assert other is not None

    assert not any(core.text in other.text for core in one.cores)
    scalars = [AuthoredScalar(f"{number}.yaml", Region(1, 1, 1, 2), text, "plain", (), Layer.SETTINGS) for number in numbers]
    found = segments(text, other.text, [(scalars[0], one), (scalars[1], other)])
    assert found is not None
    assert {segment.scalar for segment in found} == {scalars[1]}


@given(before=WORDS, text=VERSIONS | DIGESTS | REFERENCES, after=WORDS, number=NUMBERS)
def test_a_sentinel_in_a_longer_text_gives_its_place_away(before: str, text: str, after: str, number: int) -> None:
    mark = sentinel(text, number)
    assert mark is not None
    scalar = AuthoredScalar("values.yaml", Region(1, 1, 1, 2), text, "plain", (), Layer.SETTINGS)

    found = segments(f"{before} {text} {after}", f"{before} {mark.text} {after}", [(scalar, mark)])

    assert found is not None
    assert {(segment.start, segment.end) for segment in found} == {(len(before) + 1, len(before) + 1 + len(text))}
    assert segments(f"{before} {text} {after}", f"{before}x {mark.text} {after}", [(scalar, mark)]) is None


@pytest.mark.parametrize("text", ["", " ", "true", "False", "null", "~", "on", "a\nb", "--"])
def test_what_must_not_be_changed_has_no_sentinel(text: str) -> None:
    assert sentinel(text, 1) is None


@given(WORDS | VERSIONS | DIGESTS | SHAS)
def test_a_variation_is_as_long_and_another_text(text: str) -> None:
    for other in variations(text):
        assert len(other) == len(text)
        assert other != text
        assert not other.startswith("0") or text.startswith("0")


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=20), st.sampled_from("'\""))
def test_a_text_is_written_as_its_quotes_demand(text: str, quote: str) -> None:
    style = "single" if quote == "'" else "double"
    scalar = AuthoredScalar("a.yaml", Region(1, 1, 1, 2), "", style, (), Layer.SETTINGS)

    (document,) = compose(f"{quote}{scalar.written(text)}{quote}")

    assert value(document) == text


UNQUOTED = ["0123456", "72044e0", "12345678", "1.20", "15", "1000000", "999999", "1234567.5", "0x1F", "1_000", "12e3", "-5", ".5", "1e-5"]


def test_numbers_are_printed_as_helm_prints_them(helm: Path, tmp_path: Path) -> None:
    chart = tmp_path / "web"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: web\nversion: 1.0.0\n", encoding="utf-8")
    (chart / "values.yaml").write_text("numbers:\n" + "".join(f"  - {text}\n" for text in UNQUOTED), encoding="utf-8")
    template = "printed:\n{{- range .Values.numbers }}\n  - ['{{ . }}', '{{ toJson . }}']\n{{- end }}\n"
    (chart / "templates" / "numbers.yaml").write_text(template, encoding="utf-8")

    done = subprocess.run([helm, "template", "web", str(chart)], check=True, capture_output=True, text=True)

    (document,) = compose(done.stdout)
    assert value(document)["printed"] == [list(number_texts(text)[1:]) for text in UNQUOTED]  # type: ignore[index]


@pytest.mark.parametrize("text", ["v1.20", "1.2.3", "true", "2024-11-05", "5fbe5706", ""])
def test_what_is_no_number_to_yaml_is_none(text: str) -> None:
    assert number_texts(text) is None
    assert not isinstance(yaml(text), (int, float)) or isinstance(yaml(text), bool)


def test_strings_of_json_files_are_written_as_json() -> None:
    scalar = AuthoredScalar("a.json", Region(1, 1, 1, 2), "", "double", (), Layer.RESOURCE)
    assert json.loads(f'"{scalar.written(chr(34) + "a/b" + chr(92))}"') == '"a/b\\'
