"""The values with which a chart is asked to do without RBAC for the whole cluster, and those that list the watched namespaces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import islice
from typing import Annotated, Any

import msgspec
from msgspec import Struct

from agentslint.rule import Meta

Path = tuple[str, ...]
_DEEPEST = 12
"""Steps on the way to a value that is still looked at."""
_MOST, _LONGEST = 100_000, 200
"""Values, and characters of the way to one, that are looked at."""
_HINT = re.compile(r"cluster|namespace|scope", re.I)
"""All of the names below have one of these in their last part."""
_AROUND = frozenset(("rbac", "scope", "config", "flags", "serviceaccount"))
"""Mappings for a part of a block: `controllers.rbac.clusterScoped` belongs to the block `controllers`."""
_WATCHED = (
    r"(?:.+\.)?watch(?:ed)?[-_]?namespaces?|(?:.+\.)?namespaces[-_]?to[-_]?watch"
    r"|(?:.+\.)?(?:\w*controllers?|operator|manager|reconciler|watch|scope|rbac)\.namespaces"
)


class NamespacedSwitch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A value that keeps the RBAC of a chart to namespaces."""

    switch: Annotated[str, Meta(description="The value, such as `controllers.rbac.clusterScoped`.", min_length=1)]
    namespaced: Annotated[bool, Meta(description="What it is where RBAC is not for the whole cluster.")] = False
    namespaces: Annotated[tuple[str, ...], Meta(description="Values with the watched namespaces; learnt if empty.")] = ()
    accounts: Annotated[tuple[str, ...], Meta(description="Service accounts (globs) that it is about; learnt if empty.")] = ()
    chart: Annotated[str, Meta(description="Charts (a glob of their names) that have it.")] = "*"


class Row(Struct, frozen=True):
    """A switch as charts call it: its way in the values of its chart, its value in a namespaced installation, the way to the namespaces."""

    switch: str
    namespaced: bool | None
    """None for a text that names the one namespace."""
    namespaces: str = _WATCHED


LEARNT = (
    # agents, cloudnative-pg (`config.clusterWide`)
    Row(r"(?:(?:.+\.)?(?:rbac|scope|config|\w*controllers?|operator|manager)\.)?cluster[-_]?(?:scoped?|wide)", False),
    # traefik, argo-events, grafana
    Row(
        r"(?:.+\.)?rbac\.namespaced?(?:[-_]?(?:scoped?|only))?", True, rf"{_WATCHED}|providers\.\w+\.namespaces|.+\.rbac\.managedNamespace"
    ),
    # ingress-nginx
    Row(r"rbac\.scope", True, r"controller\.scope\.namespace"),
    # external-secrets
    Row(r"scopedRBAC", True, r"scopedNamespace"),
    # argo-workflows
    Row(r"singleNamespace", True, r"(?!)"),
    # kube-state-metrics
    Row(r"rbac\.useClusterRole", False, r"namespaces"),
    # strimzi-kafka-operator
    Row(r"watchAnyNamespace", False, r"watchNamespaces"),
    # grafana-operator
    Row(r"namespaceScope", True, r"watchNamespaces"),
    # gha-runner-scale-set-controller
    Row(r"flags\.watchSingleNamespace", None, r"flags\.watchSingleNamespace"),
)
"""The ways are regular expressions, without regard to case.

Values that only limit where a controller looks (`watchNamespace` of KEDA, `watchAllNamespaces` of Percona's operators,
`scope.singleNamespace` of actions-runner-controller), or that say who creates the ClusterRoles (`createClusterRoles` of Argo CD), are no
such switches.
"""


class Named(Struct, frozen=True):
    """A namespace in a list of the values; `item` is its number where it is one of a sequence."""

    name: str
    item: tuple[int, ...] = ()


class Listed(Struct, frozen=True):
    """A value with watched namespaces; `unclear` where something in it is no name of one."""

    path: Path
    names: tuple[Named, ...]
    unclear: bool = False


@dataclass(frozen=True)
class Switch:
    """A switch that is set so that RBAC is namespaced. `chart` is the way to the values of the subchart that it belongs to."""

    path: Path
    value: Any
    chart: Path = ()
    lists: tuple[Listed, ...] = ()
    configured: NamespacedSwitch | None = field(default=None, compare=False)

    @property
    def said(self) -> str:
        """The switch with its value, for messages."""
        text = str(self.value).lower() if isinstance(self.value, bool) else f'"{self.value}"'
        return f"{'.'.join(self.path)} is {text}"

    @property
    def is_text(self) -> bool:
        """Whether it is a text that only reads like false: a template takes it as true."""
        return isinstance(self.value, str) and self.value.lower() == "false"

    @property
    def opposite(self) -> Any:
        """A value with which a template renders otherwise."""
        return not self.value if isinstance(self.value, bool) else False if self.value in ("true", "false") else ""

    @property
    def block(self) -> Path:
        """The mapping of its chart that it is about; empty for the whole chart."""
        inner = list(self.path[len(self.chart) : -1])
        while inner and inner[-1].lower() in _AROUND:
            inner.pop()
        return tuple(inner)


