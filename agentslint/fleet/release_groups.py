"""All targets of a run together, and their release groups."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from agentslint.config import Group, Members
from agentslint.facts.context import Context
from agentslint.facts.sources import PinnedImage, SourceReference, UnrenderedTarget, of_one_repository
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.images import ImageUse
from agentslint.model import Target
from agentslint.parallel import each
from agentslint.paths import any_names

if TYPE_CHECKING:
    from agentslint.fleet.schema_checks import SchemaChecks

Answer = TypeVar("Answer")


class ReleaseGroup(Struct, frozen=True, dict=True):
    """Images that are promoted together: configured (`settings` is the table), or learnt.

    `members` are its image uses, `sources` its source references, `pins` its images in targets that did not render.
    """

    name: str
    members: tuple[ImageUse, ...]
    settings: Group | None = None
    sources: tuple[SourceReference, ...] = ()
    pins: tuple[PinnedImage, ...] = ()

    @property
    def configured(self) -> bool:
        """Whether the configuration names it."""
        return self.settings is not None

    @cached_property
    def stages(self) -> tuple[tuple[ImageUse, ...], ...]:
        """Its members in the order in which they are promoted; none where there is no order. Who fits in no stage is in none."""
        order = self.settings.order if self.settings else ()
        first = {id(use): next((number for number, stage in enumerate(order) if _belongs(use, stage)), None) for use in self.members}
        return tuple(tuple(use for use in self.members if first[id(use)] == number) for number in range(len(order)))


class Fleet:
    """All targets of a run that rendered; `unrendered` are the `discovered` ones that did not."""

    def __init__(self, targets: Iterable[RenderedTarget], context: Context, discovered: Iterable[Target] = ()) -> None:
        self.targets = tuple(targets)
        self.context = context
        rendered = {each.target.name for each in self.targets}
        self.unrendered = tuple(UnrenderedTarget(target) for target in discovered if target.name not in rendered)

    @cached_property
    def schemas(self) -> SchemaChecks:
        """Holds manifests against the schemas of their kinds."""
        from agentslint.fleet.schema_checks import SchemaChecks

        return SchemaChecks(self.targets, self.context)

    @cached_property
    def is_whole(self) -> bool:
        """Whether it has all targets of the repository, and each of them rendered."""
        here = {each.target.name for each in self.targets}
        return not self.unrendered and all(each.name in here for each in self.context.repository())

    def is_read_elsewhere(self, path: str) -> bool:
        """Tell whether a target that is not judged here reads a file: it is not linted, or does not render."""
        here = {each.target.name for each in self.targets}
        others = (*(each.target for each in self.unrendered), *self.context.repository())
        return any(each.name not in here and each.closure.reads(path) for each in others)

    @cached_property
    def groups(self) -> tuple[ReleaseGroup, ...]:
        """The configured release groups, and those learnt from the remaining images."""
        taken = {id(use) for group in self.configured for use in group.members}
        learnt = [group for target in self.targets for group in _learnt(target, taken)]
        return (*self.configured, *learnt)

    @cached_property
    def source_groups(self) -> tuple[ReleaseGroup, ...]:
        """Groups learnt outside of configured ones: the sources of one repository in a target, and the images of its name."""
        taken = {id(member) for group in self.configured for member in (*group.members, *group.sources, *group.pins)}

        def left(members: Iterable[Answer]) -> list[Answer]:
            return [member for member in members if id(member) not in taken]

        found = []
        for target in self.targets:
            for sources, uses in of_one_repository(left(target.sources), left(target.image_uses) if target.sources else []):
                found.append(ReleaseGroup(sources[0].name, uses, sources=sources))
        for failed in self.unrendered:
            for sources, pins in of_one_repository(left(failed.sources), left(failed.pins)):
                found.append(ReleaseGroup(sources[0].name, (), sources=sources, pins=pins))
        return tuple(found)

    @cached_property
    def configured(self) -> tuple[ReleaseGroup, ...]:
        """Those of the configuration, in its order."""
        return tuple(
            ReleaseGroup(group.name, tuple(self._members(group)), group, tuple(self._sources(group)), tuple(self._pins(group)))
            for group in self.context.config.groups
        )

    def ask(self, question: Callable[[RenderedTarget], Answer]) -> Iterator[tuple[RenderedTarget, Answer]]:
        """Ask all targets something that may need further renders, several at a time; yields their answers in order."""
        return zip(self.targets, each(question, self.targets, self.context.jobs, self.context.stop), strict=True)

    def _members(self, group: Group) -> Iterator[ImageUse]:
        """Image uses of the group; one that names remotes has images only where it names images or workloads, too."""
        if group.remotes and not (group.images or group.workloads):
            return
        for target in self.targets:
            if among(target.target, group):
                yield from (use for use in target.image_uses if _belongs(use, group))

    def _sources(self, group: Group) -> Iterator[SourceReference]:
        globs = [glob.lower() for glob in group.remotes]
        targets: tuple[RenderedTarget | UnrenderedTarget, ...] = (*self.targets, *self.unrendered)
        for target in targets if globs else ():
            if among(target.target, group):
                yield from (source for source in target.sources if any(any_names(globs, name) for name in source.names))

    def _pins(self, group: Group) -> Iterator[PinnedImage]:
        """Pins that stand for image uses beside remotes: their workload is unknown."""
        for target in self.unrendered if group.remotes and not group.workloads else ():
            if among(target.target, group):
                yield from (pin for pin in target.pins if any_names(group.images, pin.reference.repository))


def _learnt(target: RenderedTarget, taken: set[int]) -> Iterator[ReleaseGroup]:
    """The images that one Helm release renders from one namespace of a registry."""
    found: dict[tuple[str, str], list[ImageUse]] = {}
    for use in target.image_uses:
        call = target.call_of(use.manifest) if target.calls and use.reference and id(use) not in taken else None
        if call and use.reference:
            namespace = use.reference.repository.rpartition("/")[0]
            found.setdefault((call.release, namespace), []).append(use)
    for (release, namespace), members in sorted(found.items()):
        if namespace:
            yield ReleaseGroup(f"{release} ({namespace}/*)", tuple(members))


def among(target: Target, members: Members) -> bool:
    """Tell whether images of a target may be members of a group, or of a stage of one."""
    return not members.targets or target.is_named(members.targets)


def is_named(target: Target, group: Group) -> bool:
    """Tell whether a group, or a stage of it, names a target; many name none, and may have members in any."""
    return any(members.targets and among(target, members) for members in (group, *group.order))


def _belongs(use: ImageUse, members: Members) -> bool:
    repository = use.reference.repository if use.reference else use.text
    named = not members.images or any_names(members.images, repository)
    return named and (not members.workloads or any_names(members.workloads, use.manifest.resource)) and among(use.manifest.target, members)
