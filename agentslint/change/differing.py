"""Which targets differ: those that read a changed file, then or now, and those that appear, disappear or move.

Targets of the base are discovered in the same way as those of the work tree, in a copy that holds the kustomizations and what has changed,
and in a second step all that the targets in question read. A target that disappears and one that appears with the same files are one
that has moved.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from agentslint import files
from agentslint.change.base_tree import BaseTree
from agentslint.errors import UsageError
from agentslint.git.changed_files import ADDED, DELETED
from agentslint.model import Closure, Target, TargetKind

Discover = Callable[[Path, Sequence[str]], Sequence[Target]]
"""A root and paths below it (absolute) -> the targets that they stand for; raises UsageError where there is none."""
_FILES, _LINES = 0.5, 0.9
"""The part of its text that a moved target keeps in files that stay as they are, or else line by line: two applications that were made
from one template share most of their lines, and few files."""
_Texts = Sequence[bytes]


class Sides(Struct, frozen=True):
    """The sides of a comparison: the base's tree, the targets of the run and the paths that they were found by."""

    tree: BaseTree
    head: Sequence[Target]
    paths: Sequence[str]
    discover: Discover
    whole: bool = False
    """Whether discovery reads more of the base than kustomizations: the objects of deployers."""


def differing(sides: Sides) -> list[TargetPair]:
    """Return the targets that differ, by name; raises GitError and OSError where the base cannot be read."""
    if not _matters(sides):
        return []
    sides.tree.provide_structure(whole=sides.whole or any(_is_unknown(target) for target in sides.head))
    while True:
        pairs = [pair for pair in _paired(sides) if _differ(sides.tree, pair)]
        if not sides.tree.provide(*(target.closure for pair in pairs for target in (pair.base, pair.head) if target)):
            return sorted(with_moved(sides.tree, pairs), key=lambda pair: pair.name)


def selected_at_base(sides: Sides) -> dict[str, Target]:
    """Return the targets that the paths of a run stand for at the base, by name; raises GitError and OSError."""
    sides.tree.provide_structure(whole=sides.whole or any(_is_unknown(target) for target in sides.head))
    return _found(sides, sides.tree.root, _at_base(sides))


def _matters(sides: Sides) -> bool:
    """Tell whether any target can have changed: files that no target reads, and that define none, need no comparison."""
    tree = sides.tree
    if any(map(tree.may_matter, tree.changed.files)):
        return True
    return any(target.kind is not TargetKind.STREAM and any(_touching(tree, target)) for target in sides.head)


def _paired(sides: Sides) -> list[TargetPair]:
    """Every target with its counterpart, whether that is selected, or one that others build on, or not."""
    head = {target.name: target for target in sides.head if target.kind is not TargetKind.STREAM}
    here, there = Path(sides.tree.here), sides.tree.locate
    base = _found(sides, sides.tree.root, _at_base(sides))
    head = {name: target for name, target in head.items() if name in base or _may_differ(sides.tree, target, base.values())}
    base |= _named(sides, sides.tree.root, {name: there(target.path) for name, target in head.items() if name not in base})
    absent = {name: here / target.path for name, target in base.items() if name not in head}
    head |= _named(sides, here, {name: place for name, place in absent.items() if place.exists()})
    bare = list(_newly_deployed(base, head))
    alone = {name for pair in bare for name in pair}
    named = [(base.get(name), head.get(name)) for name in {**base, **head} if name not in alone]
    return [_pair(sides.tree, *pair) for pair in (*named, *((base[old], head[new]) for old, new in bare))]


def _newly_deployed(base: Mapping[str, Target], head: Mapping[str, Target]) -> Iterator[tuple[str, str]]:
    """Pair a folder that one side has bare with what the other side makes of it, where that is one target."""
    gone = {target.path: name for name, target in base.items() if name not in head}
    come: dict[str, list[str]] = {}
    for name, target in head.items():
        if name not in base:
            come.setdefault(target.path, []).append(name)
    for path, old in gone.items():
        new = come.get(path, ())
        if len(new) == 1 and (base[old].deployed is None) != (head[new[0]].deployed is None):
            yield old, new[0]


def _pair(tree: BaseTree, base: Target | None, head: Target | None) -> TargetPair:
    read = [path for target in (base, head) if target for path in _touching(tree, target)]
    return TargetPair(base, head, tuple(sorted(set(read))))


def _touching(tree: BaseTree, target: Target) -> Iterable[str]:
    return tree.changed.files if _is_unknown(target) else tree.changed.touching(target.closure)


