"""One ApplicationSet -> its elements, each with the Application that Argo CD makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentslint.deploy.sets.expansion import Expansion, NotJudged, Place
from agentslint.deploy.sets.surroundings import Surroundings


def expand(body: Mapping[str, Any], surroundings: Surroundings) -> Expansion:
    """Expand an ApplicationSet; raises nothing for any input."""
    del body, surroundings
    return Expansion(not_judged=[NotJudged("ApplicationSet", "not expanded yet", Place())])
