"""Whether a text that stands somewhere among others (an environment variable, an argument) is a whole image reference.

Almost any word parses as one, so more is asked for here than by the grammar: a digest, or a registry and a tag. A name that
says "image" (`RUNNER_IMAGE`, `--image`) is a reason to ask for less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agentslint.images.reference import Reference, read_reference

_IMAGE_NAME = re.compile(r"(?:^|[-_./])image(?:[-_]?(?:ref|reference|name|uri))?$|^related[-_]image[-_]", re.IGNORECASE)
_IMAGE_CAMEL_CASE = re.compile(r"[a-z0-9]Image(?:Ref|Name)?$")
_NO_REGISTRIES = frozenset({"github.com", "gitlab.com", "bitbucket.org", "golang.org", "hf.co", "huggingface.co"})
"""Hosts of code and models: `hf.co/org/model:q4` names a model, `github.com/org/repo:v1` a checkout."""
_FILE_ENDINGS = re.compile(
    r"\.(?:png|jpe?g|gif|svg|webp|ico|bmp|avif|tiff?|qcow2|img|iso|vmdk|vhdx?|ova|raw|xz|gz|bz2|zst|zip|tar|tgz|ya?ml|json|txt|md|html?)$"
)
_NETWORK = re.compile(r"\d+(?:\.\d+){3}/\d+")
"""`10.0.0.0/8:443` is a network with a port."""
_LABEL_VALUES = frozenset({"NoSchedule", "NoExecute", "PreferNoSchedule", "true", "false"})
_PORT = re.compile(r"[1-9]\d{3,4}")
_TOKEN = re.compile(r"[^\s\"'`,;=()<>{}|&\\]+")
_FLAG_BEFORE = re.compile(r"(?:^|[\s\"'`;&|(])-{0,2}([A-Za-z][\w.-]*)(?:=|\s+)[\"']?$")


def says_image(name: str) -> bool:
    """Tell whether a variable or flag of this name is expected to hold an image."""
    return bool(_IMAGE_NAME.search(name) or _IMAGE_CAMEL_CASE.search(name))


def whole_reference(text: str, name: str = "") -> Reference | None:
    """Return the reference that `text` is, given the `name` of the variable or flag that holds it, or None."""
    if ":" not in text and "@" not in text and "/" not in text:
        return None
    reference, _ = read_reference(text)
    if reference is None or reference.digest:
        return reference
    if is_no_image(reference):
        return None
    if reference.tag and reference.names_registry and not _is_label_or_address(reference, name):
        return reference
    expected = says_image(name) and (reference.tag or reference.names_registry)
    return reference if expected else None


def _is_label_or_address(reference: Reference, name: str) -> bool:
    """Whether it is rather a label (`app.kubernetes.io/name:web`), a taint (`example.com/gpu:NoSchedule`) or an address with a port."""
    tag, host = reference.tag or "", reference.registry
    is_port = _PORT.fullmatch(tag) is not None and "/" not in reference.path and not says_image(name)
    return tag in _LABEL_VALUES or host == "kubernetes.io" or host.endswith(".kubernetes.io") or is_port


def references_in(text: str, name: str = "") -> Iterator[tuple[int, Reference, str]]:
    """Yield the references in an argument: the column where each begins, and the flag or variable that it is given to.

    `name` is the flag before the argument. URLs and paths are no references, nor is what only looks like `word:word`.
    """
    if ":" not in text and "@" not in text and "/" not in text:
        return
    for token in _TOKEN.finditer(text):
        if not _may_be_reference(token.group()):
            continue
        flag = _FLAG_BEFORE.search(text, max(0, token.start() - 80), token.start())
        given_to = flag[1] if flag else name
        if reference := whole_reference(token.group(), given_to):
            yield token.start(), reference, given_to


def is_no_image(reference: Reference) -> bool:
    """Tell whether a reference without a digest is likely to be something else: a file, or a place on a host of code."""
    ends_like_file = _FILE_ENDINGS.search(reference.repository) or _FILE_ENDINGS.search(reference.text)
    return bool(ends_like_file) or bool(_NETWORK.fullmatch(reference.repository)) or reference.registry in _NO_REGISTRIES


def _may_be_reference(token: str) -> bool:
    return (":" in token or "@" in token or "/" in token) and token[0] not in "-/.$" and "//" not in token
