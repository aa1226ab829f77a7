"""Entry points and local files -> plugins -> rules by id, image fields, report formats.

Our own rules come this way, too. A plugin that cannot be loaded ends the run with its distribution's name: a check that is
silently absent looks just like a clean result.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy
from msgspec import Struct

from agentslint import hookspecs
from agentslint.config import Loaded, RuleSettings, check_named_rules, convert
from agentslint.config.complaint import nearest, no_rule
from agentslint.engine.configured_rules import configured_rules
from agentslint.engine.local_plugins import load_plugin
from agentslint.errors import PluginError, UsageError
from agentslint.rule import Level, Rule, scope

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from agentslint.deploy.deployer import Deployer
    from agentslint.images import ImageField
    from agentslint.report import Reporter

GROUP = "agentslint"
PRESETS = "agentslint_register_presets"


class ActiveRule(Struct, frozen=True):
    """A rule that runs: the instance with its options, and what the configuration says about every rule."""

    rule: Rule
    settings: RuleSettings
    scopes: frozenset[str]

    @property
    def is_off(self) -> bool:
        """Whether it has no level in any environment."""
        return self.settings.level == "off" and all(level == "off" for level in self.settings.levels.values())

    def level(self, said: Level, environments: Collection[str]) -> Level | None:
        """Return the level of a finding in some environments, the worst of those that are set for them; None where that is off."""
        own = [level for name, level in self.settings.levels.items() if name in environments]
        chosen = own or [self.settings.level or said.value]
        found = [Level(level) for level in chosen if level != "off"]
        return max(found, key=lambda level: level.rank, default=None)


class Registry(Struct, frozen=True):
    """All that plugins brought. `origins` tells which plugin a rule came from."""

    manager: pluggy.PluginManager
    rules: Mapping[str, type[Rule]]
    origins: Mapping[str, str]
    image_fields: tuple[ImageField, ...]

    def reporters(self) -> dict[str, Reporter]:
        """Report formats by name; ours first, a plugin may replace none of them."""
        from agentslint.report import BUILTIN

        found = dict(BUILTIN)
        for offered in self.manager.hook.agentslint_register_reporters():
            for name, reporter in offered.items():
                if name in found:
                    raise PluginError(f"two plugins bring a report format named {name!r}")
                found[name] = reporter
        return found

    def deployers(self) -> list[Deployer]:
        """Argo CD, Flux, and what plugins bring; raises PluginError where two have one name."""
        from agentslint.deploy import BUILTIN

        brought = (each for offered in self.manager.hook.agentslint_deployers() for each in offered)
        found: dict[str, Deployer] = {}
        for deployer in (*BUILTIN, *brought):
            if deployer.name in found:
                raise PluginError(f"two plugins bring a deployer named {deployer.name!r}")
            found[deployer.name] = deployer
        return list(found.values())

    def known(self, rule_id: str, where: Callable[[], str] | str) -> str:
        """Return `rule_id` if there is such a rule; raises UsageError naming the nearest one and `where` it is written."""
        if rule_id in self.rules:
            return rule_id
        raise UsageError(f"{where if isinstance(where, str) else where()}: {no_rule(rule_id, self.rules)}")

    def activate(self, loaded: Loaded, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> list[ActiveRule]:
        """Make the rules that run, with their options; the command line's choice adds to the configuration's."""
        check_named_rules(loaded, self.rules)
        for name in loaded.config.rules:
            self.known(name, lambda name=name: f"{loaded.where('rules', name)}: rules.{name}")  # type: ignore[misc]
        chosen = (
            {rule for name in select for rule in self._named(name, "--select")}
            or self._listed(loaded, "select", loaded.config.select)
            or set(self.rules)
        )
        dropped = {rule for name in ignore for rule in self._named(name, "--ignore")}
        dropped |= self._listed(loaded, "ignore-rules", loaded.config.ignore_rules)
        made = [self._activate(rule, loaded) for name, rule in self.rules.items() if name in chosen - dropped]
        active = [rule for rule in made if not rule.is_off]
        if not active:
            raise UsageError("no rule is left to run: check select, ignore-rules and levels, --select and --ignore")
        return active

    def _listed(self, loaded: Loaded, key: str, names: Iterable[str]) -> set[str]:
        return {rule for name in names for rule in self._named(name, lambda name=name: f"{loaded.where(key, word=name)}: {key}")}  # type: ignore[misc]

    def _named(self, name: str, where: Callable[[], str] | str) -> list[str]:
        """Return the rules that an id or a glob of ids names, at least one; raises UsageError."""
        return [rule for rule in self.rules if fnmatchcase(rule, name)] or [self.known(name, where)]

    def _activate(self, kind: type[Rule], loaded: Loaded) -> ActiveRule:
        table = dict(loaded.config.rules.get(kind.id, {}))
        common = {key: table.pop(key) for key in ("level", "levels", "environments") if key in table}
        settings = convert(common, RuleSettings, loaded, ("rules", kind.id))
        options = self._options(kind, table, loaded)
        known = {environment.name for environment in loaded.config.environments}
        for key, names in (("environments", settings.environments), ("levels", settings.levels)):
            for name in names:
                if name not in known:
                    where = f"{loaded.where('rules', kind.id, key, word=name)}: rules.{kind.id}.{key}"
                    raise UsageError(f"{where}: there is no [[environments]] named {name!r}{nearest(name, known)}")
        return ActiveRule(kind(options), settings, frozenset(scope(kind)))

    def _options(self, kind: type[Rule], table: dict[str, object], loaded: Loaded) -> Any:
        try:
            return convert(table, kind.Options, loaded, ("rules", kind.id))
        except (NameError, TypeError) as error:
            raise self._unreadable(kind, error) from error

    def with_options(self, rule: type[Rule], told: Callable[[type[Rule]], str]) -> str:
        """Return the text about a rule and its options; raises PluginError where their annotations cannot be read."""
        try:
            return told(rule)
        except (NameError, TypeError) as error:
            raise self._unreadable(rule, error) from error

    def _unreadable(self, rule: type[Rule], error: Exception) -> PluginError:
        return PluginError(f"the options of rule {rule.id} of {self.origins[rule.id]} cannot be read: {error}")


def load_registry(loaded: Loaded, plugins: Iterable[Path] = (), place: Callable[[Path], Path] = lambda path: path) -> Registry:
    """Load every plugin, those in `plugins` beside the configured ones; raises PluginError naming the one that fails.

    `place` says where the file of a configured one is to be read.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    load_entry_points(manager)
    for number, name in enumerate(loaded.config.plugins):
        path = (loaded.folder or Path()) / name
        _load_local(manager, path, place(path), loaded.where("plugins", number))
    for path in plugins:
        _load_local(manager, path, path, str(path))
    _check(manager)
    rules, origins = _rules(manager)
    made = configured_rules(loaded, rules)
    rules, origins = dict(sorted({**rules, **made}.items())), {**origins, **dict.fromkeys(made, loaded.shown)}
    return Registry(manager, rules, origins, (*_registered_fields(manager), *_configured_fields(loaded)))


