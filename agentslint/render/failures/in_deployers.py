"""Places of failures in the object of a deployer: the setting that kustomize or helm refuses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from agentslint.authorship.deployer_scalars import is_of_application
from agentslint.authorship.documents import Document
from agentslint.authorship.lines import documents
from agentslint.model import Location, Pointer, Target
from agentslint.render.failures.failing import Failing
from agentslint.render.failures.refused_values import in_text_of_values, refused
from agentslint.yamlread import Scalar

_REPLICAS = re.compile(r"resource with name (\S+) does not match a config")
_RELEASE = re.compile(r"invalid release name|release name is invalid|^-\S* is an option to helm, and no name")
_Matches = Callable[[Pointer, str], bool]


def refused_setting(failing: Failing) -> Location | None:
    """The replicas of no workload, the name of a release that helm refuses, or the parameter that a schema does."""
    return setting_of_message(failing.target, failing.text)


def setting_of_message(target: Target, text: str) -> Location | None:
    """The setting of a target's deployer that a message is about; None where it is about none."""
    if target.deployed is None:
        return None
    if said := _REPLICAS.search(text):
        return _first(target, partial(_is_name_of_replicas, said[1]))
    if _RELEASE.search(text):
        # Without a name of its own the release has that of the object.
        own = _first(target, lambda way, _: way[-1:] == ("releaseName",))
        return own or _first(target, lambda way, _: way[-2:] == ("metadata", "name"))
    return next(filter(None, (_refused(target, pointer) for pointer in refused(text) if pointer)), None)


def _refused(target: Target, pointer: Pointer) -> Location | None:
    """The parameter that sets a value, which wins over the text with values."""
    if parameter := _first(target, partial(_is_parameter, ".".join(map(str, pointer)))):
        return parameter
    texts = ((place.path, scalar) for place, scalar in _own_scalars(target) if scalar.pointer[-2:] == ("helm", "values"))
    return next(filter(None, (in_text_of_values(target, path, scalar, pointer) for path, scalar in texts)), None)


def _is_name_of_replicas(name: str, way: Pointer, text: str) -> bool:
    return way[-4:-2] == ("kustomize", "replicas") and way[-1] == "name" and text == name


def _is_parameter(name: str, way: Pointer, _: str) -> bool:
    return way[-4:] == ("helm", "parameters", f"[{name}]", "value")


def _first(target: Target, matches: _Matches) -> Location | None:
    """The first scalar of the application's object, or of the set that makes it; a file may hold others."""
    return next((place for place, scalar in _own_scalars(target) if matches(place.key_path, scalar.text)), None)


def _own_scalars(target: Target) -> Iterator[tuple[Location, Scalar]]:
    deployed = target.deployed
    for path in sorted(deployed.deployer_files) if deployed else ():
        for document in (each for node in documents(target, path) for each in Document(path, node).manifests):
            for scalar in document.scalars:
                place = document.location(scalar)
                if deployed and is_of_application(path, place.key_path, deployed.application):
                    yield place, scalar
