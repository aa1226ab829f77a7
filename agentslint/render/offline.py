"""Targets for which kustomize would ask the network, told before it is started."""

from __future__ import annotations

from collections.abc import Callable

from agentslint.authorship.lines import line_region
from agentslint.model import Location, RemoteReference, RenderFailure, Target


def fetches(target: Target, is_kept: Callable[[RemoteReference], bool]) -> RenderFailure | None:
    """Return the failure that names all that kustomize would fetch for a target, less what `is_kept` in the cache; None for nothing."""
    if not (target.closure.remotes or target.closure.unclear):
        return None
    from agentslint.render.failures.explain import without_secrets

    places = [
        Location(remote.kustomization, line_region(target.root, remote.kustomization, remote.line), without_secrets(remote.url))
        for remote in target.closure.remotes
        if not is_kept(remote)
    ]
    if places:
        message = f"{places[0].message} would be fetched and the network is off (--offline)"
        others = "".join(f"\n{place.path}:{place.region.start_line}: {place.message} would be fetched, too" for place in places[1:])
        first = Location(places[0].path, places[0].region)
        return RenderFailure(target, "offline", message, first, others.strip(), tuple(places[1:]))
    for unclear in target.closure.unclear:
        if unclear.may_name_addresses:
            message = f"{unclear.path} cannot be read ({unclear.reason}): it may name URLs, and the network is off (--offline)"
            return RenderFailure(target, "offline", message, Location(unclear.path, line_region(target.root, unclear.path, unclear.line)))
    return None
