"""Fixtures of the trace room: a rule of its own; the chart repository is that of the render room."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from traced_field import TracedField

from agentslint.engine import registry

sys.path.append(str(Path(__file__).parents[1] / "render"))


@pytest.fixture(autouse=True)
def traced_field(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the rule of these tests among those of the registry."""
    real = registry.load_registry

    def with_rule(*arguments: Any) -> registry.Registry:
        known = real(*arguments)
        return registry.Registry(known.manager, {**known.rules, TracedField.id: TracedField}, known.origins, known.image_fields)

    monkeypatch.setattr("agentslint.engine.open_session.load_registry", with_rule)