def switches_in(values: Mapping[str, Any], charts: Sequence[Path], name: str, configured: Sequence[NamespacedSwitch]) -> list[Switch]:
    """Return the switches in the values of the chart `name`, those of `configured` first; `charts` are ways to values of subcharts."""
    found = list(islice(leaves(values), _MOST))
    own = [each for each in configured if fnmatchcase(name, each.chart)]
    known: list[tuple[Switch, str]] = []
    for path, value in found:
        chart = max((each for each in charts if path[: len(each)] == each != path), key=len, default=())
        asked = next((each for each in own if each.switch == ".".join(path)), None)
        if asked:
            if _is(value, namespaced=asked.namespaced):
                known.append((Switch(path, value, chart, configured=asked), _WATCHED))
        elif row := next((row for row in LEARNT if _is_of(row, path[len(chart) :], value)), None):
            known.append((Switch(path, value, chart), row.namespaces))
    lists = _Lists(found, [switch for switch, _ in known])
    every = [Switch(each.path, each.value, each.chart, tuple(lists.of(each, pattern)), each.configured) for each, pattern in known]
    return sorted(every, key=lambda switch: switch.configured is None)


def has_switch(values: Mapping[str, Any], configured: Sequence[NamespacedSwitch]) -> bool:
    """Tell whether there may be a switch, before anything is known of the subcharts."""
    ways = {each.switch for each in configured}
    return any(
        ".".join(path) in ways or any(_is_of(row, path[at:], value) for at in range(len(path)) for row in LEARNT)
        for path, value in islice(leaves(values), _MOST)
        if ways or _HINT.search(path[-1])
    )


def leaves(values: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield the values that are no mappings, each with the way to it."""
    for key, value in values.items():
        here = (*path, str(key)[:_LONGEST])
        if isinstance(value, Mapping) and len(here) < _DEEPEST:
            yield from leaves(value, here)
        else:
            yield here, value


def names_in(value: Any) -> tuple[tuple[Named, ...], bool]:
    """Return the namespaces that a value names (a list, or a text with commas), each once, and whether something in it is none."""
    if isinstance(value, str):
        given = re.split(r"[\s,]+", value.strip("[] "))
    else:
        given = value if isinstance(value, list) else [] if value is None else [value]
    found: dict[str, Named] = {}
    unclear = False
    for number, each in enumerate(given):
        name = each.strip("\"' ") if isinstance(each, str) else ""
        if name and re.fullmatch(r"\*|[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", name):
            found.setdefault(name, Named(name, (number,) if isinstance(value, list) else ()))
        elif name or not isinstance(each, str):
            unclear = True
    return tuple(found.values()), unclear


class _Lists:
    """The lists of namespaces in the values of a chart; each pattern is held against them once, however many switches there are."""

    def __init__(self, found: Sequence[tuple[Path, Any]], switches: Sequence[Switch]) -> None:
        self._found = found
        self._alike: dict[tuple[Path, str], list[tuple[Path, Any]]] = {}
        self._off = {path[:-1] for path, value in found if value is False and path[-1] == "enabled"}
        self._blocks: dict[Path, set[Path]] = {}
        for switch in switches:
            if switch.block:
                self._blocks.setdefault(switch.chart, set()).add(switch.block)

    def of(self, switch: Switch, pattern: str) -> Iterator[Listed]:
        """Yield the lists that a switch is about."""
        for path, value in self._chosen(switch, pattern):
            names, unclear = names_in(value)
            if names or unclear:
                yield Listed(path, names, unclear)

    def _chosen(self, switch: Switch, pattern: str) -> list[tuple[Path, Any]]:
        if switch.configured and switch.configured.namespaces:
            return [self._known.get(each, (tuple(each.split(".")), 0)) for each in switch.configured.namespaces]
        alike = self._like(switch.chart, pattern)
        block = (*switch.chart, *switch.block)
        own = [each for each in alike if each[0][: len(block)] == block]
        return own or [each for each in alike if not self._is_of_others(each[0][len(switch.chart) :], switch)]

    @cached_property
    def _known(self) -> dict[str, tuple[Path, Any]]:
        return {".".join(path): (path, value) for path, value in self._found}

    def _like(self, chart: Path, pattern: str) -> list[tuple[Path, Any]]:
        if (chart, pattern) not in self._alike:
            wanted, start = re.compile(pattern, re.I), len(chart)
            self._alike[chart, pattern] = [
                (path, value)
                for path, value in self._found
                if path[:start] == chart and wanted.fullmatch(".".join(path[start:])) and not self._is_aside(path)
            ]
        return self._alike[chart, pattern]

    def _is_aside(self, path: Path) -> bool:
        """Whether a list is that of something switched off, or an environment variable."""
        return path[-1].isupper() or path[:-1] in self._off

    def _is_of_others(self, path: Path, switch: Switch) -> bool:
        """Whether a list stands in the block of another switch of the chart."""
        blocks = self._blocks.get(switch.chart, set())
        return any(path[:length] in blocks and path[:length] != switch.block for length in range(1, len(path) + 1))


def _is_of(row: Row, path: Path, value: Any) -> bool:
    if not _HINT.search(path[-1]):
        return False
    return _is(value, namespaced=row.namespaced) and re.fullmatch(row.switch, ".".join(path), re.I) is not None


def _is(value: Any, *, namespaced: bool | None) -> bool:
    if namespaced is None:
        return isinstance(value, str) and bool(value)
    return value is namespaced or (isinstance(value, str) and value.lower() == str(namespaced).lower())
