"""One source that a deployer deploys: a folder or a chart, and the settings that override it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agentslint.model import Field, Manifest

SETS_NOTHING: tuple[object, ...] = (None, "", (), [], {})


@dataclass(frozen=True)
class Overlay:
    """Something that changes a rendering before it is deployed, or how it is rendered: its place and its name."""

    place: Field
    name: str


@dataclass(frozen=True)
class Deployment:
    """A folder (`path`) or a chart, as one manifest has it deployed; `source` is the repository, as written.

    `unknown` says why neither is known.
    """

    manifest: Manifest
    path: str = ""
    chart: str = ""
    source: str = ""
    unknown: str = ""
    overlays: tuple[Overlay, ...] = ()
    recurse: bool = False
    """Whether the folder stands for all that is below it, too."""

    @property
    def title(self) -> str:
        """What it deploys, for people."""
        if self.unknown:
            return self.unknown
        return f"chart {self.chart}" if self.chart else f"folder {self.path or '.'}"


def settings(manifest: Manifest, pointer: tuple[str | int, ...], names: frozenset[str], prefix: str = "") -> list[Overlay]:
    """Return those of some keys of a mapping that say anything, in their order."""
    here = manifest.at(pointer)
    if not isinstance(here, Mapping):
        return []
    said = [str(key) for key, item in here.items() if key in names and item not in SETS_NOTHING]
    return [Overlay(Field(manifest, (*pointer, key)), f"{prefix}{key}") for key in said]
