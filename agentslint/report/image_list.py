"""The output of `agentslint images`: every image as it is deployed, for programs and for people."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Annotated

import msgspec
from msgspec import Meta

from agentslint.report.beside_each_other import beside_each_other
from agentslint.report.escape import one_line
from agentslint.report.summary import plural

_HEX = re.compile(r"([0-9a-f]{12})[0-9a-f]{20,}")
_IN_CONTAINER = re.compile(r"^.*ontainers\[\d{1,9}\]\.")


class ListedImage(msgspec.Struct, frozen=True):
    """One place that names an image, and the authored line that decides it."""

    application: Annotated[str, Meta(description="namespace/name of the application; empty where nothing deploys the target.")]
    target: Annotated[str, Meta(description="Name of the target, as in the results of a run.")]
    resource: Annotated[str, Meta(description="Kind/name.")]
    namespace: Annotated[str, Meta(description="Namespace of the resource: its own, else that of the application's destination.")]
    container: Annotated[str, Meta(description="Name of the container; empty outside of containers.")]
    field: Annotated[str, Meta(description="Path of the field in the resource.")]
    image: Annotated[str, Meta(description="The whole reference.")]
    file: Annotated[str, Meta(description="File of the scalar that decides the digest, else the tag, else the repository.")]
    line: int
    certainty: Annotated[str, Meta(description="How sure the place is: exact (proven by a render), matched, resource or chart.")]


class ImageList(msgspec.Struct, frozen=True):
    """The output of `agentslint images --format json`."""

    images: list[ListedImage]


def as_text(listed: ImageList, width: int) -> str:
    """Return it for people: a table for each target. Of digests and commits the beginning is shown, as JSON has them whole."""
    if not listed.images:
        return "no image is named\n"
    lines: list[str] = []
    for name, found in groupby(listed.images, key=lambda each: each.target):
        rows = [(each.resource, _user(each), *_image(each, width - 6), f"{each.file}:{each.line} {each.certainty}") for each in found]
        lines += [one_line(name), *(f"  {line}" for row in beside_each_other(rows, width - 2) for line in row), ""]
    targets, different = len({each.target for each in listed.images}), len({each.image for each in listed.images})
    uses, images = plural(len(listed.images), "use"), plural(different, "different image")
    return "\n".join([*lines, f"{uses} of {images} in {plural(targets, 'target')}", ""])


def _user(each: ListedImage) -> str:
    """Who names the image; the field as well where it is not that of the container's image."""
    if not each.container:
        return each.field
    field = _IN_CONTAINER.sub("", each.field)
    return each.container if field == "image" else f"{each.container} {field}"


def _image(each: ListedImage, room: int) -> tuple[str, str]:
    """The image, in two parts where it is longer than a line."""
    text = _HEX.sub(r"\1…", each.image)
    if len(text) <= room or "@" not in text:
        return text, ""
    name, _, digest = text.partition("@")
    return name, f"@{digest}"
