"""The modules of ours that a command imports: every run pays for them, so that each command has a budget, a little above today's count."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

_TOLD = """
import json, os, sys
place = sys.argv.pop(1)
def tell(*arguments):
    with open(place, "w") as file:
        json.dump(sorted(sys.modules), file)
"""
_AT_THE_END = f"""{_TOLD}
import atexit
atexit.register(tell)
from agentslint.__main__ import main
main()
"""
_AT_THE_FIRST_RENDER = f"""{_TOLD}
from agentslint.render import KustomizeRenderer
KustomizeRenderer.render = lambda *arguments: os._exit(tell() or 0)
from agentslint.__main__ import main
main()
"""


def imported(code: str, folder: Path, *words: str) -> list[str]:
    """The modules that are not Python's own."""
    said = folder.parent / "modules.json"
    subprocess.run([sys.executable, "-c", code, str(said), *words], cwd=folder, capture_output=True, check=False)
    return [name for name in json.loads(said.read_text()) if name.partition(".")[0] not in sys.stdlib_module_names]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One kustomization with a finding."""
    app = tmp_path / "repo" / "app"
    app.mkdir(parents=True)
    (app / "kustomization.yaml").write_text("resources: [pod.yaml]\n")
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: acme/web:v1}]}\n"
    (app / "pod.yaml").write_text(pod)
    return app.parent


@pytest.mark.parametrize(
    ("words", "code", "budget"),
    [
        (("--version",), _AT_THE_END, 3),
        (("--help",), _AT_THE_END, 45),
        (("lint", "--help"), _AT_THE_END, 17),
        (("rules",), _AT_THE_END, 222),
        (("targets", "--offline", "."), _AT_THE_END, 290),
        (("lint", "--offline", "--jobs", "1", "."), _AT_THE_FIRST_RENDER, 305),
    ],
)
def test_a_command_imports_no_more_than_it_needs(folder: Path, words: tuple[str, ...], code: str, budget: int) -> None:
    names = imported(code, folder, *words)

    ours = [name for name in names if name.partition(".")[0] == "agentslint"]
    assert ours
    assert len(ours) <= budget, f"{len(ours)} modules; who needs the new ones, and when?"


HEAVY = ("cel_expr_python", "jsonschema", "kubernetes_validate", "regex", "requests", "rich", "ruamel")
ON_DEMAND = (
    "agentslint.contract",
    "agentslint.deploy.sets",
    "agentslint.render.failures",
    "agentslint.tools.install",
    "agentslint.trace.tracer",
)


def test_nothing_is_imported_that_only_some_runs_need(folder: Path) -> None:
    names = imported(_AT_THE_FIRST_RENDER, folder, "lint", "--offline", "--jobs", "1", ".")

    assert [name for name in names if name in (*HEAVY, *ON_DEMAND)] == []


def test_a_whole_lint_without_custom_resources_imports_no_heavy_library(folder: Path) -> None:
    names = imported(_AT_THE_END, folder, "lint", "--offline", "--jobs", "1", "-f", "json", ".")

    assert "agentslint.render" in names
    assert sorted({name.partition(".")[0] for name in names}.intersection(HEAVY)) == []
