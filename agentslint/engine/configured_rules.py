"""The rules that a configuration makes itself: each of its scenarios is one."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from agentslint.config import Loaded
from agentslint.errors import UsageError
from agentslint.rule import Rule


def configured_rules(loaded: Loaded, known: Collection[str]) -> Mapping[str, type[Rule]]:
    """Return the rules of the configuration by their ids; raises UsageError for an id that is taken."""
    found: dict[str, type[Rule]] = {}
    for number, scenario in enumerate(loaded.config.scenario):
        if scenario.name in known or scenario.name in found:
            where = loaded.where("scenario", number, "name")
            raise UsageError(f"{where}: scenario.{number}.name: there is a rule named {scenario.name} already; choose another name")
        from agentslint.scenarios import scenario_rule

        found[scenario.name] = scenario_rule(scenario, loaded.place("scenario", number))
    return found
