"""The unit of authorship: one scalar that a person wrote, wherever it stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from agentslint.model import Location, Pointer, Region


class Layer(Enum):
    """In what kind of file a scalar stands."""

    KUSTOMIZATION = "kustomization"
    SETTINGS = "settings"
    """A values file or a patch of the target's own."""
    RESOURCE = "resource"
    CHART = "chart"
    """A local chart's values."""
    TEMPLATE = "template"


@dataclass(frozen=True)
class AuthoredScalar:
    """A text with its place in a file of the repository and a key path that outlives moved lines."""

    path: str
    region: Region
    text: str
    style: str
    key_path: Pointer
    layer: Layer

    def location(self, message: str = "") -> Location:
        """Where it stands."""
        return Location(self.path, self.region, message, self.key_path)
