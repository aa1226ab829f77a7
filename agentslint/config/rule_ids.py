"""The ids of rules: those of a folder, and those that the configuration makes."""

from __future__ import annotations

import re
from collections.abc import Collection

from agentslint.config.load import Loaded
from agentslint.errors import UsageError

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def fault_of_id(name: str) -> str:
    """Return why a name is no id of a rule, and how to mend it; "" for one that is."""
    return "" if _ID.fullmatch(name) else f"{name!r} is no rule ID: write lower-case words with dashes, such as replicas-of-web"


def check_id(loaded: Loaded, table: str, number: int, made: Collection[str], taken: Collection[str]) -> None:
    """Check the name of an `[[assert]]` or `[[scenario]]`, which one `made` before or a rule may have; raises UsageError at its line."""
    name = getattr(loaded.config, "assert_" if table == "assert" else table)[number].name
    where = f"{loaded.where(table, number, 'name')}: {table} {name}"
    if fault := fault_of_id(name):
        raise UsageError(f"{loaded.where(table, number, 'name')}: {table}: {fault}")
    if name in made or name in taken:
        why = f"there are two {table}s of this name" if name in made else "a rule has this name"
        raise UsageError(f"{where}: {why}; give it another one")
