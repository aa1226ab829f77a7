from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from agentslint.rule import (
    Annotated,
    Change,
    Config,
    Distance,
    Earlier,
    GroupChange,
    ImageUse,
    Level,
    Meta,
    Relation,
    Rule,
    RuleOptions,
    Said,
    Unknown,
)

from .canary import days_ahead
from .steps import Step, alone, steps


class PromotionOrder(Rule):
    """A workload that is promoted to a commit before those that go first in its release group have run it.

    ## Why
    A new commit runs in the part that can fail most cheaply first: the controllers, a canary, staging. What follows may be behind it,
    never ahead, else the order protects nobody.

    The order stands in the configuration, and is never guessed:

    ```toml
    [[groups]]
    name = "agents"
    images = ["ghcr.io/acme/agents/*"]
    source = "../agents"
    order = [{ workloads = ["*/controllers"] }, { workloads = ["*/control-plane"] }]
    ```

    git says which commit is ahead, in the group's `source`. A member is compared with those of the stage before its own that are nearest
    to it: in its namespace, in its target, of its name or of its repository elsewhere, else all. The same commit passes, and so does the
    one that the stage before ran at the base. A digest that ran in the same place before is a rollback, and passes, unless git knows it
    to be ahead. What git does not know (a commit that was squashed away, another repository's, a shallow clone) is not checked, unless
    the group says in `accept-unknown` why that may be.

    ## Fix
    Promote the stage before first, and this one when that has proven itself. A canary that `canary-commits` or `canary-days` finds too
    far ahead is followed, or taken back.

    ## References
    - https://git-scm.com/docs/git-merge-base
    - https://kubernetes.io/docs/concepts/workloads/management/#canary-deployments
    """

    level = Level.ERROR
    tags = ("promotion", "images")
    configured_by = ("groups",)

    class Options(RuleOptions, frozen=True):
        canary_commits: Annotated[
            Annotated[int, Meta(gt=0)] | None, Meta(description="Commits that a stage may be ahead of the next one; any number if not set.")
        ] = None
        canary_days: Annotated[
            Annotated[int, Meta(gt=0)] | None, Meta(description="Days that a stage may stay ahead of the next one; for ever if not set.")
        ] = None

    options: Options

    def wants_change(self, config: Config) -> bool:
        return any(group.order for group in config.groups)

    def check_change(self, change: Change) -> Iterator[Said]:
        for group in change.groups:
            for step in steps(group, partial(_environments, change)):
                if step.moves and step.is_comparable and not step.follows:
                    yield from self._check(step, group, change)
                if self.options.canary_commits or self.options.canary_days:
                    yield from self._check_canary(step, group, change)
            yield from self._check_whole(group, change)

    def _check_whole(self, group: GroupChange, change: Change) -> Iterator[Said]:
        """A stage of which nobody is seen, by a glob that fits nothing or in a target that does not render, holds nobody back."""
        for image in alone(group):
            if image.head:
                message = f"whether {image.head.owner} goes first in release group {group.name}: no stage before its own has a member"
                yield self.not_checked(image.head.tag_field, message)
        for use in change.left(group) if group.stages else ():
            message = f"whether {use.owner} keeps the order of release group {group.name}: it had a place in it, and fits no stage any more"
            yield self.not_checked(use.tag_field, message)
        if group.stages and any(image.differs for image in group.images):
            for failure in change.unseen(group):
                message = f"whether release group {group.name} keeps its order: {failure.target.name} does not render"
                yield self.not_checked(failure.location, message, target=failure.target)

    def _check(self, step: Step, group: GroupChange, change: Change) -> Iterator[Said]:
        """The later member runs another commit than the earlier one does, or did."""
        distance = step.distance(change.history(group.name))
        if isinstance(distance, Distance) and distance.relation in (Relation.BEHIND, Relation.SAME):
            return
        if step.goes_on(change.history(group.name)):
            return
        rollbacks = [change.rollback(image, group.name) for image in step.decisive]
        if any(isinstance(before, Earlier) for before in rollbacks):
            return
        unknown = next((each for each in (distance, *rollbacks) if isinstance(each, Unknown)), None)
        if unknown:
            yield self._not_known(step, group, unknown)
        elif isinstance(distance, Distance):
            yield self.finding(step.use.tag_field, step.told(distance, group.name), use=step.use, related=step.related_to(step.use))

    def _check_canary(self, step: Step, group: GroupChange, change: Change) -> Iterator[Said]:
        """What is not known of a canary that the change leaves alone is no matter of the change."""
        distance = step.distance(change.history(group.name))
        if isinstance(distance, Unknown) or distance.relation is not Relation.BEHIND:
            return
        commits = self._commits_ahead(distance)
        days = days_ahead(step, change) if self.options.canary_days else 0
        unknown = next((each for each in (commits, days) if isinstance(each, Unknown)), None)
        if unknown and step.moves:
            yield self._not_known(step, group, unknown)
        elif not isinstance(commits, Unknown) and not isinstance(days, Unknown) and (said := self._too_far(commits, days)):
            message = f"{step.later.owner} is {said} behind {step.who_is_before}; promote it, or take the other back"
            yield self.finding(step.later.tag_field, message, use=step.later, related=step.related_to(step.later))

    def _commits_ahead(self, distance: Distance) -> int | Unknown:
        if not self.options.canary_commits:
            return 0
        return Unknown("a shallow clone does not tell how many commits") if distance.behind is None else distance.behind

    def _too_far(self, commits: int, days: int) -> str:
        most, longest = self.options.canary_commits, self.options.canary_days
        if most and commits > most:
            return f"{commits} commits (at most {most})"
        return f"for {days} days (at most {longest})" if longest and days > longest else ""

    def _not_known(self, step: Step, group: GroupChange, unknown: Unknown) -> Said:
        message = f"whether {step.later.owner} runs what {step.earlier.owner} has run: {unknown.reason}"
        return self.not_checked(step.use.tag_field, message, accepted=group.accept_unknown)


def _environments(change: Change, use: ImageUse) -> frozenset[str]:
    return change.head.context.environments(use.manifest.target, use.manifest)
