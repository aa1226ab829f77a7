"""One scalar where an image is expected, and its context."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from agentslint.images.diagnosis import placeholder
from agentslint.images.reference import Reference, read_reference
from agentslint.images.use import ImageUse, Parts, UseKind
from agentslint.model import Manifest, Pointer

_PARAMETER = re.compile(r"\$\{\{?(\w+)\}?\}")


class FieldContext(Struct, frozen=True):
    """The common context of all images that are found in one place.

    `placeholders` says that something fills in `{{...}}` or `$(...)` later (as Argo Workflows and Tekton do), so that such a
    text is not an image yet; in a plain workload it is a fault. `guessed` overrides the kind of an image's use.
    """

    manifest: Manifest
    container: str = ""
    pod: Pointer | None = None
    placeholders: bool = False
    guessed: bool = False
    given: Mapping[str, tuple[Pointer, str]] = {}
    """The parameters of the template around it, each with the place and the text of its default."""

    def inside(self, container: str, pod: Pointer | None) -> FieldContext:
        """The same inside of a container."""
        return replace(self, container=container, pod=pod)

    def use(self, pointer: Pointer, reference: Reference, kind: UseKind, *, variable: str = "", start: int | None = None) -> ImageUse:
        """Make the use of a reference that was found here."""
        return ImageUse(
            self.manifest, pointer, reference.text, reference, "", kind, self.container, self.pod, variable=variable, start=start
        )


def scalar_use(value: Any, pointer: Pointer, kind: UseKind, around: FieldContext) -> ImageUse | None:
    """Read the value at a place where an image is expected.

    A value that is not text is a use with an error. None for a placeholder of an image that is filled in later.
    """
    kind = UseKind.GUESSED if around.guessed else kind
    if not isinstance(value, str):
        return ImageUse(
            around.manifest, pointer, _written(value), None, f"it is {sort_of(value)}, not text", kind, around.container, around.pod
        )
    if around.placeholders and placeholder(value):
        return _with_defaults(value, pointer, kind, around)
    reference, error = read_reference(value)
    return ImageUse(around.manifest, pointer, value, reference, error, kind, around.container, around.pod)


def _with_defaults(value: str, pointer: Pointer, kind: UseKind, around: FieldContext) -> ImageUse | None:
    """The image that a template makes where nobody gives it other parameters; None where that is no image.

    One that is a parameter as a whole is found at the parameter.
    """
    if _PARAMETER.fullmatch(value):
        return None
    used = [around.given.get(found[1]) for found in _PARAMETER.finditer(value)]
    defaults = [each for each in used if each is not None and each[1]]
    if not defaults or len(defaults) < len(used):
        return None
    text = _PARAMETER.sub(lambda found: around.given[found[1]][1], value)
    reference, _ = read_reference(text)
    if reference is None or placeholder(text):
        return None
    places = {text: place for place, text in defaults}
    parts = Parts(
        pointer[:-1],
        places.get(reference.repository, pointer),
        places.get(reference.tag or "", pointer) if reference.tag else None,
        places.get(reference.digest or "", pointer) if reference.digest else None,
        whole=True,
    )
    return ImageUse(around.manifest, pointer, text, reference, "", kind, around.container, around.pod, parts=parts)


def sort_of(value: Any) -> str:
    """Return the type of a value, for messages."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    return "a list" if isinstance(value, list) else "an object" if isinstance(value, Mapping) else "of an unknown sort"


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, int | float) else ""
