"""The asserts of a team, `[[assert]]` in the configuration: each becomes a rule of the run.

`AssertRule.check_target` judges any rendered target, one of an experiment, too.
"""

from agentslint.asserts.assert_rules import AssertRule, assert_rules

__all__ = ["AssertRule", "assert_rules"]
