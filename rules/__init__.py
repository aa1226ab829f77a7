"""The rules that come with agentslint: a folder each, found by looking; installed as `agentslint_rules`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence

from agentslint.hookspecs import hookimpl
from agentslint.rule import Rule


@hookimpl
def agentslint_register_rules() -> Sequence[type[Rule]]:
    """Return the one rule class of each folder here."""
    modules = [importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__) if info.ispkg]
    return [
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Rule) and value.__module__ == module.__name__
    ]
