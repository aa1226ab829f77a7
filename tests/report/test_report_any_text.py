"""Whatever a file, a rule or a renderer says: every format stays well-formed, and a terminal safe."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentslint.model import Failure, Report, Suppression

CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
PARTS = st.sampled_from(
    [
        "\x1b[31m",
        "\x1b]0;t\x07",
        "\r\n",
        "\n::error::x",
        "%0A",
        "%",
        "##[error]",
        "](1)",
        "{0}",
        "\u202e",
        "\ud800",
        "\x9b",
        "日",
        "..",
        "/",
    ]
)
TEXT = st.lists(st.one_of(st.text(max_size=8), PARTS, st.characters(categories=["Cs", "Cc", "Cf"])), max_size=6).map("".join)
RULE = st.from_regex(r"[^\W\d_][^\W_]{0,8}(-[^\W_]{1,8})?", fullmatch=True)  # from the name of a class
NUMBER = st.integers(min_value=0, max_value=40)


@st.composite
def reports(draw: Callable[[Any], Any], build: Any) -> Report:
    def place() -> Any:
        region = build.region(draw(NUMBER), draw(NUMBER), draw(NUMBER), end_line=draw(NUMBER))
        return build.location(draw(st.one_of(TEXT, st.just("f.yaml"))), region, message=draw(TEXT), key_path=(draw(TEXT), 0))

    result = build.result(
        draw(TEXT),
        rule=draw(RULE),
        at=place(),
        rendered_as=draw(TEXT),
        related=[place()],
        targets=[draw(TEXT), draw(TEXT)],
        fields=[draw(TEXT), draw(TEXT)],
        suppressions=draw(st.sampled_from([(), (Suppression(draw(TEXT), draw(TEXT), place()),)])),
    )
    failure = Failure(draw(TEXT), draw(TEXT), draw(st.one_of(RULE, st.just(""))), place(), details=draw(TEXT))
    return build.report([result], [failure], [draw(TEXT)], sources={"f.yaml": draw(TEXT)})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data(), verbose=st.booleans())
def test_any_text(build: Any, render: Any, validate: Any, data: Any, verbose: bool) -> None:
    report = data.draw(reports(build))
    options = {"verbose": verbose, "statistics": True, "sarif_suppressed": True}
    text, github = render("text", report, **options), render("github", report)
    sarif, plain = render("sarif", report, **options), render("json", report)
    for output in (text, github, sarif, plain):
        output.encode()
        assert not CONTROLS.search(output)
    validate(json.loads(sarif))
    assert json.loads(plain)["schema"] == 1
    assert render("text", report, color=True, **options).count("\n") == text.count("\n")
    commands = len(report.active) + len(report.failures)
    assert [line.startswith("::error ") for line in github.split("\n")] == [True] * commands + [False] * 3
