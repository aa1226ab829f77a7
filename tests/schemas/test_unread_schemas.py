"""Files with schemas that cannot be read are not checked, never valid."""

from __future__ import annotations

import json

import pytest

from agentslint.schemas.known_files import KnownFiles
from tests.schemas.test_schema_sources import AGENT, KUSTOMIZATION, SIZE, definition, lint
from tests.suppress.command_in_process import Done, Run, Tree

CHARTS = "helmCharts: [{name: web, releaseName: web}]\n"
CHART = "apiVersion: v2\nname: web\nversion: 1.0.0\n"
BOMB = "x:\n  - &a0 [x, x]\n" + "".join(f"  - &a{number} [{', '.join([f'*a{number - 1}'] * 9)}]\n" for number in range(1, 9))
BROKEN = {"syntax": "   bad: [\n", "aliases": BOMB, "nesting": "x: " + "[" * 3000 + "]" * 3000 + "\n"}


def unread(done: Done) -> list[tuple[str, str, int]]:
    rows = [row for row in json.loads(done.out)["failures"] if "cannot be read" in row["message"]]
    return [(row["message"].split(":")[0], row["location"]["path"], row["location"]["start_line"]) for row in rows]


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("place", ["schemas/crd.yaml", "app/charts/web/crds/crd.yaml"])
def test_a_definition_that_cannot_be_read_is_not_checked(run: Run, tree: Tree, place: str, broken: str) -> None:
    first = "# of another tool\na: 1\n---\n"
    tree.write({
        "app/kustomization.yaml": CHARTS, "app/charts/web/Chart.yaml": CHART, "app/charts/web/values.yaml": "a: 1\n",
        "app/charts/web/templates/all.yaml": AGENT + "{size: x}\n",
        place: first + definition(SIZE).removesuffix("---\n") + BROKEN[broken],
        ".agentslint.toml": '[schemas]\npaths = ["schemas"]\n' if place.startswith("schemas") else "",
    })  # fmt: skip
    done = lint(run, tree)
    assert done.status == 2
    [(message, path, line)] = unread(done)
    assert (message, path) == (f"the schemas in {place} cannot be read", place)
    assert line > first.count("\n")


def test_a_chart_is_not_asked_for_what_the_target_has_itself(run: Run, tree: Tree) -> None:
    tree.write({
        "app/kustomization.yaml": KUSTOMIZATION + CHARTS, "app/charts/web/Chart.yaml": CHART, "app/charts/web/values.yaml": "a: 1\n",
        "app/charts/web/crds/crd.yaml": definition(SIZE).removesuffix("---\n") + BROKEN["syntax"],
        "app/all.yaml": definition(SIZE) + AGENT + "{size: x}\n",
    })  # fmt: skip
    done = lint(run, tree)
    assert (done.status, unread(done)) == (1, [])


def test_each_kind_is_looked_for_once_among_the_files() -> None:
    paths = [f"schemas/v1.{minor}.0/agent-example-v1.json" for minor in range(20, 25)]
    read: list[str] = []

    def content(path: str) -> bytes:
        read.append(path)
        return b'{"type": "object"}'

    files = KnownFiles(paths, content, lambda path, why, line: None)
    found = [files.schema("example.com", "v1", "Agent", (1, 22)) for _ in range(3)]
    assert found[0] is not None
    assert found == [found[0]] * 3
    assert read == ["schemas/v1.22.0/agent-example-v1.json"]
    assert files.schema("example.com", "v1", "Other", None) is None
