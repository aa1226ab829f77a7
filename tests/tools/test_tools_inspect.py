"""What is wrong with a program, asked from real ones and from stand-ins, and what is remembered of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from agentslint.tools import Tool, ToolError, ToolName, inspect, inspect_together, version_text

Program = Callable[..., Path]


def helm_saying(version: str, kubernetes: str) -> str:
    """A helm as strict as helm 4, which has no `version -c`."""
    answers = f'"version --short") echo {version} ;; template*) printf "%s\\n" --- "kubeVersion: {kubernetes}" ;;'
    return f'case "$*" in {answers} *) exit 1 ;; esac'


def found(name: ToolName, path: Path) -> Tool:
    return Tool(name, path, "path")


@pytest.mark.parametrize(("name", "arguments"), [("kustomize", ["version"]), ("helm", ["version", "--short"])])
def test_real_programs(name: ToolName, arguments: list[str], real_tools: dict[ToolName, Tool]) -> None:
    tool = real_tools[name]
    assert tool.path is not None, tool.problems
    said = subprocess.check_output([tool.path, *arguments], text=True)
    assert version_text(tool) == said
    inspected = inspect(tool)
    assert inspected.usable, inspected.problems
    assert inspected.version is not None
    assert inspected.version in said


@pytest.mark.parametrize(
    ("name", "script", "words"),
    [
        ("kustomize", "echo '{Version:kustomize/v4.5.7 GitCommit:56d82a8 BuildDate:2022-08-02}'", "4.5.7 is too old"),
        ("kustomize", "echo v5.2.1", "5.2.1 is too old: agentslint needs 5.3 or newer"),
        ("helm", "echo 'Client: v2.17.0+ga690bad'; exit 1", "2.17.0 is too old: kustomize renders with helm 3 and 4"),
        ("helm", helm_saying("v5.0.0", "v1.40.0"), "5.0.0 is too new"),
        ("helm", "echo 'cannot open shared object' >&2; exit 127", "status 127: cannot open shared object"),
        ("kustomize", "exit 0", "failed with status 0"),
    ],
)
def test_a_program_that_cannot_be_used(name: ToolName, script: str, words: str, program: Program) -> None:
    tool = inspect(found(name, program(name, script)))
    assert not tool.usable
    assert words in "\n".join(tool.problems)
    assert "agentslint tools install" in tool.problems[0]


def test_a_file_that_is_no_program(tmp_path: Path) -> None:
    path = tmp_path / "helm"
    path.write_bytes(b"\0\1\2 not for this machine")
    path.chmod(0o755)
    tool = inspect(found("helm", path))
    assert not tool.usable
    assert "cannot be run" in tool.problems[0]
    with pytest.raises(ToolError, match="cannot be run"):
        version_text(found("helm", path))


def test_a_program_that_hangs(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agentslint.tools.ask.PATIENCE", 0.3)
    tool = inspect(found("helm", program("helm", "while :; do :; done")))
    assert not tool.usable
    assert "did not answer within 0.3 seconds" in tool.problems[0]


def test_a_program_that_does_not_say_its_version(program: Program) -> None:
    tool = inspect(found("kustomize", program("kustomize", "echo '(devel)'")))
    assert (tool.usable, tool.version) == (True, None)
    assert "says '(devel)' as its version" in tool.problems[0]


@pytest.mark.parametrize(
    ("version", "kubernetes", "doubtful"),
    [
        ("v3.22", "v1.20.0", True),
        ("v3.6.0", "v1.20.0", True),
        ("v3.5.4", "v1.20.0", False),
        ("v3.22.0+g144ca65", "v1.37.0", False),
        ("v3.18.4", "v1.2.0", False),
    ],
)
def test_a_helm_that_believes_in_kubernetes_1_20(version: str, kubernetes: str, doubtful: bool, program: Program) -> None:
    tool = inspect(found("helm", program("helm", helm_saying(version, kubernetes))))
    assert tool.usable
    assert bool(tool.problems) == doubtful
    if doubtful:
        assert "this helm assumes Kubernetes v1.20.0" in tool.problems[0]
        assert "agentslint tools install" in tool.problems[0]
        assert "kube-version in the configuration" in tool.problems[0]


def test_a_helm_that_renders_nothing_is_said_to_be_doubtful(program: Program) -> None:
    tool = inspect(found("helm", program("helm", 'test "$1" = version && echo v3.22.0')))
    assert tool.usable
    assert "cannot find out for which Kubernetes version" in tool.problems[0]


@pytest.mark.parametrize(
    ("kustomize", "helm", "fits"),
    [("5.7.1", "4.3.0", False), ("5.8.0", "4.3.0", False), ("5.8.1", "4.3.0", True), ("5.7.1", "3.22.0", True)],
)
def test_kustomize_and_helm_together(kustomize: str, helm: str, fits: bool, program: Program) -> None:
    tools = inspect_together(
        [
            found("kustomize", program("kustomize", f"echo v{kustomize}")),
            found("helm", program("helm", helm_saying(f"v{helm}", "v1.37.0"))),
        ]
    )
    assert [tool.name for tool in tools] == ["kustomize", "helm"]
    assert (not tools[0].problems) == fits
    if not fits:
        assert f"kustomize {kustomize} does not render Helm charts with helm {helm}" in tools[0].problems[0]


@pytest.fixture
def copied(real_tools: dict[ToolName, Tool], tmp_path: Path) -> Tool:
    """A real kustomize in a place of its own."""
    path = real_tools["kustomize"].path
    assert path is not None, real_tools["kustomize"].problems
    return found("kustomize", Path(shutil.copy2(path, tmp_path / "kustomize")))


def test_an_answer_is_remembered_until_the_file_changes(copied: Tool, cache: Path) -> None:
    answers = cache / "answers.json"
    said = version_text(copied)
    answers.write_text(answers.read_text().replace(json.dumps(said), json.dumps("v9.8.7\n")))
    assert version_text(copied) == "v9.8.7\n"
    assert inspect(copied).version == "9.8.7"
    assert copied.path is not None
    os.utime(copied.path, ns=(1, 1))
    assert version_text(copied) == said


@pytest.mark.parametrize("rubbish", [b"", b"{", b"[1]", b'{"a": 1}', b'{"a": {"answers": 3}}', b"\xff\xfe", b"[" * 9999])
def test_a_corrupt_memory_is_replaced(rubbish: bytes, copied: Tool, cache: Path) -> None:
    said = version_text(copied)
    (cache / "answers.json").write_bytes(rubbish)
    assert version_text(copied) == said
    (record,) = json.loads((cache / "answers.json").read_bytes()).values()
    assert record["answers"] == {"version": said}
    assert os.listdir(cache) == ["answers.json"]


def test_a_cache_that_cannot_be_written_costs_nothing(copied: Tool, cache: Path) -> None:
    cache.parent.parent.mkdir(parents=True)
    cache.parent.write_text("a file where the folder should be")
    assert inspect(copied).usable


def test_a_script_is_asked_each_time(program: Program) -> None:
    """A version manager's script stays the same file when another version is chosen."""
    tool = found("kustomize", program("kustomize", "echo v5.8.2"))
    assert tool.path is not None
    state = tool.path.stat()
    assert version_text(tool) == "v5.8.2\n"
    program("kustomize", "echo v5.9.1")
    os.utime(tool.path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert version_text(tool) == "v5.9.1\n"


def test_a_tool_that_is_missing_has_no_version_text() -> None:
    missing = Tool("helm", None, "missing").broken("helm is not installed: run this")
    assert inspect(missing) == missing
    with pytest.raises(ToolError, match="helm is not installed: run this"):
        version_text(missing)


def test_helm_is_asked_away_from_the_users_own_settings(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTSLINT_CONFINEMENT", "off")  # The stand-in writes what it saw beside itself.
    seen = tmp_path / "seen"
    script = f'echo "$HELM_CONFIG_HOME $HELM_NO_PLUGINS $KUBECONFIG" > {seen}; echo "kubeVersion: v1.37.0"'
    inspect(found("helm", program("helm", f'test "$1" = version && echo v3.22.0 && exit; {script}')))
    home, plugins, cluster = seen.read_text().split()
    assert not Path(home).exists()
    assert (plugins, cluster) == ("1", os.devnull)


@pytest.mark.parametrize(
    "said", ["(devel)", "banana", "unknown", "v5", "build 2024.1", "{Version:unknown GitCommit:$Format:%H$}", "9.9.9.9.9"]
)
@pytest.mark.parametrize("name", ["kustomize", "helm"])
def test_what_is_no_version_is_said(program: Program, name: ToolName, said: str) -> None:
    tool = inspect(found(name, program(name, f"echo '{said}'")))
    assert tool.usable
    assert tool.version is None
    (problem,) = tool.problems
    assert repr(said) in problem
    assert ("kustomize 5.3 or newer" if name == "kustomize" else "helm 3 or 4") in problem


@pytest.mark.parametrize("script", ["exit 0", "echo", "echo '  '"])
@pytest.mark.parametrize("name", ["kustomize", "helm"])
def test_a_program_without_a_version_is_named(program: Program, name: ToolName, script: str) -> None:
    tool = inspect(found(name, program(name, script)))
    assert not tool.usable
    assert str(tool.path) in tool.problems[0]
