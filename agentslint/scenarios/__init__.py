"""A team's scenarios (`[[scenario]]`), each as a rule."""

from agentslint.scenarios.scenario_rule import ScenarioRule, scenario_rules

__all__ = ["ScenarioRule", "scenario_rules"]
