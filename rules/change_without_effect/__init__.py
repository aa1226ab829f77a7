from __future__ import annotations

from collections.abc import Iterator

from agentslint.rule import Change, Finding, Level, NotChecked, Rule, setting_name


class ChangeWithoutEffect(Rule):
    """An edit of an image setting that changes no render.

    ## Why
    A promotion that edits `common.yaml` while `prod.yaml` sets the same keys promotes nothing, and neither does one that edits a values
    file or a patch that no kustomization names. The pull request looks right, is merged, and the old image runs on.

    For a file that targets read it is proven: with the edit undone, each of them renders the same. Where that cannot be found out (no
    time for extra renders, or nothing renders without the edit), the run says so and ends with 2. A file that no target reads is
    reported if it stands in the folder of a target and looks like one of its files (values, a patch, a manifest, a kustomization). Files
    that an Application or a HelmRelease names, defaults of charts and hidden files are left alone.

    ## Fix
    Edit the file that decides, or have a kustomization name this one.

    ## References
    - https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/helmcharts/
    - https://helm.sh/docs/chart_template_guide/values_files/
    """

    level = Level.WARNING
    tags = ("promotion", "images")

    def check_change(self, change: Change) -> Iterator[Finding | NotChecked]:
        for edit in change.edits_without_effect:
            subject = _subject(list(dict.fromkeys(setting_name(scalar) for scalar in edit.scalars)))
            first = edit.scalars[0].location()
            if edit.unknown:
                names = setting_name(edit.scalars[0]) + (f" and {len(edit.scalars) - 1} more" if len(edit.scalars) > 1 else "")
                message = f"cannot tell whether the change of {names} has an effect: {edit.unknown}"
                yield self.not_checked(first, message, target=edit.target)
            elif not edit.is_read:
                yield self.finding(first, f"{subject}, but no target reads {edit.path}", target=edit.target)
            elif edit.instead:
                where = f"{edit.instead.path}:{edit.instead.region.start_line}"
                related = [(edit.instead.location(), f"{setting_name(edit.instead)} takes precedence")]
                yield self.finding(first, f"{subject} without effect: {where} takes precedence", target=edit.target, related=related)
            else:
                yield self.finding(first, f"{subject} without effect: every target renders the same without it", target=edit.target)


def _subject(names: list[str]) -> str:
    """`image.tag and image.digest change`; of many the first two."""
    if len(names) == 1:
        return f"{names[0]} changes"
    return f"{names[0]} and {names[1]} change" if len(names) == 2 else f"{names[0]}, {names[1]} and {len(names) - 2} more change"
