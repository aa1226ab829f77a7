"""What shares a line with a finding is shown only where it is harmless."""

from __future__ import annotations

import time

import pytest

from agentslint.report.beside import starred_beside


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("  adminPassword: hunter2", "  adminPassword: *******"),
        ("  'api-key' : \"hun ter2\" # why", "  'api-key' : ********** # why"),
        ("imagePullSecrets: [{name: pull}]", "imagePullSecrets: [{name: pull}]"),
        ("automountServiceAccountToken: false", "automountServiceAccountToken: false"),
        ("valuesInline: {tag: latest, db: {dsn: x://y, host: a b}}", "valuesInline: {tag: latest, db: {dsn: *****, host: ***}}"),
        ("images: [{name: nginx, newTag: latest}]", "images: [{name: nginx, newTag: latest}]"),
        ('"args": ["--password=hunter2", a]', '"args": [********************, *]'),
        ("image: nginx:latest", "image: nginx:latest"),
        ("image: {{ .Values.image }}:{{ .Values.tag }}", "image: {{ .Values.image }}:{{ .Values.tag }}"),
    ],
)
def test_what_may_be_secret_is_starred_and_columns_hold(line: str, shown: str) -> None:
    assert starred_beside(line, len(line), len(line)) == shown


def test_the_part_that_is_found_is_shown() -> None:
    line = "{odd: hunter, other: secret}"
    assert starred_beside(line, 6, 12) == "{odd: hunter, other: ******}"


def test_a_long_line_takes_no_time() -> None:
    begun = time.thread_time()
    starred_beside("{" + "password: {a: '" * 20_000, 3, 4)
    assert time.thread_time() - begun < 1


@pytest.mark.parametrize("line", ["[[scenario]]", "[rules.secret-refs]", "  [deploy]  "])
def test_a_header_of_the_configuration_is_shown(line: str) -> None:
    assert starred_beside(line, 0, 1) == line
