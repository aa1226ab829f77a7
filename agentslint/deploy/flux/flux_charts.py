"""The chart of a HelmRelease: a folder of this repository, or one that is pulled, and where it says so.

https://fluxcd.io/flux/components/source/helmcharts/, https://fluxcd.io/flux/components/source/ocirepositories/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from agentslint.credentials import dropped
from agentslint.deploy.deployer import DeployContext
from agentslint.deploy.deployer_object import DeployerObject
from agentslint.deploy.flux.flux_source import normal
from agentslint.deploy.flux.flux_sources import git_source, referred
from agentslint.deploy.flux.flux_types import CHART
from agentslint.deploy.source_types import checked
from agentslint.deploy.typed import flag, mapping, text, texts
from agentslint.model import Pointer


class ReleaseChart(Struct, frozen=True):
    """A chart: its `folder` here, or the `repository` of charts that holds it; `elsewhere` says why neither is known.

    `pointer` is where the release names it; `version_at` is the object that holds the version, and the way to it there.
    """

    name: str = ""
    version: str = ""
    repository: str = ""
    folder: str | None = None
    value_files: tuple[str, ...] = ()
    may_miss_values: bool = False
    elsewhere: str = ""
    rule: str = ""
    url: str = ""
    revision: str = ""
    is_ours: bool = True
    pointer: Pointer = ("spec", "chart", "spec", "chart")
    pull: tuple[str, ...] = ()
    version_at: tuple[DeployerObject, Pointer] | None = None


def chart_of(found: DeployerObject, around: DeployContext) -> ReleaseChart:
    """Return the chart that a HelmRelease names."""
    spec = mapping(found.body, "spec")
    if not mapping(spec, "chartRef"):
        return _described(found, mapping(mapping(spec, "chart"), "spec"), ("spec", "chart", "spec", "chart"), around)
    reference = mapping(spec, "chartRef")
    kind, name, pointer = text(reference, "kind"), text(reference, "name"), ("spec", "chartRef", "name")
    held = referred(found, reference, around)
    if held is None:
        return ReleaseChart(name, elsewhere=f"its chart is {kind}/{name}, which is not in the repository", is_ours=False, pointer=pointer)
    if kind == "HelmChart":
        return _described(held, checked(mapping(held.body, "spec"), CHART, "Flux", ("spec",)), pointer, around)
    if kind == "OCIRepository":
        return _of_registry(held, pointer)
    return ReleaseChart(name, elsewhere=f"its chart is {kind}/{name}, which agentslint does not read", is_ours=False, pointer=pointer)


def _described(owner: DeployerObject, said: Mapping[str, Any], pointer: Pointer, around: DeployContext) -> ReleaseChart:
    """A chart as a HelmChart object, or a release itself, describes it."""
    name, reference = text(said, "chart"), mapping(said, "sourceRef")
    version = text(said, "version")
    version = "" if version == "*" else version
    values = (*([text(said, "valuesFile")] if text(said, "valuesFile") else []), *texts(said, "valuesFiles"))
    may_miss = flag(said, "ignoreMissingValuesFiles")
    if text(reference, "kind") == "HelmRepository":
        held = referred(owner, reference, around)
        if held is None:
            who = f"HelmRepository/{text(reference, 'name')}"
            return ReleaseChart(
                name, version, elsewhere=f"chart {name} of {who}, which is not in the repository", is_ours=False, pointer=pointer
            )
        url = text(mapping(held.body, "spec"), "url")
        at = owner, ((*pointer[:-1], "version") if pointer[1] == "chart" else ("spec", "version"))
        chart = ReleaseChart(name, version, url, None, values, may_miss, "", "", url, version, pointer=pointer, version_at=at)
        return _with_words(chart, [f"{url.rstrip('/')}/{name}"] if url.startswith("oci://") else ["--repo", url, name])
    folder = normal(name)
    source = git_source(owner, reference, "" if folder == "." else folder, around)
    return ReleaseChart(
        name,
        folder="" if folder == "." else folder,
        value_files=values,
        may_miss_values=may_miss,
        elsewhere=source.elsewhere,
        rule=source.rule,
        url=source.url,
        revision=source.revision,
        is_ours=source.is_ours,
        pointer=pointer,
    )


def _of_registry(held: DeployerObject, pointer: Pointer) -> ReleaseChart:
    spec = mapping(held.body, "spec")
    url, ref = text(spec, "url").rstrip("/"), mapping(spec, "ref")
    repository, _, name = url.rpartition("/")
    version = text(ref, "semver") or text(ref, "tag")
    at = held, ("spec", "ref", "semver" if text(ref, "semver") else "tag")
    if text(ref, "digest"):
        return ReleaseChart(
            name, elsewhere=f"its chart is pinned to {text(ref, 'digest')} in {dropped(url)}", is_ours=False, pointer=pointer
        )
    chart = ReleaseChart(name, version, repository, None, url=url, revision=version, pointer=pointer, version_at=at)
    return _with_words(chart, [url])


def _with_words(chart: ReleaseChart, words: list[str]) -> ReleaseChart:
    return replace(chart, pull=(*words, *(("--version", chart.version) if chart.version else ())))
