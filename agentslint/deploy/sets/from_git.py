"""The git generator, for this repository: an element for each folder, or for each mapping in files."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from agentslint import files
from agentslint.deploy.sets.expansion import Fault, NotJudged, SetPlace
from agentslint.deploy.sets.found import FoundElement, FoundOutcome, Stop, placed
from agentslint.deploy.sets.generator_call import GeneratorCall, SetContext
from agentslint.deploy.sets.globs import PatternError, file_pattern, folder_pattern
from agentslint.deploy.sets.go_text import flat, normalized, printed
from agentslint.deploy.sets.surroundings import Surroundings
from agentslint.places import Pointer
from agentslint.yamlread import YamlError, compose, value


def from_git(context: SetContext, asked: GeneratorCall) -> FoundOutcome:
    """Return the elements of a git generator."""
    settings = asked.settings
    if reason := context.surroundings.is_ours(settings.get("repoURL", ""), settings.get("revision", "")):
        return asked.not_judged(reason, "repoURL")
    if settings.get("directories"):
        folders = _folders(context.surroundings, asked)
        return folders if isinstance(folders, Stop) else [_folder(context, asked, path) for path in folders]
    if settings.get("files"):
        return _from_files(context, asked)
    return asked.fault("a git generator needs directories or files")


def _folders(surroundings: Surroundings, asked: GeneratorCall) -> list[str] | Stop:
    patterns = []
    for number, item in enumerate(asked.settings["directories"]):
        try:
            patterns.append((folder_pattern(item.get("path", "")), bool(item.get("exclude"))))
        except PatternError as error:
            return asked.not_judged(str(error), "directories", number, "path")
    found = []
    for folder in surroundings.folders:
        hits = {exclude for pattern, exclude in patterns if pattern and pattern.fullmatch(folder)}
        if hits == {False}:
            found.append(folder)
    return found


def _folder(context: SetContext, asked: GeneratorCall, path: str) -> FoundElement:
    values = _path_values(context, asked, path, "")
    place = SetPlace(f"{path}/")
    return FoundElement(values, place, {(key,): place for key in values})


def _from_files(context: SetContext, asked: GeneratorCall) -> FoundOutcome:
    paths = _paths(context.surroundings, asked)
    if isinstance(paths, Stop):
        return paths
    found: list[FoundElement] = []
    for path in paths:
        made = _file(context, asked, path)
        if isinstance(made, Stop):
            return made
        found += made
    return found


def _paths(surroundings: Surroundings, asked: GeneratorCall) -> list[str] | Stop:
    found: set[str] = set()
    items = asked.settings["files"]
    for exclude in (False, True):
        for number, item in enumerate(items):
            if bool(item.get("exclude")) is not exclude:
                continue
            try:
                pattern = file_pattern(item.get("path", ""))
            except PatternError as error:
                steps = ("files", number, "path")
                return asked.fault(f"{item['path']}: {error}", *steps) if error.refused else asked.not_judged(str(error), *steps)
            hits = {path for path in surroundings.paths if pattern.fullmatch(path)}
            found = found - hits if exclude else found | hits
    return sorted(found)


def _file(context: SetContext, asked: GeneratorCall, path: str) -> list[FoundElement] | Stop:
    try:
        documents = compose(_bytes(context.surroundings, path), path, duplicate_keys=True)
    except OSError as error:
        return Stop(NotJudged("the git generator", f"{path} cannot be read: {error.strerror or error}", SetPlace(path)))
    except YamlError as error:
        return Stop(Fault(f"{path} is no YAML, which the git generator needs: line {error.line}: {error.message}", SetPlace(path)))
    body = value(documents[0]) if documents else {}
    if isinstance(body, list) and all(isinstance(each, Mapping | None) for each in body):
        return [_mapping(context, asked, path, each or {}, SetPlace(path, (number,))) for number, each in enumerate(body)]
    if isinstance(body, Mapping | None):
        return [_mapping(context, asked, path, body or {}, SetPlace(path))]
    return Stop(Fault(f"{path} must be a mapping or a list of mappings for the git generator", SetPlace(path)))


def _bytes(surroundings: Surroundings, path: str) -> bytes:
    if path in surroundings.changes:
        return surroundings.changes[path]
    return files.read_in(surroundings.root, path, files.KUSTOMIZATION)


def _mapping(context: SetContext, asked: GeneratorCall, path: str, body: Mapping[str, Any], place: SetPlace) -> FoundElement:
    own = _path_values(context, asked, posixpath.dirname(path) or ".", posixpath.basename(path))
    # The file as a whole decides its path.
    whole: dict[Pointer, SetPlace] = {pointer if context.go else (key,): SetPlace(path) for key, (_, pointer) in flat(own).items()}
    if context.go:
        return placed(body, place).plus(own, whole)
    values = {key: printed(each) for key, (each, _) in flat(body).items()}
    places: dict[Pointer, SetPlace] = {(key,): place.below(*pointer) for key, (_, pointer) in flat(body).items()}
    return FoundElement({**values, **own}, place, {**places, **whole})


def _path_values(context: SetContext, asked: GeneratorCall, path: str, filename: str) -> dict[str, Any]:
    prefix = asked.settings.get("pathParamPrefix", "")
    names = dict(_named(path, filename))
    if context.go:
        inner = {"path": {"path": path, **names, "segments": path.split("/")}}
        return {prefix: inner} if prefix else inner
    head = f"{prefix}.path" if prefix else "path"
    segments = {f"{head}[{number}]": part for number, part in enumerate(path.split("/")) if part}
    return {head: path, **{f"{head}.{key}": each for key, each in names.items()}, **segments}


def _named(path: str, filename: str) -> Iterator[tuple[str, str]]:
    basename = posixpath.basename(path)
    yield "basename", basename
    yield "basenameNormalized", normalized(basename)
    if filename:
        yield "filename", filename
        yield "filenameNormalized", normalized(filename)
