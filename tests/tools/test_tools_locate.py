"""Which program is used: the order of choice, and choices that do not work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from agentslint.tools import locate

Program = Callable[..., Path]

SOURCES = ["option", "environment", "configuration", "cache", "path", "missing"]


@pytest.mark.parametrize("first", range(len(SOURCES)))
def test_order_of_choice(first: int, program: Program, cache: Path, tmp_path: Path) -> None:
    there = set(SOURCES[first:])
    paths = {source: program("kustomize", "echo v5.8.2", folder=source) for source in SOURCES[:3]}
    if "cache" in there:
        paths["cache"] = program("kustomize", "echo v5.8.2", folder=str(cache / "kustomize-5.8.2"))
    if "path" in there:
        paths["path"] = program("kustomize", "echo v5.8.2")
    environ = {"PATH": str(tmp_path / "bin")}
    if "environment" in there:
        environ["AGENTSLINT_KUSTOMIZE"] = str(paths["environment"])

    tool = locate(
        "kustomize",
        option=str(paths["option"]) if "option" in there else None,
        configured=str(paths["configuration"]) if "configuration" in there else None,
        environ=environ,
    )

    assert tool.source == SOURCES[first]
    assert tool.path == paths.get(SOURCES[first])
    assert tool.usable == (SOURCES[first] != "missing")


def test_a_command_name_is_looked_up_on_path(program: Program, tmp_path: Path) -> None:
    path = program("helm4", "echo v4.3.0")
    tool = locate("helm", option="helm4", configured=None, environ={"PATH": str(tmp_path / "bin")})
    assert (tool.path, tool.source) == (path, "option")


def test_an_empty_variable_is_no_choice(program: Program, tmp_path: Path) -> None:
    path = program("helm", "echo v3.22.0")
    environ = {"PATH": str(tmp_path / "bin"), "AGENTSLINT_HELM": ""}
    assert locate("helm", option=None, configured=None, environ=environ).path == path


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("absent", "does not exist"),
        ("folder", "is a folder"),
        ("plain", "is not executable"),
        ("no-such-command", "is not on PATH"),
    ],
)
def test_a_choice_that_does_not_work_is_a_problem(kind: str, words: str, program: Program, tmp_path: Path) -> None:
    program("kustomize", "echo v5.8.2")
    (tmp_path / "folder").mkdir()
    program("plain", "echo v5.8.2", folder=".", mode=0o644)
    value = kind if kind == "no-such-command" else str(tmp_path / kind)

    tool = locate("kustomize", option=None, configured=value, environ={"PATH": str(tmp_path / "bin")})

    assert not tool.usable
    assert tool.source == "configuration"
    assert words in tool.problems[0]
    assert value in tool.problems[0]
    assert "the configuration" in tool.problems[0]


def test_kubectl_is_not_taken_for_kustomize(program: Program, tmp_path: Path) -> None:
    program("kubectl", "echo v5.8.2")
    environ = {"PATH": str(tmp_path / "bin")}
    tool = locate("kustomize", option=None, configured=None, environ=environ)
    assert (tool.path, tool.usable) == (None, False)
    assert "`kubectl kustomize` on PATH is another version" in tool.problems[0]
    assert "another version" in tool.problems[0]
    assert "kubectl" not in locate("helm", option=None, configured=None, environ=environ).problems[0]


def test_no_process_is_started(program: Program, tmp_path: Path) -> None:
    program("helm", f"touch {tmp_path / 'started'}; echo v3.22.0")
    assert locate("helm", option=None, configured=None, environ={"PATH": str(tmp_path / "bin")}).usable
    assert not (tmp_path / "started").exists()


def test_the_room_is_cheap_to_enter() -> None:
    import subprocess
    import sys

    code = "import sys, agentslint.tools; print([m for m in ('requests', 'filelock', 'tarfile') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[]\n"
