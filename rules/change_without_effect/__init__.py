from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from agentslint.rule import Change, Finding, Level, NotChecked, Rule, setting_name, setting_names

if TYPE_CHECKING:
    from agentslint.rule import AuthoredScalar


class ChangeWithoutEffect(Rule):
    """An edit of an image setting that changes no render.

    ## Why
    A promotion that edits `common.yaml` while `prod.yaml` sets the same keys promotes nothing, and neither does one that edits a values
    file or a patch that no kustomization names. The pull request looks right, is merged, and the old image runs on.

    For a file that targets read it is proven: with the edit undone, each of them renders the same. Where that cannot be found out (no
    time for extra renders, or nothing renders without the edit), the run says so and ends with 2. A file that no target reads is
    reported if it stands in the folder of a target and looks like one of its files (values, a patch, a manifest, a kustomization), and
    elsewhere if it sets keys that a chart of a target has, or an object that a target has.

    Hidden files and files that an Application or a HelmRelease names are left alone. So are defaults of a chart that come with another
    version of it, and those that change together with the value that overrides them.

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
            subject = _subject(setting_names(edit.scalars))
            first = edit.scalars[0].location()
            if edit.unknown:
                names = setting_name(edit.scalars[0]) + (f" and {len(edit.scalars) - 1} more" if len(edit.scalars) > 1 else "")
                message = f"cannot tell whether the change of {names} has an effect: {edit.unknown}"
                yield self.not_checked(first, message, target=edit.target)
            elif not edit.is_read:
                yield self.finding(first, f"{subject}, but no target reads {edit.path}", target=edit.target)
            elif edit.instead:
                related = [(other.location(), f"{setting_name(other)} takes precedence") for other in edit.instead]
                message = f"{subject} without effect: {_deciding(edit.path, edit.instead)}"
                yield self.finding(first, message, target=edit.target, related=related)
            else:
                yield self.finding(first, f"{subject} without effect: every target renders the same without it", target=edit.target)


def _subject(names: list[str]) -> str:
    """`image.tag and image.digest change`; of many the first two."""
    if len(names) == 1:
        return f"{names[0]} changes"
    return f"{names[0]} and {names[1]} change" if len(names) == 2 else f"{names[0]}, {names[1]} and {len(names) - 2} more change"


def _deciding(path: str, instead: Sequence[AuthoredScalar]) -> str:
    """`prod.yaml:1 takes precedence`: the first place in each file, two of them at most; in the file itself the key is named."""
    places: dict[str, str] = {}
    for other in instead:
        place = f"{other.path}:{other.region.start_line}"
        places.setdefault(other.path, f"{setting_name(other)} ({place})" if other.path == path else place)
    first, *more = places.values()
    return f"{first} and {more[0] if len(more) == 1 else f'{len(more)} more'} take precedence" if more else f"{first} takes precedence"
