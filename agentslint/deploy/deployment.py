"""One source that a deployer deploys and that is not judged yet: a folder or a chart."""

from __future__ import annotations

from msgspec import Struct

from agentslint.model import Manifest


class Deployment(Struct, frozen=True):
    """A folder (`path`) or a chart, as one manifest has it deployed; `source` is the repository, as written.

    `unknown` says why neither is known.
    """

    manifest: Manifest
    path: str = ""
    chart: str = ""
    source: str = ""
    unknown: str = ""
    recurse: bool = False
    """Whether the folder stands for all that is below it, too."""

    @property
    def title(self) -> str:
        """What it deploys, for people."""
        if self.unknown:
            return self.unknown
        return f"chart {self.chart}" if self.chart else f"folder {self.path or '.'}"
