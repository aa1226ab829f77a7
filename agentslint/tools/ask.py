"""Asks a program for its version, and tries it out; once, then the answers are remembered (answers.py)."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from agentslint import files, memory, run_folder
from agentslint.access import Access, is_script
from agentslint.children import Profile, hindrance, output
from agentslint.tools import answers
from agentslint.tools.tool import ShimError, Tool, ToolError, ToolName

PATIENCE = 20.0
"""Seconds after which a program that does not answer is taken for broken."""

_VERSION_ARGUMENTS: Mapping[ToolName, Sequence[str]] = {"kustomize": ("version",), "helm": ("version", "--short")}

_CHART = "apiVersion: v2\nname: probe\nversion: 0.0.1\n"
_TEMPLATE = "kubeVersion: {{ .Capabilities.KubeVersion.Version }}\n"


def version_text(tool: Tool) -> str:
    """Tell the exact standard output of the program's own `version` (helm: `version --short`).

    kustomize asks helm with `version --short` since 5.8.1, before that with `version -c --short` (`checkHelmVersion` in
    its api/internal/builtins/HelmChartInflationGenerator.go). helm 3 prints the same for both; helm 4 has no `-c`.
    Raises ToolError where the program cannot be run or prints nothing.
    """
    return _remembered(tool, "version", _ask_version)


def kubernetes_version(tool: Tool) -> str:
    """Tell for which Kubernetes version a helm renders by default ("v1.37.0"): what a tiny chart sees.

    Raises ToolError where that does not work.
    """
    return _remembered(tool, "kubernetes", _ask_kubernetes)


def _remembered(tool: Tool, question: str, ask: Callable[..., str]) -> str:
    if tool.path is None or (tool.fatal and not tool.path.exists()):
        raise ToolError("; ".join(tool.problems) or f"{tool.name} is not installed")
    return answers.remembered(tool.name, tool.path, question, partial(ask, more=tool.environment))


def _ask_version(name: ToolName, path: Path, more: Iterable[str]) -> str:
    # A helm 2 would look for its server in the cluster; without a KUBECONFIG it fails at once, its version printed.
    command = [str(path), *_VERSION_ARGUMENTS[name]]
    try:
        status, printed, errors = _run(command, _environment(more))
        if not printed.strip() or (status != 0 and not re.search(r"v\d+\.\d+", printed)):
            if memory.ran_out(errors):
                raise ToolError(f"`{' '.join(command)}` {memory.inherited(sys.maxsize) or 'ran out of memory'}")
            raise ToolError(f"`{' '.join(command)}` failed with status {status}: {_last_line(errors)}")
    except ToolError as error:
        if _is_shim(name, path, str(error)) and not hindrance():
            raise ShimError(name, path) from None
        raise
    return printed


def _is_shim(name: ToolName, path: Path, said: str) -> bool:
    """A script is refused another program; a version manager under the name of the program does not find its own files."""
    return not answers.is_itself(name, path) and ("ermission denied" in said or not is_script(str(path)))


def _ask_kubernetes(name: ToolName, path: Path, more: Iterable[str]) -> str:
    with run_folder.held("helm") as folder:
        chart = folder / "probe"
        (chart / "templates").mkdir(parents=True)
        files.write(chart / "Chart.yaml", _CHART.encode())
        files.write(chart / "templates" / "kubernetes.yaml", _TEMPLATE.encode())
        status, printed, errors = _run([str(path), "template", "probe", str(chart)], _secluded(str(folder), more), str(folder))
    match = re.search(r"^kubeVersion: (v?\d+\.\d+\S*)$", printed, re.MULTILINE)
    if status != 0 or match is None:
        raise ToolError(f"`{path} template` of a chart with one line failed with status {status}: {_last_line(errors)}")
    return match[1]


def _environment(more: Iterable[str]) -> dict[str, str]:
    """The environment of a render: asked without it, a program might answer that later cannot run."""
    from agentslint.tools.program_environment import renderer_environment

    return {**renderer_environment(os.environ, more=more), "KUBECONFIG": os.devnull}


def _secluded(folder: str, more: Iterable[str]) -> dict[str, str]:
    """An environment in which helm neither reads nor writes the user's own helm folders, plugins or cluster."""
    homes = {f"HELM_{kind}_HOME": os.path.join(folder, kind.lower()) for kind in ("CACHE", "CONFIG", "DATA")}
    return {**_environment(more), **homes, "HELM_NO_PLUGINS": "1"}


def _run(command: Sequence[str], environment: Mapping[str, str], *folders: str) -> tuple[int, str, str]:
    access = Access(write=folders, programs=(command[0],), once=True)
    try:
        done = output(command, profile=Profile.RENDERER, access=access, environ=environment, timeout=PATIENCE)
    except TimeoutError:
        raise ToolError(f"{command[0]} did not answer within {PATIENCE:g} seconds") from None
    except OSError as error:
        raise ToolError(f"{command[0]} cannot be run: {error.strerror or error}") from None
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "(no output)"
