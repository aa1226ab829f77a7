"""What is taken back: an image that ran in the same place before is no promotion.

The seed of the promotion policy: "Rollback: revert digest and re-sync", and operators can do it by reverting a single digest.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from agentslint.change.ancestry import Unknown
from agentslint.change.pairs import ImageChange
from agentslint.change.past import Earlier, Past
from agentslint.images import ImageUse
from agentslint.images.reference import read_reference

if TYPE_CHECKING:
    from agentslint.facts import Fleet
    from agentslint.trace.scalar import AuthoredScalar

Part = Literal["tag", "digest"]


class Rollbacks:
    """Looks into the history of the scalars that are proven to decide the images of today; `files` are those that changed, by target."""

    def __init__(self, past: Past, today: Fleet, files: Mapping[str, Sequence[str]]) -> None:
        self._past = past
        self._files = files
        self._targets = {rendered.target.name: rendered for rendered in today.targets}

    def of(self, image: ImageChange) -> Earlier | Unknown | None:
        """Return the commit of this repository after which an image's digest, where it has none its tag, ran in the same place.

        None where it is new there, or does not differ; Unknown where a shallow clone does not tell. Where no scalar is proven to
        decide it, a changed file of the target that ever held it counts.
        """
        if image.base is None or image.head is None:
            return None
        part, text = _decisive(image.head)
        if not text or text == _part(image.base, part):
            return None
        if scalar := self._scalar(image.head, part):
            return self._past.held(scalar.path, text, scalar.key_path)
        found = [self._past.held(path, text) for path in self._files.get(image.target, ()) if not path.endswith("/")]
        return next((each for each in found if isinstance(each, Earlier)), next((each for each in found if each), None))

    def tag_at(self, image: ImageChange, earlier: Earlier) -> str | None:
        """Return the tag that was written at an earlier commit where that of today is written; None where that is not known."""
        scalar = self._scalar(image.use, "tag")
        if scalar is None:
            return None
        digests = self._scalar(image.use, "digest")
        path = earlier.path if digests and digests.path == scalar.path else scalar.path
        text = self._past.text(earlier, path, scalar.key_path)
        reference, _ = read_reference(text) if text and "@" in text else (None, "")
        return reference.tag if reference else text

    def parted(self, use: ImageUse, other: ImageUse) -> datetime.datetime | Unknown | None:
        """Return when an image left the tag that another one has; where it never had it, when that one came to it.

        None where the change is what parts them, and where nobody is proven to have written the tags.
        """
        tag, own, others = _part(other, "tag"), self._scalar(use, "tag"), self._scalar(other, "tag")
        if not (tag and own and others):
            return None
        had = self._past.held(own.path, tag, own.key_path)
        known = self._past.left(own.path, tag, own.key_path) if had else self._past.held(others.path, tag, others.key_path)
        return self._past.date(known) if isinstance(known, Earlier) else known

    def _scalar(self, use: ImageUse, part: Part) -> AuthoredScalar | None:
        rendered = self._targets.get(use.manifest.target.name)
        return rendered.decider(use.digest_field if part == "digest" else use.tag_field) if rendered else None


def _decisive(use: ImageUse) -> tuple[Part, str | None]:
    """What says which image it is: the digest, else the tag."""
    digest = _part(use, "digest")
    return ("digest", digest) if digest else ("tag", _part(use, "tag"))


def _part(use: ImageUse, part: Part) -> str | None:
    return getattr(use.reference, part) if use.reference else None
