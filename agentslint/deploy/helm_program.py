"""The helm that fills in the templates of ApplicationSets."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from msgspec import field

from agentslint.record import Record
from agentslint.render.options import Limits
from agentslint.render.process import ProcessGroup


class Helm(Record, frozen=True):
    """The helm to use, its environment and limits; with `required` it does not start unless the kernel confines it."""

    not_compared: ClassVar[frozenset[str]] = frozenset(("answers",))

    program: Path
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    limits: Limits = Limits()
    group: ProcessGroup = field(default_factory=ProcessGroup)
    required: bool = False
    answers: dict[Any, Any] = {}
    """Texts from earlier calls: an experiment that changes one element asks for that one alone."""
