"""The options of a render (as Argo CD passes them to `kustomize build`), and the limits of one renderer process."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct, field

from agentslint import memory

_FULL = ("no space left on device", "disk quota exceeded")
_STARTS = ("--enable-exec", "--enable-alpha-plugins", "--enable-star")
_OURS = ("-o", "--output", "--helm-command", "--enable-helm")
"""An output file would leave nothing to lint and be written into somebody's tree; the others are set by us."""


def is_full(text: str) -> bool:
    """Tell whether a program says that a disk is full."""
    return any(words in text.lower() for words in _FULL)


def no_space(folder: Path) -> str:
    """Say that a temporary folder of ours is on a full disk."""
    return f"no space is left for temporary files ({folder.parent.parent}); set TMPDIR to a folder with more room"


class Limits(Struct, frozen=True):
    """Seconds for one process, bytes of memory for each one, bytes of output."""

    timeout: float = 120.0
    memory: int = 2 << 30
    output: int = 256 << 20

    def breach(self, name: str) -> str:
        """Say which limit ended a process, and the setting that allows more."""
        words = {
            "timeout": f"took longer than {self.timeout:g} s and was ended (render.timeout)",
            "memory": memory.inherited(self.memory) or f"needed more than {self.memory >> 20} MiB of memory and was ended (render.memory)",
            "output": f"printed more than {self.output >> 20} MiB and was ended (render.output)",
        }
        return words[name]


class RenderOptions(Struct, frozen=True):
    """Flags of `kustomize build`, the versions that charts see, and the limits of a render."""

    build_options: tuple[str, ...] = ()
    kube_version: str = ""
    api_versions: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    helm: bool = True
    """Whether kustomize inflates charts."""

    @property
    def arguments(self) -> list[str]:
        """The command-line arguments of `kustomize build`."""
        kube = ["--helm-kube-version", self.kube_version] if self.kube_version else []
        return [*self.build_options, *kube, *(word for version in self.api_versions for word in ("--helm-api-versions", version))]

    @property
    def starts_programs(self) -> bool:
        """Whether kustomize may start programs of the repository, which write where they like."""
        return any(option.replace("_", "-").startswith(_STARTS) for option in self.build_options)

    @property
    def refused(self) -> str:
        """The first build option that cannot be passed on, or ""."""
        return next((option for option in self.build_options if _is_ours(option)), "")


def _is_ours(option: str) -> bool:
    return option.partition("=")[0] in _OURS or (option.startswith("-o") and not option.startswith("--"))
