# ruff: noqa: E501 - what is printed is shown as it is

"""What a person reads."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot
from msgspec.structs import replace

from agentslint.model import Certainty, Failure, Level

ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def test_a_typical_report(build: Any, render: Any) -> None:
    assert render("text", build.typical(), statistics=True) == snapshot("""\
argocd/applications/agents/values.yaml:4:8 error[require-digest] container agents runs ghcr.io/acme/agents:v1.4.2, which is not pinned by digest
  |
4 |   tag: v1.4.2
  |        ^^^^^^ image.tag
  = renders as Deployment/agents spec.template.spec.containers[0].image = ghcr.io/acme/agents:v1.4.2
  = targets: argocd/applications/agents, argocd/applications/agents-eu

argocd/applications/agents/values.yaml:7:31 warning[image-lockstep] runner is at 8b1f0c2d, its siblings at 5fbe5706
  |
7 |   image: "ghcr.io/acme/runner:8b1f0c2d"  # früher: 日本語
  |                               ^^^^^^^^ runner.image
  = argocd/applications/agents/values.yaml:4: agents is at 5fbe5706

argocd/applications/agents/values.yaml:9:3 note[pull-secrets] agents has no pull secret
  |
9 |   image:
  |   ^^^^^^
  = this is the chart's entry; the line that decides it is not known

argocd/applications/broken/kustomization.yaml:2:3 not checked argocd/applications/broken: accumulating resources: missing.yaml: no such file
argocd/applications/agents not checked[broken-rule]: ZeroDivisionError: division by zero
  --verbose shows the renderer's whole messages

note: chart redis has no version: pulled anew

     1  warning  image-lockstep
     1  note     pull-secrets
     1  error    require-digest

1 error, 1 warning, 1 note, 1 suppressed, 2 not checked; 1 of 2 targets rendered; 1.2 s
""")


def test_verbose_shows_whole_messages_and_what_is_suppressed(build: Any, render: Any) -> None:
    assert render("text", build.typical(), verbose=True) == snapshot("""\
argocd/applications/agents/values.yaml:4:8 suppressed[mutable-tag] this one is accepted
  |
4 |   tag: v1.4.2
  |        ^^^^^^
  = location: matched
  = suppressed: pinned by the mirror

argocd/applications/agents/values.yaml:4:8 error[require-digest] container agents runs ghcr.io/acme/agents:v1.4.2, which is not pinned by digest
  |
4 |   tag: v1.4.2
  |        ^^^^^^ image.tag
  = renders as Deployment/agents spec.template.spec.containers[0].image = ghcr.io/acme/agents:v1.4.2
  = targets: argocd/applications/agents, argocd/applications/agents-eu
  = decides Deployment/agents spec.template.spec.containers[0].image, Job/migrate spec.template.spec.containers[0].image
  = location: matched

argocd/applications/agents/values.yaml:7:31 warning[image-lockstep] runner is at 8b1f0c2d, its siblings at 5fbe5706
  |
7 |   image: "ghcr.io/acme/runner:8b1f0c2d"  # früher: 日本語
  |                               ^^^^^^^^ runner.image
  = argocd/applications/agents/values.yaml:4: agents is at 5fbe5706
  = location: matched

argocd/applications/agents/values.yaml:9:3 note[pull-secrets] agents has no pull secret
  |
9 |   image:
  |   ^^^^^^
  = this is the chart's entry; the line that decides it is not known
  = location: chart

