"""What a chart does where the head of a chain is taken away or null: stated, not judged."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agentslint.contract.expect import expected
from agentslint.contract.experiment import State
from agentslint.contract.laboratory import Laboratory, Observation, names
from agentslint.contract.owners import slots_named
from agentslint.contract.subject import Subject
from agentslint.contract.verdict import Outcome
from agentslint.model import Pointer


def head_outcome(laboratory: Laboratory, subject: Subject, name: str, places: Sequence[Pointer], found: Observation) -> Outcome:
    """Say who decides a field at its first place; `other` is what no chart should do."""
    if found.experiment.states[subject.blocks(name)[0], name] is State.SET or not places:
        return Outcome()
    if found.failure:
        return Outcome("fails", about(subject, found.failure.message))
    wanted = expected(subject, name, found.experiment)
    text = found.texts(subject.manifest).get(places[0], "")
    blocks = laboratory.seen(found, subject.manifest, places[0], slots_named([subject], name))
    if wanted.default is not None:
        return Outcome("default", wanted.default) if wanted.default.rpartition("/")[2] in text else _shown(blocks)
    if wanted.block is not None and wanted.block in blocks:
        return Outcome("next", block=wanted.block)
    if wanted.unknown:
        return Outcome("default", "its own") if text and not blocks else Outcome("without")
    return Outcome("without") if wanted.block is None else Outcome("other")


def about(subject: Subject, message: str) -> str:
    """Of a message that lists several complaints those that name the subject's blocks."""
    parts = re.split(r"; |(?<=\.) (?=[A-Za-z][.\w]*=)", message)
    named = [part for part in parts if names(part, subject.chain)]
    return "; ".join(named or parts)


def _shown(blocks: frozenset[tuple[str, ...]]) -> Outcome:
    """The chart's default should have decided, and a block did: a stricter chart, and no breach."""
    return Outcome("next", block=next(iter(blocks))) if blocks else Outcome("without")
