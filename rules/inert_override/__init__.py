from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from agentslint.rule import (
    Annotated,
    Finding,
    Fleet,
    Meta,
    RenderedTarget,
    Rule,
    RuleOptions,
    looks_like_image,
    setting_name,
)

from .candidates import everywhere, own_settings
from .entries import unmatched
from .instead import why

if TYPE_CHECKING:
    from agentslint.rule import AuthoredScalar


class InertOverride(Rule):
    """An image setting that decides nothing.

    ## Why
    Who reverts `image.digest` to roll back, and does not see that `controllers.image.digest` wins, has rolled back nothing. The same
    goes for an `images:` entry that matches no image (kustomize compares names as they are written: `docker.io/library/nginx` is not
    `nginx`), for a tag that is promoted while the digest beside it stays, and for a key that the chart never reads, because it is
    misspelt or because it was renamed.

    It is proven: the render was repeated with other texts in the place of these values, and with empty ones, and came out
    byte for byte the same, for every target that reads the file. Looked at are the settings of a target's own folder (values, `images:`,
    patches). Empty values, defaults of charts and of bases outside of the folder, what another file of the target
    sets again, and settings of a component that is switched off (`enabled: false`) are not accused.

    ## Fix
    Delete it, or move it to where it decides.

    ## References
    - https://helm.sh/docs/chart_template_guide/values_files/
    - https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/
    """

    tags = ("promotion", "images")

    class Options(RuleOptions, frozen=True):
        keys: Annotated[
            tuple[str, ...],
            Meta(description="Key paths (globs, such as `*.replicas`) to look at, beside images, tags, digests and pull secrets."),
        ] = ()
        ignore: Annotated[tuple[str, ...], Meta(description="Key paths (globs) to leave alone.")] = ()

    options: Options

    def check_fleet(self, fleet: Fleet) -> Iterator[Finding]:
        for target, found in fleet.ask(lambda target: target.idle(list(self._candidates(target)))):
            idle = everywhere(fleet, target, found)
            for scalar in idle:
                setting = target.settings.get(scalar)
                if setting is None or not setting.entry:
                    reason, related = why(target, scalar)
                    message = f"{setting_name(scalar)} decides nothing{reason}"
                    yield self.finding(scalar.location(), message, target=target.target, related=related)
            for first, message, places in unmatched(target, idle):
                yield self.finding(first.location(), message, target=target.target, related=places)

    def _candidates(self, target: RenderedTarget) -> Iterator[AuthoredScalar]:
        for scalar in own_settings(target):
            name = setting_name(scalar)
            asked = scalar in target.settings or looks_like_image(scalar.text) or _any(self.options.keys, name)
            if asked and not _any(self.options.ignore, name):
                yield scalar


def _any(globs: Sequence[str], name: str) -> bool:
    return any(fnmatchcase(name, glob) for glob in globs)
