"""What a file held before: a digest that ran once is a way back."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from agentslint.change.ancestry import DEEPER, Unknown

if TYPE_CHECKING:
    from agentslint.change.git import Git


@dataclass(frozen=True)
class Past:
    """The history of this repository's files up to the base; each question is asked once."""

    root: Path
    commit: str
    network: bool = True
    _answers: dict[tuple[str, str], str | Unknown | None] = field(default_factory=dict)

    def held(self, path: str, text: str) -> str | Unknown | None:
        """Return the last commit that put `text` into a file, or took it out, up to the base; None where none ever did.

        The file is followed through renames. Unknown where a shallow clone does not tell.
        """
        if (path, text) not in self._answers:
            self._answers[path, text] = self._ask(path, text)
        return self._answers[path, text]

    def _ask(self, path: str, text: str) -> str | Unknown | None:
        git = self._git
        if isinstance(git, Unknown):
            return git
        words = ("log", "--max-count=1", "--format=%H", "--follow", f"-S{text}", self.commit, "--", path)
        found = git.answer(*words)
        if found is None:
            return Unknown(f"git cannot follow {path} through the history")
        if not found and git.is_shallow:
            return Unknown(f"what {path} held before is not in this clone, which is shallow; {DEEPER}")
        return found or None

    @cached_property
    def _git(self) -> Git | Unknown:
        from agentslint.change.git import Git, GitError

        try:
            return Git.of(str(self.root), self.network)
        except GitError as error:
            return Unknown(str(error))
