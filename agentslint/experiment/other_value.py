"""A target with another value in a chart: what it would render."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agentslint.authorship.chart_values import ChartValues, ValueKey
from agentslint.errors import AgentslintError
from agentslint.experiment.renders import Renders
from agentslint.experiment.value_changes import changed_files, put
from agentslint.facts.stream import read_manifests
from agentslint.facts.target_facts import CRD
from agentslint.model import Manifest, Rendering


def manifests_with(renders: Renders, values: ChartValues, key: ValueKey, value: Any) -> Sequence[Manifest] | None:
    """Return the manifests, without definitions, that a target renders where `key` of a chart holds `value`.

    None where it does not render so, the value cannot be changed in its file, or nothing may be rendered again.
    """
    if renders.budget.exhausted():
        return None
    try:
        outcome = renders.ask(changed_files(values, [put(key, value)]), remember=False)
    except AgentslintError:
        return None
    if not isinstance(outcome, Rendering):
        return None
    return read_manifests(outcome, lambda kind: kind != CRD).manifests
