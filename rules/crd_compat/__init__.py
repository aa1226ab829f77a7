from __future__ import annotations

from collections.abc import Iterator

from agentslint.rule import Annotated, Change, Finding, Level, Manifest, Meta, Reasoned, Rule, RuleOptions, Said, TargetChange

from .differences import broken, is_alpha_only
from .moves import definitions, is_kept


class CrdCompat(Rule):
    """A CustomResourceDefinition that accepts less than it did at the base.

    ## Why
    Promoting an operator changes its API in the same commit, and the API server uses the new definition at once: it drops a field that the
    schema no longer names from every object that is written, rejects an object without a newly required field, and stops answering requests
    for a version that is no longer served. The old controllers, the objects in other repositories and the clients are not part of the
    change, and break afterwards.

    The rule compares the definitions rendered at the base with those rendered now, version by version: versions that were removed or are no
    longer served, removed fields, other types, values that are no longer accepted, newly required fields without a default, subresources,
    and the group, scope, kind and plural name. The finding is at the field, in the file where it is written.

    If another target of the run renders a definition since this change, the definition has moved, and is compared with that one; two
    targets that are both in `[[environments]]` and share none are never matched. A definition that was removed is a finding at the target
    that rendered it, even if another target has always rendered it too, unless it has the annotation
    `argocd.argoproj.io/sync-options: Prune=false`. If a whole target was removed, there is no file left for a finding; `agentslint diff`
    lists it.

    ## Fix
    Keep serving the old API: keep the field, give the required one a default, and add a new version beside the old one, until no client
    uses the old one. A version may be removed when no object is stored in it (`status.storedVersions`). List intended breaks
    in `allow`, or accept them with a comment on the line.

    If pruning is on, Argo CD deletes whatever a target no longer renders, and Kubernetes deletes all objects of a deleted definition.
    To move a definition to another application, annotate it with `Prune=false` first.

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
            Meta(description="CustomResourceDefinitions (globs of their names) that may break their users, each with its reason."),
        ] = ()
        alpha: Annotated[
            bool,
            Meta(description="Whether to check alpha versions (v1alpha1): Kubernetes' deprecation policy promises nothing for them."),
        ] = True

    options: Options

    def check_change(self, change: Change) -> Iterator[Said]:
        for target in change.targets:
            try:
                pairs = list(definitions(change, target))
            except ValueError as error:
                if not target.disappears:
                    message = f"cannot check the CustomResourceDefinitions of {target.name}: {error}"
                    yield self.not_checked(target.place, message, target=target.target)
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
        return self.allows(self.options.allow, definition.name) or (not self.options.alpha and is_alpha_only(definition))


def _gone(definition: Manifest) -> str:
    kind = definition.at(("spec", "names", "kind")) or "object"
    pruned = f"{definition.name} is no longer rendered, so pruning deletes it and every {kind}"
    return f"{pruned}: keep it, or deploy it with Prune=false first"
