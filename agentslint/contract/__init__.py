"""The override contract of a chart: which block of values decides each workload's image, proven by renders of changed values."""

from agentslint.authorship.image_blocks import FIELDS, Block, dotted_key, named
from agentslint.contract.breaches import UnprovenError
from agentslint.contract.chains import ChainedWorkload, applying, is_about, made_by, unrendered
from agentslint.contract.chart_contracts import ChartContracts, Contracts
from agentslint.contract.digest_switch import DigestSwitch
from agentslint.contract.verdicts import FieldVerdict, HeadOutcome, Verdict

__all__ = [
    "FIELDS",
    "Block",
    "ChainedWorkload",
    "ChartContracts",
    "Contracts",
    "DigestSwitch",
    "FieldVerdict",
    "HeadOutcome",
    "UnprovenError",
    "Verdict",
    "applying",
    "dotted_key",
    "is_about",
    "made_by",
    "named",
    "unrendered",
]  # fmt: skip
