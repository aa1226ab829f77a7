"""The scalars to check: settings of the target's own files that no other file is meant to override."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from agentslint.rule import Fleet, RenderedTarget, image_entry, is_override_file, is_setting_of, sets_deployed_image, values_path

from .deployers import source_and_setting, values_object

if TYPE_CHECKING:
    from agentslint.rule import AuthoredScalar

Key = tuple[object, ...]
"""A key path, and the charts that it is a value of."""
_SWITCHES = ("enabled", "create", "install")


def own_settings(target: RenderedTarget) -> Iterator[AuthoredScalar]:
    """Yield the settings in the target's folder: values, `images:` and patches, not the resources themselves.

    A value that another file sets again is a default, except in the `images:` entries of the target's own kustomization and of
    Components, wherever these lie: they are there to override. The settings of a disabled component do not matter yet.
    """
    folder = posixpath.dirname(target.target.file)
    switches = _switches(target)
    components = components_of(target)
    for key, scalars in _settings_by_key(target).items():
        if len({scalar.path for scalar in scalars}) > 1:
            scalars = [scalar for scalar in scalars if _is_entry_in(target, scalar, {target.target.file, *components})]
        if not _is_off(key, switches):
            yield from (
                each for each in scalars if not folder or each.path.startswith(f"{folder}/") or _is_entry_in(target, each, components)
            )


def replaced_settings(target: RenderedTarget) -> Iterator[AuthoredScalar]:
    """Yield what an object of Argo CD says of images and something else may replace.

    That is a file in the source's folder (`.argocd-source.yaml`), `valuesObject` beside `values`, or the same setting said again. What
    no image shows may find none.
    """
    deployed = target.target.deployed
    if deployed is None:
        return
    replacing = {path for path in deployed.deployer_files if is_override_file(path)}
    files = deployed.deployer_files - replacing
    named = (scalar for scalar in target.overrides if scalar.path in files and is_setting_of(scalar, deployed.application))
    own = [scalar for scalar in named if sets_deployed_image(scalar) and _is_of_source(scalar, deployed.number)]
    count = Counter(map(source_and_setting, own))
    for scalar in own:
        # Two elements of one name are two applications, and not one setting said again.
        is_said_again = count[source_and_setting(scalar)] > 1 and not {"kustomize", "helm"}.isdisjoint(scalar.key_path)
        if replacing or is_said_again or values_object(target, scalar) or not _is_seen(target, scalar):
            yield scalar


def _is_seen(target: RenderedTarget, scalar: AuthoredScalar) -> bool:
    """Whether an image that runs shows what an entry for images sets, so that no render has to tell whether it has an effect."""
    return not image_entry(scalar) or any(scalar.text in use.text for use in target.image_uses)


def _is_of_source(scalar: AuthoredScalar, number: int) -> bool:
    """Whether a scalar of an application does not belong to another one of its sources."""
    path = scalar.key_path
    own = path[path.index("sources") + 1] if "sources" in path[:-1] else None
    return not isinstance(own, int) or own == number


def components_of(target: RenderedTarget) -> frozenset[str]:
    """Return the files of the Components that a target reads."""
    documents = target.documents.kustomizations
    return frozenset(each.path for each in documents if isinstance(each.body, Mapping) and each.body.get("kind") == "Component")


def _is_entry_in(target: RenderedTarget, scalar: AuthoredScalar, files: Collection[str]) -> bool:
    """Whether it is part of an `images:` entry of some files: of the target's own kustomization kustomize applies these last."""
    setting = target.settings.get(scalar)
    return setting is not None and bool(setting.entry) and scalar.path in files


def _key(target: RenderedTarget, scalar: AuthoredScalar) -> Key:
    return (target.charts_of(scalar), *values_path(scalar))


def _settings_by_key(target: RenderedTarget) -> Mapping[Key, list[AuthoredScalar]]:
    found: dict[Key, list[AuthoredScalar]] = {}
    for scalar in target.overrides:
        if scalar.layer.value in ("kustomization", "settings"):
            found.setdefault(_key(target, scalar), []).append(scalar)
    return found


def _switches(target: RenderedTarget) -> Mapping[Key, bool]:
    """Component -> whether it is on, by the target's values, else by the chart's."""
    found: dict[Key, bool] = {}
    for scalar in sorted(target.overrides, key=lambda scalar: scalar.layer.value != "chart"):
        if scalar.key in _SWITCHES and scalar.text in ("true", "false"):
            found[_key(target, scalar)[:-1]] = scalar.text == "true"
    return found


def _is_off(key: Key, switches: Mapping[Key, bool]) -> bool:
    return any(not switches.get(key[:length], True) for length in range(2, len(key)))


def everywhere(fleet: Fleet, target: RenderedTarget, idle: Collection[AuthoredScalar]) -> list[AuthoredScalar]:
    """Return those of a target's idle scalars that have no effect in any other target that reads their file, either.

    Of a Component in another folder that is known where all of these are judged.
    """
    folder = posixpath.dirname(target.target.file)
    outside = {each.path for each in idle if folder and not each.path.startswith(f"{folder}/")}
    unknown = {path for path in outside if fleet.is_read_elsewhere(path)}
    left = [each for each in idle if each.path not in unknown]
    if not left:
        return []
    for other in fleet.targets:
        shared = [scalar for scalar in left if other is not target and _reads(other, scalar)]
        there = set(other.idle(shared))
        left = [scalar for scalar in left if scalar not in shared or scalar in there]
    return left


def _reads(target: RenderedTarget, scalar: AuthoredScalar) -> bool:
    """Whether a target may use a scalar. A target that renders a deployer's object does not: what that deploys does."""
    if scalar.layer.value != "deployer":
        return target.target.closure.reads(scalar.path)
    return target.target.deployed is not None and scalar.path in target.target.deployed.deployer_files
