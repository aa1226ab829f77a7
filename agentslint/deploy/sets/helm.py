"""helm as the engine of Go templates: one `helm template` fills in many strings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agentslint.render.options import Limits
from agentslint.render.process import ProcessGroup


@dataclass(frozen=True)
class Helm:
    """The helm to use, its environment and limits; with `required` it does not start unless the kernel confines it."""

    program: Path
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    limits: Limits = field(default_factory=Limits)
    group: ProcessGroup = field(default_factory=ProcessGroup)
    required: bool = False
