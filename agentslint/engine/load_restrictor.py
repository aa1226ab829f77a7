"""Files beside the folder that kustomize builds: read where Argo CD's own settings in the repository say so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from agentslint.deploy.build_options import UNRESTRICTED, ArgoBuildOptions, BuildOptions
from agentslint.model import RenderFailure, Rendering, Target
from agentslint.model.skipped import some
from agentslint.render import RenderOptions

_REFUSED = "is not in or below"
"""`RestrictionRootOnly` of kustomize 5.8's api/internal/loader/fileloader.go."""

Outcome = Rendering | RenderFailure


class LoadRestrictor:
    """Renders a target once more without the restrictor where it failed for that alone, and remembers it. May be asked by threads."""

    def __init__(self, argo: ArgoBuildOptions | None = None) -> None:
        self._argo = argo or ArgoBuildOptions()
        self._lifted: dict[tuple[Path, str], BuildOptions] = {}

    @property
    def notes(self) -> list[str]:
        """Say which targets were rendered so, and who says that they may be."""
        if not self._lifted:
            return []
        said = next(iter(self._lifted.values()))
        names = some(sorted({name for _, name in self._lifted}))
        return [f"rendered with {' '.join(UNRESTRICTED)}, as kustomize.buildOptions says ({said.path}:{said.line}): {names}"]

    def options(self, target: Target, options: RenderOptions) -> RenderOptions:
        """Return the options of a target, with what was found out about it."""
        return _without_restrictor(options) if (target.root, target.name) in self._lifted else options

    def render(self, target: Target, options: RenderOptions, render: Callable[[Target, RenderOptions], Outcome]) -> Outcome:
        """Render a target; where files beside it are refused and Argo CD would read them, read them."""
        outcome = render(target, options)
        if not isinstance(outcome, RenderFailure) or _REFUSED not in f"{outcome.message}{outcome.details}" or _is_said(options):
            return outcome
        said = self._argo.unrestricted(target.root)
        if said is None:
            return outcome
        self._lifted[target.root, target.name] = said
        return render(target, _without_restrictor(options))


def _is_said(options: RenderOptions) -> bool:
    return any(option.startswith("--load-restrictor") for option in options.build_options)


def _without_restrictor(options: RenderOptions) -> RenderOptions:
    return replace(options, build_options=(*options.build_options, *UNRESTRICTED))
