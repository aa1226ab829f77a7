"""`agentslint.rule` has all that it names, also when a rule runs."""

from __future__ import annotations

import agentslint.rule


def test_a_star_import_brings_every_name() -> None:
    names: dict[str, object] = {}
    exec("from agentslint.rule import *", names)
    assert set(agentslint.rule.__all__) <= set(names)
    assert list(agentslint.rule.__all__) == sorted(agentslint.rule.__all__)
