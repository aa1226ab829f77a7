"""The sources that Flux's objects refer to: which repository, at which revision, and whether it is ours.

https://fluxcd.io/flux/components/source/gitrepositories/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from agentslint.deploy.deployer import DeployContext
from agentslint.deploy.deployer_object import DeployerObject
from agentslint.deploy.flux.flux_types import SOURCE
from agentslint.deploy.typed import mapping, text

_DEFAULT_BRANCH = "master"
"""Flux takes it where a GitRepository names no reference."""


class GitSource(Struct, frozen=True):
    """A reference to a repository: `elsewhere` says why it is not the tree here, `rule` by which rule it is; `ignore` are its patterns."""

    url: str = ""
    revision: str = ""
    elsewhere: str = ""
    rule: str = ""
    ignore: str | None = None
    is_ours: bool = True


def referred(found: DeployerObject, reference: Mapping[str, Any], around: DeployContext) -> DeployerObject | None:
    """Return the source object that is meant, None where the repository has none."""
    namespace = text(reference, "namespace") or found.namespace
    return around.objects.find(SOURCE, text(reference, "kind"), namespace, text(reference, "name"), found)


def url_and_revision(source: DeployerObject) -> tuple[str, str]:
    """Return the address of a GitRepository, and its revision as `Here` reads one."""
    spec = mapping(source.body, "spec")
    ref = mapping(spec, "ref")
    if commit := text(ref, "commit"):
        return text(spec, "url"), commit
    if name := text(ref, "name"):
        return text(spec, "url"), name
    if semver := text(ref, "semver"):
        return text(spec, "url"), semver
    if tag := text(ref, "tag"):
        return text(spec, "url"), f"refs/tags/{tag}"
    return text(spec, "url"), text(ref, "branch") or _DEFAULT_BRANCH


def git_source(found: DeployerObject, reference: Mapping[str, Any], path: str, around: DeployContext) -> GitSource:
    """Return what a reference leads to; `path` is the folder in it that an object deploys."""
    kind, name = text(reference, "kind"), text(reference, "name")
    if kind != "GitRepository":
        return GitSource(elsewhere=f"deployed from {kind}/{name}", is_ours=False)
    source = referred(found, reference, around)
    if source is None:
        # The root of a repository is always there, so that it proves nothing.
        if path and around.here.holds(path):
            return GitSource(rule=f"GitRepository/{name} is not in the repository; its path is")
        return GitSource(elsewhere=f"deployed from GitRepository/{name}, which is not in the repository", is_ours=False)
    url, revision = url_and_revision(source)
    ignore = mapping(source.body, "spec").get("ignore")
    own = GitSource(url, revision, ignore=ignore if isinstance(ignore, str) else None)
    if not around.here.is_ours(url):
        return GitSource(url, revision, f"deployed from another repository ({_shown(url)})", is_ours=False)
    return GitSource(url, revision, _elsewhere(source, revision, around), around.here.rule(revision), own.ignore)


def _elsewhere(source: DeployerObject, revision: str, around: DeployContext) -> str:
    ref = mapping(mapping(source.body, "spec"), "ref")
    if text(ref, "semver") and not text(ref, "commit") and not text(ref, "name"):
        return f"pinned to the range {revision}"
    return around.here.elsewhere(revision)


def _shown(url: str) -> str:
    from agentslint.credentials import dropped

    return dropped(url)
