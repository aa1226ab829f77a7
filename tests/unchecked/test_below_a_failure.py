"""A root that does not render hides nothing that can be built by itself; one broken line is one finding; nothing wanted is no failure."""

from __future__ import annotations

import json

import pytest

from tests.suppress.command_in_process import Done, Run, Tree

POD = """\
apiVersion: v1
kind: Pod
metadata: {{name: {0}}}
spec:
  containers:
  - {{name: main, image: 'registry.example.com/{0}:1.0.0'}}
"""
URL = "http://127.0.0.1:9/base.yaml"


def app(folder: str, more: str = "") -> dict[str, str | bytes]:
    name = folder.rpartition("/")[2]
    return {f"{folder}/kustomization.yaml": f"resources: [pod.yaml]\n{more}", f"{folder}/pod.yaml": POD.format(name)}


def root(*resources: str, more: str = "") -> dict[str, str | bytes]:
    return {"root/kustomization.yaml": "resources:\n" + "".join(f"- {each}\n" for each in resources) + more}


def digests(done: Done) -> list[str]:
    return [path for _, path, _ in done.places("require-digest")]


def notes(done: Done) -> str:
    return "\n".join(json.loads(done.out)["notes"])


BROKEN = {
    "unreachable URL": [URL],
    "missing file": ["gone.yaml"],
    "missing folder": ["../gone"],
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_stands_below_a_root_that_fails_is_rendered_alone(name: str, run: Run, tree: Tree) -> None:
    files = {**app("apps/a"), **app("apps/b"), **root("../apps/a", *BROKEN[name], "../apps/b", more="namespace: live\nnamePrefix: x-\n")}

    done = run("lint", ".", "-f", "json", cwd=tree.write(files))

    assert digests(done) == ["apps/a/pod.yaml", "apps/b/pod.yaml"]
    assert [path for _, path, _ in done.places("render-error")] == ["root/kustomization.yaml"]
    assert "root does not render; 2 kustomizations below it rendered alone: apps/a, apps/b" in notes(done)
    summary = json.loads(done.out)["summary"]
    assert (done.status, summary["targets"], summary["rendered"]) == (2, 3, 2)


def test_the_way_goes_on_below_a_child_that_fails_too(run: Run, tree: Tree) -> None:
    files = {**app("apps/a"), **app("apps/b"), **root("../apps"), "apps/kustomization.yaml": f"resources: [a, {URL}, b]\n"}
    done = run("lint", "root", "-f", "json", cwd=tree.write(files))
    assert digests(done) == ["apps/a/pod.yaml", "apps/b/pod.yaml"]
    ((_, path, line),) = done.places("render-error")
    assert (path, line) == ("apps/kustomization.yaml", 1)


def component(folder: str, more: str) -> dict[str, str | bytes]:
    return {f"{folder}/kustomization.yaml": f"apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n{more}"}


COMPONENTS = {
    **component("adds", "resources: [pod.yaml]\n"),
    "adds/pod.yaml": POD.format("added"),
    **component("patches", "patches: [{path: patch.yaml}]\n"),
    **component("by-another", "components: [../patches]\n"),
    **component("sets", "images: [{name: registry.example.com/nobody, newTag: '2'}]\n"),
}


@pytest.mark.parametrize(
    "more",
    [
        "images: [{name: registry.example.com/other, newTag: '2'}]\n",
        "components: [../adds]\n",
        "components: [../adds, ../sets]\nimages: [{name: a, newTag: '2'}]\n",
    ],
)
def test_what_changes_no_image_of_a_child_does_not_hide_it(more: str, run: Run, tree: Tree) -> None:
    files = {**app("apps/a"), **COMPONENTS, **root("../apps/a", "gone.yaml", more=more)}

    done = run("lint", "root", "-f", "json", cwd=tree.write(files))

    assert digests(done) == ["apps/a/pod.yaml"]
    assert "1 kustomization below it rendered alone: apps/a" in notes(done)


def test_all_that_a_hidden_child_is_made_of_is_counted(run: Run, tree: Tree) -> None:
    below = {**app("apps/a"), **app("apps/b"), **app("apps/c")}
    below["apps/b/kustomization.yaml"] = "resources: [pod.yaml, ../c]\n"
    patched = run(
        "lint", "root", "-f", "json", cwd=tree.write({**below, **root("../apps/b", "gone.yaml", more="patches: [{path: p.yaml}]\n")})
    )
    found = "images: [{name: registry.example.com/c, newTag: '2'}]\n"
    by_entry = run("lint", "root", "-f", "json", cwd=tree.write({**below, **root("../apps/a", "../apps/b", "gone.yaml", more=found)}))

    assert "not checked: 2 kustomizations over which root lays images or patches, and it does not render: apps/b, apps/c" in notes(patched)
    assert digests(by_entry) == ["apps/a/pod.yaml"]
    assert "not checked: 2 kustomizations over which root lays images or patches, and it does not render: apps/b, apps/c" in notes(by_entry)


@pytest.mark.parametrize(
    "more",
    [
        "images: [{name: registry.example.com/a, digest: 'sha256:" + "1" * 64 + "'}]\n",
        "patches: [{path: patch.yaml}]\n",
        "patchesStrategicMerge: [patch.yaml]\n",
        "images: [{name: 'registry.example.com/[ab]', newTag: '2'}]\n",
        "components: [../gone]\n",
        "components: [https://example.com/debug?ref=v1]\n",
        "components: [../adds, ../patches]\n",
        "components: [../by-another]\n",
        "transformers: [patch.yaml]\n",
    ],
)
def test_what_a_root_lays_something_over_is_counted_and_not_rendered_alone(more: str, run: Run, tree: Tree) -> None:
    files = {**app("apps/a"), **COMPONENTS, **root("../apps/a", "gone.yaml", more=more)}

    done = run("lint", ".", "-f", "json", cwd=tree.write(files))

    assert digests(done) == []
    assert "not checked: 1 kustomization over which root lays images or patches, and it does not render: apps/a" in notes(done)


def test_what_stays_hidden_is_said_in_one_line_too(run: Run, tree: Tree) -> None:
    files = {**app("apps/a"), **root("../apps/a", "gone.yaml", more="patches: [{path: patch.yaml}]\n")}
    done = run("lint", ".", "-q", cwd=tree.write(files))
    assert "not checked: 1 kustomization over which root lays images or patches, and it does not render: apps/a" in done.out.splitlines()


def test_what_another_target_renders_is_not_hidden(run: Run, tree: Tree) -> None:
    files = {**app("apps/a"), **root("../apps/a", "gone.yaml"), "other/kustomization.yaml": "resources: [../apps/a]\n"}
    done = run("lint", ".", "-f", "json", cwd=tree.write(files))
    assert digests(done) == ["apps/a/pod.yaml"]
    assert "rendered alone" not in notes(done)
    assert json.loads(done.out)["summary"]["targets"] == 2


PIN = "images: [{name: registry.example.com/a, newTag: 1.0.0, digest: 'sha256:" + "1" * 64 + "'}]\n"


@pytest.mark.parametrize("more", [PIN, "patches: [{path: ../patch.yaml}]\n"])
def test_what_another_target_renders_otherwise_is_still_hidden(more: str, run: Run, tree: Tree) -> None:
    other = {"other/kustomization.yaml": f"resources: [../apps/a]\n{more}", "patch.yaml": POD.format("a").replace(":1.0.0", ":2.0.0")}
    files = {**app("apps/a"), **root("../apps/a", URL), **other}

    done = run("lint", ".", "-f", "json", cwd=tree.write(files))
    assert "apps/a/pod.yaml" in digests(done)
    assert "1 kustomization below it rendered alone: apps/a" in notes(done)

    files |= root("../apps/a", URL, more=PIN)
    done = run("lint", ".", "-f", "json", cwd=tree.write(files))
    assert "apps/a/pod.yaml" not in digests(done)
    assert "not checked: 1 kustomization over which root lays images or patches, and it does not render: apps/a" in notes(done)


def test_components_and_what_is_excluded_are_left_alone(run: Run, tree: Tree) -> None:
    component = {"debug/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"}
    files = {**app("apps/a"), **component, **root("../apps/a", "../debug", "gone.yaml"), ".agentslint.toml": 'exclude = ["apps/a/"]\n'}
    done = run("lint", ".", "-f", "json", cwd=tree.write(files))
    assert (digests(done), "rendered alone" in notes(done)) == ([], False)


def broken_base(count: int) -> dict[str, str | bytes]:
    overlays = {f"envs/{number:02}/kustomization.yaml": "resources: [../../base]\nnamePrefix: x-\n" for number in range(count)}
    return {**overlays, "base/kustomization.yaml": "resources:\n- gone.yaml\n"}


def test_one_broken_line_is_one_finding_with_its_targets(run: Run, tree: Tree) -> None:
    repo = tree.write(broken_base(7))

    done = run("lint", "envs", "-f", "json", cwd=repo)
    text = run("lint", "envs", cwd=repo).out
    silent = run("lint", "envs", "--select", "require-tag", cwd=repo).out

    (result,) = done.results
    assert (result["location"]["path"], result["location"]["start_line"]) == ("base/kustomization.yaml", 2)
    assert result["targets"] == [f"envs/{number:02}" for number in range(7)]
    assert result["message"] == "base/gone.yaml: no such file or directory"
    assert text.count("no such file") == 1
    (line,) = [line for line in silent.splitlines() if "no such file" in line]
    assert line.startswith("base/kustomization.yaml:2:3 not checked envs/00, envs/01, envs/02, envs/03, envs/04 and 2 more: ")


def test_a_baseline_still_knows_what_it_knew_of_each_target(run: Run, tree: Tree) -> None:
    repo = tree.write(broken_base(2))
    prints = {}
    for name in ("00", "01"):
        prints[name] = run("lint", f"envs/{name}", "-f", "json", cwd=repo).results[0]["fingerprint"]
    assert run("lint", "envs", "-f", "json", cwd=repo).results[0]["fingerprint"] in prints.values()


EMPTY = {
    "no resources": {"empty-base/kustomization.yaml": "resources: []\n"},
    "no resources, in block style": {"empty-base/kustomization.yaml": "resources:\n  []\nnamespace: x\n"},
    "an overlay of nothing": {
        "empty-base/kustomization.yaml": "resources: []\n",
        "app/kustomization.yaml": "resources: [../empty-base]\nlabels: [{pairs: {a: b}}]\n",
    },
    "no generators": {"empty-base/kustomization.yml": "configMapGenerator: []\nresources: []\n"},
}


@pytest.mark.parametrize("name", EMPTY)
def test_a_kustomization_that_is_meant_to_be_empty_is_no_failure(name: str, run: Run, tree: Tree) -> None:
    done = run("lint", ".", "-f", "json", cwd=tree.write(EMPTY[name]))
    assert (done.status, done.results, json.loads(done.out)["failures"]) == (0, [], [])


@pytest.mark.parametrize(
    "files",
    [
        {"app/kustomization.yaml": "resources: [a.yaml]\n", "app/a.yaml": "# nothing yet\n"},
        {"app/kustomization.yaml": ""},
        {"app/kustomization.yaml": "kind: Kustomization\n"},
    ],
)
def test_what_names_something_and_renders_nothing_is_one(files: dict[str, str | bytes], run: Run, tree: Tree) -> None:
    done = run("lint", ".", "-f", "json", cwd=tree.write(files))
    assert [rule for rule, _, _ in done.places()] == ["render-error"]


LIVE = {
    "by its path": 'paths = ["root"]',
    "by its namespace": 'namespaces = ["live"]',
}
SETTINGS = {
    "a rule of the environment": '[rules.require-digest]\nenvironments = ["live"]\n',
    "a level of the environment": '[rules.require-digest]\nlevel = "off"\nlevels = {live = "error"}\n',
}
NESTED = {
    "directly": root("../apps/a", "gone.yaml", more="namespace: live\n"),
    "below a child that fails": {
        **root("../apps", more="namespace: live\n"),
        "apps/kustomization.yaml": "resources: [a, gone.yaml]\n",
    },
    "below a child with a namespace": {
        **root("../apps"),
        "apps/kustomization.yaml": '{"resources": ["a", "gone.yaml"], "namespace": "live"}',
    },
    "beside another root": {
        **root("../apps/a", "gone.yaml", more="namespace: live\n"),
        "other/kustomization.yaml": "resources: [../apps/a, gone.yaml]\nnamespace: test\n",
    },
}


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("how", LIVE)
@pytest.mark.parametrize("name", NESTED)
def test_what_is_rendered_alone_is_in_the_environment_of_its_root(name: str, how: str, setting: str, run: Run, tree: Tree) -> None:
    tree.write({**app("apps/a"), **NESTED[name], ".agentslint.toml": f'[[environments]]\nname = "live"\n{LIVE[how]}\n{SETTINGS[setting]}'})
    assert digests(run("lint", ".", "-f", "json", cwd=tree.root)) == ["apps/a/pod.yaml"]


@pytest.mark.parametrize("how", LIVE)
def test_a_root_that_changes_more_hands_down_no_environment(how: str, run: Run, tree: Tree) -> None:
    """Of what it would deploy, the part is not checked: alone it is what the other root deploys."""
    patched = root("../apps/a", "gone.yaml", more="namespace: live\nimages: [{name: registry.example.com/a, newTag: 1.1.0}]\n")
    files = {**app("apps/a"), **patched, "other/kustomization.yaml": "resources: [../apps/a, gone.yaml]\n"}
    tree.write({**files, ".agentslint.toml": f'[[environments]]\nname = "live"\n{LIVE[how]}\n{SETTINGS["a rule of the environment"]}'})
    assert digests(run("lint", ".", "-f", "json", cwd=tree.root)) == []


APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: web, namespace: argocd}}
spec:
  project: default
  destination: {{server: https://kubernetes.default.svc, namespace: shop}}
  source:
    repoURL: https://git.example.com/acme/gitops.git
    path: root
    kustomize: {0}
"""
OURS = {".agentslint.toml": '[deploy]\nrepositories = ["https://git.example.com/acme/gitops.git"]\n'}
DIGEST = "sha256:" + "1" * 64
LAID_OVER = {
    "an image": f"{{images: ['registry.example.com/a@{DIGEST}']}}",
    "a patch": "{patches: [{target: {kind: Pod}, patch: '[{op: remove, path: /spec/x}]'}]}",
    "a component": "{components: [../sets]}",
}


@pytest.mark.parametrize("name", LAID_OVER)
def test_what_a_deployer_lays_over_a_root_that_fails_counts(name: str, run: Run, tree: Tree) -> None:
    files = {
        **app("apps/a"),
        **COMPONENTS,
        **root("../apps/a", "gone.yaml"),
        **OURS,
        "argocd/web.yaml": APPLICATION.format(LAID_OVER[name]),
    }
    done = run("lint", ".", "-f", "json", cwd=tree.write(files))
    assert digests(done) == []
    assert "not checked: 1 kustomization over which argocd/web lays images or patches, and it does not render: apps/a" in notes(done)


def test_what_a_deployer_does_to_other_images_hides_nothing(run: Run, tree: Tree) -> None:
    other = APPLICATION.format("{images: ['registry.example.com/other:2'], namePrefix: x-}")
    files = {**app("apps/a"), **root("../apps/a", "gone.yaml"), **OURS, "argocd/web.yaml": other}
    assert digests(run("lint", ".", "-f", "json", cwd=tree.write(files))) == ["apps/a/pod.yaml"]


@pytest.mark.parametrize("order", [("one", "two"), ("two", "one")])
def test_a_child_that_one_root_hides_is_found_below_another(order: tuple[str, str], run: Run, tree: Tree) -> None:
    entries = {"one": "images: [{name: registry.example.com/a, newTag: '2'}]\n", "two": ""}
    roots = {f"{number}/kustomization.yaml": f"resources: [../apps/a, gone.yaml]\n{entries[name]}" for number, name in enumerate(order)}
    done = run("lint", "0", "1", "-f", "json", cwd=tree.write({**app("apps/a"), **roots}))
    assert digests(done) == ["apps/a/pod.yaml"]


def test_a_component_that_cannot_be_read_may_do_anything(run: Run, tree: Tree) -> None:
    broken = {"broken/kustomization.yaml": "kind: Component\npatches:\n  - path: a\n - b\n"}
    files = {**app("apps/a"), **broken, **root("../apps/a", "gone.yaml", more="components: [../broken]\n")}
    assert digests(run("lint", "root", "-f", "json", cwd=tree.write(files))) == []


def test_what_a_root_names_that_cannot_be_read_is_not_judged_alone(run: Run, tree: Tree) -> None:
    unreadable = f"resources:\n- ../apps/a\nimages:\n- name: registry.example.com/a\n  digest: {DIGEST}\n foo: bar\n"
    files = {**app("apps/a"), **app("apps/b"), "root/kustomization.yaml": unreadable}
    done = run("lint", ".", "-f", "json", cwd=tree.write(files))
    assert digests(done) == ["apps/b/pod.yaml"]
    assert "not checked: 1 kustomization over which root lays images or patches, and it does not render: apps/a" in notes(done)
