"""The override contract of a chart: which block of values decides each workload's image, proven by renders of changed values."""

from agentslint.contract.breaches import Breach, UnprovenError
from agentslint.contract.contracts import ChartContracts, Contracts
from agentslint.contract.subject import FIELDS, Block, Subject, dotted_key, named
from agentslint.contract.switch import Switch
from agentslint.contract.verdict import Broken, FieldVerdict, Outcome, Verdict

__all__ = [
    "FIELDS", "Block", "Breach", "Broken", "ChartContracts", "Contracts", "FieldVerdict", "Outcome", "Subject", "Switch", "UnprovenError",
    "Verdict", "dotted_key", "named",
]  # fmt: skip
