"""Edits of image settings that change nothing: another file sets the value again, or no target reads the file at all.

Of a file that targets read it is proven: with the edits undone each of them renders the same.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from agentslint import files
from agentslint.authorship.authored_scalar import AuthoredScalar, Layer, Segment
from agentslint.authorship.changeable import ChangeableScalars
from agentslint.authorship.documents import Authored, Document
from agentslint.authorship.image_settings import looks_like_image, setting_of, values_path
from agentslint.change.target_change import TargetChange
from agentslint.deploy.value_files import reads_beside
from agentslint.discover.kustomization import FILE_NAMES
from agentslint.experiment.undone import Undone, Verdicts
from agentslint.fleet.release_groups import Fleet
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.git.command import Git, GitError
from agentslint.model import Rendering, Target, TargetKind
from agentslint.yamlread import YamlError, compose

_SUFFIXES = (".yaml", ".yml", ".json")
_PARTS = ("image", "repository", "registry", "tag", "digest")


@dataclass(frozen=True)
class EditedRepository:
    """The files of a repository that a change edits (and what became of each), and the targets of the run that differ.

    `commit` is the base's.
    """

    root: Path
    commit: str
    files: Mapping[str, str]
    differing: Sequence[TargetChange]
    today: Fleet
    targets: Sequence[Target]
    network: bool = True


@dataclass(frozen=True)
class EditWithoutEffect:
    """The image settings of one file that a change edits in vain.

    `target` is one that reads the file, or whose folder holds it where no target does (`is_read`); `instead` is what decides.
    Where it could not be found out whether they have an effect, `unknown` says why.
    """

    path: str
    scalars: tuple[AuthoredScalar, ...]
    target: Target
    is_read: bool
    instead: AuthoredScalar | None = None
    unknown: str = ""


def edits_without_effect(change: EditedRepository) -> Iterator[EditWithoutEffect]:
    """Yield the edits without effect, one for each file."""
    targets = {target.name: target for target in change.targets}
    for path, became in sorted(change.files.items()):
        if became != "deleted" and path.endswith(_SUFFIXES):
            readers = [target for target in targets.values() if target.closure.reads(path)]
            changed = [each for each in change.differing if each.head and each.target.closure.reads(path)]
            if not readers and not changed:
                yield from _unread(change, path, targets.values())
            elif len(changed) >= len(readers) and all(each.is_whole and each.base for each in changed):
                yield from _overridden(path, changed)


def _overridden(path: str, readers: Sequence[TargetChange]) -> Iterator[EditWithoutEffect]:
    """The edits of a file without effect on any target that reads it, and those that could not be judged."""
    first = readers[0].head
    left, unknown = _edits(readers[0], path), dict[AuthoredScalar, str]()
    for reader in readers:
        edits = _edits(reader, path)
        found = _verdicts(reader, {scalar: edits[scalar] for scalar in left if scalar in edits})
        unknown = {scalar: why for scalar, why in {**unknown, **found.unknown}.items() if scalar in (*found.idle, *found.unknown)}
        left = {scalar: left[scalar] for scalar in (*found.idle, *found.unknown)}
    idle = tuple(scalar for scalar in left if scalar not in unknown)
    if idle and first:
        yield EditWithoutEffect(path, idle, first.target, True, _instead(first, idle[0]))
    for why in dict.fromkeys(unknown.values()):
        scalars = tuple(scalar for scalar, its in unknown.items() if its == why)
        yield EditWithoutEffect(path, scalars, readers[0].target, True, unknown=why)


def _edits(reader: TargetChange, path: str) -> dict[AuthoredScalar, str]:
    """The image settings of a file that differ from the base, with their former text."""
    head, base = reader.head, reader.base
    if head is None or base is None:
        return {}
    before = ChangeableScalars(base.target, Authored(base.target, base.context.files), base.context.files)
    texts = {scalar.key_path: scalar.text for scalar in before.scalars if scalar.path == path}
    mine = (scalar for scalar in head.authored if scalar.path == path and scalar.layer not in (Layer.CHART, Layer.TEMPLATE))
    return {
        scalar: texts[scalar.key_path] for scalar in mine if texts.get(scalar.key_path, scalar.text) != scalar.text and _sets_image(scalar)
    }


def _verdicts(reader: TargetChange, edits: Mapping[AuthoredScalar, str]) -> Verdicts:
    """Which of the edits have no effect on a target."""
    head = reader.head
    if head is None or not edits or reader.is_same:
        return Verdicts(list(edits))
    return Undone(head, head.renders, partial(_segments, head), partial(_at_base, reader)).judge(edits)


def _segments(head: RenderedTarget) -> list[Segment]:
    """The parts of images and claims, with the scalars that are proven to decide them."""
    fields = (*(use.field for use in head.image_uses), *(claim.field for claim in head.claims))
    return [segment for place in fields for segment in head.origins(place)]


def _at_base(reader: TargetChange, changes: Mapping[str, bytes]) -> Rendering | None:
    """The rendering of the base, if it read these very files."""
    base = reader.base
    if base is None or reader.was or set(reader.files) != set(changes):
        return None
    same = all(files.read_in(base.target.root, path) == data for path, data in changes.items())
    return base.rendering if same else None


def _instead(head: RenderedTarget, scalar: AuthoredScalar) -> AuthoredScalar | None:
    """The setting of the same key, or of the same part of an image, that takes effect instead."""
    mine = head.setting(scalar)
    others = [other for other in head.settings.values() if other.scalar.path != scalar.path and other.scalar in head.influence]
    same_key = (
        other.scalar for other in others if other.charts == head.charts_of(scalar) and values_path(other.scalar) == values_path(scalar)
    )
    entries = (other.scalar for other in others if other.entry and mine and other.part in (mine.part, "tag", "digest"))
    return next(same_key, None) or next(entries, None)


def _unread(change: EditedRepository, path: str, targets: Iterable[Target]) -> Iterator[EditWithoutEffect]:
    """The image settings of a file that stands among those of a target, and that no target reads."""
    home = _home(path, targets)
    if home is None or _is_named(change, path):
        return
    now = list(_scalars(change.today.context.files(change.root, path), path, home))
    try:
        documents = _documents_at_base(change, path) if now and change.files[path] != "added" else []
    except (GitError, YamlError) as error:
        yield EditWithoutEffect(path, tuple(now), home, False, unknown=f"the file cannot be read at the base: {error}")
        return
    before = {scalar.key_path: scalar.text for scalar in _scalars(documents, path, home)}
    edits = [scalar for scalar in now if before.get(scalar.key_path) != scalar.text]
    if edits:
        yield EditWithoutEffect(path, tuple(edits), home, False)


def _home(path: str, targets: Iterable[Target]) -> Target | None:
    """The target whose folder holds a file, the innermost; files of other tools (hidden ones, compose files) have none."""
    folder, _, name = path.rpartition("/")
    if any(part.startswith(".") for part in path.split("/")) or "compose" in name:
        return None
    built = [target for target in targets if target.kind is TargetKind.KUSTOMIZATION]
    around = [target for target in built if _is_around(posixpath.dirname(target.file), folder)]
    if not around and name in FILE_NAMES:
        return built[0] if built else None
    return max(around, key=lambda target: len(target.file), default=None)


def _is_around(target: str, folder: str) -> bool:
    """Whether a file in `folder` may be meant for a target; at the top of a repository stands much else."""
    return folder == target or (bool(target) and folder.startswith(f"{target}/"))


def _is_named(change: EditedRepository, path: str) -> bool:
    """Whether a manifest names the file for a deployer that reads it: an Application's `valueFiles`."""
    return any(reads_beside(manifest, path) for target in change.today.targets for manifest in target.manifests)


