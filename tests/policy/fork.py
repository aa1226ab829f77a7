"""A repository as its maintainers have it, a change that a stranger makes to it, and the real command over both."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests import warm
from tests.json_run import JsonRun

LIMIT = 120.0
NOBODY = {f"GIT_{who}_{what}": "fork@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
QUIET = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
DIGEST = "sha256:" + "1f" * 32
Files = Mapping[str, "str | None"]


def app(image: str, *, kind: str = "Deployment", name: str = "web", comment: str = "", above: str = "") -> str:
    """A workload with one image, on line 10 or, with a comment above it, on line 11."""
    above = f"          {above}\n" if above else ""
    return (
        f"apiVersion: apps/v1\nkind: {kind}\nmetadata:\n  name: {name}\nspec:\n  template:\n    spec:\n      containers:\n"
        f"        - name: main\n{above}          image: {image}{f'  {comment}' if comment else ''}\n"
    )


def target(folder: str, image: str, **how: str) -> dict[str, str | None]:
    """A kustomization of one workload."""
    return {f"{folder}/kustomization.yaml": "resources: [web.yaml]\n", f"{folder}/web.yaml": app(image, **how)}


TAGGED = "ghcr.io/acme/web:v1.4.2"
PINNED = f"{TAGGED}@{DIGEST}"


class Done(JsonRun):
    """How a run ended."""

    @property
    def found(self) -> list[tuple[str, str]]:
        """Rule and file of every result that counts."""
        return [(row["rule"], row["location"]["path"]) for row in self.report["results"] if not row["suppressions"]]

    @property
    def notes(self) -> str:
        return "\n".join(self.report["notes"])


@dataclass(frozen=True)
class Fork:
    """The repository; `main` is the commit of its maintainers."""

    root: Path
    environ: Mapping[str, str]

    @classmethod
    def begin(cls, root: Path, environ: Mapping[str, str]) -> Fork:
        root.mkdir(parents=True)
        fork = cls(root.resolve(), environ)
        fork.git("init", "--quiet", "--initial-branch=main")
        return fork

    def main(self, files: Files) -> Fork:
        """Commit what the maintainers have."""
        self.commit(files)
        self.git("checkout", "--quiet", "-b", "change")
        return self

    def commit(self, files: Files) -> str:
        """Write and commit files; None takes one away."""
        for path, text in files.items():
            file = self.root / path
            if text is None:
                file.unlink()
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=files")
        return self.git("rev-parse", "HEAD")

    def git(self, *words: str, cwd: Path | None = None) -> str:
        environ = {**os.environ, **NOBODY, **QUIET}
        words = ("git", "-c", "protocol.file.allow=always", *words)
        done = subprocess.run(words, cwd=cwd or self.root, env=environ, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def run(self, *words: str, cwd: str = ".") -> Done:
        """The command, as a user has it."""
        done = warm.run_text(words, self.root / cwd, self.environ)
        assert "Traceback" not in done.stderr, done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    def lint(self, *words: str, by: str | None = "main", cwd: str = ".") -> Done:
        """A run in JSON, judged by the policy of a commit."""
        policy = ("--policy-from", by) if by is not None else ()
        return self.run("lint", *(words or (".",)), *policy, "--select", "require-digest,stale-ignore", "-f", "json", cwd=cwd)
