"""`agentslint diff` as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from story import QUIET, Story

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
    command = [sys.executable, "-m", "agentslint", "diff", *words]
    done = subprocess.run(command, cwd=story.root, env={**plain, **QUIET, **environ}, capture_output=True, text=True, encoding="utf-8")
    assert "Traceback" not in done.stderr, done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


def as_json(story: Story, *words: str, **environ: str) -> Done:
    """Run it for programs."""
    return diff(story, *words, "--format", "json", **environ)
