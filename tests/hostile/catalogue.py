"""All attacks: importing a file of attacks enters them."""

from __future__ import annotations

from tests.hostile import action, configuration, devices, encodings, git, links, messages, offline, paths, policy, secrets, words
from tests.hostile.attack import CATALOGUE, Attack, Manner

SUBJECTS = (links, git, encodings, paths, devices, offline, secrets, action, messages, configuration, policy, words)


def tries() -> list[tuple[Attack, Manner]]:
    """Every attack in each of its manners."""
    return [(attack, manner) for attack in CATALOGUE.values() for manner in attack.manners]
