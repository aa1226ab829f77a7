"""`agentslint diff` as a user runs it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any

from story import QUIET, Story

from tests import warm

_JOB = ("CI", "GITHUB_", "CI_MERGE_REQUEST_")


@dataclass(frozen=True)
class Done:
    """How it ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.out, self.err
        return json.loads(self.out)

    @property
    def targets(self) -> dict[str, Any]:
        """The targets of the JSON, by name."""
        return {row["name"]: row for row in self.json["targets"]}


def diff(story: Story, *words: str, **environ: str) -> Done:
    """Run the command in the story's repository, in no CI job but that of `environ`."""
    plain = {name: text for name, text in os.environ.items() if not name.startswith(_JOB)}
    done = warm.run_text(["diff", *words], story.root, {**plain, **QUIET, **environ})
    assert "Traceback" not in done.stderr, done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


def as_json(story: Story, *words: str, **environ: str) -> Done:
    """Run it for programs."""
    return diff(story, *words, "--format", "json", **environ)
