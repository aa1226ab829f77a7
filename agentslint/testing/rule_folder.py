"""The folder of a rule, installed or not: its Python and its cases."""

from __future__ import annotations

import inspect
from pathlib import Path

from msgspec import Struct

from agentslint.config import Config, Loaded
from agentslint.engine.registry import load_registry
from agentslint.errors import UsageError
from agentslint.rule import Rule
from agentslint.testing.rule_cases import Case, cases


class TestedRule(Struct, frozen=True):
    """A rule with its cases, and the plugins that have to be loaded for it (none for a rule that is installed)."""

    rule_id: str
    cases: tuple[Case, ...]
    plugins: tuple[Path, ...] = ()


def rules_with_cases(folder: Path) -> list[TestedRule]:
    """Return the rules whose Python stands in a folder, installed or not, with their cases there.

    Raises UsageError for a folder without rule or without cases of both kinds, PluginError where the rule cannot be loaded.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: there is no such folder; name the folder of a rule")
    rules = _installed(folder)
    plugins = () if rules else (_python(folder),)
    found = []
    for rule in rules or _local(*plugins):
        own = cases(rule, folder)
        if {case.fails for case in own} != {True, False}:
            raise UsageError(f"{folder}: rule {rule.id} needs cases of both kinds: a folder each below pass/ and fail/")
        found.append(TestedRule(rule.id, tuple(own), plugins))
    return found


def _installed(folder: Path) -> list[type[Rule]]:
    """The rules of installed plugins that are defined in a folder."""
    rules = load_registry(Loaded(Config())).rules.values()
    return [rule for rule in rules if Path(inspect.getfile(rule)).resolve().parent == folder.resolve()]


def _python(folder: Path) -> Path:
    """The part of a folder that is loaded: all of it if it has an `__init__.py`, else its one Python file."""
    files = sorted(folder.glob("*.py"))
    if len(files) > 1 and not (folder / "__init__.py").exists():
        raise UsageError(f"{folder} holds {len(files)} Python files and no __init__.py: keep one rule a folder")
    if not files:
        raise UsageError(f"{folder} holds no Python file: name the folder of a rule (`agentslint new-rule ID` writes one)")
    return folder if (folder / "__init__.py").exists() else files[0]


def _local(plugin: Path) -> list[type[Rule]]:
    registry = load_registry(Loaded(Config()), [plugin])
    rules = [rule for name, rule in registry.rules.items() if registry.origins[name] == str(plugin)]
    if not rules:
        raise UsageError(f"{plugin} defines no rule: a rule is a subclass of agentslint.rule.Rule")
    return rules
