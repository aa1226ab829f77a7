"""Digests that a folder or a chart pins, and that its deployer or its values take away.

`kustomize edit set image web:v2` drops the digest of an entry; `image.digest` without a value, in a parameter or a values file, empties
one of a chart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from agentslint import files
from agentslint.authorship.authored_scalar import AuthoredScalar, Layer, Segment
from agentslint.authorship.deployer_scalars import images_set_by
from agentslint.authorship.edits import edited
from agentslint.authorship.image_settings import Setting
from agentslint.images.reference import is_digest, read_reference
from agentslint.model import Field, Manifest, RenderFailure, Rendering, Target

if TYPE_CHECKING:
    from agentslint.images import ImageUse


class Rendered(Protocol):
    """The facts of a rendered target that tell of its digests."""

    @property
    def target(self) -> Target:
        """The target."""

    @property
    def authored(self) -> tuple[AuthoredScalar, ...]:
        """All scalars."""

    @property
    def pinning_scalars(self) -> tuple[AuthoredScalar, ...]:
        """Those with a digest."""

    @property
    def settings(self) -> Mapping[AuthoredScalar, Setting]:
        """What they set of images."""

    def setting(self, scalar: AuthoredScalar) -> Setting | None:
        """What one sets of an image."""

    @property
    def empty_digests(self) -> tuple[Setting, ...]:
        """The digests of the deployer and of values that hold nothing."""

    def probe(self, changes: Mapping[str, bytes]) -> Rendering | RenderFailure | None:
        """The rendering if some files held other bytes."""

    def origins(self, place: Field) -> tuple[Segment, ...]:
        """The scalars that made a field."""


def taken_digest(rendered: Rendered, use: ImageUse) -> tuple[AuthoredScalar, AuthoredScalar] | None:
    """Return the scalar that takes the digest of an image away, and the one that would pin it, if one would.

    The first is an empty digest of the deployer or of values, else one of the deployer that decides the image.
    """
    if use.reference is None or use.reference.digest or not rendered.pinning_scalars:
        return None
    fields = (use.field, use.tag_field) if use.parts else (use.field,)
    if emptied := _emptied(rendered, use, fields):
        return emptied
    if rendered.target.deployed is None:
        return None
    deployed = rendered.target.deployed
    looked_for = {name for name, new in images_set_by(deployed) if new == use.reference.repository}
    deciding = (segment.scalar for place in fields for segment in rendered.origins(place))
    for scalar in (each for each in deciding if each.layer is Layer.DEPLOYER or each.path in deployed.deployer_files):
        for pin in rendered.pinning_scalars:
            if pin != scalar and _would_pin(rendered, pin, scalar, {use.reference.repository, *looked_for}, use.manifest):
                return scalar, pin
    return None


def _emptied(rendered: Rendered, use: ImageUse, fields: Sequence[Field]) -> tuple[AuthoredScalar, AuthoredScalar] | None:
    """A digest beside what decides the image that an empty one wins over: with its text there it comes out."""
    if not rendered.empty_digests:
        return None
    deciding = [found for place in fields for one in rendered.origins(place) if (found := rendered.setting(one.scalar))]
    for theirs in rendered.empty_digests:
        for pin in rendered.pinning_scalars:
            mine = rendered.setting(pin)
            if mine is None or mine.part != "digest" or not mine.beside(theirs) or not any(map(mine.beside, deciding)):
                continue
            if _comes_out(rendered, theirs.scalar, pin.text, use):
                return theirs.scalar, pin
    return None


def _comes_out(rendered: Rendered, empty: AuthoredScalar, digest: str, use: ImageUse) -> bool:
    data = edited(files.read_in(rendered.target.root, empty.path), [(empty.region, empty.written(digest))])
    outcome = rendered.probe({empty.path: data})
    return isinstance(outcome, Rendering) and f"{use.text}@{digest}".encode() in outcome.stream


def pinning_scalars(rendered: Rendered) -> Iterator[AuthoredScalar]:
    """Yield the scalars with a digest that are not the deployer's own."""
    for scalar in rendered.authored:
        if scalar.layer is not Layer.DEPLOYER and (is_digest(scalar.text) or _repository(scalar)):
            yield scalar


def _would_pin(rendered: Rendered, pin: AuthoredScalar, by: AuthoredScalar, looked_for: Collection[str], manifest: Manifest) -> bool:
    names = {*looked_for, _entry(by)}
    if repository := _repository(pin):
        owner = str(pin.key_path[0]) if pin.key_path else ""
        kind, _, name = owner.partition("/")
        return repository in names and (not name or (kind == manifest.kind and name in manifest.name))
    mine, theirs = rendered.setting(pin), rendered.setting(by)
    if mine is None:
        return False
    if mine.entry:
        return bool({mine.entry, *_renamed(rendered, mine)} & names)
    return theirs is not None and mine.beside(theirs)


def _renamed(rendered: Rendered, pin: Setting) -> Iterator[str]:
    """The new name that an `images:` entry gives beside its digest."""
    for setting in rendered.settings.values():
        if setting.part == "repository" and (setting.scalar.path, setting.entry) == (pin.scalar.path, pin.entry):
            yield setting.scalar.text


def _entry(scalar: AuthoredScalar) -> str:
    """The name that an entry of the deployer looks for."""
    step = scalar.key_path[-2] if len(scalar.key_path) > 1 else ""
    return step[1:-1] if isinstance(step, str) and step.startswith("[") else ""


def _repository(scalar: AuthoredScalar) -> str:
    """The repository of a whole image with a digest, "" for other texts."""
    if "@sha" not in scalar.text:
        return ""
    found, _ = read_reference(scalar.text)
    return found.repository if found and found.digest else ""
