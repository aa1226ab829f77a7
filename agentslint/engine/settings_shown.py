"""The configuration in force, value by value, and who set each one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from agentslint.config import Loaded
from agentslint.config.complaint import nearest
from agentslint.config.key_lines import Keys
from agentslint.engine.registry import Registry
from agentslint.errors import UsageError

DEFAULT = "default"


class ShownSetting(Struct, frozen=True):
    """One value; `set_by` is the file and line, the preset and its line, or "default"."""

    key: str
    value: Any
    set_by: str


class ShownSettings(Struct, frozen=True):
    """All values in force, or those of one key."""

    file: str | None
    extends: list[str]
    """The files and presets that it builds on, the weakest first."""
    values: dict[str, Any]
    settings: list[ShownSetting]

    def text(self) -> str:
        """Return a line for each value, with who set it."""
        rows = [(f"{each.key} = {msgspec.json.encode(each.value).decode()}", each.set_by) for each in self.settings]
        width = min(max((len(said) for said, _ in rows), default=0), 100)
        first = f"# {self.file or 'no configuration'}{', which extends ' + ', '.join(self.extends) if self.extends else ''}\n"
        return first + "".join(f"{said:<{width}}  # {set_by}\n" for said, set_by in rows)

    def plain(self) -> dict[str, Any]:
        """Return the same as plain objects, for JSON."""
        return {"file": self.file, **self.values, "set-by": {each.key: each.set_by for each in self.settings}}


def shown_settings(loaded: Loaded, registry: Registry, key: str = "") -> ShownSettings:
    """Return the values in force at `key`, which is written as messages do (`ignore.0.rule`); raises UsageError where there is none."""
    values: dict[str, Any] = msgspec.to_builtins(loaded.config) | {"rules": _rules(loaded, registry)}
    settings = [ShownSetting(_dotted(keys), value, _set_by(loaded, keys)) for keys, value in _leaves(values, ())]
    if key:
        found = [each for each in settings if each.key == key or each.key.startswith(f"{key}.")]
        if not found:
            raise UsageError(f"there is no setting {key!r}{nearest(key, (each.key for each in settings)) if settings else ''}")
        settings, values = found, {key: _at(values, key)}
    file = str(loaded.path) if loaded.path else None
    return ShownSettings(file, [layer.shown for layer in loaded.layers[:-1]], values, settings)


def _rules(loaded: Loaded, registry: Registry) -> dict[str, Any]:
    return {
        item.rule.id: {
            "level": item.settings.level or item.rule.level.value,
            "levels": item.settings.levels,
            "environments": item.settings.environments,
        }
        | msgspec.to_builtins(item.rule.options)
        for item in registry.activate(loaded)
    }


def _leaves(value: Any, at: Keys) -> Iterator[tuple[Keys, Any]]:
    """Yield each value that is neither a table with keys nor an array of tables."""
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _leaves(inner, (*at, key))
    elif isinstance(value, (list, tuple)) and value and all(isinstance(item, Mapping) for item in value):
        for number, item in enumerate(value):
            yield from _leaves(item, (*at, number))
    elif at:
        yield at, value


def _set_by(loaded: Loaded, keys: Keys) -> str:
    return loaded.where(*keys) if loaded.says(*keys) else DEFAULT


def _dotted(keys: Keys) -> str:
    return ".".join(map(str, keys))


def _at(values: Any, key: str) -> Any:
    """Return what stands at a dotted key; a key of a table may hold dots itself."""
    if not key:
        return values
    if isinstance(values, Mapping):
        name = next(each for each in sorted(values, key=len, reverse=True) if key == each or key.startswith(f"{each}."))
        return _at(values[name], key[len(name) + 1 :])
    number, _, rest = key.partition(".")
    return _at(values[int(number)], rest)
