"""A kustomization with a chart that renders nothing but its values, and what it renders if some were different."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agentslint.authorship.chart_values import ChartValues
from agentslint.engine.open_session import open_session
from agentslint.engine.run_options import RunOptions
from agentslint.engine.session import Session
from agentslint.experiment.value_changes import ValueChange, changed_files
from agentslint.facts.stream import read_manifests
from agentslint.model import RenderFailure, Rendering, Target
from agentslint.yamlread import load_trusted

CHART = """
apiVersion: v1
kind: ConfigMap
metadata:
  name: values
data:
  values: {{ toYaml .Values | quote }}
"""


@dataclass(frozen=True)
class Tree:
    """The target, rendered through the real kustomize and helm."""

    run: Session
    target: Target

    @property
    def values(self) -> ChartValues:
        return ChartValues(self.target, self.target.closure.charts[0])

    def plain(self) -> Any:
        """The values that helm is given now."""
        return _seen(self.run.renders_of(self.target).ask({}))

    def probe(self, *changes: ValueChange) -> Any:
        """The values that helm is given with `changes`."""
        return _seen(self.run.renders_of(self.target).ask(changed_files(self.values, changes)))


def _seen(outcome: Rendering | RenderFailure) -> Any:
    assert isinstance(outcome, Rendering), outcome
    manifest = read_manifests(outcome, lambda kind: kind == "ConfigMap").manifests[0]
    return load_trusted(manifest.at(("data", "values")))


@contextmanager
def tree(root: Path, files: Mapping[str, str]) -> Iterator[Tree]:
    """Write the chart and `files`, and open them."""
    chart = {"charts/app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\n", "charts/app/templates/values.yaml": CHART}
    for path, text in {**chart, **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    with open_session(RunOptions(paths=(str(root),), root=str(root), jobs=1)) as (run, _):
        yield Tree(run, run.discovery.targets[0])
