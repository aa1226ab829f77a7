"""What a program says of itself, and what it really does; asked once, then remembered (answers.py)."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from agentslint import files
from agentslint.tools import answers
from agentslint.tools.tool import Name, Tool, ToolError

PATIENCE = 20.0
"""Seconds after which a program that does not answer is taken for broken."""

_VERSION_ARGUMENTS: Mapping[Name, Sequence[str]] = {"kustomize": ("version",), "helm": ("version", "--short")}

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


def _remembered(tool: Tool, question: str, ask: answers.Ask) -> str:
    if tool.path is None or (tool.fatal and not tool.path.exists()):
        raise ToolError("; ".join(tool.problems) or f"{tool.name} is not installed")
    return answers.remembered(tool.name, tool.path, question, ask)


def _ask_version(name: Name, path: Path) -> str:
    # A helm 2 would look for its server in the cluster; without a KUBECONFIG it fails at once, its version printed.
    command = [str(path), *_VERSION_ARGUMENTS[name]]
    status, output, errors = _run(command, {**os.environ, "KUBECONFIG": os.devnull})
    if not output.strip() or (status != 0 and not re.search(r"v\d+\.\d+", output)):
        raise ToolError(f"`{' '.join(command)}` failed with status {status}: {_last_line(errors)}")
    return output


def _ask_kubernetes(name: Name, path: Path) -> str:
    import tempfile

    with tempfile.TemporaryDirectory(prefix="agentslint-helm-") as folder:
        chart = Path(folder, "probe")
        (chart / "templates").mkdir(parents=True)
        files.write(chart / "Chart.yaml", _CHART.encode())
        files.write(chart / "templates" / "kubernetes.yaml", _TEMPLATE.encode())
        status, output, errors = _run([str(path), "template", "probe", str(chart)], _secluded(folder))
    match = re.search(r"^kubeVersion: (v?\d+\.\d+\S*)$", output, re.MULTILINE)
    if status != 0 or match is None:
        raise ToolError(f"`{path} template` of a chart with one line failed with status {status}: {_last_line(errors)}")
    return match[1]


def _secluded(folder: str) -> dict[str, str]:
    """An environment in which helm neither reads nor writes the user's own helm folders, plugins or cluster."""
    homes = {f"HELM_{kind}_HOME": os.path.join(folder, kind.lower()) for kind in ("CACHE", "CONFIG", "DATA")}
    return {**os.environ, **homes, "HELM_NO_PLUGINS": "1", "KUBECONFIG": os.devnull}


def _run(command: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
    try:
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise ToolError(f"{command[0]} did not answer within {PATIENCE:g} seconds") from None
    except OSError as error:
        raise ToolError(f"{command[0]} cannot be run: {error.strerror or error}") from None
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "(it says nothing)"
