"""What one renderer process may take, and what is said when it takes more."""

from __future__ import annotations

from dataclasses import dataclass


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
            "memory": f"needed more than {self.memory >> 20} MiB of memory and was ended (render.memory)",
            "output": f"printed more than {self.output >> 20} MiB and was ended (render.output)",
        }
        return words[name]
