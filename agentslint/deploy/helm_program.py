"""The helm that fills in the templates of ApplicationSets."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
    answers: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    """Texts from earlier calls: an experiment that changes one element asks for that one alone."""
