"""What the files of a Helm chart say of it: Chart.yaml and Chart.lock.

https://helm.sh/docs/topics/charts/
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from agentslint import files
from agentslint.paths import join
from agentslint.yamlread import YamlError, compose, value

CHART_FILE, LOCK_FILE = "Chart.yaml", "Chart.lock"


def chart_file(root: str | os.PathLike[str], folder: str, name: str = CHART_FILE) -> Mapping[str, Any]:
    """Return the content of a file of the chart in a folder (relative to the root); {} where it cannot be read."""
    path = join(folder, name)
    try:
        body: Any = next(map(value, compose(files.read_in(root, path), path, duplicate_keys=True)), None)
    except (OSError, YamlError):
        return {}
    return body if isinstance(body, Mapping) else {}
