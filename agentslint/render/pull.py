"""The request to `helm pull` for a missing chart."""

from __future__ import annotations

import re

from msgspec import Struct

from agentslint.model import HelmChartEntry

_EXACT = re.compile(r"v?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")
"""Semantic Versioning 2.0.0; anything else (nothing, 1, ^1.2, 1.x) is a range, of which helm takes the newest."""


class PullError(Exception):
    """A chart or a remote base that could not be had; the message is the cause."""


class OfflineError(PullError):
    """A chart or a remote base that is not in the cache, while the network is off."""


class Pull(Struct, frozen=True):
    """The words of `helm pull` behind `--untar --untardir FOLDER`, as kustomize writes them.

    `pullCommand` of kustomize 5.8's api/internal/builtins/HelmChartInflationGenerator.go.
    """

    words: tuple[str, ...]

    @classmethod
    def of(cls, chart: HelmChartEntry) -> Pull:
        """Return what kustomize will ask for an entry of a kustomization."""
        oci = chart.repo.startswith("oci://")
        words = [f"{chart.repo.removesuffix('/')}/{chart.name}"] if oci else ["--repo", chart.repo, chart.name]
        version = ["--version", chart.version] if chart.version else []
        return cls((*words, *version, *(["--devel"] if chart.devel else [])))

    @property
    def version(self) -> str:
        """The version, or the range of versions, that is asked for."""
        return self.words[self.words.index("--version") + 1] if "--version" in self.words[:-1] else ""

    @property
    def pinned(self) -> bool:
        """Whether it is the same chart every time."""
        return bool(_EXACT.fullmatch(self.version))

    @property
    def name(self) -> str:
        """The name of the chart."""
        plain = self.words[2] if self.words[0] == "--repo" and len(self.words) > 2 else self.words[0]
        return plain.rpartition("/")[2]

    @property
    def key(self) -> str:
        """The words as the shim compares them."""
        return " ".join(self.words)

    def __str__(self) -> str:
        return f"chart {self.name} {self.version}".rstrip()
