"""A chart that lies in the repository, in a folder with its version: an upgrade moves the folder, and nothing that people accepted."""

from __future__ import annotations

import json
import shutil

import pytest

from agentslint.authorship.vendored_charts import unversioned
from agentslint.model import HelmChartEntry
from tests.suppress.command_in_process import Done, Run, Tree

RULES = ("--select", "require-digest,mutable-tag,stale-ignore", "--offline")
REPO = "    repo: https://charts.example.com\n"


def chart(version: str, image: str = "docker.io/library/redis") -> dict[str, str]:
    """The files of a chart of one Pod, whose image its own values name."""
    pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: cache\nspec:\n  containers:\n    - name: cache\n"
    return {
        "Chart.yaml": f"apiVersion: v2\nname: redis\nversion: {version}\n",
        "values.yaml": f"image: {image}:7\n",
        "templates/pod.yaml": f"{pod}      image: {{{{ .Values.image }}}}\n",
    }


def entry(version: str, more: str = "", home: str = "") -> str:
    globals_ = f"helmGlobals:\n  chartHome: {home}\n" if home else ""
    return f"{globals_}helmCharts:\n  - name: redis\n    valuesFile: own.yaml\n    version: '{version}'\n{more}"


def lay(tree: Tree, folder: str, version: str, **changes: str) -> None:
    tree.write({f"{folder}/{path}": text for path, text in chart(version, **changes).items()})


def lint(run: Run, tree: Tree) -> Done:
    return run("lint", ".", *RULES, "--baseline", tree.root / ".agentslint-baseline.json", "-f", "json", cwd=tree.root)


CASES = {
    "where kustomize looks for it": ("app/charts/redis-{}/redis", REPO, ""),
    "from a registry": ("app/charts/redis-{}/redis", "    repo: oci://registry.example.com/charts\n", ""),
    "in a home of its own, outside of the application": ("vendor/charts/redis-{}/redis", REPO, "../vendor/charts"),
    "in a folder for each version": ("vendor/redis/{}/redis", "", "../vendor/redis/{}"),
    "in a folder that somebody named": ("vendor/cache-{}/redis", "", "../vendor/cache-{}"),
}


@pytest.mark.sample(3)
@pytest.mark.parametrize(("folder", "more", "home"), CASES.values(), ids=CASES)
@pytest.mark.parametrize(("old", "new"), [("1.2.3", "1.3.0"), ("v1.2.3", "v2.0.0-rc.1"), ("1.2.3+build.4", "1.2.4")])
def test_an_upgrade_keeps_fingerprints_and_the_baseline(
    run: Run, tree: Tree, folder: str, more: str, home: str, old: str, new: str
) -> None:
    lay(tree, folder.format(old), old)
    tree.write({"app/kustomization.yaml": entry(old, more, home.format(old)), "app/own.yaml": "other: 1\n"})
    assert run("baseline", ".", "--offline", cwd=tree.root).status == 0
    before = lint(run, tree)
    assert before.suppressed() == [("require-digest", f"{folder.format(old)}/values.yaml", 1)]
    rows = tree.read(".agentslint-baseline.json")

    shutil.rmtree(tree.root / folder.format(old))
    lay(tree, folder.format(new), new)
    tree.write({"app/kustomization.yaml": entry(new, more, home.format(new))})
    after = lint(run, tree)
    assert (after.status, after.places()) == (0, [])
    assert after.suppressed() == [("require-digest", f"{folder.format(new)}/values.yaml", 1)]
    assert [row["fingerprint"] for row in after.results] == [row["fingerprint"] for row in before.results]
    assert not any("baseline" in note for note in json.loads(after.out)["notes"])
    assert run("baseline", ".", "--offline", cwd=tree.root).status == 0
    assert tree.read(".agentslint-baseline.json") == rows


def test_another_image_in_the_new_version_is_new(run: Run, tree: Tree) -> None:
    lay(tree, "app/charts/redis-1.2.3/redis", "1.2.3")
    tree.write({"app/kustomization.yaml": entry("1.2.3", REPO), "app/own.yaml": "other: 1\n"})
    assert run("baseline", ".", "--offline", cwd=tree.root).status == 0
    shutil.rmtree(tree.root / "app/charts")
    lay(tree, "app/charts/redis-1.2.4/redis", "1.2.4", image="docker.io/valkey/valkey")
    tree.write({"app/kustomization.yaml": entry("1.2.4", REPO)})
    assert lint(run, tree).places() == [("require-digest", "app/charts/redis-1.2.4/redis/values.yaml", 1)]


def test_two_versions_side_by_side_are_two_findings(run: Run, tree: Tree) -> None:
    for app, version in (("one", "1.2.3"), ("two", "1.2.4")):
        lay(tree, f"charts/redis-{version}/redis", version)
        tree.write({f"{app}/kustomization.yaml": entry(version, REPO, "../charts"), f"{app}/own.yaml": "other: 1\n"})
    done = run("lint", ".", *RULES, "-f", "json", cwd=tree.root)
    assert [path for _, path, _ in done.places()] == [f"charts/redis-{version}/redis/values.yaml" for version in ("1.2.3", "1.2.4")]
    assert len({row["fingerprint"] for row in done.results}) == 2


def test_a_stale_comment_in_it_keeps_its_place_in_the_baseline(run: Run, tree: Tree) -> None:
    def laid(version: str) -> None:
        lay(tree, f"app/charts/redis-{version}/redis", version)
        values = f"app/charts/redis-{version}/redis/values.yaml"
        tree.write({values: f"# agentslint: ignore[mutable-tag] nothing moves\n{tree.read(values)}"})
        tree.write({"app/kustomization.yaml": entry(version, REPO), "app/own.yaml": "other: 1\n"})

    laid("1.2.3")
    assert run("baseline", ".", "--offline", cwd=tree.root).status == 0
    shutil.rmtree(tree.root / "app/charts")
    laid("1.2.4")
    done = lint(run, tree)
    assert (done.status, {rule for rule, _, _ in done.suppressed()}) == (0, {"require-digest", "stale-ignore"})


@pytest.mark.parametrize(
    ("path", "same"),
    [
        ("apps/redis-2/redis/values.yaml", True),
        ("releases/1.29.0/app/values.yaml", True),
        ("clusters/1.29.0/app/charts/redis/values.yaml", True),
        ("clusters/1.29.0/app/charts/redis/charts/common-2.1.0/values.yaml", False),
        ("apps/cilium-1.16.0/cilium/values.yaml", False),
    ],
)
def test_other_folders_keep_their_names(path: str, same: bool) -> None:
    known = HelmChartEntry("clusters/1.29.0/app/kustomization.yaml", 2, "redis", directory="clusters/1.29.0/app/charts/redis")
    assert (unversioned(path, [known]) == path) is same
