"""The rules that a configuration makes itself: of each of its asserts, and of each of its scenarios."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from agentslint.config import Loaded
from agentslint.rule import Rule

if TYPE_CHECKING:
    from agentslint.asserts import AssertRule


def configured_rules(loaded: Loaded, known: Collection[str]) -> Mapping[str, type[Rule]]:
    """Return the rules of the configuration by their ids; raises UsageError for an id that is `known` already."""
    asserts: dict[str, type[AssertRule]] = {}
    if loaded.config.assert_:
        from agentslint.asserts import assert_rules

        asserts = {rule.id: rule for rule in assert_rules(loaded, known)}
    if loaded.config.scenario:
        from agentslint.scenarios import scenario_rules

        return {**asserts, **{rule.id: rule for rule in scenario_rules(loaded, {*known, *asserts}, asserts)}}
    return asserts
