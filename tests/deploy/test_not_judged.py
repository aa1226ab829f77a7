"""An application that is not judged is a limit: named, counted, never "All good"; only `require-judged` makes a failure of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.suppress.command_in_process import Done, Run, Tree
from tests.suppress.sample_apps import DIGEST, deployment, kustomization

APP = {"apps/web/kustomization.yaml": kustomization("web.yaml"), "apps/web/web.yaml": deployment("web", f"ghcr.io/acme/web:v1@{DIGEST}")}
HEAD = "apiVersion: argoproj.io/v1alpha1\nkind: {kind}\nmetadata: {{name: web, namespace: argocd}}\nspec:\n  destination: {{server: x}}\n"
APPLICATION, SET = HEAD.format(kind="Application"), HEAD.format(kind="ApplicationSet")
OURS = "repoURL: 'https://git.example.com/acme/gitops', path: apps/web"
TEMPLATE = f"  template: {{metadata: {{name: web}}, spec: {{project: default, source: {{{OURS}}}, destination: {{server: x}}}}}}\n"
LIMITS = {
    "a plugin": (f"{APPLICATION}  source: {{{OURS}, plugin: {{name: lovely}}}}\n", "Application/web", "made by plugin lovely"),
    "a tag": (f"{APPLICATION}  source: {{{OURS}, targetRevision: 1.x}}\n", "Application/web", "pinned to the range 1.x"),
    "a generator": (
        f"{SET}  generators: [{{pullRequest: {{github: {{owner: acme, repo: web}}}}}}]\n{TEMPLATE}",
        "ApplicationSet/web",
        "",
    ),
}


def limits(done: Done) -> list[tuple[str, str, str]]:
    return [(row["kind"], row["name"], row["reason"]) for row in json.loads(done.out)["skipped"]]


def formats(run: Run, tree: Tree) -> tuple[Done, Done, dict[str, Any]]:
    text = run("lint", ".", cwd=tree.root)
    found = run("lint", ".", "--format", "json", cwd=tree.root)
    sarif: dict[str, Any] = json.loads(run("lint", ".", "--format", "sarif", cwd=tree.root).out)["runs"][0]["invocations"][0]
    return text, found, sarif


@pytest.mark.parametrize(("manifest", "name", "reason"), LIMITS.values(), ids=LIMITS)
def test_a_limit_is_named_in_every_format_and_ends_with_0(run: Run, tree: Tree, manifest: str, name: str, reason: str) -> None:
    tree.write({**APP, "argo/web.yaml": manifest})

    text, found, sarif = formats(run, tree)

    ((kind, named, why),) = limits(found)
    assert (text.status, found.status, sarif["exitCode"], sarif["executionSuccessful"]) == (0, 0, 0, True)
    assert (kind, named) == ("application", name)
    assert reason in why
    assert f"note: not judged: 1 Application: {name} ({why})" in text.out
    assert "2 of 2 targets rendered, 1 Application not judged; " in text.out
    assert "All good" not in text.out
    assert sarif["properties"]["skipped"] == [{"kind": kind, "name": named, "reason": why}]
    assert any(name in note["message"]["text"] for note in sarif["toolExecutionNotifications"])


@pytest.mark.parametrize(("manifest", "name", "reason"), LIMITS.values(), ids=LIMITS)
def test_require_judged_makes_a_failure_of_a_limit(run: Run, tree: Tree, manifest: str, name: str, reason: str) -> None:
    tree.write({**APP, "argo/web.yaml": manifest, ".agentslint.toml": "[deploy]\nrequire-judged = true\n"})

    text, found, sarif = formats(run, tree)

    (failure,) = json.loads(found.out)["failures"]
    assert (text.status, found.status, sarif["exitCode"]) == (2, 2, 2)
    assert failure["message"].startswith(f"{name} is not judged: ")
    assert reason in failure["message"]
    assert failure["location"]["path"] == "argo/web.yaml"
    assert "not checked" in text.out


def test_a_source_that_cannot_be_deployed_is_no_limit(run: Run, tree: Tree) -> None:
    config = '[deploy]\nrepositories = ["https://git.example.com/acme/gitops"]\n'
    tree.write({**APP, ".agentslint.toml": config, "argo/web.yaml": f"{APPLICATION}  source: {{{OURS}/gone}}\n"})
    text, found, _ = formats(run, tree)
    assert text.status == found.status == 1
    assert found.places("application-source") == [("application-source", "argo/web.yaml", 6)]


@pytest.mark.parametrize("path", [".", "apps"])
def test_where_all_are_switched_off_it_is_not_all_good(run: Run, tree: Tree, path: str) -> None:
    generators = "  generators: [{list: {elements: [{on: 'no'}]}, selector: {matchLabels: {on: 'yes'}}}]\n"
    tree.write({**APP, "argo/web.yaml": f"{SET}{generators}{TEMPLATE}"})

    done = run("lint", path, cwd=tree.root)

    assert "All good" not in done.out
    assert "1 Application not judged" in done.out
    assert "switched off" in done.out


def test_what_is_switched_off_beside_a_judged_one_is_no_limit(run: Run, tree: Tree) -> None:
    generators = "  generators: [{list: {elements: [{on: 'no'}, {on: 'yes'}]}, selector: {matchLabels: {on: 'yes'}}}]\n"
    tree.write({**APP, "argo/web.yaml": f"{SET}{generators}{TEMPLATE}", ".agentslint.toml": "[deploy]\nrequire-judged = true\n"})
    done = run("lint", ".", cwd=tree.root)
    assert (done.status, "All good" in done.out) == (0, True)


def test_a_run_of_other_paths_counts_only_its_own(run: Run, tree: Tree) -> None:
    judged = {"apps/api/kustomization.yaml": kustomization("../web"), "argo/api.yaml": APPLICATION.replace("name: web", "name: api")}
    judged["argo/api.yaml"] += f"  source: {{{OURS.replace('web', 'api')}}}\n"
    tree.write({**APP, **judged, "argo/web.yaml": LIMITS["a plugin"][0]})
    assert "All good" in run("lint", "apps/api", cwd=tree.root).out
    assert "1 Application not judged" in run("lint", "argo/web.yaml", cwd=tree.root).out


def test_many_are_counted_by_their_reasons(run: Run, tree: Tree) -> None:
    manifests = {f"argo/{number}.yaml": LIMITS["a plugin"][0].replace("name: web", f"name: web-{number}") for number in range(7)}
    tree.write({**APP, **manifests, "argo/tag.yaml": LIMITS["a tag"][0]})

    done = run("lint", ".", cwd=tree.root)

    assert "note: not judged: 8 Applications: 7 made by plugin lovely (Application/web-0, Application/web-1, " in done.out
    assert " and 2 more), 1 pinned to the range 1.x (Application/web)\n" in done.out
