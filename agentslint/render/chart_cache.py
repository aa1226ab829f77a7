"""Remote charts, pulled once into our own cache and served from there to every render.

kustomize alone pulls beside each kustomization and races with itself when several overlays of a base do so at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from agentslint.children import Profile
from agentslint.render.fetched import Fetched
from agentslint.render.options import Limits
from agentslint.render.process import ProcessGroup, run
from agentslint.render.pull import OfflineError, Pull, PullError
from agentslint.tools.program_environment import helm_homes


class ChartCache(Struct, dict=True):
    """Charts by repository, name and version in `folder`; one without an exact version lives in `run_folder`, for one run."""

    folder: Path
    run_folder: Path
    helm: str
    environ: Mapping[str, str]
    group: ProcessGroup
    offline: bool = False

    def __post_init__(self) -> None:
        self._fetched: Fetched[Pull] = Fetched(self.run_folder, lambda pull: (pull.key,), self.group)

    @property
    def index(self) -> Path:
        """The file that the shim reads: the words of a pull, a tab, the folder that answers it."""
        return self._fetched.index

    def provide(self, pull: Pull, limits: Limits) -> Path:
        """Return the folder above the chart; raises PullError (the same one for the same chart). May be called from several threads."""
        return self._fetched.provide(pull, lambda: self._find_or_pull(pull, limits))

    def _find_or_pull(self, pull: Pull, limits: Limits) -> Path:
        place = (self.folder if pull.pinned else self.run_folder) / _slug(pull)
        if not place.is_dir():
            if self.offline:
                raise OfflineError(f"{pull} {_absence(pull)} and the network is off (--offline)")
            self._fetched.keep(place, limits, lambda part: self._pull(pull, part, limits))
        return place

    def _pull(self, pull: Pull, part: Path, limits: Limits) -> None:
        command = [self.helm, "pull", "--untar", "--untardir", str(part), *pull.words]
        environ = {**self.environ, **helm_homes(str(self.run_folder / "homes" / part.stem))}
        # Logins may need helpers of the user's own.
        done = run(command, profile=Profile.FREE, environ=environ, cwd=self.run_folder, limits=limits, group=self.group)
        if done.breach:
            raise PullError(f"{pull}: helm pull {limits.breach(done.breach)}")
        if done.status:
            from agentslint.render.failures.cause import cause

            raise PullError(f"{pull} could not be pulled: {cause(done.stderr)}")


def _absence(pull: Pull) -> str:
    return "is not in the cache" if pull.pinned else "has no exact version"


def _slug(pull: Pull) -> str:
    readable = re.sub(r"[^A-Za-z0-9.]+", "-", f"{pull.name}-{pull.version or 'latest'}")[:80].strip("-.")
    import hashlib

    return f"{readable}-{hashlib.sha256(repr(pull.words).encode()).hexdigest()[:12]}"
