"""Finds the problems of a located tool: asks it (or remembers its answers) and compares."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec.structs import replace

from agentslint.tools.ask import kubernetes_version, version_text
from agentslint.tools.lookup import INSTALL
from agentslint.tools.tool import ShimError, Tool, ToolError

Version = tuple[int, ...]

OLDEST_KUSTOMIZE: Version = (5, 3)
"""5.3.0 brought `--helm-kube-version` and `--helm-api-versions` (kustomize/commands/build/flagenablehelm.go), without
which a render cannot be made to match what Argo CD passes."""

FIRST_KUSTOMIZE_FOR_HELM_4: Version = (5, 8, 1)
"""Before it, `checkHelmVersion` accepts helm 3 alone (api/internal/builtins/HelmChartInflationGenerator.go)."""

_NEEDED = {"kustomize": f"kustomize {'.'.join(map(str, OLDEST_KUSTOMIZE))} or newer", "helm": "helm 3 or 4"}
_STATED = re.compile(r"(?:^|[\s:/\"])(v?\d+\.\d+\.\d+(?:[-+][\w.+-]*)?|v\d+\.\d+)(?=$|[\s\"}])", re.M)
"""`v5.8.1`, `{Version:kustomize/v4.5.7 GitCommit:...}`, `v3.19.0+g3d8990f`, `version.BuildInfo{Version:"v3.19.0", ...}`."""
_SAID = 80
# Helm 3.5 was the release for Kubernetes 1.20; a later one that claims it was built without its release's linker flags.
_STUCK = (1, 20)
_HONEST_UNTIL = (3, 5)


def inspect(tool: Tool) -> Tool:
    """Fill in the version and the problems of a located tool; one that could not be located comes back as it is."""
    if not tool.usable:
        return tool
    try:
        said = version_text(tool).strip()
    except ShimError as error:
        return tool.broken(str(error))
    except ToolError as error:
        return tool.broken(f"{error}: reinstall it, or run {INSTALL}")
    numbers = _stated_version(said)
    if numbers is None:
        return tool.doubtful(
            f"{tool.path} says {said[:_SAID]!r} as its version, which cannot be compared: agentslint needs "
            f"{_NEEDED[tool.name]}: run {INSTALL}"
        )
    tool = replace(tool, version=".".join(map(str, numbers)))
    return _judge_kustomize(tool, numbers) if tool.name == "kustomize" else _judge_helm(tool, numbers)


def inspect_together(tools: Iterable[Tool]) -> list[Tool]:
    """Inspect several tools, and see whether this kustomize can work with this helm."""
    inspected = [inspect(tool) for tool in tools]
    helm = next((tool for tool in inspected if tool.name == "helm" and tool.usable), None)
    return [_judge_pair(tool, helm) for tool in inspected]


def _stated_version(said: str) -> Version | None:
    """Read a release's own `version`; None for a development build, and for a program that says anything else."""
    stated = _STATED.search(said)
    return parse_version(stated[1]) if stated else None


def parse_version(text: str) -> Version | None:
    """Read the first version number of a `version` output; None where there is none, as in "(devel)"."""
    match = re.search(r"(?<!\d)\d+(?:\.\d+)+", text[:1000])
    return None if match is None else tuple(int(part) for part in match[0].split("."))


def _judge_kustomize(tool: Tool, numbers: Version) -> Tool:
    if numbers >= OLDEST_KUSTOMIZE:
        return tool
    return tool.broken(
        f"kustomize {tool.version} is too old: agentslint needs {_text(OLDEST_KUSTOMIZE)} or newer, with options for "
        f"Kubernetes and API versions: run {INSTALL}"
    )


def _judge_helm(tool: Tool, numbers: Version) -> Tool:
    if numbers[0] < 3:
        return tool.broken(f"helm {tool.version} is too old: kustomize renders with helm 3 and 4: run {INSTALL}")
    if numbers[0] > 4:
        return tool.broken(f"helm {tool.version} is too new: kustomize renders with helm 3 and 4: run {INSTALL}")
    return _judge_kubernetes(tool, numbers)


def _judge_kubernetes(tool: Tool, numbers: Version) -> Tool:
    try:
        believed = kubernetes_version(tool)
    except ToolError as error:
        return tool.doubtful(f"cannot find out for which Kubernetes version this helm renders: {error}")
    if (parse_version(believed) or ())[:2] != _STUCK or numbers[:2] <= _HONEST_UNTIL:
        return tool
    return tool.doubtful(
        f"this helm assumes Kubernetes {believed} (built without its release's flags): "
        f"run {INSTALL}, or set kube-version in the configuration"
    )


def _judge_pair(tool: Tool, helm: Tool | None) -> Tool:
    if tool.name != "kustomize" or helm is None or tool.version is None or helm.version is None:
        return tool
    too_new = (parse_version(helm.version) or ())[:1] >= (4,)
    if not too_new or (parse_version(tool.version) or ()) >= FIRST_KUSTOMIZE_FOR_HELM_4:
        return tool
    return tool.doubtful(
        f"kustomize {tool.version} does not render Helm charts with helm {helm.version}: use kustomize "
        f"{_text(FIRST_KUSTOMIZE_FOR_HELM_4)} or newer, or helm 3: run {INSTALL}"
    )


def _text(version: Version) -> str:
    return ".".join(map(str, version))
