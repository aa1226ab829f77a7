"""Remote charts, pulled once into our own cache and served from there to every render.

kustomize alone pulls beside each kustomization and races with itself when several overlays of a base do so at once. Here each
chart has a lock of its own, within the run and between runs, and an entry of the cache appears whole or not at all.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from agentslint import files
from agentslint.children import Profile
from agentslint.render.alone import alone
from agentslint.render.failures.cause import cause
from agentslint.render.options import Limits
from agentslint.render.process import ProcessGroup, run
from agentslint.render.pull import OfflineError, Pull, PullError
from agentslint.tools.program_environment import helm_homes


@dataclass
class ChartCache:
    """Charts by repository, name and version in `folder`; one without an exact version lives in `run_folder`, for one run."""

    folder: Path
    run_folder: Path
    helm: str
    environ: Mapping[str, str]
    group: ProcessGroup
    offline: bool = False
    _writing: Lock = field(default_factory=Lock)
    _outcomes: dict[Pull, Path | PullError] = field(default_factory=dict)
    _locks: dict[Pull, Lock] = field(default_factory=dict)

    def provide(self, pull: Pull, limits: Limits) -> None:
        """Have the chart at hand; raises PullError (the same one for the same chart). May be called from several threads."""
        with self._locks.setdefault(pull, Lock()):
            if pull not in self._outcomes:
                self._outcomes[pull] = self._find_or_pull(pull, limits)
                self._write_index()
        outcome = self._outcomes[pull]
        if isinstance(outcome, PullError):
            raise outcome

    @property
    def index(self) -> Path:
        """The file that the shim reads: the words of a pull, a tab, the folder that answers it."""
        return self.run_folder / "index"

    def __post_init__(self) -> None:
        self._write_index()

    def _write_index(self) -> None:
        """Replace the index as a whole, since a shim may be reading it."""
        with self._writing:
            served = [(pull.key, place) for pull, place in list(self._outcomes.items()) if isinstance(place, Path)]
            lines = [f"{key}\t{place}\n" for key, place in served if not re.search(r"[\t\n]", key)]
            fresh = self.index.with_suffix(".new")
            files.write(fresh, "".join(lines).encode())
            fresh.replace(self.index)

    def _find_or_pull(self, pull: Pull, limits: Limits) -> Path | PullError:
        place = (self.folder if pull.pinned else self.run_folder) / _slug(pull)
        if place.is_dir():
            return place
        if self.offline:
            return OfflineError(f"{pull} {_absence(pull)} and the network is off (--offline)")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with alone(place, limits, self.group):
                if not place.is_dir():
                    self._pull(pull, place, limits)
            return place
        except OSError as error:
            return PullError(f"{pull} cannot be kept in the cache: {error.strerror or error}: {error.filename or place.parent}")
        except PullError as error:
            return error

    def _pull(self, pull: Pull, place: Path, limits: Limits) -> None:
        """Pull into a folder beside the place and move it there whole; what an earlier interrupt left there goes first."""
        part = place.with_name(place.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        try:
            command = [self.helm, "pull", "--untar", "--untardir", str(part), *pull.words]
            environ = {**self.environ, **helm_homes(str(self.run_folder / "homes" / place.name))}
            # Logins may need helpers of the user's own.
            done = run(command, profile=Profile.FREE, environ=environ, cwd=self.run_folder, limits=limits, group=self.group)
            if done.breach:
                raise PullError(f"{pull}: helm pull {limits.breach(done.breach)}")
            if done.status:
                raise PullError(f"{pull} could not be pulled: {cause(done.stderr)}")
            os.replace(part, place)
        finally:
            shutil.rmtree(part, ignore_errors=True)


def _absence(pull: Pull) -> str:
    return "is not in the cache" if pull.pinned else "has no exact version, so that it is pulled anew each time,"


def _slug(pull: Pull) -> str:
    readable = re.sub(r"[^A-Za-z0-9.]+", "-", f"{pull.name}-{pull.version or 'latest'}")[:80].strip("-.")
    return f"{readable}-{hashlib.sha256(repr(pull.words).encode()).hexdigest()[:12]}"
