from __future__ import annotations

from collections.abc import Iterator, Sequence

from agentslint.rule import Change, Config, GroupChange, ImageChange, Level, Place, Rule, Said, Unknown

from .signals import Signal, commit_of, from_crds, from_paths
from .unison import Commit, expected, strays


class ApiLockstep(Rule):
    """A change of a release group's API that is not promoted to all of the group's members.

    ## Why
    Controllers that write a field which the control plane does not know, or the other way round, lose data. When the API changes, all
    members of the release group must move in one change: to the same git SHA, each with a new digest. A canary is for changes that
    leave the API as it is.

    The API changes when a CustomResourceDefinition of the group is rendered with other versions or another schema than at the base
    (those named in `crds`, else those of the members' targets; descriptions do not count), or when files in `api-paths` differ between the
    commit that ran and the promoted one. git looks that up in the group's `source`.

    ```toml
    [[groups]]
    name = "agents"
    images = ["ghcr.io/acme/agents/*"]
    source = "../agents"
    api-paths = ["api/**/types.go", "charts/agents/crds/**"]
    ```

    If one target holds several workloads of a group (staging, production), each target is checked by itself, else all together. Images
    built from this repository itself (a group without `source`) do not exist before the change is merged: definitions may then change
    alone, and the later promotion is checked by `api-paths`.

    ## Fix
    Promote all members together with the API, tag and digest. A commit that git does not know is reported as not checked, unless the
    group gives a reason in `accept-unknown`.

    ## References
    - https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/
    - https://git-scm.com/docs/gitglossary#Documentation/gitglossary.txt-pathspec
    """

    level = Level.ERROR
    tags = ("promotion", "api")
    configured_by = ("groups",)

    def wants_change(self, config: Config) -> bool:
        return bool(config.groups)

    def check_change(self, change: Change) -> Iterator[Said]:
        for group in change.groups:
            if group.group.settings and group.base and group.head:
                yield from self._check_group(group, change)

    def _check_group(self, group: GroupChange, change: Change) -> Iterator[Said]:
        units: dict[tuple[ImageChange, ...], list[Signal]] = {}
        for signal in (*from_crds(group, change), *from_paths(group, change)):
            if isinstance(signal.difference, Unknown):
                yield self._not_known(signal, signal.difference, group)
            else:
                for images in group.together(signal.target):
                    units.setdefault(images, []).append(signal)
        for images, signals in units.items():
            yield from self._check_unit(images, signals, group, lambda image: commit_of(image, group, change))
            for failure in change.unseen(group):
                name = failure.target.name
                message = f"cannot tell whether all of release group {group.name} follows its API change: {name} does not render"
                yield self.not_checked(failure.location, message, target=failure.target)

    def _check_unit(self, images: Sequence[ImageChange], signals: Sequence[Signal], group: GroupChange, commit: Commit) -> Iterator[Said]:
        sha = expected(images, commit)
        related = [signal.related for signal in signals if signal.related]
        api = f"the API of release group {group.name} changes ({_listed(signals)})"
        if not any(image.differs for image in images):
            yield from self._nobody_moves(images, f"{api}, but none of its members is promoted", related, group)
            return
        for image, why in strays(images, sha, commit):
            if image.head:
                message = f"{image.head.owner} {why}, but {api}: promote all its members together"
                yield self.finding(image.head.version_field, message, use=image.head, related=related)

    def _nobody_moves(
        self, images: Sequence[ImageChange], message: str, related: Sequence[tuple[Place, str]], group: GroupChange
    ) -> Iterator[Said]:
        """Images of this repository cannot be built before the change is merged: their promotion comes later, and is checked by itself."""
        first = next((image.head for image in images if image.head), None)
        if first and group.group.settings and group.group.settings.source is not None:
            yield self.finding(first.version_field, message, use=first, related=related)

    def _not_known(self, signal: Signal, unknown: Unknown, group: GroupChange) -> Said:
        message = f"cannot tell whether the API of release group {group.name} changes: {unknown.reason}"
        return self.not_checked(signal.place, message, accepted=group.accept_unknown)


def _listed(signals: Sequence[Signal]) -> str:
    said = list(dict.fromkeys(str(signal.difference) for signal in signals))
    return "; ".join(said[:2]) + (f"; and {len(said) - 2} more" if len(said) > 2 else "")
