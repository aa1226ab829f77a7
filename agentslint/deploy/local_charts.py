"""Charts of the repository: their names, and the charts that they depend on.

https://helm.sh/docs/helm/helm_dependency_build/: the versions of Chart.lock are taken where there is one.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from agentslint.deploy.typed import sequence, text
from agentslint.discover.chart_file import CHART_FILE, LOCK_FILE, chart_file

_EXACT = re.compile(r"v?\d+\.\d+\.\d+(?:[-+][\w.+-]+)?")


def chart_name(root: Path, folder: str) -> str:
    """Return the name of the chart in a folder (relative to the root), which Chart.yaml gives; else the folder's own."""
    return text(chart_file(root, folder), "name") or posixpath.basename(folder)


def missing_dependencies(root: Path, folder: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of `helm pull` for the charts that a chart depends on, whose repository it gives, and that are not in `charts/`."""
    for name, repository, version in _dependencies(root, folder):
        if repository.startswith(("https://", "http://", "oci://")):
            own = [f"{repository.rstrip('/')}/{name}"] if repository.startswith("oci://") else ["--repo", repository, name]
            yield (*own, *(("--version", version) if version else ()))


def local_dependencies(root: Path, folder: str) -> Iterator[str]:
    """Yield the folders of the charts that a chart depends on by `file://`, and that are not in `charts/`."""
    for _, repository, _ in _dependencies(root, folder):
        path = posixpath.normpath(posixpath.join(folder, repository.removeprefix("file://")))
        # A chart around this one would be copied into itself.
        holds_itself = path in (".", "..") or path.startswith("../") or f"{folder}/".startswith(f"{path}/")
        if repository.startswith("file://") and not holds_itself and os.path.isdir(root / path):
            yield path


def outdated_lock(root: Path, folder: str) -> str:
    """Say that Chart.lock does not fit Chart.yaml, with which helm refuses to pull what is missing; "" where it may fit.

    helm compares a hash of both; here it is seen by names, repositories and exact versions.
    """
    listed, locked = (_entries(root, folder, name) for name in (CHART_FILE, LOCK_FILE))
    if not locked or all(_is_vendored(root, folder, name) for name, _, _ in listed):
        return ""
    same = [each[:2] for each in listed] == [each[:2] for each in locked]
    exact = all(old == new for (_, _, old), (_, _, new) in zip(listed, locked, strict=False) if _EXACT.fullmatch(old))
    return "" if same and exact else f"{posixpath.join(folder, LOCK_FILE)} does not fit {CHART_FILE}; run helm dependency update"


def _entries(root: Path, folder: str, name: str) -> list[tuple[str, str, str]]:
    entries = sequence(chart_file(root, folder, name), "dependencies")
    return [(text(each, "name"), text(each, "repository"), text(each, "version")) for each in entries]


def _dependencies(root: Path, folder: str) -> Iterator[tuple[str, str, str]]:
    """Name, repository and version of each chart that a chart depends on and that is not there."""
    listed = _entries(root, folder, CHART_FILE)
    for name, repository, version in (listed and _entries(root, folder, LOCK_FILE)) or listed:
        if name and repository and not _is_vendored(root, folder, name):
            yield name, repository, version


def _is_vendored(root: Path, folder: str, name: str) -> bool:
    try:
        inside = os.listdir(root / folder / "charts")
    except OSError:
        return False
    return any(each == name or re.fullmatch(rf"{re.escape(name)}-\d.*\.tgz", each) for each in inside)
