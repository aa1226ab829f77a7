"""The configuration with the presets of installed plugins."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pluggy

from agentslint import hookspecs
from agentslint.config import Loaded, load
from agentslint.config.extends import OURS
from agentslint.engine.registry import load_entry_points
from agentslint.errors import PluginError


def load_configuration(start: Path, explicit: str | None = None) -> Loaded:
    """Read the configuration given, else the nearest one from `start` upward; raises UsageError or PluginError."""
    return load(start, explicit, presets=plugin_presets)


def plugin_presets() -> Mapping[str, Path]:
    """Return the presets of installed plugins, name -> file; raises PluginError where two have one name, or one has ours."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    load_entry_points(manager)
    found: dict[str, Path] = {}
    for offered in manager.hook.agentslint_register_presets():
        for name, path in offered.items():
            space, colon, rest = name.partition(":")
            if not (space and colon and rest) or name.startswith(OURS):
                raise PluginError(f"a plugin brings a preset named {name!r}: call it PACKAGE:NAME, after the plugin's own package")
            if name in found:
                raise PluginError(f"two plugins bring a preset named {name!r}")
            found[name] = Path(path)
    return found