def _scalars(documents: Iterable[Document], path: str, home: Target) -> Iterator[AuthoredScalar]:
    for document in documents:
        body = document.body
        if _may_be_meant(body, path, home):
            for scalar in document.scalars:
                if scalar.style in ("plain", "single", "double") and scalar.text:
                    key_path = document.location(scalar).key_path
                    layer = Layer.KUSTOMIZATION if posixpath.basename(path) in FILE_NAMES else Layer.SETTINGS
                    one = AuthoredScalar(path, scalar.region, scalar.text, scalar.style, key_path, layer)
                    if _sets_image(one):
                        yield one


def _may_be_meant(body: Any, path: str, home: Target) -> bool:
    """Whether a document is a manifest, a patch, a kustomization, or the values of a chart that the target has."""
    name = posixpath.basename(path)
    if isinstance(body, list):
        return all(isinstance(item, Mapping) and "op" in item and "path" in item for item in body)
    is_manifest = isinstance(body, Mapping) and "kind" in body and "apiVersion" in body
    return is_manifest or name in FILE_NAMES or (isinstance(body, Mapping) and bool("values" in name or home.closure.charts))


def _sets_image(scalar: AuthoredScalar) -> bool:
    setting = setting_of(scalar, frozenset())
    return (setting is not None and setting.part in _PARTS) or looks_like_image(scalar.text)


def _documents_at_base(change: EditedRepository, path: str) -> Sequence[Document]:
    text = Git.of(str(change.root), change.network).ask("cat-file", "blob", f"{change.commit}:{path}").decode("utf-8", "replace")
    return [Document(path, node) for node in compose(text, path, duplicate_keys=True)]
