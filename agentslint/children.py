"""The one door to other programs: every process of a run is started here."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any


class Profile(Enum):
    """What a program may do: the kernel holds it to that, where it can."""

    RENDERER = "renderer"
    ONLINE_RENDERER = "renderer with network"
    GIT = "git"
    FREE = "free"
    """A program of the user's own choice (`tools install`), or one that must fetch with the user's credentials."""


def start(
    command: Sequence[str], *, profile: Profile, environ: Mapping[str, str], cwd: str | os.PathLike[str], **how: Any
) -> subprocess.Popen[bytes]:
    """Start a program and return its process; `how` goes to `subprocess.Popen`. Raises OSError where it cannot be started."""
    return subprocess.Popen(command, env=environ, cwd=cwd, **how)


def output(
    command: Sequence[str],
    *,
    profile: Profile,
    environ: Mapping[str, str],
    cwd: str | os.PathLike[str] | None = None,
    stdin: bytes = b"",
    timeout: float | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end and return what it printed.

    Raises OSError where it cannot be started, and TimeoutError (one of them) where it takes longer than `timeout` seconds.
    """
    try:
        return subprocess.run(command, env=environ, cwd=cwd, input=stdin, capture_output=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(f"{command[0]} took longer than {timeout:g} s") from error
