"""Bare `kustomize build --enable-helm`, over a copy of the tree: what it prints is right by definition."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LIMIT = 60.0


@dataclass(frozen=True)
class Built:
    """What bare kustomize printed; `stream` is None where it failed."""

    stream: bytes | None
    said: str = ""


def build(root: Path, folder: str, options: tuple[str, ...], environ: Mapping[str, str]) -> Built:
    """Build a folder of a copy of `root`."""
    copy = root.parent / "bare"
    if not copy.exists():
        shutil.copytree(root, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    line = [
        environ["AGENTSLINT_KUSTOMIZE"],
        "build",
        "--enable-helm",
        "--helm-command",
        environ["AGENTSLINT_HELM"],
        *options,
        os.path.join(copy, folder),
    ]
    try:
        done = subprocess.run(line, env=_plain(environ), cwd=copy, stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return Built(None, "it took too long")
    return Built(done.stdout if done.returncode == 0 else None, done.stderr.decode("utf-8", "replace"))


def _plain(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: environ[name] for name in ("PATH", "HOME", "TMPDIR")}
