"""`--no-trace`, `--trace-timeout`, and what tracing costs where there is nothing to trace."""

from __future__ import annotations

import json

import pytest

from tests.suppress.command_in_process import Run, Tree
from tests.suppress.sample_apps import DIGEST, chart_app, kustomization, plain

RULE = ("--select", "require-digest")
TWICE = "image:\n  tag: 1.28.0\nunused:\n  tag: 1.28.0\nsidecar: false\n"
"""The same text twice, so that text alone does not tell which one decides."""


def summary(out: str) -> dict[str, int]:
    found: dict[str, int] = json.loads(out)["summary"]
    return found


def test_a_run_without_findings_costs_no_extra_render(run: Run, tree: Tree) -> None:
    tree.write(plain(f"nginx:1.27@{DIGEST}"))
    tree.write({"other/kustomization.yaml": kustomization("../app", more="namePrefix: x-\n"), "pod.yaml": "apiVersion: v1\nkind: Pod\n"})
    done = run("lint", ".", "app", "-f", "json", cwd=tree.root)
    assert done.results == []
    assert (summary(done.out)["targets"], summary(done.out)["renders"]) == (3, 2)


def test_findings_of_a_target_cost_one_more(run: Run, tree: Tree) -> None:
    tree.write(chart_app(TWICE))
    done = run("lint", ".", *RULE, "-f", "json", cwd=tree.root)
    assert (done.places(), summary(done.out)["renders"]) == ([("require-digest", "app/values.yaml", 2)], 2)
    assert done.results[0]["certainty"] == "exact"


def test_no_trace_makes_no_extra_render(run: Run, tree: Tree) -> None:
    tree.write(chart_app(TWICE))
    done = run("lint", ".", *RULE, "--no-trace", "-f", "json", cwd=tree.root)
    assert (done.status, summary(done.out)["renders"]) == (1, 1)
    assert done.results[0]["certainty"] != "exact"
    assert json.loads(done.out)["notes"] == ["tracing is off (--no-trace): rules that need extra renders find less"]


def test_without_time_it_says_so(run: Run, tree: Tree) -> None:
    tree.write(chart_app(TWICE))
    done = run("lint", ".", *RULE, "--trace-timeout", "0", "-f", "json", cwd=tree.root)
    assert (done.status, summary(done.out)["renders"]) == (1, 1)
    assert done.results[0]["certainty"] != "exact"
    assert "tracing was cut short after 0 s (--trace-timeout)" in json.loads(done.out)["notes"][0]


def test_without_time_no_sarif_is_written(run: Run, tree: Tree) -> None:
    tree.write(chart_app(TWICE))
    done = run("lint", ".", "--trace-timeout", "0", "-f", "sarif", "-o", "x.sarif", "-f", "text", cwd=tree.root)
    assert done.status == 2
    assert "no SARIF is written: tracing was cut short (--trace-timeout)" in done.err
    assert not (tree.root / "x.sarif").exists()
    assert "require-digest" in done.out, "the other report is there"


def test_without_time_no_baseline_is_written(run: Run, tree: Tree) -> None:
    tree.write(chart_app(TWICE))
    done = run("baseline", "--trace-timeout", "0", cwd=tree.root)
    assert done.status == 2
    assert ".agentslint-baseline.json is not written: tracing was cut short" in done.err
    assert not (tree.root / ".agentslint-baseline.json").exists()


def test_enough_time_changes_nothing(run: Run, tree: Tree) -> None:
    tree.write(chart_app(TWICE))
    done = run("lint", ".", "--trace-timeout", "600", "-f", "sarif", cwd=tree.root)
    assert (done.status, done.err) == (1, "")
    assert run("baseline", "--trace-timeout", "600", cwd=tree.root).status == 0


def test_nothing_to_trace_is_not_cut_short(run: Run, tree: Tree) -> None:
    tree.write(plain(f"nginx:1.27@{DIGEST}"))
    assert run("lint", ".", "--trace-timeout", "0", "-f", "sarif", cwd=tree.root).status == 0


@pytest.mark.parametrize("limit", [("--trace-timeout", "0"), ("--no-trace",)])
def test_an_entry_that_was_not_tried_is_not_checked(run: Run, tree: Tree, limit: tuple[str, ...]) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec: {containers: [{name: main, image: 'example.com/a:%s-1.0'}]}\n"
    entry = "resources: [pods.yaml]\nimages: [{name: example.com/a, newTag: '2.0'}]\n"
    tree.write({"kustomization.yaml": entry, "pods.yaml": "---\n".join(pod % (name, name) for name in ("agent", "client"))})
    assert run("lint", ".", "--select", "merged-images", cwd=tree.root).status == 1
    done = run("lint", ".", "--select", "merged-images", *limit, cwd=tree.root)
    assert done.status == 2
    assert "cannot tell whether the images entry for example.com/a merges two images" in done.out


@pytest.mark.parametrize("limit", [("--trace-timeout", "0"), ("--no-trace",)])
def test_an_entry_of_one_image_needs_no_render(run: Run, tree: Tree, limit: tuple[str, ...]) -> None:
    tree.write(
        {
            **plain("example.com/a:1.0"),
            "app/kustomization.yaml": kustomization("web.yaml", more="images: [{name: example.com/a, newTag: '2.0'}]\n"),
        }
    )
    assert run("lint", ".", "--select", "merged-images", *limit, cwd=tree.root).status == 0
