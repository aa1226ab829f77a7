# ruff: noqa: E501 - what is printed is shown as it is

"""Workflow commands, read back as GitHub's runner reads them."""

from __future__ import annotations

from typing import Any

from inline_snapshot import snapshot

from agentslint.model import Failure, Level


def read(line: str) -> tuple[str, dict[str, str], str]:
    """Parse a workflow command in the way of the runner: split first, unescape after."""
    assert line.startswith("::")
    head, _, data = line[2:].partition("::")
    name, _, pairs = head.partition(" ")
    properties = dict(pair.split("=", 1) for pair in pairs.split(",") if pair)
    for escaped, plain in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        properties = {key: value.replace(escaped, plain) for key, value in properties.items()}
        if escaped not in ("%3A", "%2C"):
            data = data.replace(escaped, plain)
    return name, properties, data


def test_a_typical_report(build: Any, render: Any) -> None:
    assert render("github", build.typical()) == snapshot("""\
::error file=argocd/applications/broken/kustomization.yaml,line=2,endLine=2,col=3,endColumn=14,title=agentslint%3A not checked::argocd/applications/broken: accumulating resources: missing.yaml: no such file
::error title=agentslint%3A not checked::argocd/applications/agents, broken-rule: ZeroDivisionError: division by zero
::error file=argocd/applications/agents/values.yaml,line=4,endLine=4,col=8,endColumn=13,title=agentslint%3A require-digest::container agents runs ghcr.io/acme/agents:v1.4.2, which is not pinned by digest%0Arenders as Deployment/agents spec.template.spec.containers[0].image = ghcr.io/acme/agents:v1.4.2%0Atargets: argocd/applications/agents, argocd/applications/agents-eu
::warning file=argocd/applications/agents/values.yaml,line=7,endLine=7,col=31,endColumn=38,title=agentslint%3A image-lockstep::runner is at 8b1f0c2d, its siblings at 5fbe5706%0Aargocd/applications/agents/values.yaml:4: agents is at 5fbe5706
::notice file=argocd/applications/agents/values.yaml,line=9,endLine=9,col=3,endColumn=8,title=agentslint%3A pull-secrets::agents has no pull secret
note: chart redis has no version: pulled anew
1 error, 1 warning, 1 note, 1 suppressed, 2 not checked; 1 of 2 targets rendered; 1.2 s
""")


def test_levels_become_commands(build: Any, render: Any) -> None:
    results = [build.result(level=level, at=build.location("f.yaml", build.region(n + 1))) for n, level in enumerate(Level)]
    commands = render("github", build.report(results), quiet=True).splitlines()
    assert [read(command)[0] for command in commands] == ["error", "warning", "notice"]


def test_the_runner_reads_back_what_was_meant(build: Any, render: Any) -> None:
    at = build.location("a,b:c=d%2C/ü.yaml", build.region(3, 5, 9))
    (command,) = render("github", build.report([build.result("100 % of it: a::b, c\nthe end %0A", at=at)]), quiet=True).splitlines()
    name, properties, data = read(command)
    assert name == "error"
    assert properties["file"] == "a,b:c=d%2C/ü.yaml"
    assert (properties["line"], properties["endLine"], properties["col"], properties["endColumn"]) == ("3", "3", "5", "8")
    assert data == "100 % of it: a::b, c the end %0A"


def test_a_region_of_several_lines_has_no_columns(build: Any, render: Any) -> None:
    at = build.location("f.yaml", build.region(3, 5, 2, end_line=9))
    (command,) = render("github", build.report([build.result(at=at)]), quiet=True).splitlines()
    assert read(command)[1].keys() == {"file", "line", "title"}


def test_what_was_not_checked_comes_first_and_is_an_error(build: Any, render: Any) -> None:
    report = build.report([build.result()], [Failure("cannot be read: ::error::x", "apps/a")])
    first = render("github", report).splitlines()[0]
    assert read(first) == ("error", {"title": "agentslint: not checked"}, "apps/a: cannot be read: ::error::x")


def test_a_failure_that_is_tolerated_is_a_warning(build: Any, render: Any) -> None:
    text = render("github", build.report(failures=[Failure("no such chart")], exit_code=0))
    assert read(text.splitlines()[0])[0] == "warning"


def test_suppressed_results_are_not_annotated(build: Any, render: Any) -> None:
    assert "accepted" not in render("github", build.typical())


def test_a_message_stays_within_what_the_runner_takes(build: Any, render: Any) -> None:
    (command,) = render("github", build.report([build.result("long " * 5000)]), quiet=True).splitlines()
    assert len(read(command)[2]) == 4096


def test_a_note_is_no_command(build: Any, render: Any) -> None:
    text = render("github", build.report(notes=["::add-mask::x", "##[add-mask]x"]))
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::") or "##[" in line]
