"""A change -> rows."""

from __future__ import annotations

from collections.abc import Iterator

from agentslint.change import Change, ClaimChange, ImageChange, ManifestChange, TargetChange, Unknown
from agentslint.crd.api_differences import api_differences
from agentslint.diff.rows import ApiRow, ClaimRow, ImageRow, ManifestRow, Range, TargetRow
from agentslint.engine.change_rules import at_base
from agentslint.images import Claim, ImageUse


class Describer:
    """Describes the targets of one change."""

    def __init__(self, change: Change) -> None:
        self._change = change
        uses = ((use, group.name) for group in change.groups for image in group.images for use in (image.base, image.head) if use)
        self._groups = {id(use): name for use, name in uses}

    def __call__(self, target: TargetChange) -> TargetRow:
        """Return the row of a target."""
        images = tuple(self.image(image) for image in target.images if image.differs)
        return TargetRow(
            target.name,
            _what(target),
            target.was,
            tuple(self._failures(target)),
            tuple(sorted(images, key=lambda row: (row.resource, row.place))),
            tuple(_claim(claim) for claim in target.claims if claim.differs),
            tuple(row for pair in target.crds if pair.differs for row in _api(pair)),
            tuple(_manifest(pair) for pair in target.manifests if pair.differs),
            target.files,
        )

    def _failures(self, target: TargetChange) -> Iterator[str]:
        if target.base_failure:
            yield at_base(target.base_failure, self._change)
        if target.head_failure:
            place = target.head_failure.location
            yield f"it does not render: {target.head_failure.message} ({place.path}:{place.region.start_line})"

    def image(self, image: ImageChange) -> ImageRow:
        """Return the row of an image."""
        manifest = image.use.manifest
        place = image.use.owner.removeprefix(f"{manifest.resource} (").removesuffix(")")
        return ImageRow(manifest.resource, place, _text(image.base), _text(image.head), self._range(image), _oddity(image))

    def _range(self, image: ImageChange) -> Range | None:
        """The commits between two images; without a named source only if this repository knows them."""
        old, new = image.shas
        if not (old and new) or old == new:
            return None
        group = self._groups.get(id(image.use), "")
        found = self._change.history(group).distance(old, new)
        return Range(old, new, None if isinstance(found, Unknown) and not self._change.source(group) else found)


def _what(target: TargetChange) -> str:
    if not target.is_whole:
        return "failed"
    if target.appears or target.disappears:
        return "appears" if target.appears else "disappears"
    return "same" if target.is_same else "changed"


def _oddity(image: ImageChange) -> str:
    """A pin that was added or removed, a tag that was moved, or a new tag for the same image."""
    old, new = image.base and image.base.reference, image.head and image.head.reference
    if not (old and new) or old.name != new.name:
        return ""
    if (old.digest is None) != (new.digest is None):
        return "now pinned by digest" if new.digest else "no longer pinned by digest"
    if old.tag == new.tag and old.digest != new.digest:
        return "new digest under the same tag"
    return "new tag with the same digest" if old.digest and old.digest == new.digest and old.tag != new.tag else ""


def _claim(claim: ClaimChange) -> ClaimRow:
    return ClaimRow(claim.claim.manifest.resource, claim.claim.name, _text(claim.base), _text(claim.head))


def _text(item: ImageUse | Claim | None) -> str | None:
    """Its text; never of a Secret, where no images are looked for."""
    return item.text if item else None


def _api(pair: ManifestChange) -> Iterator[ApiRow]:
    name = pair.manifest.name
    if pair.base is None or pair.head is None:
        yield ApiRow(name, "was removed" if pair.base else "was added", breaks=pair.head is None)
        return
    for found in api_differences(pair.base, pair.head):
        yield ApiRow(name, str(found), found.breaks)


def _manifest(pair: ManifestChange) -> ManifestRow:
    what = "differs" if pair.base and pair.head else "disappears" if pair.base else "appears"
    return ManifestRow(pair.manifest.resource, pair.manifest.namespace, what)
