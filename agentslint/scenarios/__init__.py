"""A team's scenarios (`[[scenario]]`), each as a rule."""

from agentslint.scenarios.scenario_rule import ScenarioRule, scenario_rule

__all__ = ["ScenarioRule", "scenario_rule"]
