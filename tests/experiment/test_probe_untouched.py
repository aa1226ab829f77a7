"""What a probe does not change reaches helm as it was, and the user's tree stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentslint.errors import AgentslintError
from agentslint.experiment.value_changes import absent, changed_files, put
from tests.experiment.values_tree import tree

FILE = {"kustomization.yaml": "helmCharts:\n- name: app\n  releaseName: app\n  valuesFile: values.yaml\n", "charts/app/values.yaml": "{}\n"}

ODD = """\
# What Go reads here must stay what it reads.
octal: 0123456
exponent: 72044e0
long: 12345678
quoted: "0123456"
word: yes
text: 'yes'
nothing: ~
date: 2026-01-02
literal: |
  two
    lines
folded: >-
  one
  line
unicode: "größe ✓"
empty: ""
list: [1, "2", three]
tagged: !!str 12
image: &image
  repository: ghcr.io/acme/app
  tag: &tag v1.0.0
other: *image
claim: *tag
merged:
  <<: *image
  digest: d
"""


def test_every_other_value_stays_as_helm_reads_it(tmp_path: Path) -> None:
    with tree(tmp_path, {**FILE, "values.yaml": ODD}) as app:
        plain = app.plain()
        changed = app.probe(put(("new", "key"), "x"))
        assert changed.pop("new") == {"key": "x"}
        assert changed == plain
        assert plain["exponent"] == 72044


def test_an_alias_keeps_what_it_had(tmp_path: Path) -> None:
    with tree(tmp_path, {**FILE, "values.yaml": ODD}) as app:
        changed = app.probe(put(("image", "tag"), "new"))
        assert (changed["image"]["tag"], changed["other"]["tag"], changed["claim"]) == ("new", "v1.0.0", "v1.0.0")
        assert changed["merged"] == {"repository": "ghcr.io/acme/app", "tag": "v1.0.0", "digest": "d"}


def test_a_merged_key_can_be_changed_and_taken_away(tmp_path: Path) -> None:
    with tree(tmp_path, {**FILE, "values.yaml": ODD}) as app:
        assert app.probe(put(("merged", "tag"), "new"))["merged"] == {"repository": "ghcr.io/acme/app", "tag": "new", "digest": "d"}
        assert app.probe(absent(("merged", "tag")))["merged"] == {"repository": "ghcr.io/acme/app", "digest": "d"}


@pytest.mark.parametrize(
    "text", ["", "# nothing yet\n", "---\n", "\ufeffimage: {tag: a}\n", "image: {tag: a}\r\n", '{"image": {"tag": "a"}}']
)
def test_any_values_file_takes_a_key(tmp_path: Path, text: str) -> None:
    with tree(tmp_path, {**FILE, "values.yaml": text}) as app:
        assert app.probe(put(("image", "tag"), "new"))["image"]["tag"] == "new"


def test_nothing_is_written_into_the_tree(tmp_path: Path) -> None:
    with tree(tmp_path, {**FILE, "values.yaml": ODD}) as app:
        before = {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()}
        app.probe(put(("image", "tag"), "new"), absent(("word",)))
        assert {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()} == before


def test_a_file_that_cannot_be_edited_is_named(tmp_path: Path) -> None:
    with tree(tmp_path, {**FILE, "values.yaml": "image: {tag: a}\n"}) as app:
        values = app.values
        (tmp_path / "values.yaml").write_text("image: [\n")
        with pytest.raises(AgentslintError, match=r"^values\.yaml: the values cannot be changed: "):
            changed_files(values, [put(("image", "tag"), "new")])