def _may_differ(tree: BaseTree, target: Target, base: Iterable[Target]) -> bool:
    """Pass over plain manifests that are as they were, around which no kustomization or chart came or went, and that none read then."""
    if target.kind is not TargetKind.MANIFESTS or tree.is_around(target.file):
        return True
    return any(tree.changed.touching(target.closure)) or any(each.name != target.name and each.closure.reads(target.file) for each in base)


def _differ(tree: BaseTree, pair: TargetPair) -> bool:
    """A target that git ignores is no part of the change, though the base has none of it."""
    if pair.base is None or pair.head is None:
        return bool(pair.files) or pair.head is None or pair.head.file in tree.files.entries
    return bool(pair.files) or _reads(pair.base.closure) != _reads(pair.head.closure)


def _reads(closure: Closure) -> tuple[frozenset[str], frozenset[str]]:
    return closure.files, closure.folders


def _is_unknown(target: Target) -> bool:
    """A plugin's target may not list the files that it reads."""
    return target.kind is not TargetKind.STREAM and not (target.closure.files or target.closure.folders)


def _found(sides: Sides, root: Path, paths: Sequence[str]) -> dict[str, Target]:
    try:
        return {target.name: target for target in sides.discover(root, paths)} if paths else {}
    except UsageError:
        return {}


def _named(sides: Sides, root: Path, places: Mapping[str, Path | None]) -> dict[str, Target]:
    """The targets of these names and places, also where others build on them, so that no path would stand for them alone."""
    found = _found(sides, root, [str(place) for place in places.values() if place])
    return {name: found[name] for name in places if name in found}


def _at_base(sides: Sides) -> list[str]:
    """The paths of the run that there were at the base, in its copy."""
    inside = [os.path.relpath(path, sides.tree.here) for path in _resolved(sides.paths)]
    copies = [sides.tree.locate(path) for path in inside if path.partition("/")[0] != ".."]
    return [str(copy) for copy in copies if copy]


def _resolved(paths: Sequence[str]) -> Iterator[str]:
    """Follow links to folders; a link to a file stays itself."""
    for path in paths:
        if path != "-":
            full = os.path.abspath(path)
            folder, name = os.path.split(full)
            yield os.path.realpath(full) if os.path.isdir(full) else os.path.join(os.path.realpath(folder), name)


class TargetPair(Struct, frozen=True):
    """One target at the base and now. `files` are the changed files that it reads, then or now."""

    base: Target | None
    head: Target | None
    files: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The target's name, the one of today where it has moved."""
        return self.head.name if self.head else self.base.name if self.base else ""


def with_moved(tree: BaseTree, pairs: Sequence[TargetPair]) -> list[TargetPair]:
    """Pair removed targets with added ones, the most alike first."""
    gone = {pair.name: _texts(tree, pair, DELETED) for pair in pairs if pair.head is None}
    come = {pair.name: _texts(tree, pair, ADDED) for pair in pairs if pair.base is None}
    by_name = {pair.name: pair for pair in pairs if pair.name in gone or pair.name in come}
    alike = sorted(((_likeness(gone[old], come[new]), old, new) for old in gone for new in come), reverse=True)
    joined: dict[str, TargetPair] = {}
    for likeness, old, new in alike:
        if likeness >= 1 and old not in joined and new not in joined:
            files = sorted({*by_name[old].files, *by_name[new].files})
            joined[old] = joined[new] = TargetPair(by_name[old].base, by_name[new].head, tuple(files))
    return list({id(pair): pair for pair in (joined.get(pair.name, pair) for pair in pairs)}.values())


def _texts(tree: BaseTree, pair: TargetPair, what: str) -> _Texts:
    """The files of a target that went, or came, with it."""
    folder = Path(tree.root if what == DELETED else tree.here)
    paths = [path for path in pair.files if tree.changed.files[path] == what and not path.endswith("/")]
    return [files.read_in(folder, path) for path in paths if files.is_file_in(folder, path)]


def _likeness(old: _Texts, new: _Texts) -> float:
    """Return the likeness of two targets: 1 or more if they are alike."""
    lines = [Counter(line for text in texts for line in text.splitlines()) for texts in (old, new)]
    return max(_shared(Counter(old), Counter(new)) / _FILES, _shared(*lines) / _LINES)


def _shared(old: Counter[bytes], new: Counter[bytes]) -> float:
    most = max(_size(old), _size(new))
    return _size(old & new) / most if most else 0.0


def _size(texts: Counter[bytes]) -> int:
    return sum(len(text) * count for text, count in texts.items())
