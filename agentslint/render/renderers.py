"""The programs that render."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct


class Programs(Struct):
    """The renderers to use: paths, None where one is missing, and how helm answers `version`."""

    kustomize: Path | None
    helm: Path | None
    helm_version: str = ""
    complaint: str = ""
    """The name of a missing program, and the remedy."""
