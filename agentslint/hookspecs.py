"""The hooks of a plugin, in the order of a run. Each hook is called once a run (or once a target), never once a manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from agentslint.deploy.deployer import Deployer
    from agentslint.images import ImageField
    from agentslint.model import Target
    from agentslint.report import Reporter
    from agentslint.rule import Rule

PROJECT = "agentslint"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def agentslint_register_rules() -> Sequence[type[Rule]]:
    """Return rule classes; ids must be unique over all plugins."""
    raise NotImplementedError


@hookspec
def agentslint_register_presets() -> Mapping[str, Path]:
    """Return presets for `extends`: the name (`acme:strict`) -> the TOML file. Only installed packages bring presets."""
    raise NotImplementedError


@hookspec
def agentslint_register_image_fields() -> Sequence[ImageField]:
    """Return where custom resources hold images: rows beside the built-in table."""
    raise NotImplementedError


@hookspec
def agentslint_register_reporters() -> Mapping[str, Reporter]:
    """Return report formats by the name that `--format` takes."""
    raise NotImplementedError


@hookspec
def agentslint_discover(root: Path, config: Any) -> Sequence[Target]:
    """Return targets that discovery by files cannot see."""
    raise NotImplementedError


@hookspec
def agentslint_deployers() -> Sequence[Deployer]:
    """Return deployers beside Argo CD and Flux: their objects say which sources of the repository run, and how."""
    raise NotImplementedError


@hookspec(firstresult=True)
def agentslint_render(target: Target) -> str | None:
    """Return what `target` renders to, in place of the built-in renderer, or None to leave it to that."""
    raise NotImplementedError
