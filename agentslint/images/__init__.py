"""The images that manifests name, with their places: references, image uses, claims, pod specs, the table of custom resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentslint.images.claims import claims
from agentslint.images.fields import ImageField, ImageFields
from agentslint.images.filled import by_outside, by_streams
from agentslint.images.inner_documents import may_hold_images
from agentslint.images.pods import pod_specs
from agentslint.images.reference import InvalidReference, Reference
from agentslint.images.revision import bare_sha, git_sha, same_sha
from agentslint.images.use import Claim, ImageUse, Omission, Parts, PodSpec, UseKind
from agentslint.images.walk import image_uses, omissions

if TYPE_CHECKING:
    from agentslint.images.table import BUILTIN, BUILTIN_FIELDS

__all__ = [
    "BUILTIN",
    "BUILTIN_FIELDS",
    "Claim",
    "ImageField",
    "ImageFields",
    "ImageUse",
    "InvalidReference",
    "Omission",
    "Parts",
    "PodSpec",
    "Reference",
    "UseKind",
    "bare_sha",
    "by_outside",
    "by_streams",
    "claims",
    "git_sha",
    "image_uses",
    "may_hold_images",
    "omissions",
    "pod_specs",
    "same_sha",
]


def __getattr__(name: str) -> object:
    """Load the built-in table when it is first asked for: `--version` and `explain` need none of it."""
    if name in ("BUILTIN", "BUILTIN_FIELDS"):
        from agentslint.images import table

        return getattr(table, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
