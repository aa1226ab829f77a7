"""Of a chart that cannot be pulled the Application itself is judged: its parameters name images as its values do."""

from __future__ import annotations

import pytest

from tests.suppress.command_in_process import Run, Tree

HEAD = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web, namespace: argocd}\nspec:\n  destination: {server: x}\n"
SOURCE = "repoURL: https://charts.example.com\n    chart: web\n    targetRevision: 1.0.0\n    helm:\n"
PARAMETERS = "- {name: image.repository, value: ghcr.io/acme/web}\n      - {name: image.tag, value: latest}\n"


@pytest.mark.parametrize(
    ("body", "tag", "repository"),
    [
        (f"  source:\n    {SOURCE}      parameters:\n      {PARAMETERS}", "image.tag", "image.repository"),
        (f"  sources:\n  - {SOURCE}      parameters:\n      {PARAMETERS}", "image.tag", "image.repository"),
        (
            f"  source:\n    {SOURCE}      valuesObject: {{web: {{image: {{repository: ghcr.io/acme/web, tag: v1}}}}}}\n"
            "      parameters: [{name: web.image.tag, value: latest}]\n",
            "web.image.tag",
            "valuesObject",
        ),
        (
            f"  source:\n    {SOURCE}      values: |\n        image: {{repository: ghcr.io/acme/web, tag: v1}}\n"
            "      parameters:\n      - {name: image.tag, value: latest}\n",
            "image.tag",
            "image.tag",
        ),
    ],
)
def test_the_images_in_parameters_are_judged(run: Run, tree: Tree, body: str, tag: str, repository: str) -> None:
    tree.write({"argo/web.yaml": HEAD + body})
    lines = {name: tree.line("argo/web.yaml", name) for name in (tag, repository)}

    done = run("lint", ".", "--offline", "--format", "json", cwd=tree.root)

    assert done.status == 2
    assert done.places("mutable-tag") == [("mutable-tag", "argo/web.yaml", lines[tag])]
    assert done.places("require-digest") == [("require-digest", "argo/web.yaml", lines[repository])]
    assert len(done.places("render-error")) == 1


def test_what_a_parameter_overrides_is_not_judged(run: Run, tree: Tree) -> None:
    pinned = "ghcr.io/acme/web"
    values = f"      valuesObject: {{image: {{repository: {pinned}, tag: latest}}}}\n      parameters:\n"
    chosen = f"      - {{name: image.tag, value: v1}}\n      - {{name: image.digest, value: 'sha256:{'1f' * 32}'}}\n"
    tree.write({"argo/web.yaml": f"{HEAD}  source:\n    {SOURCE}{values}{chosen}"})

    done = run("lint", ".", "--offline", "--format", "json", cwd=tree.root)

    assert [rule for rule, *_ in done.places()] == ["render-error"]


@pytest.mark.parametrize(
    ("lock", "version"), [("", "^1.0.0"), ("dependencies: [{name: base, repository: REPO, version: 1.2.3}]\n", "1.2.3")]
)
def test_a_dependency_is_pulled_in_the_version_of_the_lock_file(lock: str, version: str, run: Run, tree: Tree) -> None:
    """`helm dependency build` takes it from there."""
    repo = "https://charts.example.com"
    files = {
        ".agentslint.toml": '[[targets]]\nchart = "charts/web"\n',
        "charts/web/Chart.yaml": (
            f"apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies: [{{name: base, repository: '{repo}', version: ^1.0.0}}]\n"
        ),
        "charts/web/templates/web.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n",
    }
    done = run("lint", ".", "--offline", cwd=tree.write(files | ({"charts/web/Chart.lock": lock.replace("REPO", repo)} if lock else {})))
    assert done.status == 2
    assert version in done.out + done.err, done.out + done.err


@pytest.mark.parametrize(("version", "fits"), [("^1.0.0", True), ("1.2.3", True), ("1.2.4", False)])
def test_a_lock_file_that_does_not_fit_is_refused(version: str, fits: bool, run: Run, tree: Tree) -> None:
    """helm compares it with Chart.yaml before it pulls anything."""
    repo, url = "https://charts.example.com", "https://git.example.com/acme/gitops.git"
    entry = f"{{name: base, repository: '{repo}', version: %s}}"
    files = {
        ".agentslint.toml": f'[deploy]\nrepositories = ["{url}"]\n',
        "argo/web.yaml": HEAD + f"  source: {{repoURL: '{url}', path: charts/web, targetRevision: HEAD}}\n",
        "charts/web/Chart.yaml": f"apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies: [{entry % version}]\n",
        "charts/web/Chart.lock": f"dependencies: [{entry % '1.2.3'}]\n",
    }
    done = run("lint", ".", "--offline", "-f", "json", cwd=tree.write(files))
    assert bool(done.places("application-source")) is not fits
    assert fits or "charts/web/Chart.lock does not fit Chart.yaml" in done.messages("application-source")[0]
