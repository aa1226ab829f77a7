"""The platform that we run on, in the words of Go's release archives."""

from __future__ import annotations

from msgspec import Struct

from agentslint.tools.tool import ToolError

_ARCHITECTURES = {
    "x86_64": "amd64",
    "aarch64": "arm64",
    "i386": "386",
    "i686": "386",
    "armv6l": "arm",
    "armv7l": "arm",
}


class Platform(Struct, frozen=True):
    """An operating system and a processor, as in GOOS and GOARCH."""

    os: str
    arch: str

    @property
    def key(self) -> str:
        """Name it in one word, as the pinned checksums do."""
        return f"{self.os}-{self.arch}"


def current_platform() -> Platform:
    """Tell the platform of this process; raises ToolError on one where nothing can be installed."""
    import platform

    return name_platform(platform.system(), platform.machine())


def name_platform(system: str, machine: str) -> Platform:
    """Translate what `uname` says; raises ToolError where nothing can be installed (Windows)."""
    operating_system = system.lower()
    if operating_system not in ("linux", "darwin"):
        raise ToolError(
            f"agentslint does not support {system or 'this operating system'} in this version: use Linux or macOS "
            "(on Windows: WSL or a container)"
        )
    return Platform(operating_system, _ARCHITECTURES.get(machine.lower(), machine.lower()))
