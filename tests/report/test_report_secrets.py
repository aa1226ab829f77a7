"""The values of Secrets never appear in a report."""

from __future__ import annotations

from typing import Any

import pytest

SECRET = """\
apiVersion: v1
kind: Secret
metadata: {name: pull}
stringData:
  password: hunter2
"""
OPEN = """\
apiVersion: v1
kind: ConfigMap
data:
  word: hunter2
"""


def shown(build: Any, render: Any, text: str, line: int, **result: Any) -> bool:
    """Whether any format shows the word on `line` of `text`."""
    at = build.location("f.yaml", build.region(line, 1, 2))
    report = build.report([build.result(at=at, **result)], sources={"f.yaml": text})
    outputs = [render(name, report, verbose=True) for name in ("text", "sarif", "json", "github")]
    return any("hunter2" in output for output in outputs)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (SECRET, 5),
        (f"---\n{SECRET}", 6),
        (f"{OPEN}---\n{SECRET}", 10),
        (f"{SECRET}---\n{OPEN}", 5),
        (SECRET.replace("kind: Secret", "'kind' : \"Secret\" # said openly"), 5),
        (SECRET.replace("\n", "\r\n"), 5),
        (SECRET.replace("kind: Secret\n", "") + "kind: Secret", 4),
        ("".join(f"  {line}\n" for line in SECRET.splitlines()), 5),
        ('{"apiVersion": "v1", "kind": "Secret", "data": {"password": "hunter2"}}\n', 1),
        ('{\n  "kind": "Secret",\n  "data": {\n    "password": "hunter2"\n  }\n}\n', 4),
        ("--- {kind: Secret, data: {password: hunter2}}\n", 1),
        ("kind: List\nitems:\n- kind: Secret\n  data:\n    password: hunter2\n- kind: ConfigMap\n", 5),
        ("kind: SecretList\nitems:\n- data:\n    password: hunter2\n", 4),
        ("patches:\n- target:\n    kind: Secret\n  patch: |-\n    - path: /data/password\n      value: hunter2\n", 6),
        ("patches:\n- patch: |\n    password: hunter2\n\n# why\n    kind: Secret\n", 3),
        ("resources: []\nsecretGenerator:\n- name: a\n  literals:\n  - a=b\n- name: b\n  literals:\n  - password=hunter2\n", 8),
        ("---\n  secretGenerator:\n  - name: a\n    literals:\n    - password=hunter2\n", 5),
        ("{{- if .Values.secret }}\nkind: Secret\n{{- end }}\ndata:\n  password: hunter2\n", 5),
    ],
)
def test_no_line_of_a_secret_is_shown(build: Any, render: Any, text: str, line: int) -> None:
    assert "hunter2" in text.splitlines()[line - 1]
    assert not shown(build, render, text, line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (OPEN, 4),
        (f"{SECRET}---\n{OPEN}", 10),
        (OPEN.replace("ConfigMap", "SecretStore"), 4),
        ("kind: List\nitems:\n- kind: Secret\n  data: {}\n- kind: ConfigMap\n  data: hunter2\n", 6),
        ("secretGenerator:\n- name: a\nimages:\n- newTag: hunter2\n", 4),
    ],
)
def test_other_documents_of_the_file_are_shown(build: Any, render: Any, text: str, line: int) -> None:
    assert shown(build, render, text, line)


def test_a_value_that_ends_up_in_a_secret_is_not_shown(build: Any, render: Any) -> None:
    rendered = "Secret/pull stringData.password = hunter2"
    place = build.field(kind="Secret", pointer=("stringData", "password"))
    assert not shown(build, render, "password: hunter2\n", 1, place=place)
    assert not shown(build, render, "password: hunter2\n", 1, fields=["Deployment/a spec", "Secret/pull data.password"])
    assert not shown(build, render, "password: x\n", 1, rendered_as=rendered)


def test_the_reader_is_told_why_there_is_no_frame(build: Any, render: Any) -> None:
    at = build.location(f"{build.agents}/secret.yaml", build.region(13, 13, 20))
    text = render("text", build.report([build.result(at=at)]))
    assert "not shown: it may be secret" in text
    assert "hunter2" not in text


def test_the_lines_around_a_finding_are_not_quoted(build: Any, render: Any) -> None:
    text = "adminPassword: hunter2\ntag: v1\nother: hunter2\n"
    assert not shown(build, render, text, 2)
