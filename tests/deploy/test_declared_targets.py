"""`[[targets]]`: charts and folders whose deployment no object in the repository says."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from agentslint.engine.open_session import open_session
from agentslint.engine.run_options import RunOptions
from agentslint.model import Rendering
from tests.suppress.command_in_process import Done, Run, Tree
from tests.suppress.sample_apps import CHART, deployment, kustomization

TABLE = '[[targets]]\nchart = "charts/web"\n'
VALUES = {"live/values.yaml": "image:\n  repository: ghcr.io/acme/web\n  tag: v1\n", "live/more.yaml": "image:\n  tag: v2\n"}


def images(run: Run, tree: Tree, *paths: str) -> list[tuple[str, str, str, int]]:
    done = run("images", *paths, "--format", "json", cwd=tree.root)
    assert done.status == 0, done
    return [(row["target"], row["image"], row["file"], row["line"]) for row in json.loads(done.out)["images"]]


def failures(done: Done) -> list[tuple[str, int, str]]:
    found: list[dict[str, Any]] = json.loads(done.out)["failures"]
    return [(row["location"]["path"], row["location"]["start_line"], row["message"]) for row in found]


def test_a_chart_is_rendered_with_its_values(run: Run, tree: Tree) -> None:
    table = f'{TABLE}values = ["live/values.yaml", "live/more.yaml"]\nset = {{ sidecar = false }}\n'
    tree.write({**CHART, **VALUES, ".agentslint.toml": table})
    assert images(run, tree) == [("charts/web", "ghcr.io/acme/web:v2", "live/more.yaml", 2)]


def test_findings_are_at_the_lines_of_the_values(run: Run, tree: Tree) -> None:
    tree.write({**CHART, **VALUES, ".agentslint.toml": f'{TABLE}values = ["live/values.yaml"]\n'})

    done = run("lint", ".", "--format", "json", cwd=tree.root)

    assert ("require-digest", "live/values.yaml", 3) in done.places()
    assert json.loads(done.out)["skipped"] == []


def test_it_is_what_helm_prints(tree: Tree, helm: Path) -> None:
    """Types are those of TOML; a name may be written whole or table by table."""
    settings = "a = 1\nb = true\nc = '12345678'\nd = [1, 'x']\n'e.f' = 'v1'\ng = { h = 'v, w', i = 1.5 }\n"
    template = {"charts/web/templates/all.yaml": "kind: ConfigMap\napiVersion: v1\nmetadata: {name: all}\ndata: {{ toJson .Values }}\n"}
    tree.write({**CHART, **VALUES, **template})
    tree.write(
        {".agentslint.toml": f'{TABLE}release = "shop"\nnamespace = "live"\nvalues = ["live/values.yaml"]\n[targets.set]\n{settings}'}
    )

    written = ["a=1", "b=true", 'c="12345678"', 'd=[1,"x"]', 'e.f="v1"', 'g.h="v, w"', "g.i=1.5"]
    words = [word for each in written for word in ("--set-json", each)]
    command = [helm, "template", "shop", "charts/web", "-n", "live", "-f", "live/values.yaml", *words]
    by_hand = subprocess.run(command, cwd=tree.root, capture_output=True, check=True).stdout

    with open_session(RunOptions(paths=(str(tree.root),))) as (session, _):
        outcome = session.render_early(session.discovery.targets[0])

    assert isinstance(outcome, Rendering)
    assert outcome.stream == by_hand
    assert b'"v, w"' in by_hand


FOLDERS: dict[str, tuple[dict[str, str], str, list[str]]] = {
    "a kustomization": (
        {"base/kustomization.yaml": kustomization("web.yaml"), "base/web.yaml": deployment("web", "ghcr.io/acme/web:v1")},
        'folder = "base"',
        ["web"],
    ),
    "manifests": (
        {"base/web.yaml": deployment("web", "ghcr.io/acme/web:v1"), "base/more/api.yaml": deployment("api", "ghcr.io/acme/api:v1")},
        'folder = "./base/"',
        ["web"],
    ),
    "manifests in folders below": (
        {"base/web.yaml": deployment("web", "ghcr.io/acme/web:v1"), "base/more/api.yaml": deployment("api", "ghcr.io/acme/api:v1")},
        'folder = "base"\nrecurse = true',
        ["api", "web"],
    ),
}


@pytest.mark.parametrize(("files", "table", "names"), FOLDERS.values(), ids=FOLDERS)
def test_a_folder_takes_the_place_of_what_is_found_in_it(run: Run, tree: Tree, files: dict[str, str], table: str, names: list[str]) -> None:
    tree.write({**files, ".agentslint.toml": f'[[targets]]\nname = "live"\nnamespace = "shop"\n{table}\n'})
    tree.write({"top/kustomization.yaml": kustomization("../base")} if "base/kustomization.yaml" in files else {})

    found = [name for target, _, _, _ in images(run, tree) for name in [target]]
    listed = json.loads(run("targets", "--format", "json", cwd=tree.root).out)
    rows = json.loads(run("images", "--format", "json", cwd=tree.root).out)["images"]

    assert "live" in found
    assert "base" not in listed["targets"]
    assert sorted(row["container"] for row in rows if row["target"] == "live") == names
    assert {row["namespace"] for row in rows if row["target"] == "live"} == {"shop"}


def test_it_is_listed_among_the_applications(run: Run, tree: Tree) -> None:
    tree.write({**CHART, **VALUES, ".agentslint.toml": f'# ours\n{TABLE}name = "shop"\nnamespace = "live"\n'})

    (row,) = json.loads(run("targets", "--format", "json", cwd=tree.root).out)["applications"]

    assert (row["name"], row["namespace"], row["deployer"], row["path"]) == ("shop", "", "configuration", "charts/web")
    assert (row["judged"], row["file"], row["line"], row["destination"]["namespace"]) == (True, ".agentslint.toml", 2, "live")


def test_one_chart_may_be_two_targets(run: Run, tree: Tree) -> None:
    tables = "".join(f'{TABLE}name = "{name}"\nset = {{ "image.tag" = "{name}" }}\n' for name in ("live", "trial"))
    tree.write({**CHART, ".agentslint.toml": tables})
    found = [(target, image) for target, image, _, _ in images(run, tree) if "nginx" in image]
    assert found == [("live", "nginx:live"), ("trial", "nginx:trial")]


def test_paths_choose_by_the_chart_and_by_its_values(run: Run, tree: Tree) -> None:
    other = {"app/kustomization.yaml": kustomization("web.yaml"), "app/web.yaml": deployment("web", "ghcr.io/acme/other:v1")}
    tree.write({**CHART, **VALUES, **other, ".agentslint.toml": f'{TABLE}values = ["live/values.yaml"]\n'})
    for path in ("charts", "charts/web/values.yaml", "live/values.yaml"):
        assert {target for target, *_ in images(run, tree, path)} == {"charts/web"}
    assert {target for target, *_ in images(run, tree, "app")} == {"app"}


def test_applications_that_a_chart_renders_are_targets(run: Run, tree: Tree) -> None:
    application = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web, namespace: argocd}\nspec:\n"
        "  destination: {name: in-cluster, namespace: web}\n"
        "  source: {repoURL: 'https://git.example.com/acme/gitops', path: app,\n"
        "    kustomize: {images: ['ghcr.io/acme/web:{{ .Values.tag }}']}}\n"
    )
    tree.write(
        {
            "app/kustomization.yaml": kustomization("web.yaml"),
            "app/web.yaml": deployment("web", "ghcr.io/acme/web:v1"),
            "charts/apps/Chart.yaml": "apiVersion: v2\nname: apps\nversion: 1.0.0\n",
            "charts/apps/values.yaml": "tag: v1\n",
            "charts/apps/templates/web.yaml": application,
            "apps.yaml": "tag: v2\n",
            ".agentslint.toml": '[[targets]]\nchart = "charts/apps"\nvalues = ["apps.yaml"]\n',
        }
    )
    assert images(run, tree, "app") == [("argocd/web", "ghcr.io/acme/web:v2", "apps.yaml", 1)]


WRONG = {
    "no such folder": ('[[targets]]\nchart = "charts/wep"\n', 2, "target/charts/wep: there is no folder charts/wep"),
    "no chart": ('[[targets]]\nname = "x"\nchart = "live"\n', 3, "target/x: live is not a chart: it has no Chart.yaml"),
    "outside": ('[[targets]]\nfolder = "../other"\n', 2, "target/../other: ../other lies outside of the repository"),
    "an absolute path": ('[[targets]]\nfolder = "/etc"\n', 2, "target//etc: /etc lies outside of the repository"),
    "values that are missing": (
        f'{TABLE}values = [\n  "live/values.yaml",\n  "live/gone.yaml",\n]\n', 5,
        "target/charts/web: there is no value file live/gone.yaml",
    ),
    "values outside": (f'{TABLE}values = ["../x.yaml"]\n', 3, "target/charts/web: value file ../x.yaml lies outside of the repository"),
    "a folder without manifests": ('[[targets]]\nfolder = "live"\n', 2, "target/live: live holds neither a kustomization nor a manifest"),
    "a name twice": (f"{TABLE}{TABLE}", 3, "target/charts/web: another target is called charts/web; give it another name"),
    "the name of another target": (
        f'{TABLE}name = "app"\n', 3, "target/app: another target is called app; give it another name",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("config", "line", "message"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_at_its_line(run: Run, tree: Tree, config: str, line: int, message: str) -> None:
    app = {"app/kustomization.yaml": kustomization("web.yaml"), "app/web.yaml": deployment("web", "ghcr.io/acme/web:v1")}
    tree.write({**CHART, **VALUES, **app, ".agentslint.toml": config})

    done = run("lint", ".", "--format", "json", cwd=tree.root)

    assert done.status == 2
    assert failures(done) == [(".agentslint.toml", line, message)]


REFUSED = {
    '[[targets]]\nname = "web"\n': ".agentslint.toml:1: targets.0: a target needs a chart or a folder, and not both",
    f'{TABLE}folder = "app"\n': "a target needs a chart or a folder, and not both",
    '[[targets]]\nfolder = "app"\nvalues = ["a.yaml"]\n': "release, values, set and include-crds belong to a chart",
    f"{TABLE}recurse = true\n": "recurse belongs to a folder",
    f'{TABLE}release = "-f"\n': ".agentslint.toml:1: targets.0: '-f' is no name of a release",
    f'{TABLE}valeus = ["a.yaml"]\n': "did you mean 'values'?",
    f"{TABLE}set = {{ day = 2026-01-01 }}\n": "set: 2026-01-01 is a date or a time; write it as a text, in quotes",
}


@pytest.mark.parametrize(("config", "message"), REFUSED.items())
def test_a_table_that_makes_no_sense_is_refused(run: Run, tree: Tree, config: str, message: str) -> None:
    tree.write({**CHART, ".agentslint.toml": config})
    done = run("lint", ".", cwd=tree.root)
    assert (done.status, done.out) == (2, "")
    assert message in done.err


def test_in_pyproject_the_line_is_right_too(run: Run, tree: Tree) -> None:
    tree.write({**CHART, "pyproject.toml": '[project]\nname = "x"\n\n[[tool.agentslint.targets]]\nname = "web"\nchart = "gone"\n'})
    done = run("lint", ".", "--format", "json", cwd=tree.root)
    assert failures(done) == [("pyproject.toml", 6, "target/web: there is no folder gone")]


def test_a_chart_that_came_with_the_change_is_new(run: Run, tree: Tree) -> None:
    app = {"app/kustomization.yaml": kustomization("web.yaml"), "app/web.yaml": deployment("web", "ghcr.io/acme/web:v1")}
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com"]
    tree.write({**app})
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "-qm", "first"]):
        subprocess.run([*git, *words], cwd=tree.root, check=True)
    tree.write({**CHART, ".agentslint.toml": TABLE})

    done = run("diff", ".", "--base", "HEAD", cwd=tree.root)

    assert done.status in (0, 1), done
    assert "charts/web" in done.out
    assert "nginx:1.27.0" in done.out


@pytest.mark.parametrize("path", ["charts/web", "charts", "live", "live/values.yaml"])
def test_a_path_stands_for_the_target_that_reads_it(path: str, run: Run, tree: Tree) -> None:
    tree.write({**CHART, **VALUES, ".agentslint.toml": f'{TABLE}values = ["live/values.yaml"]\n'})
    done = run("lint", path, "--format", "json", cwd=tree.root)
    said = json.loads(done.out)
    assert said["summary"]["rendered"] == 1
    assert [note for note in said["notes"] if "no target reads" in note] == []
