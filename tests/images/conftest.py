"""What the tests of the images room share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from manifest_maker import make_manifest

from agentslint.model import Manifest


@pytest.fixture
def manifest() -> Callable[[Any], Manifest]:
    """A maker of manifests."""
    return make_manifest
