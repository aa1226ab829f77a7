"""Cases of rules, for ours and for anybody's: see `rule_cases`."""

from agentslint.testing.rule_cases import Case, Expectation, cases, differences, expectations, lint_case, problems

__all__ = ["Case", "Expectation", "cases", "differences", "expectations", "lint_case", "problems"]
