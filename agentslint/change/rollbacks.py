"""Rollbacks: an image that ran in the same place before is no promotion.

The seed of the promotion policy: "Rollback: revert digest and re-sync", and operators can do it by reverting a single digest.
"""

from __future__ import annotations

import datetime
import posixpath
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from agentslint import files
from agentslint.change.earlier import EarlierValue, ValueHistory
from agentslint.change.image_changes import ImageChange
from agentslint.git.ancestry import Unknown
from agentslint.images import ImageUse
from agentslint.images.reference import is_digest, read_reference
from agentslint.model import Pointer, Target, TargetKind
from agentslint.places import by_name

if TYPE_CHECKING:
    from agentslint.fleet.release_groups import Fleet

PinPart = Literal["tag", "digest"]
_WORDS = re.compile(r"[\s\"'=,]+")


class AuthoredPart(Struct, frozen=True):
    """A place in a file that outlives moved lines."""

    path: str
    key_path: Pointer


class Rollbacks:
    """Looks into the history of the scalars that are proven to decide the images of today."""

    def __init__(self, past: ValueHistory, today: Fleet) -> None:
        self._past = past
        self._known: dict[tuple[int, int], EarlierValue | Unknown | None] = {}
        self._files: dict[str, list[tuple[str, bytes]]] = {}
        self._targets = {rendered.target.name: rendered for rendered in today.targets}

    def of(self, image: ImageChange) -> EarlierValue | Unknown | None:
        """Return the first commit of this repository after which an image's digest, where it has none its tag, ran in the same place.

        None where it is new there, or does not differ; Unknown where a shallow clone does not tell, or no scalar is proven to decide it.
        """
        if image.base is None or image.head is None:
            return None
        # A group and a target pair the same uses, each for itself.
        key = id(image.base), id(image.head)
        if key not in self._known:
            self._known[key] = self._look_up(image.base, image.head)
        return self._known[key]

    def _look_up(self, base: ImageUse, head: ImageUse) -> EarlierValue | Unknown | None:
        part, text = _decisive(head)
        if not text or text == _part(base, part) or self._is_new(head, text):
            return None
        written = self._written(head, part)
        if written is None:
            return _unproven(head)
        if not base.manifest.target.closure.reads(written.path):
            return Unknown(f"{written.path} was not read at the base, so its earlier values may never have run")
        return self._past.first_held(written.path, text, written.key_path, _says(part, text)) or self._elsewhere(head, written, text)

    def _elsewhere(self, use: ImageUse, written: AuthoredPart, text: str) -> Unknown | None:
        """A file that was split has no history: earlier values of its folder need not have run in the same place."""
        folder = _folder(use)
        if self._past.ever_held(written.path, text) or not self._past.ever_held_below(folder, text):
            return None
        return Unknown(f"another file in {folder} held it before, and {written.path} did not")

    def has_run(self, use: ImageUse, other: ImageUse) -> EarlierValue | Unknown | None:
        """Return the first commit after which the digest of another image, where it has none its tag, ran in the place of an image.

        None where it never did; Unknown if git does not know.
        """
        part, text = _decisive(other)
        written = self._written(use, part) if text else None
        if not text or written is None:
            return _unproven(use)
        found = self._past.first_held(written.path, text, written.key_path, _says(part, text))
        return found or self._elsewhere(use, written, text)

    def tag_at(self, image: ImageChange, earlier: EarlierValue) -> str | None:
        """Return the tag that was written at an earlier commit where that of today is written; None where that is not known."""
        tags, digests = self._written(image.use, "tag"), self._written(image.use, "digest")
        if tags is None:
            return None
        path = earlier.path if digests and digests.path == tags.path else tags.path
        text = self._past.text(EarlierValue(earlier.commit, path), tags.key_path)
        return _part_of(text, "tag") if isinstance(text, str) and not _WORDS.search(text) else None

    def parted(self, use: ImageUse, other: ImageUse) -> datetime.datetime | Unknown | None:
        """Return when an image left the tag that another one has; where it never had it, when that one came to it.

        None where the change is what parts them.
        """
        tag, own = _part(other, "tag"), self._written(use, "tag")
        if not tag or own is None:
            return _unproven(use)
        had = self._last_held(use, tag)
        found = self._past.left(own.path, tag, own.key_path, _says("tag", tag)) if had else self._last_held(other, tag)
        return self._past.date(found) if isinstance(found, EarlierValue) else found

    def _last_held(self, use: ImageUse, tag: str) -> EarlierValue | Unknown | None:
        written = self._written(use, "tag")
        return self._past.last_held(written.path, tag, written.key_path, _says("tag", tag)) if written else _unproven(use)

    def _is_new(self, use: ImageUse, text: str) -> bool:
        """Whether neither a file that holds a text now nor the target's folder ever did: then no proof is needed which one decides."""
        found = [self._past.ever_held(path, text) for path in self._holding(use, text)]
        return bool(found) and not any(found) and not self._past.ever_held_below(_folder(use), text)

    def _holding(self, use: ImageUse, text: str) -> list[str]:
        """The files that a target reads and in which a text stands now."""
        target = use.manifest.target
        if target.name not in self._files:
            self._files[target.name] = list(_read(target))
        return [path for path, data in self._files[target.name] if text.encode() in data]

    def _written(self, use: ImageUse, part: PinPart) -> AuthoredPart | None:
        """Where a part of an image is written: in a plain manifest where it stands, else in the scalar that is proven to decide it."""
        manifest, place = use.manifest, use.digest_field if part == "digest" else use.tag_field
        if manifest.target.kind is TargetKind.MANIFESTS:
            key_path = (manifest.resource, *by_name(manifest.body, place.pointer))
            return None if manifest.prefix else AuthoredPart(manifest.target.file, key_path)
        rendered = self._targets.get(manifest.target.name)
        scalar = rendered.decider(place) if rendered else None
        return AuthoredPart(scalar.path, scalar.key_path) if scalar else None


def _read(target: Target) -> Iterator[tuple[str, bytes]]:
    folders = (each for folder in target.closure.folders for each in (target.root / folder).rglob("*"))
    for file in (*(target.root / path for path in sorted(target.closure.files)), *folders):
        if files.is_file_in(target.root, file):
            yield file.relative_to(target.root).as_posix(), files.read_in(target.root, file)


def _folder(use: ImageUse) -> str:
    return posixpath.dirname(use.manifest.target.file) or "."


def _unproven(use: ImageUse) -> Unknown:
    return Unknown(f"no line is proven to decide the image of {use.owner}, so its history is unknown")


def _decisive(use: ImageUse) -> tuple[PinPart, str | None]:
    """The part that identifies the image: the digest, else the tag."""
    digest = _part(use, "digest")
    return ("digest", digest) if digest else ("tag", _part(use, "tag"))


def _part(use: ImageUse, part: PinPart) -> str | None:
    return getattr(use.reference, part) if use.reference else None


def _says(part: PinPart, text: str) -> Callable[[str], bool]:
    """Tell whether a scalar, or a word of a block of text, is or has this part."""
    return lambda scalar: any(_part_of(word, part) == text for word in _WORDS.split(scalar))


def _part_of(word: str, part: PinPart) -> str | None:
    """The part of an image that a word is, or has where it is a whole reference."""
    reference, _ = (None, "") if is_digest(word) else read_reference(word)
    return getattr(reference, part) if reference and (reference.tag or reference.digest) else word
