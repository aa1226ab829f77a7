"""`agentslint targets`: the applications of a repository, whether they are judged, and why not."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import jsonschema
import pytest

from tests.conftest import PROJECT
from tests.suppress.command_in_process import Done, Run, Tree
from tests.suppress.sample_apps import CHART, deployment, kustomization

URL = "https://git.example.com/acme/gitops.git"
APP = {"apps/web/kustomization.yaml": kustomization("web.yaml"), "apps/web/web.yaml": deployment("web", "ghcr.io/acme/web:v1")}


def application(name: str = "web", source: str = "path: apps/web", more: str = "") -> str:
    return (
        f"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: {name}, namespace: argocd}}\nspec:\n  project: shop\n"
        f"  destination: {{name: in-cluster, namespace: web}}\n  source: {{repoURL: '{URL}', targetRevision: main, {source}}}\n{more}"
    )


def listed(done: Done) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.out)
    jsonschema.validate(found, json.loads((PROJECT / "docs/targets.schema.json").read_bytes()))
    return found


@pytest.fixture
def ours(tree: Tree) -> Tree:
    """A repository whose remote is the one that Applications name."""
    subprocess.run(["git", "remote", "add", "origin", URL], cwd=tree.root, check=True)
    return tree


def test_an_application_has_the_keys_that_programs_read(run: Run, ours: Tree) -> None:
    ours.write({**APP, "argo/web.yaml": application()})

    done = run("targets", "--format", "json", cwd=ours.root)

    (found,) = listed(done)["applications"]
    assert done.status == 0
    assert found == {
        "set": "", "name": "web", "namespace": "argocd", "deployer": "argocd", "kind": "Application", "repository": URL,
        "revision": "main", "path": "apps/web", "chart": "", "plugin": "",
        "destination": {"name": "in-cluster", "server": "", "namespace": "web"}, "project": "shop", "enabled": True, "judged": True,
        "reason": found["reason"], "file": "argo/web.yaml", "line": 1,
    }  # fmt: skip
    assert "main" in found["reason"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("path: apps/web, plugin: {name: lovely}", "made by plugin lovely"),
        ("path: apps/gone", "path apps/gone is not in the repository"),
        ("path: apps/web, chart: web", "a source names either a chart or a path, not both"),
    ],
)
def test_what_is_not_judged_says_why_and_its_folder_is_linted_as_it_is(run: Run, ours: Tree, source: str, reason: str) -> None:
    ours.write({**APP, "argo/web.yaml": application(source=source)})

    found = listed(run("targets", "--format", "json", cwd=ours.root))

    assert [(row["judged"], row["reason"]) for row in found["applications"]] == [(False, reason)]
    assert "apps/web" in found["targets"]


@pytest.mark.parametrize("revision", ["1.2.x", "v1.0.0", "0123456789abcdef0123456789abcdef01234567"])
def test_a_pinned_revision_is_told(run: Run, ours: Tree, revision: str) -> None:
    ours.write({**APP, "argo/web.yaml": application().replace("targetRevision: main", f"targetRevision: {revision}")})
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "--allow-empty", "-qm", "x"], cwd=ours.root, check=True)
    subprocess.run(["git", "tag", "v1.0.0"], cwd=ours.root, check=True)

    (row,) = listed(run("targets", "--format", "json", cwd=ours.root))["applications"]

    assert not row["judged"]
    assert row["reason"].startswith("pinned to ")
    assert revision[:12] in row["reason"]


def test_what_nothing_deploys_is_listed_apart(run: Run, ours: Tree) -> None:
    old = {"apps/old/kustomization.yaml": kustomization("old.yaml"), "apps/old/old.yaml": deployment("old", "ghcr.io/acme/old:v1")}
    plugin = {path.replace("old", "lazy"): text.replace("old", "lazy") for path, text in old.items()}
    plain = {"plain/job.yaml": deployment("job", "ghcr.io/acme/job:v1")}
    applications = {
        "argo/web.yaml": application(),
        "argo/lazy.yaml": application("lazy", "path: apps/lazy, plugin: {name: lovely}"),
        "argo/plain.yaml": application("plain", "path: plain, plugin: {name: lovely}"),
    }
    ours.write({**APP, **old, **plugin, **plain, **applications})

    found = listed(run("targets", "--format", "json", cwd=ours.root))

    assert found["targets"] == [
        "apps/lazy", "apps/old", "argo/lazy.yaml", "argo/plain.yaml", "argo/web.yaml", "argocd/web", "plain/job.yaml",
    ]  # fmt: skip
    assert found["undeployed"] == ["apps/old", "argo/lazy.yaml", "argo/plain.yaml", "argo/web.yaml"]


def test_paths_choose_by_the_folder_and_by_the_deployers_file(run: Run, ours: Tree) -> None:
    api = {"apps/api/kustomization.yaml": kustomization("api.yaml"), "apps/api/api.yaml": deployment("api", "ghcr.io/acme/api:v1")}
    ours.write({**APP, **api, "argo/web.yaml": application(), "argo/api.yaml": application("api", "path: apps/api")})

    def names(*paths: str) -> list[str]:
        return [row["name"] for row in listed(run("targets", *paths, "--format", "json", cwd=ours.root))["applications"]]

    assert names("apps/web") == ["web"]
    assert names("argo/api.yaml") == ["api"]
    assert names("apps/web/web.yaml", "apps/api") == ["api", "web"]
    assert names() == ["api", "web"]


def test_each_source_of_an_application_is_a_row(run: Run, ours: Tree) -> None:
    sources = f"  sources:\n  - {{repoURL: '{URL}', path: apps/web}}\n  - {{repoURL: '{URL}', path: charts/web}}\n"
    ours.write({**APP, **CHART, "argo/web.yaml": application().replace("  source:", "  unused:") + sources})

    found = listed(run("targets", "--format", "json", cwd=ours.root))

    assert [row["path"] for row in found["applications"]] == ["apps/web", "charts/web"]
    assert found["targets"] == ["argo/web.yaml", "argocd/web#1", "argocd/web#2"]


def test_a_file_of_objects_that_cannot_be_read_is_told(run: Run, ours: Tree) -> None:
    ours.write({**APP, "argo/web.yaml": application(), "argo/broken.yaml": application("broken").replace("spec:", "spec: [")})

    done = run("targets", "apps", cwd=ours.root)

    assert done.status == 2
    assert "argo/broken.yaml:6: not read" in done.err
    assert "argocd/web" in done.out


def test_a_folder_of_objects_that_does_not_render_is_told(run: Run, ours: Tree) -> None:
    ours.write({**APP, "argo/kustomization.yaml": kustomization("web.yaml", "gone.yaml"), "argo/web.yaml": application()})

    done = run("targets", "apps", "--format", "json", cwd=ours.root)

    assert done.status == 2
    assert "argo/kustomization.yaml:3: not read: argo: " in done.err
    assert [row["name"] for row in listed(done)["applications"]] == ["web"]


def test_templates_of_a_chart_are_no_objects_that_cannot_be_read(run: Run, ours: Tree) -> None:
    ours.write({**APP, "charts/apps/Chart.yaml": "apiVersion: v2\nname: apps\nversion: 1.0.0\n"})
    ours.write({"charts/apps/templates/web.yaml": application().replace("spec:", "{{ if .Values.on }}\nspec:") + "{{ end }}\n"})

    done = run("targets", cwd=ours.root)

    assert (done.status, done.err) == (0, "")


def test_the_text_stays_within_80_columns(run: Run, ours: Tree) -> None:
    ours.write({**APP, "argo/web.yaml": application(), "argo/lazy.yaml": application("lazy", "path: apps/web, plugin: {name: lovely}")})

    done = run("targets", cwd=ours.root)

    assert done.out.splitlines() == [
        "argocd/lazy  apps/web  -> in-cluster/web",
        "  not judged: made by plugin lovely  (argo/lazy.yaml:1)",
        "argocd/web   apps/web  -> in-cluster/web",
        "  judged: main is the branch that most applications deploy  (argo/web.yaml:1)",
        "",
        "no application deploys:",
        "  argo/lazy.yaml",
        "  argo/web.yaml",
        "",
        "2 applications, 1 judged; 3 targets, 2 not deployed",
        "1 not judged:",
        "     1  made by plugin lovely",
    ]


def test_without_an_application_all_targets_are_undeployed(run: Run, ours: Tree) -> None:
    ours.write(APP)
    assert listed(run("targets", "--format", "json", cwd=ours.root)) == {
        "applications": [],
        "targets": ["apps/web"],
        "undeployed": ["apps/web"],
    }


def test_where_there_is_nothing_it_says_so(run: Run, ours: Tree) -> None:
    ours.write({"README.md": "# Nothing\n"})
    done = run("targets", cwd=ours.root)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("agentslint: ")


def test_credentials_in_a_url_are_not_printed(run: Run, ours: Tree) -> None:
    secret = URL.replace("https://", "https://robot:hunter2@").replace("acme", "other")
    ours.write({**APP, "argo/web.yaml": application(), "argo/other.yaml": application("other").replace(URL, secret)})
    for options in ((), ("--format", "json")):
        done = run("targets", *options, cwd=ours.root)
        assert "git.example.com/other/gitops" in done.out
        assert "hunter2" not in done.out + done.err


def test_a_file_that_a_directory_leaves_out_is_undeployed(run: Run, ours: Tree) -> None:
    config_map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\n"
    plain = application("plain", "path: apps/plain, directory: {exclude: out.yaml}")
    ours.write({"apps/plain/in.yaml": config_map % "in", "apps/plain/out.yaml": config_map % "out", "argo/plain.yaml": plain})
    found = json.loads(run("targets", "--format", "json", cwd=ours.root).out)
    assert found["undeployed"] == ["apps/plain/out.yaml", "argo/plain.yaml"]
