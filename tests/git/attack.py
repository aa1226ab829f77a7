"""Programs that tell whether anybody ran them, and agentslint as a user runs it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from story import QUIET, Story

from tests import warm

WAYS = (("lint", "app"), ("lint", "app/kustomization.yaml"), ("diff", "--base", "HEAD~1"), ("lint", "--base", "HEAD~1", "app"))
"""A folder, a file, the command that compares, and rules about a change."""
_JOB = ("CI", "GITHUB_", "CI_MERGE_REQUEST_")


@dataclass(frozen=True)
class Trap:
    """A program that leaves a mark and passes on what it is given."""

    program: Path
    mark: Path

    @classmethod
    def set(cls, folder: Path, name: str = "trap") -> Trap:
        program, mark = folder / f"{name}.sh", folder / f"{name}-was-run"
        program.write_text(f'#!/bin/sh\necho "$0 $*" >> {mark}\nexec cat\n')
        program.chmod(0o755)
        return cls(program, mark)

    @property
    def has_run(self) -> bool:
        return self.mark.exists()


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
    def places(self) -> set[str]:
        return {each["location"]["path"] for each in self.json["results"]}

    @property
    def failures(self) -> list[str]:
        return [each["message"] for each in self.json["failures"]]


def agentslint(story: Story, *words: str, **environ: str) -> Done:
    """Run the command in a repository, with a report for programs; the environment is the user's, who configured nothing."""
    plain = {name: text for name, text in os.environ.items() if not name.startswith(_JOB)}
    done = warm.run_text([*words, "--format", "json"], story.root, {**plain, **QUIET, **environ})
    assert "Traceback" not in done.stderr, done.stderr
    assert "internal error" not in done.stderr, done.stderr
    return Done(done.returncode, done.stdout, done.stderr)
