"""Paths of charts that lie in the repository, without the version that a folder's name repeats: an upgrade moves the folder.

kustomize looks for an entry's chart in `NAME-VERSION/NAME` under the chart home, where it has both `repo` and `version`; people keep
charts in `vendor/NAME/VERSION/NAME`, too.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from agentslint.model import HelmChartEntry
from agentslint.paths import parent

_ANY = "*"
_VERSION = re.compile(r"v?\d+\.\d+(?:[.+-][0-9A-Za-z.+-]*)?")
_SEMVER = re.compile(r"(?P<name>(?:.*[^-])?-)?v?\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?")
_SUBCHARTS = "charts"


def unversioned(path: str, charts: Iterable[HelmChartEntry] = ()) -> str:
    """Return a path in which a star stands for the version of a vendored chart; `charts` are those of the target that reads the file."""
    steps = path.split("/")
    if len(steps) < 3:
        return path
    known = dict(_versions(path, charts))
    pairs = zip(steps, (*steps[1:], ""), strict=True)
    return "/".join(_step(step, following, known.get(number)) for number, (step, following) in enumerate(pairs))


def _step(step: str, following: str, version: str | None) -> str:
    """A folder `NAME-VERSION` that holds NAME is a chart's wherever it is; others are only where a chart is known to lie."""
    if following and step.startswith(f"{following}-") and _VERSION.fullmatch(step[len(following) + 1 :]):
        return f"{following}-{_ANY}"
    if version is None:
        return step
    if version and step.removesuffix(version) != step and step.removesuffix(version)[-1:] in ("", "-", "v"):
        return step.removesuffix(version).removesuffix("v") + _ANY
    found = _SEMVER.fullmatch(step)
    return f"{found['name'] or ''}{_ANY}" if found else step


def _versions(path: str, charts: Iterable[HelmChartEntry]) -> Iterator[tuple[int, str]]:
    """Yield the numbers of the steps that lead to a chart, or to a chart in it, with the chart's version where its entry says it."""
    for chart in charts:
        folder = chart.directory
        if not folder or not path.startswith(f"{folder}/"):
            continue
        near = os.path.commonpath([f"/{parent(chart.kustomization)}", f"/{folder}"]).strip("/")
        first, last = near.count("/") + 1 if near else 0, folder.count("/") + 1
        yield from ((number, chart.version) for number in range(first, last))
        inside = path.split("/")[last:]
        yield from ((last + number + 1, "") for number, step in enumerate(inside[:-2]) if step == _SUBCHARTS)
