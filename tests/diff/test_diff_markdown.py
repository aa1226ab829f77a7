"""The comment of a pull request: found again by its mark, the same for the same change, harmless, and never too long."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from diff_run import diff
from story import Story, plain, web

from agentslint.diff.markdown_diff import LIMIT, MARK, code, render
from agentslint.diff.rows import ApiRow, ImageRow, RunDifference, TargetRow
from agentslint.model import Failure, Report


def difference(*rows: TargetRow, failures: tuple[Failure, ...] = (), notes: tuple[str, ...] = ()) -> RunDifference:
    report = Report([], list(failures), list(notes), {}, Path(), (), len(rows), 0.0)
    return RunDifference("main", "1" * 40, rows, report)


def row(name: str, images: int = 1, **more: object) -> TargetRow:
    image = f"ghcr.io/acme/{name.rpartition('/')[2]}"
    found = tuple(ImageRow(f"Deployment/web-{number}", "container main", f"{image}:{number}", f"{image}:2") for number in range(images))
    return TargetRow(name, "changed", images=found, **more)  # type: ignore[arg-type]


def test_the_comment_of_a_promotion(story: Story) -> None:
    story.commit("before", plain("apps/web", "ghcr.io/acme/web:1"))
    story.write({"apps/web/web.yaml": web(f"ghcr.io/acme/web:2@sha256:{'ab' * 32}")})
    first = diff(story, "--base", "HEAD", "apps", "--format", "markdown")
    assert (
        first.out
        == f"""\
<!-- agentslint diff -->

### What will run differently

1 of 1 target differs from `HEAD ({story.commits[0][:10]})`: 1 image, 1 manifest.

Policy: no findings (change-without-effect, crd-compat, digest-changed-alone, partial-rollback).

#### `apps/web`

| workload | ran | will run | commits |
| --- | --- | --- | --- |
| `Deployment/web` `container main` | `ghcr.io/acme/web:1` | `ghcr.io/acme/web:2@sha256:abababababab…` | `now pinned by digest` |
"""
    )
    assert diff(story, "--base", "HEAD", "apps", "--format", "markdown", "-j", "1").out == first.out


def test_what_matters_most_comes_first() -> None:
    text = render(
        difference(
            row("images"),
            TargetRow("claims", "changed"),
            TargetRow("api", "changed", apis=(ApiRow("runs", "v1 spec.a was removed", True),)),
            TargetRow("broken", "failed", failures=("it does not render",)),
        )
    )
    assert re.findall(r"#### `(\w+)`", text) == ["broken", "api", "images", "claims"]


@pytest.mark.parametrize("rows", [(2000, 1), (1, 2000), (40, 40)])
def test_a_comment_that_would_be_too_long_is_cut_by_severity_and_says_so(rows: tuple[int, int]) -> None:
    count, images = rows
    many = [row(f"apps/ä-{number:04}", images) for number in range(count)]
    text = render(difference(*many, TargetRow("zz", "failed", failures=("it does not render",))))
    assert len(text) < len(text.encode()) < LIMIT < 65_536
    assert text.startswith(MARK)
    assert "#### `zz` is not compared" in text
    shown = text.count("#### `apps/")
    assert f"a comment has no room for {count - shown} more target" in text
    assert text.rstrip().endswith("`agentslint diff` prints all of them.")


def test_long_lists_at_the_head_are_cut_too() -> None:
    failures = tuple(Failure(f"{number}: {'x' * 5000}") for number in range(500))
    text = render(difference(row("apps/web"), failures=failures, notes=("n" * 5000,) * 500))
    assert len(text) < LIMIT
    assert "- and 490 more" in text
    assert "#### `apps/web`" in text


@pytest.mark.parametrize("text", ["@everyone", "<img src=x>", "a|b", "`", "``x`", "[x](http://e)", "a\nb", "-->", "\x1b[31m", "", "‮x"])
def test_what_comes_from_the_repository_is_only_text(text: str) -> None:
    found = code(text)
    assert "\n" not in found
    fence = re.match("`+", found)
    assert fence
    assert found.endswith(fence.group())
    inner = found[len(fence.group()) : -len(fence.group())]
    assert fence.group() not in re.findall("`+", inner)
    assert "\x1b" not in inner
    assert "‮" not in inner


def test_a_bar_does_not_end_a_cell() -> None:
    odd = TargetRow("apps/web", "changed", images=(ImageRow("Deployment/web", "container a|b", "x|y", None),))
    line = next(line for line in render(difference(odd)).splitlines() if "Deployment/web" in line)
    assert re.split(r"(?<!\\)\|", line)[1:-1] == [r" `Deployment/web` `container a\|b` ", r" `x\|y` ", " nothing ", "  "]
