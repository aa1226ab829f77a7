"""URLs in messages and frames hold neither passwords nor tokens."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from agentslint.credentials import cleaned, dropped, starred
from agentslint.render.failures.explain import without_secrets
from tests import warm


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
        "https://example.com/a.yaml?accessToken=hunter2",
        "https://example.com/a.yaml?x=1&jwt=hunter2",
        "https://example.com/a.yaml?id_token=hunter2&clientSecret=hunter2",
        "https:\\/\\/hunter2@github.com\\/acme\\/x?ref=v1",
        "https:\\x2f/hunter2@github.com/acme/x?ref=v1",
        "https:\\u002F\\u002fme:hunter2@github.com/acme/x",
        "https:%2F%2Fhunter2@github.com/acme/x",
        "https://me:a'hunter2@example.com/x",
        'https://me:a"hunter2@example.com/x',
        "https://gitlab-ci-token:hunter2 x@example.com/x",
        "https://example.com/a?to%6ben=hunter2",
        "https://example.com/a?access-token[]=hunter2&access-token[a]=hunter2",
        "me:hunter2@gitlab:acme/x.git",
        "me:hunter2@gitlab/acme/x.git",
    ],
)
def test_a_url_lets_nobody_in(url: str) -> None:
    line = f"- '{url}' # note"
    assert "hunter2" not in dropped(line) + starred(line)
    assert len(starred(line)) == len(line)
    assert dropped(line).endswith("' # note")


@pytest.mark.parametrize(
    "text",
    [
        "ghcr.io/acme/web:v1@sha256:0123",
        "web:v1@sha512:0123",
        '{"a":"https://example.com","b":"me@example.com"}',
        "https://example.com: no answer for me@example.com",
        "https://example.com/a?keys=1&keyboard=2&ref=main",
        "see https://example.com/x, written by me@example.com",
    ],
)
def test_other_texts_stay(text: str) -> None:
    assert (dropped(text), starred(text)) == (text, text)


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


QUOTED = 'x.example/a?token=hunter2"d'


@pytest.mark.parametrize("format_", ["json", "sarif"])
@pytest.mark.parametrize("image", [QUOTED, "https://robot:hunter2\\@example.com", "robot:a\\u0041@example.com/x"])
def test_a_report_stays_json_and_its_paths_as_they_are(image: str, format_: str, tmp_path: Path) -> None:
    app = tmp_path / "a:b@c.d" / "app?token=x"
    app.mkdir(parents=True)
    (app / "kustomization.yaml").write_text("resources: [web.yaml]\n")
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": {"containers": [{"name": "a", "image": image}]}}
    (app / "web.yaml").write_text(json.dumps(pod))

    for line in (["lint", ".", "-f", format_], ["lint", ".", "-f", format_, "-o", "out"]):
        done = warm.run_text(line, tmp_path)
        text = (tmp_path / "out").read_text() if "-o" in line else done.stdout
        report = json.loads(text)
        assert "hunter2" not in text
        if format_ == "json":
            assert {row["location"]["path"] for row in report["results"]} == {"a:b@c.d/app?token=x/web.yaml"}


def test_paths_of_plain_reports_stay() -> None:
    location = {"path": "a:b@c.d/x.yaml", "message": "ssh://a:b@c.d/x.yaml"}
    assert cleaned({"rows": [location]}) == {"rows": [{"path": "a:b@c.d/x.yaml", "message": "ssh://c.d/x.yaml"}]}


def test_a_long_text_is_searched_quickly() -> None:
    text = "image: ghcr.io/acme/web@sha256:1234 a=b ".ljust(100) * 20_000
    before = time.process_time()
    assert dropped(text) == text
    assert time.process_time() - before < 3
