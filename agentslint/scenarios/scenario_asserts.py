"""The conditions of a scenario: rules made as those of asserts are, asked of what it renders."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from agentslint.asserts import AssertRule, assert_rules
from agentslint.config import AssertTable, Config, ConfigLayer, Loaded, Scenario, ScenarioAssert
from agentslint.config.complaint import nearest
from agentslint.config.key_lines import Keys
from agentslint.errors import UsageError

Asserts = Mapping[str, type[AssertRule]]
"""The rules of the `[[assert]]` tables, by name."""


def conditions(loaded: Loaded, number: int, known: Asserts) -> list[type[AssertRule]]:
    """Return the rules that a scenario asks; raises UsageError for a name that no assert has, and for an expression that is none."""
    scenario = loaded.config.scenario[number]
    own = _own(loaded, number, scenario)
    found = []
    for at, said in enumerate(scenario.asserts):
        if isinstance(said, str) and said not in known:
            where = loaded.where("scenario", number, "asserts", at, word=said)
            raise UsageError(f"{where}: scenario.{number}.asserts.{at}: there is no [[assert]] named {said!r}{nearest(said, known)}")
        found.append(known[said] if isinstance(said, str) else own[at])
    return found


def _own(loaded: Loaded, number: int, scenario: Scenario) -> dict[int, type[AssertRule]]:
    """The conditions that a scenario writes itself, by their numbers in its list."""
    written = {at: _table(scenario, at, said) for at, said in enumerate(scenario.asserts) if isinstance(said, ScenarioAssert)}
    origins: dict[Keys, tuple[ConfigLayer, Keys]] = {
        ("assert", index): loaded.origin("scenario", number, "asserts", at) for index, at in enumerate(written)
    }
    config = Config(assert_=tuple(written.values()), environments=loaded.config.environments)
    rules = assert_rules(replace(loaded, config=config, origins=origins), ()) if written else []
    return dict(zip(written, rules, strict=True))


def _table(scenario: Scenario, at: int, said: ScenarioAssert) -> AssertTable:
    name = f"{scenario.name}-condition-{at + 1}"
    return AssertTable(name=name, level=scenario.level, **msgspec.structs.asdict(said))
