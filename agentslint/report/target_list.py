"""The output of `agentslint targets`: applications and targets, for programs and for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Annotated

import msgspec
from msgspec import Meta

from agentslint.report.beside_each_other import beside_each_other, folded
from agentslint.report.escape import one_line
from agentslint.report.summary import plural


class ListedDestination(msgspec.Struct, frozen=True):
    """Where an application is deployed to."""

    name: Annotated[str, Meta(description="Name of the cluster.")]
    server: Annotated[str, Meta(description="Address of its API server.")]
    namespace: str


class ListedApplication(msgspec.Struct, frozen=True):
    """One source of an application; one that has several sources is listed once for each. What is not known is an empty text."""

    set: Annotated[str, Meta(description="Name of the ApplicationSet that makes it.")]
    name: str
    namespace: Annotated[str, Meta(description="Namespace of the deployer's object.")]
    deployer: Annotated[str, Meta(description="argocd, flux, or configuration for a [[targets]] table.")]
    kind: Annotated[str, Meta(description="Kind of the deployer's object.")]
    repository: Annotated[str, Meta(description="URL as the object writes it.")]
    revision: str
    path: Annotated[str, Meta(description="Folder, relative to the repository; empty for a chart.")]
    chart: Annotated[str, Meta(description="Name of a chart in a repository of charts.")]
    plugin: Annotated[str, Meta(description="Name of the config management plugin.")]
    destination: ListedDestination
    project: str
    enabled: Annotated[bool, Meta(description="False where the deployer is to leave it alone.")]
    judged: Annotated[bool, Meta(description="Whether it is linted as it is deployed.")]
    reason: Annotated[str, Meta(description="Why it is not judged; else the rule by which its revision is this tree.")]
    file: Annotated[str, Meta(description="File of the deployer's object, or of the element that makes it.")]
    line: Annotated[int, Meta(description="Its line; 0 where it is not known.")]

    @property
    def id(self) -> str:
        """`namespace/name`; the name alone where there is no namespace."""
        return f"{self.namespace}/{self.name}" if self.namespace else self.name


class TargetList(msgspec.Struct, frozen=True):
    """The output of `agentslint targets --format json`."""

    applications: list[ListedApplication]
    targets: Annotated[list[str], Meta(description="Names of all targets: namespace/name of a judged application, else a path.")]
    undeployed: Annotated[list[str], Meta(description="Those of them that no application deploys.")]


def as_text(listed: TargetList, width: int) -> str:
    """Return it for people: two lines an application, what nothing deploys, and the counts."""
    lines: list[str] = []
    rows = [(each.id, _source(each), _destination(each)) for each in listed.applications]
    for each, line in zip(listed.applications, beside_each_other(rows, width), strict=True):
        lines += [*line, *(f"  {below}" for below in folded([one_line(cell) for cell in _judgement(each, listed)], width - 2))]
    if listed.undeployed:
        lines += [*([""] if lines else []), "no application deploys:", *(f"  {one_line(name)}" for name in listed.undeployed)]
    return "\n".join([*lines, *([""] if lines else []), *_counts(listed), ""])


def _source(each: ListedApplication) -> str:
    if each.chart:
        return f"chart {each.chart}{f' {each.revision}' if each.revision else ''}"
    return each.path


def _destination(each: ListedApplication) -> str:
    to = each.destination
    return f"-> {to.name or to.server or '?'}/{to.namespace or '?'}" if to.name or to.server or to.namespace else ""


def _judgement(each: ListedApplication, listed: TargetList) -> tuple[str, str]:
    said = f"{'' if each.judged else 'not '}judged{f': {each.reason}' if each.reason else ''}"
    bare = f"; {each.path} is linted as it is" if not each.judged and each.path in listed.targets else ""
    where = f"{each.file}:{each.line}" if each.file else ""
    made = f"ApplicationSet {each.set}, " if each.set else ""
    return f"{said}{bare}", f"({made}{where})"


def _counts(listed: TargetList) -> Iterator[str]:
    judged = sum(each.judged for each in listed.applications)
    left = len(listed.applications) - judged
    yield f"{plural(len(listed.applications), 'application')}, {judged} judged; {plural(len(listed.targets), 'target')}" + (
        f", {len(listed.undeployed)} not deployed" if listed.undeployed else ""
    )
    if left:
        reasons = Counter(each.reason for each in listed.applications if not each.judged)
        yield f"{left} not judged:"
        yield from (f"{count:>6}  {one_line(reason)}" for reason, count in sorted(reasons.items(), key=lambda found: (-found[1], found[0])))
