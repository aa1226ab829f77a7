"""The one thing that pyproject.toml cannot say: `rules/` installs as `agentslint_rules`, each folder of it found by looking."""

from setuptools import find_packages, setup

rules = ["agentslint_rules", *(f"agentslint_rules.{name}" for name in find_packages("rules"))]
setup(packages=find_packages(include=["agentslint", "agentslint.*"]) + rules, package_dir={"agentslint_rules": "rules"})
