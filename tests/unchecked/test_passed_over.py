"""Charts and manifests that nothing renders are named and counted, and nothing is called all good beside them."""

from __future__ import annotations

import json

import pytest

from tests.suppress.command_in_process import Done, Run, Tree

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: debug}
spec:
  containers:
  - {name: debug, image: 'registry.example.com/debug:latest'}
"""
APP = {
    "apps/web/kustomization.yaml": "resources: [web.yaml]\n",
    "apps/web/web.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n",
}


def chart(folder: str, more: str = "") -> dict[str, str | bytes]:
    return {
        f"{folder}/Chart.yaml": f"apiVersion: v2\nname: {folder.rpartition('/')[2]}\nversion: 0.1.0\n{more}",
        f"{folder}/templates/pod.yaml": POD,
        f"{folder}/values.yaml": "image: {tag: latest}\n",
    }


def skipped(done: Done) -> list[tuple[str, str]]:
    return [(row["kind"], row["name"]) for row in json.loads(done.out)["skipped"]]


UMBRELLA = "dependencies:\n- {name: redis, version: 1.0.0, repository: 'https://charts.example.com'}\n"
COMPONENT = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
CASES: dict[str, tuple[dict[str, str | bytes], list[tuple[str, str]]]] = {
    "nothing": ({}, []),
    "Component that nothing uses": (
        {"components/debug/kustomization.yaml": f"{COMPONENT}images: [{{name: web, newTag: latest}}]\n"},
        [("component", "components/debug")],
    ),
    "Components of a Component that nothing uses": (
        {
            "components/all/Kustomization": '{"kind": "Component", "components": ["../one"]}',
            "components/one/kustomization.yml": COMPONENT,
        },
        [("component", "components/all"), ("component", "components/one")],
    ),
    "Component of a base that is used": (
        {
            "apps/live/kustomization.yaml": "resources: [../base]\n",
            "apps/base/kustomization.yaml": "resources: [../web]\ncomponents:\n- ../../components/debug\n",
            "components/debug/kustomization.yaml": f"{COMPONENT}components: [../inner]\n",
            "components/inner/kustomization.yaml": COMPONENT,
        },
        [],
    ),
    "Component of a kustomization that does not render": (
        {
            "apps/live/kustomization.yaml": "resources: [gone.yaml]\ncomponents: [../../components/debug]\n",
            "components/debug/kustomization.yaml": COMPONENT,
        },
        [],
    ),
    "plain chart": (chart("apps/api"), [("chart", "apps/api")]),
    "chart in a folder of charts": (chart("charts/api"), [("chart", "charts/api")]),
    "umbrella chart with its vendored charts": (
        {**chart("deploy", UMBRELLA), **chart("deploy/charts/redis")},
        [("chart", "deploy")],
    ),
    "charts and their library": (
        {
            **chart("charts/api", "dependencies:\n- {name: base, version: 0.1.0, repository: 'file://../base'}\n"),
            **chart("charts/base"),
            **chart("charts/common", "type: library\n"),
        },
        [("chart", "charts/api")],
    ),
    "chart that is inflated": (
        {
            **chart("apps/api"),
            "apps/live/kustomization.yaml": "helmGlobals: {chartHome: ..}\nhelmCharts: [{name: api, releaseName: api}]\n",
        },
        [],
    ),
    "chart below the kustomization that inflates another one": (
        {
            **chart("apps/live/charts/api"),
            **chart("apps/live/charts/old"),
            "apps/live/kustomization.yaml": "helmCharts: [{name: api, releaseName: api}]\n",
        },
        [("chart", "apps/live/charts/old")],
    ),
    "chart in the folder of a kustomization that does not inflate it": (chart("apps/web", UMBRELLA), [("chart", "apps/web")]),
    "manifest below a kustomization": ({"apps/web/extra/debug.yaml": POD}, [("manifest", "apps/web/extra/debug.yaml")]),
    "manifest beside a kustomization": ({"apps/web/debug.yml": POD}, [("manifest", "apps/web/debug.yml")]),
    "JSON below a kustomization": (
        {"apps/web/a/b/debug.json": '{"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "a"}}'},
        [("manifest", "apps/web/a/b/debug.json")],
    ),
    "patch that is not listed": ({"apps/web/patch.yaml": POD}, [("manifest", "apps/web/patch.yaml")]),
    "what only an unused component reads": (
        {
            "apps/web/debug/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [pod.yaml]\n",
            "apps/web/debug/pod.yaml": POD,
        },
        [("manifest", "apps/web/debug/pod.yaml"), ("component", "apps/web/debug")],
    ),
    "no manifests": (
        {"apps/web/values.yaml": "image: {tag: latest}\n", "apps/web/README.md": POD, "apps/web/package.json": '{"name": "web"}'},
        [],
    ),
    "read from elsewhere": (
        {
            "apps/web/more/pod.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more}\n",
            "apps/web/more/kustomization.yaml": "resources: [pod.yaml]\n",
            "live/kustomization.yaml": "resources: [../apps/web/more]\n",
        },
        [],
    ),
}


@pytest.mark.sample(8)
@pytest.mark.parametrize("name", CASES)
def test_what_nothing_renders_is_named(name: str, run: Run, tree: Tree) -> None:
    files, expected = CASES[name]
    root = tree.write({**APP, **files})

    done = run("lint", ".", "-f", "json", cwd=root)
    text = run("lint", ".", cwd=root).out

    assert skipped(done) == expected
    assert ("All good" in text) is not expected
    for _, path in expected:
        assert any(note.startswith("not rendered: ") and path in note for note in json.loads(done.out)["notes"])


@pytest.mark.parametrize("path", ["apps/web/extra", "apps/web/extra/debug.yaml"])
def test_a_manifest_that_nobody_lists_is_linted_where_it_is_named(path: str, run: Run, tree: Tree) -> None:
    done = run("lint", path, "-f", "json", cwd=tree.write({**APP, "apps/web/extra/debug.yaml": POD}))
    assert done.places() == [("require-digest", "apps/web/extra/debug.yaml", 6), ("mutable-tag", "apps/web/extra/debug.yaml", 6)]
    assert skipped(done) == []


def test_a_file_of_a_chart_that_nothing_inflates_is_not_all_good(run: Run, tree: Tree) -> None:
    root = tree.write({**APP, **chart("apps/api")})
    assert skipped(run("lint", "apps/api/values.yaml", "-f", "json", cwd=root)) == [("chart", "apps/api")]
    for folder in ("apps/api", "apps/api/templates"):
        done = run("lint", folder, cwd=root)
        assert done.status == 2
        assert "no kustomization inflates the Helm chart apps/api" in done.err


def test_what_is_excluded_or_ignored_by_git_is_not_spoken_of(run: Run, tree: Tree) -> None:
    files = {**APP, **chart("apps/api"), **chart("apps/old"), "apps/web/extra/debug.yaml": POD}
    config = 'exclude = ["apps/api", "apps/web/extra/"]\n'
    done = run("lint", ".", "-f", "json", cwd=tree.write({**files, ".agentslint.toml": config, ".gitignore": "apps/old\n"}))
    assert skipped(done) == []


def test_many_are_counted_and_five_named(run: Run, tree: Tree) -> None:
    text = run("lint", ".", cwd=tree.write({**APP, **{f"apps/web/extra/{number}.yaml": POD for number in range(8)}})).out
    assert "not rendered: 8 manifests that no kustomization here reads: " in text
    assert "4.yaml and 3 more\n" in text
    assert "1 of 1 target rendered, 8 manifests not" in text


@pytest.mark.parametrize("words", [("-q",), ("-q", "--format", "github")])
@pytest.mark.parametrize(
    ("files", "kind"), [(chart("charts/api"), "Helm chart"), ({"components/a/kustomization.yaml": COMPONENT}, "Component")]
)
def test_few_words_still_say_what_was_not_rendered(
    files: dict[str, str | bytes], kind: str, words: tuple[str, ...], run: Run, tree: Tree
) -> None:
    (line,) = run("lint", ".", *words, cwd=tree.write({**APP, **files})).out.splitlines()
    assert line.startswith(f"not rendered: 1 {kind} that no kustomization here ")
    tree.write({"charts/api/.gitignore": "*\n", "components/a/.gitignore": "*\n"})
    assert run("lint", "apps", *words, cwd=tree.root).out == ""
