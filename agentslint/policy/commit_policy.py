"""The policy of a named commit: its configuration and all that this names, and where the work tree says something else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from agentslint import files
from agentslint.config import Ignore, Loaded, Presets, load
from agentslint.config.extends import no_presets
from agentslint.config.tree import ON_DISK, Tree
from agentslint.errors import UsageError
from agentslint.git.command import Git, GitError, fields
from agentslint.policy.commit import CommitTree
from agentslint.policy.laid_out import Layout

LINKED = "160000"
"""The mode of a submodule."""
NamedComment = tuple[str, int, str]
"""The path and line of a suppression comment, and one rule that it names."""


class Policy(Struct, dict=True):
    """What `--policy-from` names, for one run: its tree, its configuration, and what became of the work tree's comments."""

    tree: CommitTree
    loaded: Loaded
    start: Path
    """From where a configuration is looked for."""
    explicit: str | None
    """The configuration that the command line names."""
    layout: Layout
    presets: Presets = no_presets
    baseline: Path | None = None
    refused: set[NamedComment] = set()
    """Comments that do not count, since the commit does not have them."""
    accepted: set[tuple[str, int, str, str]] = set()
    """Comments that accept something of the change itself, with their reasons."""
    _texts: dict[str, str | None] = {}

    @cached_property
    def notes(self) -> list[str]:
        """What a report says of the policy before anything was judged."""
        name = self.tree.shown(self.loaded.path) if self.loaded.path else None
        revision = self.tree.revision
        if name is None:
            said = f"policy: {revision} has no configuration; using the defaults"
        else:
            said = f"policy: {revision}: {name.removeprefix(f'{self.tree.short}:')}"
        other = ", ".join(self._differing())
        return [said, *([f"ignored, because they differ from {self.tree.short}: {other}"] if other else [])]

    @property
    def outcome(self) -> list[str]:
        """What a report says of the work tree's comments once all was judged."""
        refused = ", ".join(f"{path}:{line} ({rule})" for path, line, rule in sorted(self.refused))
        accepted = [f"{path}:{line} accepts what the change does ({rule}): {why}" for path, line, rule, why in sorted(self.accepted)]
        return [*([f"ignored suppression comments that {self.tree.short} does not have: {refused}"] if refused else []), *accepted]

    @cached_property
    def standing(self) -> list[tuple[Ignore, int, Loaded]]:
        """The `[[ignore]]` entries that the work tree has, too, with their numbers there: the others are gone with the change."""
        head = self._head
        return [(entry, number, head) for number, entry in enumerate(head.config.ignore)] if head else []

    def file(self, path: str) -> str | None:
        """Return the text of a file of the work tree as it was at the commit, also under another name; None where there was none."""
        before = path if path in self.tree.entries else self._renamed.get(path)
        if before is None:
            return None
        if before not in self._texts:
            # Asked for each comment of a file: one process of git for the file is enough.
            self._texts[before] = self._text(before)
        return self._texts[before]

    def before(self, path: str) -> str:
        """Return the path that a file of the work tree had at the commit."""
        return path if path in self.tree.entries else self._renamed.get(path, path)

    def close(self) -> None:
        """Remove what was laid out."""
        self.layout.close()

    def _text(self, path: str) -> str | None:
        try:
            return self.tree.content(path, files.MANIFEST).decode("utf-8-sig", "replace")
        except OSError:
            return None

    @cached_property
    def _renamed(self) -> dict[str, str]:
        """Today's path of each file that was renamed -> the one that it had."""
        words = ("-z", "-M", "--name-status", "--diff-filter=R", "--ignore-submodules=all")
        try:
            rows = fields(self.tree.git.ask("diff-index", *words, self.tree.revision.commit, "--"))
        except GitError as error:
            raise UsageError(f"--policy-from {self.tree.short}: {error}") from None
        return dict(zip(rows[2::3], rows[1::3], strict=True))

    @cached_property
    def _head(self) -> Loaded | None:
        """The configuration of the work tree, which need not be one that can be read."""
        try:
            return load(self.start, self.explicit, presets=self.presets)
        except UsageError:
            return None

    def _differing(self) -> Iterator[str]:
        """The files of the policy, and the work tree's own configuration, that are not alike in both."""
        head = self._head
        named = [*self.loaded.files[::-1], *(head.files[::-1] if head else ()), self.baseline]
        folder = self.loaded.folder or Path()
        named += [folder / name for name in self.loaded.config.plugins]
        for path in dict.fromkeys(each for each in named if each):
            inside = self.tree.inside(path)
            if inside is not None and _content(path, ON_DISK) != _content(path, self.tree):
                yield inside


def _content(path: Path, tree: Tree) -> bytes | None:
    try:
        return tree.read(path, files.BASELINE)
    except OSError:
        return None


def open_policy(start: Path, root: Path, name: str, explicit: str | None, network: bool, presets: Presets = no_presets) -> Policy:
    """Read the policy of a commit; raises UsageError."""
    if not name:
        raise UsageError("--policy-from names no revision (an unset variable?)")
    tree = CommitTree.of(root, name, network)
    _refuse_nested(tree)
    return Policy(tree, load(start, explicit, tree, presets), start, explicit, Layout(tree), presets)


def _refuse_nested(tree: CommitTree) -> None:
    """A change may turn a folder into a submodule, so that paths and policy would be looked up in a repository of its own choice."""
    above = next((each for each in Path(tree.root).parents if os.path.lexists(each / ".git")), None)
    if above is None:
        return
    try:
        git = Git.of(str(above), tree.git.network)
        path = Path(tree.root).relative_to(os.path.realpath(git.folder)).as_posix()
        commit = git.commit(tree.revision.name)
        row = git.answer("ls-tree", commit, "--", f":(top,literal){path}") if commit else ""
        tracked = row or git.ask("ls-files", "--stage", "--", f":(top,literal){path}")
    except (GitError, ValueError) as error:
        raise UsageError(f"--policy-from {tree.short}: {tree.root} lies in the repository of {above}: {error}") from None
    if tracked and commit is None:
        raise UsageError(
            f"--policy-from {tree.short}: {path} is a repository of its own, and {git.folder} does not have that commit; fetch it there, "
            f"or name paths outside of {path}"
        )
    if tracked and not (row or "").startswith(LINKED):
        raise UsageError(
            f"--policy-from {tree.short}: {path} is a repository of its own, and was none at {tree.short} of {git.folder}; name paths "
            f"outside of {path}, or a commit that has it"
        )
