from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from agentslint.rule import Annotated, Change, Finding, Level, Manifest, Meta, Reasoned, Rule, RuleOptions, Said, TargetChange

from .differences import broken, is_alpha_only
from .moves import definitions, is_kept


class CrdCompat(Rule):
    """A CustomResourceDefinition that takes less than it did at the base.

    ## Why
    Whoever promotes an operator changes its API in the same commit, and the API server takes the new definition at once: a field that the
    schema no longer names is dropped from every object that is written, an object without a newly required field is refused, a version
    that is served no more answers nobody. The controllers of the old version, the objects in other repositories and the clients are not
    part of the change, and find out afterwards.

    Compared is what was rendered at the base with what is rendered now, version by version: versions that are gone or not served any more,
    fields that are gone, another type, values that are not taken any more, fields that are required now and have no default, subresources,
    and the group, scope, kind and plural name. The finding is at the field, in the file that it was written in.

    A definition that another target of the run renders since this change has moved, and is compared with what that one renders; where both
    are in `[[environments]]` and share none, they are not the same. One that has gone, be it that another target has always rendered
    it, too, is a finding at the target that rendered it, unless it is annotated with `argocd.argoproj.io/sync-options: Prune=false`.
    Where a target is gone as a whole, nothing is said: there is no file left to say it in, and `agentslint diff` names it.

    ## Fix
    Serve what was served: keep the field, give the required one a default, and put what is new into a new version beside the old one, until
    nothing asks for that any more. A version may go when no object is stored in it (`status.storedVersions`). What is meant to
    break belongs into `allow`, or is accepted with a comment on its line.

    Argo CD prunes what a target no longer renders, if pruning is on, and Kubernetes deletes all objects of a definition that is deleted.
    To take a definition over to another application, annotate it with `Prune=false` first.

    ## References
    - https://kubernetes.io/docs/reference/using-api/deprecation-policy/
    - https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/
    - https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#delete-a-customresourcedefinition
    - https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#no-prune-resources
    """

    level = Level.ERROR
    tags = ("promotion", "api")

    class Options(RuleOptions, frozen=True):
        allow: Annotated[
            tuple[Reasoned, ...],
            Meta(description="CustomResourceDefinitions (globs of their names) that may break who uses them, each with its reason."),
        ] = ()
        alpha: Annotated[
            bool,
            Meta(description="Whether versions such as v1alpha1 are judged: Kubernetes' deprecation policy promises nothing for them."),
        ] = True

    options: Options

    def check_change(self, change: Change) -> Iterator[Said]:
        for target in change.targets:
            try:
                pairs = list(definitions(change, target))
            except ValueError as error:
                if not target.disappears:
                    yield self.not_checked(target.place, f"cannot compare its CustomResourceDefinitions: {error}", target=target.target)
                continue
            for base, head in pairs:
                if not self._is_free(base):
                    yield from self._judge(change, target, base, head)

    def _judge(self, change: Change, target: TargetChange, base: Manifest, head: Manifest | None) -> Iterator[Finding]:
        if head:
            for field, said in broken(base, head, alpha=self.options.alpha):
                yield self.finding(change.nearest(field), f"{head.name}: {said}")
        elif not target.disappears and not is_kept(base):
            yield self.finding(target.place, _gone(base), target=target.target)

    def _is_free(self, definition: Manifest) -> bool:
        allowed = any(fnmatchcase(definition.name, allowed.match) for allowed in self.options.allow)
        return allowed or (not self.options.alpha and is_alpha_only(definition))


def _gone(definition: Manifest) -> str:
    kind = definition.at(("spec", "names", "kind")) or "object"
    pruned = f"{definition.name} is no longer rendered, so pruning deletes it and every {kind}"
    return f"{pruned}: keep it, or deploy it with Prune=false first"
