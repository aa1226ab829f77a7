"""Digests that a folder or a chart pins, and that its deployer or its values take away.

`kustomize edit set image web:v2` drops the digest of an entry; `image.digest` without a value, in a parameter or a values file, empties
one of a chart.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from agentslint import files
from agentslint.authorship.authored_scalar import AuthoredScalar, Layer, Segment
from agentslint.authorship.deployer_scalars import images_set_by
from agentslint.authorship.edits import edited
from agentslint.authorship.image_settings import Setting, values_path
from agentslint.images.reference import is_digest, read_reference
from agentslint.model import Field, HelmChartEntry, Manifest, Region, RenderFailure, Rendering, Target

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
    def deployed_images(self) -> tuple[AuthoredScalar, ...]:
        """The names of the images that the deployer sets."""

    @property
    def settings(self) -> Mapping[AuthoredScalar, Setting]:
        """What they set of images."""

    def setting(self, scalar: AuthoredScalar) -> Setting | None:
        """What one sets of an image."""

    def charts_of(self, scalar: AuthoredScalar) -> frozenset[HelmChartEntry]:
        """The charts of whose values one is a part."""

    @property
    def emptied_pins(self) -> tuple[tuple[Setting, Setting], ...]:
        """The digests of the deployer and of values that hold nothing, each with the one that it takes away."""

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
    theirs = [each for each in deciding if each.layer is Layer.DEPLOYER or each.path in deployed.deployer_files]
    # A variable, or a star for the tag that is there, is in no field as it is written.
    unproven = [
        each for each in rendered.deployed_images if _entry(each) in {use.reference.repository, *looked_for} and "@" not in each.text
    ]
    for scalar in theirs or unproven:
        for pin in rendered.pinning_scalars:
            if pin != scalar and _would_pin(rendered, pin, scalar, {use.reference.repository, *looked_for}, use.manifest):
                return scalar, pin
    return None


def _emptied(rendered: Rendered, use: ImageUse, fields: Sequence[Field]) -> tuple[AuthoredScalar, AuthoredScalar] | None:
    """A digest beside what decides the image that an empty one wins over: with its text there it comes out."""
    if not rendered.emptied_pins:
        return None
    deciding = [found for place in fields for one in rendered.origins(place) if (found := rendered.setting(one.scalar))]
    likely = [
        (empty, pin)
        for empty, pin in rendered.emptied_pins
        if (empty.part == "image" or any(map(empty.beside, deciding))) and _is_of_image(rendered, pin, use)
    ]
    digests = [each for each in rendered.emptied_pins if each[0].part == "digest"]
    for empty, pin in likely:
        # In most targets one render tells of all images; of several digests in one block the one that counts is found. In the place of
        # a null only one can be filled in.
        filled = digests if len(likely) == 1 and empty.part == "digest" else [(empty, pin)]
        if _comes_out(rendered, filled, pin.scalar.text, use):
            return empty.scalar, pin.scalar
    return None


def emptied_pins(rendered: Rendered, empty: Sequence[Setting], nulls: Sequence[AuthoredScalar]) -> Iterator[tuple[Setting, Setting]]:
    """Yield the `empty` digests of values, each with the digest of the same block that it takes away, and `nulls` in place of blocks."""
    found = [setting for scalar in rendered.pinning_scalars if (setting := rendered.setting(scalar)) and setting.part == "digest"]
    for theirs in empty:
        if mine := next((each for each in found if each.beside(theirs)), None):
            yield theirs, mine
    for null in nulls:
        path, charts = values_path(null), rendered.charts_of(null)
        for mine in found:
            if len(path) <= len(mine.block) and mine.block[: len(path)] == path and mine.charts & charts and mine.scalar.path != null.path:
                yield Setting(null, "image", mine.block, charts=charts), mine


def _filled(empty: Setting, pin: Setting) -> str:
    """What to write in the place of an emptied digest, or of a null for the whole block, so that the digest counts again."""
    region = empty.scalar.region
    space = " " if empty.scalar.style == "null" and region.start_column == region.end_column else ""
    if empty.part == "digest":
        return space + empty.scalar.written(pin.scalar.text)
    inner: object = pin.scalar.text
    for step in reversed(values_path(pin.scalar)[len(values_path(empty.scalar)) :]):
        inner = {step: inner}
    return space + json.dumps(inner)


def _is_of_image(rendered: Rendered, pin: Setting, use: ImageUse) -> bool:
    """Whether a digest is of the repository that runs: values may replace that, too."""
    beside = (each.scalar for each in rendered.settings.values() if each.part == "repository" and each.beside(pin))
    own = [scalar.text for scalar in beside if scalar.path == pin.scalar.path]
    runs = use.reference.repository if use.reference else ""
    return not own or any(runs == each or runs.endswith(f"/{each}") for each in own)


def _comes_out(rendered: Rendered, filled: Sequence[tuple[Setting, Setting]], digest: str, use: ImageUse) -> bool:
    """Whether the image has its digest where some that are emptied are filled in."""
    by_file: dict[str, list[tuple[Region, str]]] = {}
    for empty, pin in filled:
        by_file.setdefault(empty.scalar.path, []).append((empty.scalar.region, _filled(empty, pin)))
    root = rendered.target.root
    outcome = rendered.probe({path: edited(files.read_in(root, path), changes) for path, changes in by_file.items()})
    if not isinstance(outcome, Rendering) or use.reference is None:
        return False
    # With a block that counts again its tag may be another one.
    is_exact = all(empty.part == "digest" for empty, _ in filled)
    name = re.escape(use.text) if is_exact else rf"{re.escape(use.reference.repository)}(:[\w.-]+)?"
    return re.search(f"{name}@{digest}".encode(), outcome.stream) is not None


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
