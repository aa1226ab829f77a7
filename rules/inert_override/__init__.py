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

from .blocks import dead_blocks
from .blocks import message as no_effect
from .candidates import everywhere, own_settings, replaced_settings
from .entries import unmatched

if TYPE_CHECKING:
    from agentslint.rule import AuthoredScalar


class InertOverride(Rule):
    """An image setting that has no effect.

    ## Why
    Somebody who reverts `image.digest` to roll back, and does not see that `controllers.image.digest` overrides it, has rolled back
    nothing. The same goes for an `images:` entry that matches no image (kustomize compares names literally: `docker.io/library/nginx` is
    not `nginx`), for a tag that is promoted while the digest beside it stays, and for a key that the chart never reads, because it is
    misspelt or was renamed.

    Renders prove it: with these values replaced by other texts, and by empty ones, the output stays the same byte for byte, for every
    target that reads the file. The rule checks the settings of a target's own folder (values, `images:`, patches), and the `images:` of
    Components where all targets that use them are linted. It does not report empty values, defaults of charts and of bases outside of
    the folder, values that another file of the target sets again (unless they stand in a Component), and settings of a component that
    is switched off (`enabled: false`).

    Of a folder that an Application deploys, the Application may override a setting (`kustomize.images`, parameters, values, or
    `.argocd-source.yaml`): the finding names that line. It is reported where no application that is judged uses the setting. What an
    Application says of images is checked where something may replace it: a `.argocd-source` file, `valuesObject` beside `values`, or
    the same setting said again.

    ## Fix
    Delete the setting, or move it to the key that has an effect.

    ## References
    - https://helm.sh/docs/chart_template_guide/values_files/
    - https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/
    """

    tags = ("promotion", "images")
    implied_by = ("change-without-effect",)

    class Options(RuleOptions, frozen=True):
        keys: Annotated[
            tuple[str, ...],
            Meta(description="Key paths (globs, such as `*.replicas`) to check besides images, tags, digests and pull secrets."),
        ] = ()
        ignore: Annotated[tuple[str, ...], Meta(description="Key paths (globs) not to check.")] = ()

    options: Options

    def check_fleet(self, fleet: Fleet) -> Iterator[Finding]:
        self._note_names()
        for target, found in fleet.ask(lambda target: target.idle(list(self._candidates(target)))):
            idle = everywhere(fleet, target, found)
            for block in dead_blocks(target, idle):
                message, related = no_effect(target, block)
                yield self.finding(block[0].location(), message, target=target.target, related=related)
            for first, message, places in unmatched(target, idle):
                yield self.finding(first.location(), message, target=target.target, related=places)

    def _candidates(self, target: RenderedTarget) -> Iterator[AuthoredScalar]:
        replaced = list(replaced_settings(target))
        for scalar in (*own_settings(target), *replaced):
            name = setting_name(scalar)
            self._note_names(name)
            asked = scalar in target.settings or looks_like_image(scalar.text) or scalar in replaced or _any(self.options.keys, name)
            if asked and not _any(self.options.ignore, name):
                yield scalar

    def _note_names(self, *names: str) -> None:
        """Tell the run which settings there are."""
        self.looked_at(self.options.keys, names, noun="setting", is_needed=True)
        self.looked_at(self.options.ignore, names, noun="setting")


def _any(globs: Sequence[str], name: str) -> bool:
    return any(fnmatchcase(name, glob) for glob in globs)
