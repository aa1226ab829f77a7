"""The clusters generator, over the clusters that are configured: their Secrets stand in no repository."""

from __future__ import annotations

from typing import Any

from agentslint.deploy.sets.expansion import Cluster, SetPlace
from agentslint.deploy.sets.found import FoundElement, FoundOutcome, Stop, placed
from agentslint.deploy.sets.generator_call import GeneratorCall, SetContext
from agentslint.deploy.sets.go_text import normalized
from agentslint.deploy.sets.selectors import SelectorError, matches, requirements
from agentslint.places import Pointer

_TYPE = "argocd.argoproj.io/secret-type"
_INTERNAL = "https://kubernetes.default.svc"
_LABELS, _ANNOTATIONS = ("metadata", "labels"), ("metadata", "annotations")


def clusters(context: SetContext, asked: GeneratorCall) -> FoundOutcome:
    """Return the elements of a clusters generator, by name; Argo CD's own cluster comes last."""
    known = context.surroundings.clusters
    if not known:
        return asked.not_judged("no clusters are configured ([[deploy.clusters]])")
    selector = asked.settings.get("selector") or {}
    try:
        wanted = requirements(selector, of_labels=True)
    except SelectorError as error:
        return asked.fault(str(error), "selector")
    by_name = {each.name: each for each in known if matches(wanted, _labels(each))}
    found = [_cluster(context, by_name[name]) for name in sorted(by_name)]
    if not wanted and all(each.server != _INTERNAL for each in by_name.values()):
        values = {"name": "in-cluster", "nameNormalized": "in-cluster", "server": _INTERNAL, "project": ""}
        found.append(FoundElement(values, asked.place()))
    return found


def flattened(asked: GeneratorCall, found: FoundOutcome) -> FoundOutcome:
    """Return one element with a list of all clusters, where `flatList` asks for it."""
    if isinstance(found, Stop) or not asked.settings.get("flatList"):
        return found
    return [FoundElement({"clusters": [each.values for each in found]}, asked.place())]


def _labels(cluster: Cluster) -> dict[str, str]:
    return {**cluster.labels, _TYPE: "cluster"}


def _cluster(context: SetContext, cluster: Cluster) -> FoundElement:
    values: dict[str, Any] = {
        "name": cluster.name,
        "nameNormalized": normalized(cluster.name),
        "server": cluster.server,
        "project": cluster.project,
    }
    given = {"labels": _labels(cluster), "annotations": dict(cluster.annotations)}
    places: dict[Pointer, SetPlace] = {("nameNormalized",): cluster.place.below("name")}
    if context.go:
        values["metadata"] = {key: texts for key, texts in given.items() if texts}
        places |= {("metadata", key): cluster.place.below(key) for key in given}
        return placed(values, cluster.place, frozenset((_LABELS, _ANNOTATIONS))).plus({}, places)
    for key, texts in given.items():
        for name, text in texts.items():
            values[f"metadata.{key}.{name}"] = text
            places[f"metadata.{key}.{name}",] = cluster.place.below(key, name)
    return placed(values, cluster.place).plus({}, places)
