"""A failed render as those see it who look for the place where it can be mended."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from agentslint.authorship.lines import first_line, folder_of, written
from agentslint.model import Certainty, HelmChartEntry, Location, Target, TemplateCall
from agentslint.render.failures.trail import Trail, TrailStep
from agentslint.render.helm_output import HelmDocument, helm_documents
from agentslint.yamlread import BLOCKS, Scalar


class Placed(Struct, frozen=True):
    """Where a failure is to be mended, how sure that is, and what else has to do with it."""

    location: Location
    certainty: Certainty = Certainty.EXACT
    related: tuple[Location, ...] = ()


class Failing(Struct, frozen=True, dict=True):
    """The renderer's message (paths relative to the root), how far kustomize came, and the last chart that it gave to helm."""

    target: Target
    text: str
    trail: Trail
    call: TemplateCall | None = None
    output: bytes = b""
    """What helm printed for that chart."""

    @cached_property
    def documents(self) -> list[HelmDocument]:
        """The documents that helm printed for the last chart."""
        return list(helm_documents(self.output))

    @property
    def called(self) -> HelmChartEntry | None:
        """The entry of the last chart."""
        call = self.call
        named = [chart for chart in self.target.closure.charts if call and chart.name == call.chart]
        return next((chart for chart in named if call and chart.release == call.release), None) or next(iter(named), None)

    @cached_property
    def kustomization(self) -> str:
        """The kustomization file nearest to the cause that is in the repository; that of a remote base is not."""
        files = {folder_of(path): path for path in reversed(self.target.closure.kustomizations)}
        return next((files[step.folder] for step in reversed(self.trail.steps) if step.folder in files), self.target.file)

    @property
    def step(self) -> TrailStep:
        """How far kustomize came in that kustomization."""
        folder = folder_of(self.kustomization)
        return next((step for step in reversed(self.trail.steps) if step.folder == folder), TrailStep(folder))

    def scalars(self) -> Iterator[tuple[str, Scalar]]:
        """The scalars of all kustomizations with their files, those nearest to the cause first."""
        for path in dict.fromkeys((self.kustomization, *self.target.closure.kustomizations)):
            yield from ((path, scalar) for scalar in written(self.target, path))

    def at(self, path: str, scalar: Scalar) -> Location:
        """The place of a scalar, on one line."""
        block = scalar.style in BLOCKS
        region = scalar.key_region if block and scalar.key_region else scalar.region
        return Location(path, first_line(region, self.target.root, path))
