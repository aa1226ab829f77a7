"""Why a text is not an image reference: the error messages of the reference parser.

Every message completes "it is not an image reference: ..." and quotes only the faulty part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from agentslint.images.grammar import HEX_LENGTHS, HOST, IMAGE_ID, LONGEST_PATH, LONGEST_TAG, names_registry

_PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\$\{[^}]*\}|\$\([^)]*\)|\$[A-Za-z_]\w*", re.DOTALL)
_LONGEST = 4096
"""Characters in which a placeholder is looked for: no reference is as long."""
_SEPARATORS = "/:@"
_ANGLED = re.compile(r"<[^<>]+>")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://")
_DIGEST_AFTER_COLON = re.compile(r":(?:sha256|sha512):?[0-9a-fA-F]*$")


def diagnose(text: str) -> str:
    """Say what keeps `text` from being an image reference. The first fault is named, from the coarsest to the finest."""
    for question in _QUESTIONS:
        if answer := question(text):
            return answer
    return "it does not follow the grammar of image references"


def faulty_part(text: str) -> tuple[int, int] | None:
    """Return the columns [start, end) of what `diagnose` finds fault with: a placeholder, whitespace, a digest, a tag.

    None where it is the repository, or the text as a whole.
    """
    if found := _PLACEHOLDER.search(text[:_LONGEST]) or _ANGLED.search(text):
        return found.span()
    if (space := re.search(r"\s", text)) and text.strip():
        ends = [at for separator in _SEPARATORS if (at := text.find(separator, space.start())) >= 0]
        return max(text.rfind(separator, 0, space.start()) for separator in _SEPARATORS) + 1, min(ends, default=len(text))
    name, _, digest = text.partition("@")
    colon = name.find(":", name.rfind("/") + 1)
    if digest and _digest(text):
        return len(name) + 1, len(text)
    if not (0 <= colon < len(name) - 1 and _tag(text)):
        return None
    # Of two tags the first came with the repository, where none belongs.
    return colon + 1, name.rfind(":") if name.count(":", colon) == 2 else len(name)


def placeholder(text: str) -> str:
    """Return the first placeholder in `text` that something was meant to fill in (`${TAG}`, `{{...}}`, `$(...)`), or ""."""
    found = _PLACEHOLDER.search(text[:_LONGEST])
    return found.group() if found else ""


def _emptiness(text: str) -> str:
    return "it is empty" if not text else ""


def _whitespace(text: str) -> str:
    if not text.strip():
        return "it is blank"
    if text != text.strip():
        return "it has whitespace around it"
    return "it contains whitespace" if re.search(r"\s", text) else ""


def _unfilled(text: str) -> str:
    angled = _ANGLED.search(text)
    found = placeholder(text) or (angled.group() if angled else "")
    return f"it contains an unfilled placeholder: {_quote(found)}" if found else ""


def _scheme(text: str) -> str:
    found = _SCHEME.match(text)
    return f"it is a URL: an image reference has no {_quote(found.group())} in front" if found else ""


def _length(text: str) -> str:
    return f"it is {len(text)} characters long" if len(text) > 1000 else ""


def _image_id(text: str) -> str:
    return "it is an image ID (64 hex characters), not a name" if IMAGE_ID.fullmatch(text) else ""


def _digest(text: str) -> str:
    name, at, digest = text.partition("@")
    if not at:
        return ""
    if not name:
        return "the repository before the @ is missing"
    if not digest:
        return "it ends with an @ and has no digest"
    return "it has more than one @" if "@" in digest else _digest_fault(digest)


def _digest_fault(digest: str) -> str:
    algorithm, colon, code = digest.partition(":")
    wanted = HEX_LENGTHS.get(algorithm)
    if not colon:
        return f"{_quote(digest)} after the @ is not a digest: expected sha256: and 64 hex characters"
    if wanted is None:
        return f"the digest's algorithm {_quote(algorithm)} is unknown: use sha256 or sha512"
    if not code:
        return f"the digest has no hex characters after {algorithm}:"
    if stray := re.search(r"[^0-9a-fA-F]", code):
        return f"the digest contains {_quote(stray.group())}, which is not a hex character"
    if len(code) != wanted:
        return f"the digest is too {'short' if len(code) < wanted else 'long'}: {len(code)} hex characters instead of {wanted}"
    return "the digest has upper-case letters" if code != code.lower() else ""


def _tag(text: str) -> str:
    name = text.partition("@")[0]
    if _DIGEST_AFTER_COLON.search(name):
        return "its digest follows a colon instead of an @"
    before, colon, tag = name[name.rfind("/") + 1 :].partition(":")
    if not colon:
        return ""
    if not before:
        return "the repository before the tag is missing"
    if not tag:
        return "the tag after the colon is empty"
    return _tag_fault(tag)


def _tag_fault(tag: str) -> str:
    if ":" in tag:
        return "its tag contains a colon"
    if len(tag) > LONGEST_TAG:
        return f"the tag is {len(tag)} characters long; at most {LONGEST_TAG} are allowed"
    if not re.match(r"\w", tag, re.ASCII):
        return f"the tag {_quote(tag)} begins with {_quote(tag[0])}"
    stray = re.search(r"[^\w.-]", tag, re.ASCII)
    return f"the tag {_quote(tag)} contains {_quote(stray.group())}" if stray else ""


def _repository(text: str) -> str:
    name = _without_tag(text.partition("@")[0])
    first, _, rest = name.partition("/")
    has_host = names_registry(name)
    if not first:
        return "it begins with a slash, like a file path"
    if has_host and not HOST.fullmatch(first):
        return f"the registry {_quote(first)} is not a host name"
    components = (rest if has_host else name).split("/")
    faults = (fault for component in components for fault in _component_faults(component, name))
    return next(faults, _path_length("/".join(components)))


def _component_faults(component: str, name: str) -> Iterator[str]:
    if not component:
        yield "it contains two slashes in a row" if not name.endswith("/") else "it ends with a slash"
        return
    if component != component.lower():
        yield f"the repository has upper-case letters: {_quote(component)}"
    if stray := re.search(r"[^a-zA-Z0-9._-]", component):
        yield f"the repository contains {_quote(stray.group())}"
    if not (component[0].isalnum() and component[-1].isalnum()):
        yield f"a part of the repository begins or ends with a separator: {_quote(component)}"
    if re.search(r"\.[._-]|-[._]|_[.-]|___", component):
        yield f"the repository contains two separators in a row: {_quote(component)}"


def _path_length(path: str) -> str:
    return f"the repository's path is {len(path)} characters long; at most {LONGEST_PATH} are allowed" if len(path) > LONGEST_PATH else ""


def _without_tag(name: str) -> str:
    colon = name.rfind(":")
    return name[:colon] if colon > name.rfind("/") else name


def _quote(part: str) -> str:
    shown = part if len(part) <= 60 else part[:57] + "..."
    return f"'{shown}'"


_QUESTIONS: tuple[Callable[[str], str], ...] = (
    _emptiness, _unfilled, _whitespace, _scheme, _length, _image_id, _digest, _tag, _repository,
)  # fmt: skip