argocd/applications/broken/kustomization.yaml:2:3 not checked argocd/applications/broken: accumulating resources: missing.yaml: no such file
  | Error: accumulating resources
  |     from 'missing.yaml'\\x1b[31m
argocd/applications/agents not checked[broken-rule]: ZeroDivisionError: division by zero

note: chart redis has no version: pulled anew

0 extra renders to locate findings and to answer rules
1 error, 1 warning, 1 note, 1 suppressed, 2 not checked; 1 of 2 targets rendered; 1.2 s
""")


def test_quiet_leaves_the_headings_and_what_was_not_checked(build: Any, render: Any) -> None:
    assert render("text", build.typical(), quiet=True) == snapshot("""\
argocd/applications/agents/values.yaml:4:8 error[require-digest] container agents runs ghcr.io/acme/agents:v1.4.2, which is not pinned by digest
argocd/applications/agents/values.yaml:7:31 warning[image-lockstep] runner is at 8b1f0c2d, its siblings at 5fbe5706
argocd/applications/agents/values.yaml:9:3 note[pull-secrets] agents has no pull secret
argocd/applications/broken/kustomization.yaml:2:3 not checked argocd/applications/broken: accumulating resources: missing.yaml: no such file
argocd/applications/agents not checked[broken-rule]: ZeroDivisionError: division by zero
""")


def test_a_clean_run_is_one_line(build: Any, render: Any) -> None:
    assert render("text", build.report(rendered=17, targets=17)) == snapshot("All good: no findings; 17 of 17 targets rendered; 1.2 s\n")
    assert render("text", build.report(), quiet=True) == ""


def test_a_target_that_is_missing_is_not_a_clean_run(build: Any, render: Any) -> None:
    assert "All good" not in render("text", build.report(rendered=16, targets=17))
    assert "All good" not in render("text", build.report(failures=[Failure("cannot be read", "x")]))


def test_colour_adds_nothing_but_escape_sequences(build: Any, render: Any) -> None:
    report = build.typical()
    painted = render("text", report, color=True, statistics=True)
    assert ESCAPES.search(painted)
    assert ESCAPES.sub("", painted) == render("text", report, statistics=True)
    assert "\x1b" not in render("text", report, statistics=True)


def test_plain_text_does_not_load_rich() -> None:
    program = (
        "import sys; from pathlib import Path; from agentslint.model import Report; from agentslint.report import BUILTIN, ReportOptions;"
        "names = set(sys.modules); assert not {'agentslint.report.text', 'agentslint.report.sarif'} & names;"
        "BUILTIN['text'](Report([], [], [], {}, Path(), (), 0, 0.1), ReportOptions(width=80)); assert 'rich' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_results_come_by_file_and_line(build: Any, render: Any) -> None:
    places = [("b.yaml", 2), ("a.yaml", 10), ("a.yaml", 9)]
    results = [build.result(at=build.location(path, build.region(line))) for path, line in places]
    headings = render("text", build.report(results), quiet=True).splitlines()
    assert [heading.split(" ")[0] for heading in headings] == ["a.yaml:9:8", "a.yaml:10:8", "b.yaml:2:8"]


def test_a_failure_that_a_shown_result_tells_is_not_told_twice(build: Any, render: Any) -> None:
    result = build.result("missing.yaml does not exist", rule="render-error")
    failure = Failure("missing.yaml does not exist", build.agents, location=result.location, reported=True)
    assert render("text", build.report([result], [failure])).count("missing.yaml does not exist") == 1
    hidden = result.replace(suppressions=("accepted",))
    assert render("text", build.report([hidden], [failure])).count("missing.yaml does not exist") == 1


def test_the_frame_is_cut_around_the_region_of_a_long_line(build: Any, render: Any) -> None:
    line = "{" + "x" * 5000 + " image: nginx " + "y" * 5000 + "}"
    at = build.location("stream.yaml", build.region(1, 5010, 5015))
    text = render("text", build.report([build.result(at=at)], sources={"stream.yaml": line}), width=60)
    _, _, shown, marks, *_ = text.splitlines()
    assert len(shown) <= 60
    assert shown[marks.index("^") : marks.rindex("^") + 1] == "nginx"


@pytest.mark.parametrize(
    ("line", "start", "end", "shown", "marked"),
    [
        ("\timage: a", 9, 10, "    image: a", "a"),
        ("kéy: ñandú", 6, 11, "kéy: ñandú", "ñandú"),
        ("a\x1b[31mred: x", 12, 13, r"a\x1b[31mred: x", "x"),
        ("image: a", 8, 100, "image: a", "a"),
        ("image: \u202egpj.exe", 8, 16, r"image: \u202egpj.exe", r"\u202egpj.exe"),
        ("say ##[group]x", 14, 15, r"say ##\x5bgroup]x", "x"),
        ("image: a##[group]", 8, 10, r"image: a##\x5bgroup]", "a#"),
    ],
)
def test_the_marks_stand_under_the_text_of_the_region(
    build: Any, render: Any, line: str, start: int, end: int, shown: str, marked: str
) -> None:
    at = build.location("f.yaml", build.region(1, start, end))
    text = render("text", build.report([build.result(at=at)], sources={"f.yaml": f"{line}\n"}))
    _, _, frame, marks, *_ = text.splitlines()
    assert frame == f"1 | {shown}"
    assert frame[marks.index("^") : marks.rindex("^") + 1] == marked


@pytest.mark.parametrize(
    ("key_path", "label"),
    [
        (("image", "tag"), "^ image.tag"),
        (("images", "[ghcr.io/acme/agents]", "newTag"), "^ images[ghcr.io/acme/agents].newTag"),
        (("extra", 0, "image"), "^ extra[0].image"),
        (("Deployment/agents", "spec", "image"), "^"),
        ((), "^"),
    ],
)
def test_the_marks_name_the_authored_key(build: Any, render: Any, key_path: Any, label: str) -> None:
    at = build.location("f.yaml", build.region(1, 1, 2), key_path=key_path)
    text = render("text", build.report([build.result(at=at)], sources={"f.yaml": "x"}))
    assert text.splitlines()[3] == f"  | {label}"


def test_wide_characters_take_two_cells(build: Any, render: Any) -> None:
    at = build.location("f.yaml", build.region(1, 5, 6))
    text = render("text", build.report([build.result(at=at)], sources={"f.yaml": "日本: x"}))
    assert text.splitlines()[3] == "  |       ^"


def test_a_region_of_several_lines_is_marked_to_the_end_of_its_first(build: Any, render: Any) -> None:
    at = build.location("f.yaml", build.region(1, 1, 3, end_line=4))
    text = render("text", build.report([build.result(at=at)], sources={"f.yaml": "spec:   \r\n  a: 1\r\n"}))
    assert text.splitlines()[2:4] == ["1 | spec:", "  | ^^^^^"]


def test_files_that_cannot_be_read_leave_the_finding(build: Any, render: Any, tmp_path: Path) -> None:
    import os

    (tmp_path / "repo").mkdir()
    (tmp_path / "outside.yaml").write_text("token: t0ken\n")
    (tmp_path / "repo" / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (tmp_path / "repo" / "loop.yaml").symlink_to("loop.yaml")
    (tmp_path / "repo" / "bytes.yaml").write_bytes(b"\xff\xfe\x00\n\xe9: x\n")
    os.mkfifo(tmp_path / "repo" / "pipe.yaml")
    paths = ["missing.yaml", "link.yaml", "loop.yaml", "pipe.yaml", "../outside.yaml", "bytes.yaml", ".", "a\0b", "x" * 5000]
    results = [build.result(at=build.location(path, build.region(1, 1, 3))) for path in paths]
    text = render("text", build.report(results, root=tmp_path / "repo"))
    assert text.count("error[require-digest]") == len(paths)
    assert "t0ken" not in text


def test_a_line_beyond_the_end_of_the_file_has_no_frame(build: Any, render: Any) -> None:
    report = build.report([build.result(at=build.location("f.yaml", build.region(99)))], sources={"f.yaml": "a: b\n"})
    assert "a: b" not in render("text", report)


def test_what_is_not_there_renders_as_nothing(build: Any, render: Any) -> None:
    place = replace(build.field("Cluster", "db", ("spec",)), missing="imageName")
    result = build.result(
        "Cluster/db does not set spec.imageName", place=place, rendered_as="Cluster/db spec", certainty=Certainty.RESOURCE
    )
    for name in ("text", "github"):
        assert "renders as" not in render(name, build.report([result]))
    assert "not known" not in render("text", build.report([result]))


def test_statistics_list_the_most_frequent_rule_first(build: Any, render: Any) -> None:
    results = [build.result(rule=rule, level=level) for rule, level in [("b", Level.NOTE), ("a", Level.WARNING), ("b", Level.ERROR)]]
    table = render("text", build.report(results), quiet=True, statistics=True).splitlines()[-2:]
    assert [row.split() for row in table] == [["2", "error", "b"], ["1", "warning", "a"]]