def load_entry_points(manager: pluggy.PluginManager) -> None:
    """Load the plugins of installed packages; raises PluginError naming the one that fails."""
    points = _entry_points(tuple(sys.path))
    if not points:
        raise PluginError(
            "no rules are installed: the package's entry points are missing; install it again (pip install --force-reinstall)"
        )
    for point in points:
        distribution = point.dist.name if point.dist else point.name
        try:
            manager.register(point.load(), distribution if point.name == "builtin" else f"{distribution}:{point.name}")
        except Exception as error:
            raise PluginError(f"plugin {point.name!r} of {distribution} cannot be loaded: {type(error).__name__}: {error}") from error


@cache
def _entry_points(_path: tuple[str, ...]) -> list[EntryPoint]:
    """The entry points of all installed packages: their metadata is read once for a search path."""
    from importlib.metadata import entry_points

    return sorted(entry_points(group=GROUP), key=lambda point: point.name)


def _load_local(manager: pluggy.PluginManager, path: Path, file: Path, where: str) -> None:
    module = load_plugin(file, path, where)
    if hasattr(module, PRESETS):
        raise PluginError(
            f"{where}: plugin {path} brings presets, and `extends` is read before it is loaded; name their files in `extends`"
        )
    if not (any(name.startswith("agentslint_") for name in vars(module)) or _rules_of(module)):
        raise PluginError(f"{where}: plugin {path} defines no rule and no hook; import those of its other files in it")
    try:
        manager.register(module, str(path))
    except Exception as error:
        raise PluginError(f"{where}: plugin {path} cannot be loaded: {type(error).__name__}: {error}") from error


def _check(manager: pluggy.PluginManager) -> None:
    """Find hooks that no specification knows: a misspelt one would never be called."""
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise PluginError(f"plugin {manager.get_name(error.plugin)} implements a hook that does not exist: {error}") from error
    for name, plugin in manager.list_name_plugin():
        for attribute in dir(plugin):
            if attribute.startswith("agentslint_") and not hasattr(hookspecs, attribute) and callable(getattr(plugin, attribute)):
                raise PluginError(f"plugin {name} implements {attribute}, and there is no such hook")


def _rules(manager: pluggy.PluginManager) -> tuple[dict[str, type[Rule]], dict[str, str]]:
    found: dict[str, type[Rule]] = {}
    origins: dict[str, str] = {}
    for name, plugin in manager.list_name_plugin():
        for rule in _rules_of(plugin):
            if rule.id in found:
                raise PluginError(f"two rules are named {rule.id!r}: one of {origins[rule.id]}, one of {name}")
            if not list(scope(rule)):
                raise PluginError(f"rule {rule.id} of {name} overrides no check_... method")
            found[rule.id], origins[rule.id] = rule, name
    return dict(sorted(found.items())), origins


def _rules_of(plugin: Any) -> Sequence[type[Rule]]:
    """The rules of a plugin; a local file may simply define rule classes."""
    register = getattr(plugin, "agentslint_register_rules", None)
    if register is not None:
        rules: Sequence[type[Rule]] = register()
        return rules
    return [
        value for value in vars(plugin).values()
        if isinstance(value, type) and issubclass(value, Rule) and value is not Rule
        and (value.__module__ == plugin.__name__ or value.__module__.startswith(f"{plugin.__name__}."))
    ] if hasattr(plugin, "__dict__") and hasattr(plugin, "__name__") else []  # fmt: skip


def _registered_fields(manager: pluggy.PluginManager) -> list[ImageField]:
    try:
        return [row for rows in manager.hook.agentslint_register_image_fields() for row in rows]
    except ValueError as error:
        raise PluginError(f"a plugin registers an invalid image field: {error}") from error


def _configured_fields(loaded: Loaded) -> list[ImageField]:
    from agentslint.images import ImageField

    fields = []
    for number, row in enumerate(loaded.config.image_fields):
        try:
            fields.append(ImageField(group=row.group, kind=row.kind, path=row.path, form=row.form, omitted=row.omitted))
        except ValueError as error:
            raise UsageError(f"{loaded.where('image-fields', number)}: image-fields: {error}") from None
    return fields
