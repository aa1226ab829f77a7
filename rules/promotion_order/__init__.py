from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from agentslint.rule import (
    Annotated,
    Change,
    Config,
    Distance,
    EarlierValue,
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
from .steps import Step, alone, is_newer_version, steps


class PromotionOrder(Rule):
    """A workload that is promoted to a commit before the earlier stages of its release group have run it.

    ## Why
    A new commit runs first where a failure costs least: in the controllers, a canary, staging. Later stages may be behind it,
    never ahead, else the order protects nobody.

    The order must be configured; it is never guessed:

    ```toml
    [[groups]]
    name = "agents"
    images = ["ghcr.io/acme/agents/*"]
    source = "../agents"
    order = [{ workloads = ["*/controllers"] }, { workloads = ["*/control-plane"] }]
    ```

    git decides which commit is ahead, in the group's `source`. A member is compared with the nearest members of the previous stage: in its
    namespace, in its target, with its name or its repository elsewhere, else all. The same commit passes, and so does the
    commit that the previous stage ran at the base. A digest that ran in the same place before is a rollback, and passes, unless git knows
    it to be ahead. A commit that git does not know (squashed away, from another repository, outside of a shallow clone) is reported as not
    checked, unless the group gives a reason in `accept-unknown`.

    Tags that are versions (`1.5.0`, `v2.0.0-rc.1`) are ordered by their numbers. Other tags, and digests alone, have no order: they pass
    where the previous stage runs the same, or has run it at an earlier commit of this repository. So does one tag with another digest.

    ## Fix
    Promote the previous stage first, and this one after it has proven itself. Promote the rest, or roll back, if a canary exceeds
    `canary-commits` or `canary-days`.

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
            Annotated[int, Meta(gt=0)] | None, Meta(description="Days that a stage may stay ahead of the next one; unlimited if not set.")
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
        """Report stages without a visible member (a glob without a match, a target that does not render): they hold nobody back."""
        for image in alone(group):
            if image.head:
                question = f"whether {image.head.owner} may go first in release group {group.name}"
                message = f"cannot tell {question}: no earlier stage has a member"
                yield self.not_checked(image.head.version_field, message)
        for use in change.left(group) if group.stages else ():
            message = f"cannot check {use.owner} against the order of release group {group.name}: it no longer matches any stage"
            yield self.not_checked(use.version_field, message)
        if group.stages and any(image.differs for image in group.images):
            for failure in change.unseen(group):
                message = f"cannot check the order of release group {group.name}: {failure.target.name} does not render"
                yield self.not_checked(failure.location, message, target=failure.target)

    def _check(self, step: Step, group: GroupChange, change: Change) -> Iterator[Said]:
        """The later member runs another commit than the earlier one does, or did."""
        distance = step.distance(change.history(group.name))
        if isinstance(distance, Distance) and distance.relation in (Relation.BEHIND, Relation.SAME):
            return
        if step.goes_on(change.history(group.name)):
            return
        if step.is_by_past:
            yield from self._check_past(step, group, change)
            return
        rollbacks = [change.rollback(image, group.name) for image in step.decisive if not is_newer_version(image)]
        if any(isinstance(before, EarlierValue) for before in rollbacks):
            return
        unknown = next((each for each in (distance, *rollbacks) if isinstance(each, Unknown)), None)
        if unknown:
            yield self._not_known(step, group, unknown)
        elif isinstance(distance, Distance):
            yield self.finding(step.place, step.message(distance, group.name), use=step.use, related=step.related_to(step.use))

    def _check_past(self, step: Step, group: GroupChange, change: Change) -> Iterator[Said]:
        """Without an order of tags, the earlier member must have run the image before: at any earlier commit."""
        answers = [change.has_run(step.earlier, step.later), *(change.rollback(image, group.name) for image in step.decisive)]
        if any(isinstance(answer, EarlierValue) for answer in answers):
            return
        if unknown := next((answer for answer in answers if isinstance(answer, Unknown)), None):
            yield self._not_known(step, group, unknown)
        else:
            yield self.finding(step.place, step.message_of_past(group.name), use=step.use, related=step.related_to(step.use))

    def _check_canary(self, step: Step, group: GroupChange, change: Change) -> Iterator[Said]:
        """Missing knowledge counts only for a canary that the change moves."""
        distance = step.distance(change.history(group.name))
        if isinstance(distance, Unknown) or distance.relation is not Relation.BEHIND:
            return
        commits = self._commits_ahead(step, distance)
        days = days_ahead(step, change) if self.options.canary_days else 0
        unknown = next((each for each in (commits, days) if isinstance(each, Unknown)), None)
        if unknown and step.moves:
            yield self._not_known(step, group, unknown)
        elif not isinstance(commits, Unknown) and not isinstance(days, Unknown) and (said := self._too_far(commits, days)):
            message = f"{step.later.owner} is {said} behind {step.who_is_before}: promote it, or roll the other back"
            yield self.finding(step.later.version_field, message, use=step.later, related=step.related_to(step.later))

    def _commits_ahead(self, step: Step, distance: Distance) -> int | Unknown:
        if not self.options.canary_commits or step.is_by_version:
            return 0
        return Unknown("a shallow clone does not show how many commits") if distance.behind is None else distance.behind

    def _too_far(self, commits: int, days: int) -> str:
        most, longest = self.options.canary_commits, self.options.canary_days
        if most and commits > most:
            return f"{commits} commits (at most {most})"
        return f"for {days} days (at most {longest})" if longest and days > longest else ""

    def _not_known(self, step: Step, group: GroupChange, unknown: Unknown) -> Said:
        message = f"cannot tell whether {step.earlier.owner} has run the commit of {step.later.owner}: {unknown.reason}"
        return self.not_checked(step.place, message, accepted=group.accept_unknown)


def _environments(change: Change, use: ImageUse) -> frozenset[str]:
    return change.head.context.environments(use.manifest.target, use.manifest)
