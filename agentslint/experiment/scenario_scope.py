"""Which targets and charts a scenario is about."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from agentslint.config import Scenario
from agentslint.model import HelmChartEntry, Target

_GLOB = re.compile(r"[*?\[]")


def applies(scenario: Scenario, target: Target) -> bool:
    """Tell whether a scenario is about a target: one that it names, else one that has its chart.

    A glob means those of the targets that have values at all; a whole name means the target, whatever it has.
    """
    has_chart = any(is_about(scenario, entry) for entry in target.closure.charts)
    if scenario.target is None:
        return has_chart
    own = target.deployed.application.name if target.deployed else ""
    is_named = target.is_named([scenario.target]) or (bool(own) and fnmatchcase(own, scenario.target))
    return is_named and (has_chart or bool(scenario.files) or not _GLOB.search(scenario.target))


def is_about(scenario: Scenario, entry: HelmChartEntry) -> bool:
    """Tell whether a scenario is about a chart."""
    return fnmatchcase(entry.name, scenario.chart or "*") and fnmatchcase(entry.release, scenario.release or "*")
