"""What a render is told, for all targets or for one: what Argo CD would pass to `kustomize build`."""

from __future__ import annotations

from dataclasses import dataclass, field

from agentslint.render.limits import Limits

_OURS = ("-o", "--output", "--helm-command", "--enable-helm")
"""An output file would leave nothing to lint and be written into somebody's tree; the others are set by us."""


@dataclass(frozen=True)
class RenderOptions:
    """Flags of `kustomize build`, the versions that charts see, and the limits of a render."""

    build_options: tuple[str, ...] = ()
    kube_version: str = ""
    api_versions: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)

    @property
    def arguments(self) -> list[str]:
        """The command-line arguments of `kustomize build`."""
        kube = ["--helm-kube-version", self.kube_version] if self.kube_version else []
        return [*self.build_options, *kube, *(word for version in self.api_versions for word in ("--helm-api-versions", version))]

    @property
    def refused(self) -> str:
        """The first build option that cannot be passed on, or ""."""
        return next((option for option in self.build_options if _is_ours(option)), "")


def _is_ours(option: str) -> bool:
    return option.partition("=")[0] in _OURS or (option.startswith("-o") and not option.startswith("--"))
