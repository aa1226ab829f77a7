"""The patterns of `exclude` that match no file or folder of the repository."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from agentslint.config.closest import closest
from agentslint.discover.listing import excluder
from agentslint.discover.repository import Repository
from agentslint.paths import ancestors, parent


def dead_patterns(patterns: Sequence[str], root: Path) -> Iterator[tuple[str, str]]:
    """Yield each pattern in gitignore's syntax without a match, and the path that is spelt most like it; "" if none is.

    What git ignores is not among the files, but it may be there.
    """
    paths = list(Repository(root).files("")) if patterns else []
    for pattern in patterns:
        plain = pattern.removeprefix("!").strip()
        if plain and not plain.startswith("#") and not os.path.lexists(root / plain.strip("/")):
            matches = excluder([plain])
            if not any(map(matches, paths)):
                folders = {folder for path in paths for folder in ancestors(parent(path))}
                yield pattern, closest(plain.strip("/"), sorted(folders) if plain.endswith("/") else [*sorted(folders), *paths])
