"""The setting that overrides an edited one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from agentslint import files
from agentslint.authorship.authored_scalar import AuthoredScalar, Layer
from agentslint.authorship.edits import edited
from agentslint.authorship.image_settings import Setting, source_path, values_path
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.images.reference import read_reference
from agentslint.model import Field, Rendering
from agentslint.places import by_name

_TRIED = 4
"""The most settings that are tried by renders for one edit."""


def decided_by(head: RenderedTarget, scalar: AuthoredScalar, before: str | None) -> AuthoredScalar | None:
    """Return the setting that overrides one without effect; `before` is its text at the base, None if it is new."""
    found = (*_of_the_source(head, scalar), *_of_the_field(head, scalar), *_of_the_key(head, scalar), *_of_entries(head, scalar))
    return next((each for each in found if each != scalar), None) or _proven(head, scalar, before)


def _of_the_source(head: RenderedTarget, scalar: AuthoredScalar) -> Iterator[AuthoredScalar]:
    """The same setting of a deployer in a file that overrides its object."""
    if scalar.layer is Layer.DEPLOYER:
        others = (other for other in head.influence if other.layer is Layer.DEPLOYER and other.path != scalar.path)
        yield from (other for other in others if source_path(other) == source_path(scalar))


def _of_the_field(head: RenderedTarget, scalar: AuthoredScalar) -> Iterator[AuthoredScalar]:
    """The deciders of the image that a manifest or a patch sets; a transformer may have changed the name of the object."""
    kind, _, name = str(scalar.key_path[0]).partition("/") if scalar.key_path else ("", "", "")
    for use in head.image_uses if name else ():
        manifest, pointer = use.manifest, use.field.pointer
        is_its = manifest.kind == kind and head.documents.names.may_be(scalar.path, name, manifest.name)
        if is_its and by_name(manifest.body, pointer) == scalar.key_path[1:]:
            yield from _deciders(head, (use.digest_field, use.tag_field, use.field))


def _deciders(head: RenderedTarget, places: Iterable[Field | None]) -> Iterator[AuthoredScalar]:
    for place in places:
        if place is not None and (found := head.decider(place)):
            yield found


def _of_the_key(head: RenderedTarget, scalar: AuthoredScalar) -> Iterator[AuthoredScalar]:
    """The same key in another place, and the digest beside a tag."""
    mine, charts, key = head.setting(scalar), head.charts_of(scalar), values_path(scalar)
    others = [other for other in _effective(head) if other.scalar != scalar]
    yield from (other.scalar for other in others if other.charts == charts and values_path(other.scalar) == key)
    if mine:
        beside = [other for other in others if other.beside(mine)]
        yield from (other.scalar for other in beside if other.part == mine.part)
        yield from (other.scalar for other in beside if other.part == "digest" and mine.part == "tag")


def _of_entries(head: RenderedTarget, scalar: AuthoredScalar) -> Iterator[AuthoredScalar]:
    """The parts of the `images:` entry whose name is a repository of the image."""
    mine = head.setting(scalar)
    if mine is None:
        return
    entries = [other for other in _effective(head) if other.entry and other.part in (mine.part, "tag", "digest")]
    names = set(_repositories(head, scalar, mine))
    yield from (other.scalar for other in entries if other.entry in names)


def _repositories(head: RenderedTarget, scalar: AuthoredScalar, mine: Setting) -> Iterator[str]:
    """The repositories of the image that a setting is part of."""
    beside = (other.scalar.text for other in head.settings.values() if other.beside(mine) and other.part in ("repository", "image"))
    for text in (scalar.text, *beside):
        reference, _ = read_reference(text)
        yield reference.repository if reference else text
    if mine.entry:
        yield mine.entry


def _proven(head: RenderedTarget, scalar: AuthoredScalar, before: str | None) -> AuthoredScalar | None:
    """The setting that hides the edit: with it emptied, the render shows the edit."""
    mine, charts = head.setting(scalar), head.charts_of(scalar)
    if before is None or not charts:
        return None
    parts = (mine.part if mine else "tag", "digest", "image")
    likely = [other for other in _effective(head) if other.part in parts and (other.entry or other.charts & charts)]
    others = [other.scalar for other in likely if other.scalar != scalar]
    return next((other for other in others[:_TRIED] if _hides(head, other, scalar, before)), None)


def _hides(head: RenderedTarget, other: AuthoredScalar, scalar: AuthoredScalar, before: str) -> bool:
    """Whether the edit would have an effect if the other setting were empty."""
    if head.renders.budget.exhausted():
        return False
    emptied = (other, other.empty)
    outcomes = [head.renders.ask(_with(head, changes)) for changes in ([emptied], [emptied, (scalar, scalar.written(before))])]
    streams = [outcome.stream for outcome in outcomes if isinstance(outcome, Rendering)]
    return len(streams) == 2 and streams[0] != streams[1]


def _with(head: RenderedTarget, changes: list[tuple[AuthoredScalar, str]]) -> dict[str, bytes]:
    root = head.target.root
    paths = dict.fromkeys(scalar.path for scalar, _ in changes)
    return {path: edited(files.read_in(root, path), [(each.region, text) for each, text in changes if each.path == path]) for path in paths}


def _effective(head: RenderedTarget) -> list[Setting]:
    """The settings that are proven to decide an image or a claim."""
    return [setting for setting in head.settings.values() if setting.scalar in head.influence]
