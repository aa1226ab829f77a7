"""The options with which Argo CD's own settings in the repository have kustomize build, such as reading files beside a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from agentslint.deploy.argo.argo_sources import DEPLOYER as ARGO_CD
from agentslint.deploy.build_options import UNRESTRICTED, ArgoBuildOptions, BuildOptions
from agentslint.model import RenderFailure, Rendering, Target, TargetKind
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
        self._used: BuildOptions | None = None

    @property
    def notes(self) -> list[str]:
        """Say which targets were rendered so, and who says that they may be."""
        used = [f"built as kustomize.buildOptions says ({self._used.path}:{self._used.line}): {self._used.text}"] if self._used else []
        if not self._lifted:
            return used
        said = next(iter(self._lifted.values()))
        names = some(sorted({name for _, name in self._lifted}))
        return [*used, f"rendered with {' '.join(UNRESTRICTED)}, as kustomize.buildOptions says ({said.path}:{said.line}): {names}"]

    def options(self, target: Target, options: RenderOptions) -> RenderOptions:
        """Return the options of a target, with what was found out about it."""
        options = self._as_deployed(target, options)
        return _without_restrictor(options) if (target.root, target.name) in self._lifted else options

    def _as_deployed(self, target: Target, options: RenderOptions) -> RenderOptions:
        """What Argo CD's own settings say of a source that it builds, unless the configuration says something itself."""
        deployer = target.deployed.application.deployer if target.deployed else ""
        if deployer != ARGO_CD or target.kind is not TargetKind.KUSTOMIZATION or options.build_options:
            return options
        said = self._argo.only(target.root)
        if said is None:
            return options
        self._used = said
        return replace(options, build_options=said.passed_on, helm=said.enables_helm)

    def render(self, target: Target, options: RenderOptions, render: Callable[[Target, RenderOptions], Outcome]) -> Outcome:
        """Render a target; where files beside it are refused and Argo CD would read them, read them."""
        options = self.options(target, options)
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
