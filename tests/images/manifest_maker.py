"""Makes manifests of plain objects or YAML text, for the tests of the images room."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import yaml12

from agentslint.model import Manifest, ManifestHead, Target, TargetKind

TARGET = Target("stream", TargetKind.STREAM, Path(), "stream")


def parse_manifest(text: str) -> Manifest:
    """Make a manifest of YAML text."""
    return make_manifest(yaml12.parse_yaml(dedent(text)))


def make_manifest(body: Any) -> Manifest:
    """Make a manifest whose body is `body`."""
    node = body if isinstance(body, dict) else {}
    metadata = node.get("metadata")
    name = str(metadata.get("name", "")) if isinstance(metadata, dict) else ""
    head = ManifestHead(str(node.get("apiVersion", "")), str(node.get("kind", "")), name, "")
    return Manifest(TARGET, 0, "", 1, head=head, body=body)
