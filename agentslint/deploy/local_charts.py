"""Charts of the repository: their names, and the charts that they depend on.

https://helm.sh/docs/helm/helm_dependency_build/: the versions of Chart.lock are taken where there is one.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from agentslint.deploy.typed import sequence, text
from agentslint.discover.chart_file import CHART_FILE, LOCK_FILE, chart_file

_Entry = tuple[str, str, str]
_EXACT = re.compile(r"v?\d+\.\d+\.\d+(?:[-+][\w.+-]+)?")


def chart_name(root: Path, folder: str) -> str:
    """Return the name of the chart in a folder (relative to the root), which Chart.yaml gives; else the folder's own."""
    return text(chart_file(root, folder), "name") or posixpath.basename(folder)


class Dependencies(Struct, frozen=True):
    """What a chart depends on and does not have in `charts/`."""

    pulled: tuple[tuple[str, ...], ...] = ()
    """The words of `helm pull` for those with a repository."""
    local: tuple[str, ...] = ()
    """The folders of those that are named by `file://`."""
    outdated: str = ""
    """Says that Chart.lock does not fit Chart.yaml, with which helm refuses to pull anything; "" where it may fit.

    helm compares a hash of both; here it is seen by names, repositories and exact versions.
    """


def dependencies(root: Path, folder: str) -> Dependencies:
    """Return the missing dependencies of the chart in a folder (relative to the root), in the versions of Chart.lock if there is one."""
    listed = _entries(root, folder, CHART_FILE)
    locked = _entries(root, folder, LOCK_FILE) if listed else []
    inside = _names_in(root / folder / "charts") if listed else []
    missing = [each for each in locked or listed if each[0] and each[1] and not _holds(inside, each[0])]
    asks_lock = bool(locked) and not all(_holds(inside, name) for name, _, _ in listed)
    outdated = f"{posixpath.join(folder, LOCK_FILE)} does not fit {CHART_FILE}; run helm dependency update"
    return Dependencies(
        tuple(_pull(*each) for each in missing if each[1].startswith(("https://", "http://", "oci://"))),
        tuple(path for _, repository, _ in missing if (path := _local(root, folder, repository))),
        outdated if asks_lock and not _fits(listed, locked) else "",
    )


def _pull(name: str, repository: str, version: str) -> tuple[str, ...]:
    own = [f"{repository.rstrip('/')}/{name}"] if repository.startswith("oci://") else ["--repo", repository, name]
    return (*own, *(("--version", version) if version else ()))


def _local(root: Path, folder: str, repository: str) -> str:
    """The folder that a `file://` address names; "" for another address, and for what is not there."""
    path = posixpath.normpath(posixpath.join(folder, repository.removeprefix("file://")))
    # A chart around this one would be copied into itself.
    holds_itself = path in (".", "..") or path.startswith("../") or f"{folder}/".startswith(f"{path}/")
    return path if repository.startswith("file://") and not holds_itself and os.path.isdir(root / path) else ""


def _fits(listed: Sequence[_Entry], locked: Sequence[_Entry]) -> bool:
    same = [each[:2] for each in listed] == [each[:2] for each in locked]
    return same and all(old == new for (_, _, old), (_, _, new) in zip(listed, locked, strict=True) if _EXACT.fullmatch(old))


def _entries(root: Path, folder: str, name: str) -> list[_Entry]:
    """Name, repository and version of each dependency that a file lists."""
    entries = sequence(chart_file(root, folder, name), "dependencies")
    return [(text(each, "name"), text(each, "repository"), text(each, "version")) for each in entries]


def _names_in(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _holds(inside: Sequence[str], name: str) -> bool:
    return any(each == name or re.fullmatch(rf"{re.escape(name)}-\d.*\.tgz", each) for each in inside)
