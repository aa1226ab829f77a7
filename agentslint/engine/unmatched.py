"""What the configuration names and the repository does not have: a misspelt glob looks at nothing, and that must not be green.

Only a run over all that the configuration is about can tell; one of some paths says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct

from agentslint.config import Environment, Group, Members
from agentslint.config.closest import closest, did_you_mean
from agentslint.engine.dead_patterns import dead_patterns
from agentslint.engine.registry import ActiveRule
from agentslint.engine.session import Session
from agentslint.facts.environments import cluster_names, names_of, namespaces_of
from agentslint.facts.named_places import leaves
from agentslint.facts.target_facts import CRD
from agentslint.fleet.release_groups import Fleet
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.images.field_paths import leads_somewhere, parse_path
from agentslint.model import Failure, Manifest
from agentslint.paths import names_target
from agentslint.rule import OptionUse, Reasoned, Rule

Keys = tuple["str | int", ...]
_NO_SUBJECT = "{} has nothing to judge: nothing matches it and has all variables that it uses"


class Unmatched(Struct, dict=True):
    """Finds globs and names in the configuration that match nothing: a failure if a rule depends on them, else a note."""

    session: Session
    failures: list[Failure] = []
    notes: list[str] = []
    _dead: set[Keys] = set()
    """The tables about which something is reported already."""

    def __post_init__(self) -> None:
        self.config = self.session.loaded.config
        self.names = list(dict.fromkeys(name for target in self.session.discovery.targets for name in (target.name, target.path)))

    def by_targets(self) -> Unmatched:
        """Look at the globs of targets: they are known without a render."""
        if not self.session.whole:
            return self
        for number, environment in enumerate(self.config.environments):
            # Those of its namespaces may fit.
            self._of_environment(number, environment, () if environment.namespaces else None)
        for number, group in enumerate(self.config.groups):
            for keys, subject, members in _stages(number, group):
                self._key((*keys, "targets"), subject, "target", members.targets, self.names, matters=self._is_read("groups"))
        for number, table in enumerate(self.config.render.for_):
            self._key(("render", "for", number, "targets"), "render.for", "target", table.targets, self.names, matters=False)
        for number, entry in enumerate(self.config.ignore):
            self._of_ignore(number, "target", entry.target, self.names)
        for glob, near in dead_patterns(self.config.exclude, self.session.root):
            self._dead_glob(("exclude",), "exclude", "path", glob, near)
        return self

    def by_contents(self, targets: Sequence[RenderedTarget]) -> Unmatched:
        """Check against rendered output; if a target did not render, a glob without a match may belong to it."""
        rendered = {target.target.name for target in targets}
        if not self.session.whole or not all(target.name in rendered for target in self.session.discovery.targets):
            return self
        if any(environment.namespaces for environment in self.config.environments):
            found = {name for target in targets for each in (None, *target.manifests) for name in namespaces_of(target.target, each)}
            known = sorted(found - {""})
            for number, environment in enumerate(self.config.environments):
                self._of_environment(number, environment, known)
        if self.config.groups and self._is_read("groups"):
            self._of_groups(Fleet(targets, self.session.context))
        if self._is_read("contracts"):
            self._of_contracts(targets)
        if self.config.image_fields:
            self._of_image_fields(targets)
        self._of_ignores(targets)
        self._of_asserts(targets)
        self._of_options()
        return self

    def _of_environment(self, number: int, environment: Environment, namespaces: Sequence[str] | None) -> None:
        """An environment is empty only if nothing that it names matches; `namespaces` is None if it names none."""
        keys: Keys = ("environments", number)
        subject = f"environment {environment.name}"
        read = any(_names(active, environment.name) for active in self.session.rules)
        known = [("paths", "target", environment.paths, self.names), *self._of_applications(environment)]
        if namespaces:
            known.append(("namespaces", "namespace", environment.namespaces, list(namespaces)))
        empty = namespaces != () and not any(_fits(glob, names, noun) for _, noun, globs, names in known for glob in globs)
        for key, noun, globs, names in known:
            if (*keys, key) not in self._dead:
                self._key((*keys, key), subject, noun, globs, names, matters=read and empty)

    def _of_applications(self, environment: Environment) -> Iterator[tuple[str, str, Sequence[str], list[str]]]:
        """The globs of an environment that choose by applications: key, noun, globs, and the names that there are."""
        found = [row.application for row in self.session.deployments.listed]
        clusters = self.config.deploy.clusters
        yield "applications", "application", environment.applications, sorted({name for each in found for name in names_of(each)})
        names = {name for each in found for name in cluster_names(each.destination, clusters)}
        yield "clusters", "cluster", environment.clusters, sorted(names)
        yield "projects", "project", environment.projects, sorted({each.project for each in found if each.project})

    def _of_groups(self, fleet: Fleet) -> None:
        uses = [use for target in fleet.targets for use in target.image_uses]
        known = {
            "images": sorted({use.reference.repository if use.reference else use.text for use in uses}),
            "workloads": sorted({use.manifest.resource for use in uses}),
        }
        for number, group in enumerate(fleet.configured):
            for keys, subject, members in _stages(number, self.config.groups[number]):
                for key, names in known.items():
                    self._key((*keys, key), subject, key.removesuffix("s"), getattr(members, key), names)
            keys = ("groups", number)
            sources = sorted({name for target in fleet.targets for source in target.sources for name in source.names})
            self._key(
                (*keys, "remotes"), f"group {group.name}", "source", self.config.groups[number].remotes, sources, matters=False, lower=True
            )
            self._of_definitions(number, fleet.targets)
            if not (group.members or group.sources or group.pins):
                self._tell(keys, f"group {group.name}: no image or source matches it", matters=True)
            for stage, uses_of_stage in enumerate(group.stages if group.members else ()):
                if not uses_of_stage:
                    subject = _stage_name(group.name, stage)
                    self._tell((*keys, "order", stage), f"{subject}: no image of the group matches it", matters=True)

    def _of_definitions(self, number: int, targets: Sequence[RenderedTarget]) -> None:
        """A note, as the change under review may remove the definitions; their names are read only for a group that gives some."""
        group = self.config.groups[number]
        if group.crds:
            known = sorted(frozenset[str]().union(*(target.definitions for target in targets)))
            self._key(("groups", number, "crds"), f"group {group.name}", CRD, group.crds, known, matters=False)

    def _of_contracts(self, targets: Sequence[RenderedTarget]) -> None:
        if not self.config.contracts:
            return
        from agentslint.contract import applying, unrendered

        for number, table in enumerate(self.config.contracts):
            keys: Keys = ("contracts", number)
            subject = f"the contract of {table.workload}"
            charts = [(target, entry) for target in targets for entry in target.target.closure.charts]
            if table.target is not None:
                self._key((*keys, "target"), subject, "target", (table.target,), self.names)
            if table.chart is not None:
                self._key((*keys, "chart"), subject, "chart", (table.chart,), sorted({entry.name for _, entry in charts}))
            about = [(target, entry) for target, entry in charts if table in applying(target, entry)]
            if not about:
                self._tell(keys, f"{subject}: no target has such a chart", matters=True)
            elif table.target is None and (message := unrendered(table, about)):
                self._tell((*keys, "workload"), message, matters=True, word=table.workload)

    def _of_image_fields(self, targets: Sequence[RenderedTarget]) -> None:
        manifests = [manifest for target in targets for manifest in target.manifests]
        kinds = {(manifest.group, manifest.kind) for manifest in manifests}
        for number, row in enumerate(self.config.image_fields):
            known = sorted({kind for group, kind in kinds if fnmatchcase(group, row.group)})
            keys: Keys = ("image-fields", number)
            self._key((*keys, "kind"), f"image-fields {row.path}", "kind", (row.kind,), known, matters=False)
            alike = [each for each in manifests if fnmatchcase(each.group, row.group) and fnmatchcase(each.kind, row.kind)]
            if alike and not any(leads_somewhere(each.body, parse_path(row.path)) for each in alike):
                self._key((*keys, "path"), f"image-fields {row.kind}", "field", (row.path,), _paths(alike), matters=False)

    def _of_ignores(self, targets: Sequence[RenderedTarget]) -> None:
        asked = [(number, entry) for number, entry in enumerate(self.config.ignore) if entry.resource or entry.container or entry.image]
        if not asked:
            return
        uses = [use for target in targets for use in target.image_uses]
        resources = sorted({manifest.resource for target in targets for manifest in target.manifests})
        containers, images = sorted({use.container for use in uses}), sorted({use.text for use in uses})
        for number, entry in asked:
            if not (entry.resource or "").startswith(CRD):  # They are read only where a rule asks for them.
                self._of_ignore(number, "resource", entry.resource, resources)
            self._of_ignore(number, "container", entry.container, containers)
            self._of_ignore(number, "image", entry.image, images)

    def _of_asserts(self, targets: Sequence[RenderedTarget]) -> None:
        """The globs of asserts, and asserts that have judged nothing."""
        if not self.config.assert_:
            return
        manifests = [(target, manifest) for target in targets for manifest in target.manifests]
        applications = sorted({name for row in self.session.deployments.listed for name in names_of(row.application)})
        known = {
            "kinds": sorted({manifest.kind for _, manifest in manifests}),
            "names": sorted({manifest.name for _, manifest in manifests}),
            "namespaces": sorted({name for target, manifest in manifests for name in namespaces_of(target.target, manifest)}),
            "applications": applications,
        }
        for number, table in enumerate(self.config.assert_):
            runs = any(active.rule.configured_at == ("assert", number) for active in self.session.rules)
            for key, names in known.items() if runs else ():
                globs = getattr(table.match, key, ())
                self._key(("assert", number, "match", key), f"assert {table.name}", key.removesuffix("s"), globs, names)
        for active in self.session.rules:
            if active.rule.configured_at[:1] == ("assert",) and active.rule.id not in self.session.context.with_subject:
                self._tell((*active.rule.configured_at, "that"), _NO_SUBJECT.format(active.rule.id), matters=True)

    def _of_ignore(self, number: int, key: str, glob: str | None, known: Sequence[str]) -> None:
        """An ignore that covers nothing is stale; where one of its globs is misspelt, that is why."""
        if glob is not None:
            self._key(("ignore", number, key), f"ignore of {self.config.ignore[number].rule}", key, (glob,), known, matters=False)

    def _of_options(self) -> None:
        """The globs in the options of rules; of a change, a rule sees only what differs in it."""
        for active in self.session.rules:
            for option in () if "check_change" in active.scopes else _names_of(active.rule.options):
                keys: Keys = ("rules", active.rule.id, option.replace("_", "-"))
                given = getattr(active.rule.options, option)
                if self.session.loaded.says(*keys) and (use := _use_of(active.rule, given)):
                    self._of_option(keys, given, use)

    def _of_option(self, keys: Keys, given: Sequence[object], use: OptionUse) -> None:
        known = sorted(use.names)
        subject = f"{keys[2]} of {keys[1]}"
        for number, each in enumerate(given):
            glob, way = (each, (*keys, number)) if isinstance(each, str) else (str(getattr(each, use.key)), (*keys, number, use.key))
            if not _fits(glob, known, use.noun):
                self._dead_glob(way, subject, use.noun, glob, closest(glob, known), matters=use.is_needed)

    def _dead_glob(self, keys: Keys, subject: str, noun: str, glob: str, near: str, *, matters: bool = False) -> None:
        self._tell(keys, f"{subject}: no {noun} matches {glob!r}{did_you_mean(near)}", matters=matters, word=glob)

    def _is_read(self, table: str) -> bool:
        return any(table in active.rule.configured_by for active in self.session.rules)

    def _readers(self, keys: Keys) -> tuple[str, ...]:
        """The rules that read a table: those of groups and contracts say so, those of an environment name it."""
        table, number = keys[:2]
        if table == "rules":
            return (str(number),)
        if table == "environments":
            name = self.config.environments[int(number)].name
            return tuple(active.rule.id for active in self.session.rules if _names(active, name))
        return tuple(each.rule.id for each in self.session.rules if table in each.rule.configured_by or each.rule.configured_at == keys[:2])

    def _key(
        self, keys: Keys, subject: str, noun: str, globs: Sequence[str], known: Sequence[str], *, matters: bool = True, lower: bool = False
    ) -> None:
        """Tell which of the globs of one key fit nothing; it matters only where none of them does."""
        dead = [glob for glob in globs if not _fits(glob.lower() if lower else glob, known, noun)]
        for glob in dead:
            self._dead_glob(keys, subject, noun, glob, closest(glob, known), matters=matters and len(dead) == len(globs))

    def _tell(self, keys: Keys, message: str, *, matters: bool, word: str = "") -> None:
        """Report a table once: nothing else about a group whose targets are misspelt."""
        table = keys if isinstance(keys[-1], int) else keys[:-1]
        if not word and any(dead[: len(table)] == table for dead in self._dead):
            return
        self._dead.add(keys)
        where = self.session.configured_at(*keys, word=word)
        if matters:
            self.failures.append(Failure(message, location=where, rules=self._readers(keys)))
        elif where:
            self.notes.append(f"{where.path}:{where.region.start_line}: {message}")


def _paths(manifests: Iterable[Manifest]) -> list[str]:
    """The ways to the scalars of some manifests, as `image-fields` writes them."""
    found = (pointer for manifest in manifests for pointer, _ in leaves(manifest.body))
    return sorted({".".join("[]" if isinstance(step, int) else step for step in pointer).replace(".[]", "[]") for pointer in found})


def _stages(number: int, group: Group) -> Iterator[tuple[Keys, str, Members]]:
    """A group and the stages of its order: where each stands, how it is called, what it names."""
    yield ("groups", number), f"group {group.name}", group
    for stage, members in enumerate(group.order):
        yield ("groups", number, "order", stage), _stage_name(group.name, stage), members


def _names(active: ActiveRule, environment: str) -> bool:
    return environment in (*active.settings.environments, *active.settings.levels)


def _stage_name(group: str, stage: int) -> str:
    return f"group {group}, stage {stage + 1} of its order"


def _fits(glob: str, known: Iterable[str], noun: str) -> bool:
    """The names of targets are paths, and their globs stay within a folder."""
    return any(names_target([glob], name) if noun == "target" else fnmatchcase(name, glob) for name in known)


def _use_of(rule: Rule, given: object) -> OptionUse | None:
    """The use of an option; what a rule allows has met no name where it was never asked."""
    is_allowance = isinstance(given, tuple) and given and all(isinstance(each, Reasoned) for each in given)
    return rule.use_of(given) or (OptionUse("match", "name", is_needed=False) if is_allowance else None)


def _names_of(options: object) -> tuple[str, ...]:
    """The names of a rule's options, whatever class a plugin makes them of."""
    found: Iterable[str] = getattr(options, "__struct_fields__", getattr(options, "__dataclass_fields__", ()))
    return tuple(found)
