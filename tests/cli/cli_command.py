"""The real command, run as a user runs it: another process, its own home, the real renderers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import warm

LIMIT = 120.0
"""Seconds after which a run that hangs is given up."""

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: {name}
spec:
  containers:
    - name: main
      image: {image}
"""
PINNED = "ghcr.io/acme/web:v1.4.2@sha256:" + "1f" * 32


def pod(image: str = PINNED, name: str = "web") -> str:
    """A manifest with one image, on line 8."""
    return POD.format(image=image, name=name)


@dataclass(frozen=True)
class Done:
    """How a run ended."""

    status: int
    stdout: bytes
    stderr: bytes

    @property
    def out(self) -> str:
        return self.stdout.decode()

    @property
    def err(self) -> str:
        return self.stderr.decode()

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    def complains(self, *parts: str) -> None:
        """Nothing on standard output, status 2, and one line of our own that says all `parts`."""
        assert (self.status, self.out) == (2, ""), self
        assert len(self.err.splitlines()) == 1, self.err
        assert self.err.startswith("agentslint: "), self.err
        for part in parts:
            assert part in self.err


@dataclass(frozen=True)
class Command:
    """`agentslint`, with an environment of which nothing is the developer's."""

    environ: Mapping[str, str]

    def __call__(self, *arguments: str | Path, cwd: Path, stdin: bytes = b"", env: Mapping[str, str] | None = None, **options: Any) -> Done:
        if options:
            line = self.line(*arguments)
            done = subprocess.run(line, cwd=cwd, input=stdin, env=self.environment(env), capture_output=True, timeout=LIMIT, **options)
        else:
            done = warm.run(arguments, cwd, self.environment(env), stdin, LIMIT)
        found = Done(done.returncode, done.stdout, done.stderr)
        assert b"Traceback" not in found.stderr, found.err
        return found

    def line(self, *arguments: str | Path) -> list[str]:
        return [sys.executable, "-m", "agentslint", *map(str, arguments)]

    def environment(self, changes: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment with `changes`; a variable that is changed to "-" is not set at all."""
        return {name: text for name, text in {**self.environ, **(changes or {})}.items() if text != "-"}

    def start(self, *arguments: str | Path, cwd: Path, env: Mapping[str, str] | None = None, **options: Any) -> subprocess.Popen[bytes]:
        """Start a run in a process group of its own, as a shell does."""
        return subprocess.Popen(
            self.line(*arguments),
            cwd=cwd,
            env=self.environment(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            **options,
        )


@dataclass(frozen=True)
class Repo:
    """A git repository in a temporary folder."""

    root: Path

    def write(self, files: Mapping[str, str | bytes]) -> Repo:
        for path, content in files.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def kustomization(self, folder: str, images: Sequence[str] = (PINNED,), more: str = "") -> Repo:
        """Write a kustomization with one pod an image."""
        names = [f"pod-{number}" for number in range(len(images))]
        resources = "".join(f"  - {name}.yaml\n" for name in names)
        pods = {f"{folder}/{name}.yaml": pod(image, name) for name, image in zip(names, images, strict=True)}
        return self.write({f"{folder}/kustomization.yaml": f"resources:\n{resources}{more}", **pods})

    def tree(self) -> dict[str, bytes | None]:
        """All that is there, to compare; git's own folder apart."""
        return {
            str(path.relative_to(self.root)): path.read_bytes() if path.is_file() and not path.is_symlink() else None
            for path in sorted(self.root.rglob("*"))
            if ".git" not in path.relative_to(self.root).parts
        }


def make_repository(folder: Path) -> Repo:
    """Make an empty git repository."""
    folder.mkdir(parents=True)
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    return Repo(folder)


def powerless(line: Sequence[str]) -> list[str]:
    """Let a command line run without the right to read and write everything, which tests that run as root have."""
    if os.geteuid() != 0:
        return list(line)
    tool = shutil.which("setpriv")
    assert tool, "tests that run as root need setpriv (util-linux)"
    dropped = "-dac_override,-dac_read_search"
    return [tool, f"--bounding-set={dropped}", f"--inh-caps={dropped}", *line]
