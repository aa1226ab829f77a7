"""The files that `[schemas] paths` names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from agentslint import files
from agentslint.config import Loaded
from agentslint.config.closest import closest, did_you_mean
from agentslint.discover.manifest_files import SUFFIXES
from agentslint.discover.repository import Repository
from agentslint.engine.session import Session
from agentslint.errors import UsageError
from agentslint.model import Failure, Location, Region
from agentslint.paths import matches


def schema_files(loaded: Loaded, root: Path) -> tuple[str, ...]:
    """Return the files, relative to the root; raises UsageError for a path that leads to none."""
    repository = Repository(root)
    found: dict[str, None] = {}
    for path in loaded.config.schemas.paths:
        here = [each for each in _at(path.removeprefix("./").rstrip("/"), repository) if each.endswith(SUFFIXES)]
        if not any(_may_be_schema(root, each) for each in here):
            why = f"{path} holds neither CustomResourceDefinitions nor JSON schemas" if here else _why(path, repository)
            raise UsageError(f"{loaded.where('schemas', 'paths', word=path)}: schemas.paths: {why}")
        found |= dict.fromkeys(here)
    return tuple(found)


def _may_be_schema(root: Path, path: str) -> bool:
    """Tell whether a file may hold definitions or a JSON schema; one that cannot be read is reported when it is needed."""
    try:
        return path.endswith(".json") or b"CustomResourceDefinition" in files.read_in(root, path)
    except OSError:
        return True


def _at(path: str, repository: Repository) -> Iterator[str]:
    if files.is_file_in(repository.root, path):
        yield path
    elif os.path.isdir(repository.full(path)) and files.way_out(repository.root, repository.full(path)) is None:
        yield from repository.files(path)
    else:
        yield from (each for each in repository.files("") if matches(each, [path]))


def _why(path: str, repository: Repository) -> str:
    if "://" in path:
        return f"{path!r} is an address; only files in the repository are read"
    if path.startswith("/") or ".." in path.split("/"):
        return f"{path!r} leads out of the repository; put the schemas into it"
    if os.path.exists(repository.full(path)):
        return f"{path} holds neither YAML nor JSON files"
    return f"no file matches {path!r}{did_you_mean(closest(path, list(repository.files(''))))}"


def unread_schemas(session: Session) -> list[Failure]:
    """The files of `paths`, and those in the `crds/` of charts, that cannot be read, as far as anybody asked for them."""
    unread = session.context.unchecked.unread.items()
    return [
        Failure(f"the schemas in {file} cannot be read: {why}", location=Location(file, Region(line, 1, line, 2)))
        for file, (why, line) in unread
    ]
