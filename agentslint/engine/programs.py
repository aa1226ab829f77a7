"""The kustomize and helm that a run uses, and notes about them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec.structs import replace

from agentslint.config import Loaded
from agentslint.errors import UsageError
from agentslint.model import Target
from agentslint.render import Programs


def find_programs(
    kustomize: str | None,
    helm: str | None,
    loaded: Loaded,
    targets: Iterable[Target],
    place: Callable[[Path], Path] = lambda path: path,
    *,
    all_of_them: bool = False,
    prefix: str = "--",
) -> tuple[Programs, tuple[str, ...]]:
    """Return the renderers for `targets` (helm only where a chart is) and advice on them; raises UsageError where one is of no use.

    With `all_of_them` it is not known yet what will be rendered. `place` says where a program that the configuration names by its
    path is to be taken from; `prefix` is how the names of the options begin.
    """
    kustomizations = [target for target in targets if target.is_built]
    if not kustomizations and not all_of_them:
        return Programs(None, None), ()
    from agentslint.tools import inspect_together, locate, version_text

    render = loaded.config.render
    found = [locate("kustomize", option=kustomize, configured=beside(loaded, render.kustomize, place), environ=os.environ, prefix=prefix)]
    if all_of_them or any(target.closure.charts or target.closure.remotes or target.closure.unclear for target in kustomizations):
        found.append(locate("helm", option=helm, configured=beside(loaded, render.helm, place), environ=os.environ, prefix=prefix))
    tools = {tool.name: tool for tool in inspect_together([replace(tool, environment=render.environment) for tool in found])}
    if fatal := [problem for tool in tools.values() if not tool.usable for problem in tool.problems]:
        raise UsageError("\n".join(fatal))
    relevant = [tool for tool in tools.values() if tool.name == "kustomize" or not render.kube_version]
    advice = tuple(problem for tool in relevant for problem in tool.problems)
    its_helm = tools.get("helm")
    answer = version_text(its_helm).strip() if its_helm else ""
    return Programs(tools["kustomize"].path, its_helm.path if its_helm else None, answer), advice


def beside(loaded: Loaded, path: str | None, place: Callable[[Path], Path] = lambda path: path) -> str | None:
    """Return a path of the configuration, which is relative to its file; a bare name is looked up on PATH as it is."""
    if path is None or "/" not in path or path.startswith("~"):
        return path
    return str(place((loaded.folder or Path()) / path))
