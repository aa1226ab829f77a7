"""The comparison of a run with its base revision, which is found, read and rendered as far as needed.

Targets outside of the named paths are compared, too, if they have members of a release group that changes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from agentslint.authorship.lines import target_location
from agentslint.change.base_tree import BaseTree
from agentslint.change.change import Change, fleets
from agentslint.change.differing import Discover, Sides, TargetPair, differing
from agentslint.change.groups import GroupChange
from agentslint.change.target_change import RenderSides, Side, SideRequest, TargetChange
from agentslint.config import Group
from agentslint.facts.context import Context
from agentslint.fleet.release_groups import among
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.git.base_revision import MissingBase, Revision, apart, choose, is_asked_for
from agentslint.git.changed_files import UNKNOWN, changed_files
from agentslint.git.command import Git, GitError
from agentslint.git.objects import BaseFiles
from agentslint.model import Failure, RenderFailure, Target, TargetKind

Others = Callable[[], Iterable[Target]]
"""Finds targets that are no part of a comparison."""
NoLongerJudged = Callable[[Path], tuple[list[str], list[Failure]]]
"""Tells which applications of a base, given by its root, are judged on one side only: notes, and those that are deployed no longer."""


def _none(root: Path) -> tuple[list[str], list[Failure]]:
    return [], []


class BaseRequest(Struct, frozen=True):
    """The requested base: the option of the command line, the environment of a CI job, or the default branch."""

    option: str | None = None
    environ: Mapping[str, str] = {}
    by_default: bool = False

    @property
    def is_one(self) -> bool:
        """Whether anybody names a base."""
        return self.by_default or is_asked_for(self.option, self.environ)


class ComparedTargets(Struct, frozen=True):
    """The base and the targets that differ from it, not rendered yet."""

    revision: Revision
    tree: BaseTree
    pairs: tuple[TargetPair, ...]
    notes: tuple[str, ...] = ()


class Comparison(Struct, dict=True):
    """The comparison of a run. Nothing is asked of git, written or rendered before it is needed."""

    request: BaseRequest
    root: Path
    head: Sequence[Target]
    paths: Sequence[str]
    discover: Discover
    config_folder: Path
    network: bool = True
    whole: bool = False
    """Whether discovery at the base needs more than kustomizations."""
    no_longer_judged: NoLongerJudged = _none
    _tree: BaseTree | None = None

    @cached_property
    def compared(self) -> ComparedTargets | MissingBase | None:
        """The targets that differ; None without a requested base, MissingBase if the requested one is not available."""
        try:
            return self._compare() if self.request.is_one else None
        except MissingBase as missing:
            return missing
        except (GitError, OSError) as error:
            return MissingBase(f"cannot compare with the base: {error}")

    @property
    def targets(self) -> list[Target]:
        """The targets that a comparison renders, on both sides."""
        pairs = self.compared.pairs if isinstance(self.compared, ComparedTargets) else ()
        return [target for pair in pairs for target in (pair.base, pair.head) if target]

    def mentions(self, words: Iterable[str]) -> bool:
        """Tell whether a file of the base holds one of some texts; False where there is no base."""
        patterns = [word for each in words for word in ("-e", each)]
        try:
            revision = self._revision if self.request.is_one else None
            return revision is not None and self._git.holds("grep", "--quiet", "--fixed-strings", *patterns, revision.commit)
        except (MissingBase, GitError):
            return False

    def change(self, render: RenderSides, known: Mapping[str, Side], context: Context, others: Others = tuple) -> Change:
        """Render what is not `known` yet of today (by the target's name), and the other side; raises MissingBase where there is none.

        Of the `others`, which are no part of the comparison, those are compared, too, that have to be seen beside it.
        """
        found = self.compared
        if not isinstance(found, ComparedTargets):
            raise found or MissingBase("no base revision (pass --base REV)")
        sides = self._sides(found.tree, found.pairs, render, known)
        changes = _changes(found.pairs, sides)
        same = {name: side for name, side in known.items() if ("head", name) not in sides}
        unchanged = [side for side in same.values() if not isinstance(side, RenderFailure)]
        base, head = fleets(unchanged, changes, context)
        files = {path: what for path, what in found.tree.changed.files.items() if what != UNKNOWN}
        change = Change(
            found.revision, files, changes, base, head, self.root, found.tree.root, self.config_folder, self.network,
            tuple(self.head), unrendered=tuple(side for side in same.values() if isinstance(side, RenderFailure)), everything=others,
            _render=render,
        )  # fmt: skip
        if not (groups := groups_that_move(change)):
            return change
        seen = {*known, *(target.name for target in self.targets)}
        left_out = [target for target in others() if target.name not in seen and target.kind is not TargetKind.STREAM]
        return self._with_other_members(change, groups, left_out, unchanged, render, context) if left_out else change

    def _with_other_members(
        self,
        change: Change,
        groups: Sequence[Group],
        left_out: Sequence[Target],
        unchanged: Sequence[RenderedTarget],
        render: RenderSides,
        context: Context,
    ) -> Change:
        """Compare those of the other targets that groups call for: on both sides where they differ."""
        assert self._tree is not None
        pairs = self._differing(self._tree, left_out)
        called = other_members(groups, left_out, pairs)
        differ = [pairs[target.name] for target in called if target.name in pairs]
        beside = _changes(differ, self._sides(self._tree, differ, render, {}))
        still = list(render([SideRequest(target) for target in called if target.name not in pairs]))
        failed = tuple(side for side in still if isinstance(side, RenderFailure))
        seen = [side for side in still if not isinstance(side, RenderFailure)]
        base, head = fleets([*unchanged, *seen], (*change.targets, *beside), context)
        return replace(change, base=base, head=head, beside=beside, unrendered=(*change.unrendered, *failed), others_failed=failed)

    def _differing(self, tree: BaseTree, targets: Sequence[Target]) -> dict[str, TargetPair]:
        """Those of some targets that differ, by name."""
        names = {target.name for target in targets}
        pairs = differing(Sides(tree, targets, [str(self.root)], self.discover, self.whole))
        return {pair.name: pair for pair in pairs if pair.head and pair.name in names}

    def stood(self, path: str, text: str) -> bool:
        """Tell whether a text stood in a file at the base, wherever in it; so it did as far as anybody knows where git cannot show it."""
        found = self.compared
        entry = found.tree.files.entries.get(path) if isinstance(found, ComparedTargets) else None
        before = entry.part.git.answer("cat-file", "blob", entry.blob) if entry else ""
        return before is None or text in before

    def close(self) -> None:
        """Remove the written files of the base."""
        if self._tree:
            self._tree.close()

    @cached_property
    def _git(self) -> Git:
        return Git.of(str(self.root), self.network)

    @cached_property
    def _revision(self) -> Revision | None:
        return choose(self._git, self.request.option, self.request.environ, by_default=self.request.by_default)

    def _compare(self) -> ComparedTargets:
        git, revision = self._git, self._revision
        assert revision is not None
        if Path(git.folder) != self.root.resolve():
            raise MissingBase(f"{self.root} is not the top of its git repository {git.folder}")
        files = BaseFiles.read(git, revision.commit)
        self._tree = BaseTree(files, changed_files(files), git.folder)
        pairs = differing(Sides(self._tree, self.head, self.paths, self.discover, self.whole))
        return ComparedTargets(revision, self._tree, tuple(pairs), tuple(_notes(git, revision)))

    def _sides(
        self, tree: BaseTree, pairs: Sequence[TargetPair], render: RenderSides, known: Mapping[str, Side]
    ) -> dict[tuple[str, str], Side]:
        """Both sides of every pair by the pair's name; all that is to be rendered is rendered side by side."""
        sides: dict[tuple[str, str], Side] = {}
        waiting: list[tuple[tuple[str, str], SideRequest]] = []
        for pair in pairs:
            if pair.base and (reason := _unknown(tree, pair)):
                sides["base", pair.name] = RenderFailure(pair.base, "git", reason, target_location(pair.base))
            elif pair.base:
                waiting.append((("base", pair.name), SideRequest(pair.base, at_base=True)))
            if pair.head and pair.head.name in known:
                sides["head", pair.name] = known[pair.head.name]
            elif pair.head:
                waiting.append((("head", pair.name), SideRequest(pair.head)))
        found = render([request for _, request in waiting])
        return sides | {key: side for (key, _), side in zip(waiting, found, strict=True)}


def _changes(pairs: Sequence[TargetPair], sides: Mapping[tuple[str, str], Side]) -> tuple[TargetChange, ...]:
    return tuple(_change(sides.get(("base", pair.name)), sides.get(("head", pair.name)), pair) for pair in pairs)


def _change(base: Side | None, head: Side | None, pair: TargetPair) -> TargetChange:
    return TargetChange(
        None if isinstance(base, RenderFailure) else base,
        None if isinstance(head, RenderFailure) else head,
        base if isinstance(base, RenderFailure) else None,
        head if isinstance(head, RenderFailure) else None,
        pair.files,
    )


def _unknown(tree: BaseTree, pair: TargetPair) -> str:
    """Why a target cannot be rendered as it was: it reads files that are unknown at the base."""
    return next((reason for folder, reason in tree.files.unknown.items() if folder in pair.files), "")


def _notes(git: Git, revision: Revision) -> Iterator[str]:
    if count := apart(git, revision):
        commits = "a commit that HEAD lacks, and it appears" if count == 1 else f"{count} commits that HEAD lacks, and they appear"
        yield f"{revision.name} has {commits} as reverted; compare with the merge base instead: --base {revision.name}..."


def groups_that_move(change: Change) -> list[Group]:
    """Return the configured groups with a promoted member, or with a changed CustomResourceDefinition."""
    moved = (group for group in change.groups if any(image.differs for image in group.images) or _redefines(change, group))
    return [group.group.settings for group in moved if group.group.settings]


def other_members(groups: Collection[Group], others: Iterable[Target], differing: Collection[str]) -> list[Target]:
    """Return the other targets that are needed: those that may have members of a group, and differing ones that may have definitions."""
    return [target for target in others if any(among(target, group) or (group.crds and target.name in differing) for group in groups)]


def _redefines(change: Change, group: GroupChange) -> bool:
    """Definitions are read only for a group that names some."""
    named = group.group.settings is not None and bool(group.group.settings.crds)
    return named and any(pair.differs and group.defines(pair.manifest.name) for target in change.targets for pair in target.crds)
