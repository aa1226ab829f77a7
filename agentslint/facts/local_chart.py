"""A chart in the repository, as a rule asks about it: its version, and the CustomResourceDefinitions in its `crds/`.

https://helm.sh/docs/chart_best_practices/custom_resource_definitions/
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from msgspec import Struct

from agentslint import files
from agentslint.discover.chart_file import CHART_FILE, chart_file
from agentslint.discover.manifest_files import SUFFIXES
from agentslint.model import Location, Pointer
from agentslint.paths import join
from agentslint.schemas.definitions import Fail, RawDefinition, definitions_in
from agentslint.yamlread import YamlError, compose, region_at


class LocalChart(Struct, frozen=True, dict=True):
    """A chart in a `folder` of the repository, relative to its root."""

    root: Path
    folder: str

    @cached_property
    def version(self) -> str:
        """The version in its Chart.yaml, as written; empty where it has none."""
        found = chart_file(self.root, self.folder).get("version")
        return str(found) if isinstance(found, (str, int, float)) else ""

    @cached_property
    def described(self) -> Mapping[str, Any]:
        """The contents of its Chart.yaml, and under `artifacthub` those of its artifacthub-pkg.yml, where it has one."""
        beside = chart_file(self.root, self.folder, self._beside) if self._beside else {}
        return {**chart_file(self.root, self.folder), **({"artifacthub": beside} if beside else {})}

    def described_at(self, way: Pointer) -> Location | None:
        """Return where a value of `described` stands, or the deepest one on the way to it; None where its file cannot be read."""
        beside = way[:1] == ("artifacthub",)
        path = join(self.folder, self._beside if beside else CHART_FILE)
        way = way[1:] if beside else way
        with contextlib.suppress(OSError, YamlError):
            for node in compose(files.read_in(self.root, path), path, duplicate_keys=True)[:1]:
                regions = (region_at(node, way[:length]) for length in range(len(way), -1, -1))
                return next((Location(path, region, "", way) for region in regions if region), None)
        return None

    @cached_property
    def _beside(self) -> str:
        """The name of its file for Artifact Hub (https://artifacthub.io/docs/topics/repositories/helm-charts/)."""
        names = ("artifacthub-pkg.yml", "artifacthub-pkg.yaml")
        return next((name for name in names if files.is_file_in(self.root, join(self.folder, name))), "")

    @cached_property
    def crds(self) -> tuple[str, ...]:
        """The names of the definitions in its `crds/`; those of charts inside of it may be switched off.

        A file that cannot be read has none: helm refuses it where it is asked for the definitions.
        """
        return tuple(dict.fromkeys(each.name for each in self.definitions(lambda path, why, line: None)))

    def definitions(self, fail: Fail) -> tuple[RawDefinition, ...]:
        """Return the definitions in its `crds/`; `fail` takes each file that cannot be read."""
        found = (path.relative_to(self.root).as_posix() for path in sorted((self.root / self.folder / "crds").rglob("*")))
        paths = [path for path in found if path.endswith(SUFFIXES) and not (self.root / path).is_dir()]
        return tuple(each for path in paths for each in definitions_in(path, lambda path: files.read_in(self.root, path), fail))
