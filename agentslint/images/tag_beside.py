"""Images whose tag, version or digest stands under a key of its own: beside `image`, or further out.

`image: ghcr.io/acme/db` with `tag: "16.4"` names the image db:16.4. What a `version` means for the image only its operator knows:
it is no part of the reference, but where there is one nobody can say that the image runs as `latest`. The same goes for the
environment variables `WEB_IMAGE` and `WEB_TAG`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from agentslint.images.reference import is_digest, is_tag, read_reference
from agentslint.images.use import ImageUse, Parts, UseKind
from agentslint.model import Pointer

_STEM = re.compile(r"^(.*?)[_-]?[iI]mage(?:Name|Ref|Reference)?$")
_OF_SOMETHING = re.compile(r"([a-z]+)_?[vV]ersion")
"""`engineVersion`, `appVersion`, `postgresVersion`: of what the image holds, where nobody knows the kind."""
_OTHER = frozenset({"api", "chart", "config", "crd", "kube", "kubernetes", "max", "min", "protocol", "schema", "tls"})
_DIGESTS = ("digest", "sha256", "sha")
_KINDS = frozenset({UseKind.GUESSED, UseKind.CUSTOM_RESOURCE})


def with_tag_beside(use: ImageUse) -> ImageUse:
    """The same use, composed with a tag or digest that stands beside its image; with the place of a version that may be its tag."""
    image, key = use.reference, use.pointer[-1] if use.pointer else ""
    if image is None or image.tag or image.digest or use.parts or not isinstance(key, str):
        return use
    if use.kind is UseKind.ENVIRONMENT:
        variable = _variable(use)
        return replace(use, parts=Parts(use.pointer[:-1], use.pointer, variable, whole=True)) if variable else use
    if use.kind not in _KINDS or use.pod:
        return use
    owner = use.pointer[:-1]
    guessed = use.kind is UseKind.GUESSED
    tag, digest = _tag(use, owner, key, guessed), _digest(use, owner, key)
    if tag or digest:
        return _composed(use, owner, tag, digest)
    version = _version(use, owner, key) if guessed else None
    return replace(use, parts=Parts(owner, use.pointer, version, whole=True)) if version else use


def _composed(use: ImageUse, owner: Pointer, tag: Pointer | None, digest: Pointer | None) -> ImageUse:
    digest_text = _text(use.manifest.at(digest)) if digest else ""
    text = use.text + (f":{_text(use.manifest.at(tag))}" if tag else "")
    text += f"@{digest_text if ':' in digest_text else f'sha256:{digest_text}'}" if digest_text else ""
    reference, error = read_reference(text)
    return replace(use, text=text, reference=reference, error=error, parts=Parts(owner, use.pointer, tag, digest, whole=True))


def _tag(use: ImageUse, owner: Pointer, key: str, guessed: bool) -> Pointer | None:
    """A key that can be nothing but the tag of this image: a bare `tag` is one where nobody knows the kind."""
    names = [name for name in _names(key, "tag", "version") if guessed or (name != "tag" and name.lower().startswith(key.lower()))]
    names = [name for name in names if name.lower().endswith("tag") or name.lower().startswith(key.lower())]
    return next(((*owner, name) for name in names if is_tag(_text(use.manifest.at((*owner, name))))), None)


def _digest(use: ImageUse, owner: Pointer, key: str) -> Pointer | None:
    texts = ((name, _text(use.manifest.at((*owner, name)))) for name in _names(key, *_DIGESTS))
    return next(((*owner, name) for name, text in texts if is_digest(text) or is_digest(f"sha256:{text}")), None)


def _version(use: ImageUse, owner: Pointer, key: str) -> Pointer | None:
    """A version beside the image, or of what holds it."""
    for length in range(len(owner), 0, -1):
        place = owner[:length]
        names = _names(key, "version", "tag") if place == owner else ("version", "tag", f"{key}Tag", f"{key}Version")
        if found := next(((*place, name) for name in names if is_tag(_text(use.manifest.at((*place, name))))), None):
            return found
    beside = use.manifest.at(owner)
    keys = [
        name for name in beside if isinstance(name, str) and (match := _OF_SOMETHING.fullmatch(name)) and _OTHER.isdisjoint(match.groups())
    ]
    return next(((*owner, name) for name in keys if is_tag(_text(beside[name]))), None)


def _variable(use: ImageUse) -> Pointer | None:
    """`WEB_TAG` or `WEB_VERSION` beside `WEB_IMAGE`: the image is put together at run time."""
    listed = use.manifest.at(use.pointer[:-2])
    stem = re.sub(r"(?i)_?image$", "", use.variable)
    wanted = {f"{start}_{end}" for start in (use.variable, stem) if start for end in ("TAG", "VERSION", "DIGEST")}
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, Mapping) and str(entry.get("name")).upper() in {name.upper() for name in wanted}:
            return (*use.pointer[:-2], index, "value")
    return None


def _names(key: str, *ends: str) -> Iterator[str]:
    """Keys that describe the image under `key`: `dbImageTag`, `db_image_tag`, `dbTag`, `tag`."""
    match = _STEM.match(key)
    for start in dict.fromkeys((key, match[1] if match else "")):
        for end in ends if start else ():
            yield f"{start}{end[0].upper()}{end[1:]}"
            yield f"{start}_{end}"
    yield from ends


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool | Mapping) else ""
