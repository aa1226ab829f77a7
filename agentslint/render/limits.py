"""What one renderer process may take, and what is said when it takes more."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from agentslint.render import memory

_FULL = ("no space left on device", "disk quota exceeded")


def is_full(text: str) -> bool:
    """Tell whether a program says that a disk is full."""
    return any(words in text.lower() for words in _FULL)


def no_space(folder: Path) -> str:
    """Say that a temporary folder of ours is on a full disk."""
    return f"no space is left for temporary files ({folder.parent.parent}); set TMPDIR to a folder with more room"


@dataclass(frozen=True)
class Limits:
    """Seconds for one process, bytes of memory for each one, bytes of output."""

    timeout: float = 120.0
    memory: int = 2 << 30
    output: int = 256 << 20

    def breach(self, name: str) -> str:
        """Say which limit ended a process: what it did, and the setting that allows more."""
        words = {
            "timeout": f"took longer than {self.timeout:g} s and was ended (render.timeout)",
            "memory": memory.inherited(self.memory) or f"needed more than {self.memory >> 20} MiB of memory and was ended (render.memory)",
            "output": f"printed more than {self.output >> 20} MiB and was ended (render.output)",
        }
        return words[name]
