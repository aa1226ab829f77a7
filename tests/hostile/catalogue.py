"""All attacks: importing a file of attacks enters them."""

from __future__ import annotations

from tests.hostile import action, configuration, devices, encodings, git, links, messages, offline, paths, policy, secrets, words, writes
from tests.hostile.attack import CATALOGUE, Attack, Manner

SUBJECTS = (links, git, encodings, paths, devices, offline, secrets, action, messages, configuration, policy, words, writes)


def tries() -> list[tuple[Attack, Manner]]:
    """Every attack in each of its manners."""
    return [(attack, manner) for attack in CATALOGUE.values() for manner in attack.manners]


def short() -> list[tuple[Attack, Manner]]:
    """What is tried with all other tests: an attack in its first manner, and of a family some members."""
    return [(attack, attack.manners[0]) for attack in CATALOGUE.values() if attack.stands_for_others]
