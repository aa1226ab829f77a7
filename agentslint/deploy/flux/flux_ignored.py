"""The files that Flux's source-controller leaves out of what it takes from a repository.

github.com/fluxcd/pkg/sourceignore; https://fluxcd.io/flux/components/source/gitrepositories/#excluding-files
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from agentslint import files
from agentslint.discover.listing import excluder
from agentslint.paths import parent

_FILE = ".sourceignore"
_GIT = (".git/", ".gitignore", ".gitmodules", ".gitattributes")
_DEFAULT = (
    *(f"*.{ending}" for ending in ("jpg", "jpeg", "gif", "png", "wmv", "flv", "tar.gz", "zip")),
    *(".github/", ".circleci/", ".travis.yml", ".gitlab-ci.yml", "appveyor.yml", ".drone.yml", "cloudbuild.yaml"),
    *("codeship-services.yml", "codeship-steps.yml", "**/.goreleaser.yml", "**/.sops.yaml", "**/.flux.yaml"),
)


def left_over(root: Path, paths: Iterable[str], said: str | None) -> list[str]:
    """Return the paths that Flux takes; `said` is the `ignore` of the GitRepository, which replaces the default patterns."""
    paths = list(paths)
    own = _DEFAULT if said is None else tuple(_patterns(said, ""))
    hidden = excluder((*_GIT, *own, *_written(root, paths)))
    return [path for path in paths if not hidden(path)]


def _written(root: Path, paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        if path.rpartition("/")[2] == _FILE:
            try:
                text = files.text_in(root, path)
            except OSError:
                continue
            yield from _patterns(text, parent(path))


def _patterns(text: str, folder: str) -> Iterator[str]:
    """The patterns of a file, each as it would stand at the root."""
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            yield _at_root(line.strip(), folder)


def _at_root(pattern: str, folder: str) -> str:
    if not folder:
        return pattern
    sign, rest = ("!", pattern[1:]) if pattern.startswith("!") else ("", pattern)
    anchored = "/" in rest.rstrip("/")
    return f"{sign}/{folder}/{rest.lstrip('/')}" if anchored else f"{sign}/{folder}/**/{rest}"
