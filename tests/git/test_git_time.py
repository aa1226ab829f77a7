"""git waits for whatever stands in the place of a file that it reads; we don't wait for git for ever."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from story import Story

from agentslint.errors import UsageError
from agentslint.git import command
from agentslint.git.command import Git, GitError
from agentslint.git.worktree import listed

_ASKED = {
    "listing": lambda top: listed(top, top),
    "ignored": lambda top: Git(top).run("check-ignore", "-q", "--", "./a"),
    "compared": lambda top: Git(top).ask("diff-index", "--patch", "HEAD", "--"),  # names alone may need no attributes
    "hashed": lambda top: Git(top).ask("hash-object", "--", "app/quiet.yaml"),
}
_PLACES = (
    ("listing", ".gitignore"), ("listing", "app/.gitignore"), ("listing", ".git/info/exclude"), ("ignored", ".gitignore"),
    ("compared", "app/.gitattributes"), ("hashed", ".gitattributes"), ("hashed", ".git/info/attributes"),
)  # fmt: skip


@pytest.fixture
def story(tmp_path: Path) -> Story:
    made = Story.begin(tmp_path / "repo")
    made.write({"app/quiet.yaml": "a: 1\n", "app/web.yaml": "b: 1\n"})
    made.commit("First")
    (made.root / "app/quiet.yaml").write_text("a: 2\n")
    return made


@pytest.mark.parametrize(("question", "place"), _PLACES)
def test_a_pipe_that_nobody_writes_to_ends_the_question(story: Story, monkeypatch: pytest.MonkeyPatch, question: str, place: str) -> None:
    monkeypatch.setattr(command, "PATIENCE", 0.5)
    monkeypatch.setattr(command, "FETCHING", 0.5)
    ask: Callable[[str], object] = _ASKED[question]
    path = story.root / place
    path.unlink(missing_ok=True)
    path.parent.mkdir(exist_ok=True)
    os.mkfifo(path)
    started = time.monotonic()

    with pytest.raises((GitError, UsageError), match=r"git took longer than 0\.5 s in /.* \([a-z-]+\); is a \.gitignore"):
        ask(os.path.realpath(story.root))

    assert time.monotonic() - started < 20
