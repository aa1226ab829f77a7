"""Files that a deployer reads beside what kustomize builds: values files of an Application or a HelmRelease, files of a generator."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from agentslint.model import Manifest

_ARGO = ("Application", "ApplicationSet")
_FLUX = ("HelmRelease", "HelmChart")
_PLACEHOLDER = re.compile(r"\{\{(?:(?!\{\{|\}\})[^\n])*\}\}|\*+")
_ANYTHING = "\0"
_WORD = re.compile(r"(?:\{\{(?:(?!\{\{|\}\})[^\n])*\}\}|[^\s\"'=,:;\[\]{}])+")


def reads_beside(manifest: Manifest, path: str) -> bool:
    """Tell whether a manifest names the file at `path` (relative to the repository's root) for its deployer to read."""
    return any(_matches(named, path) for named in _named(manifest))


def _named(manifest: Manifest) -> Iterator[str]:
    """The paths, from the root, with placeholders for the parts that only the deployer knows."""
    if manifest.kind in _FLUX:
        for holder in (("spec",), ("spec", "chart", "spec")):
            for key in ("valuesFile", "valuesFiles"):
                yield from (_from("", name) for name in _texts(manifest.at((*holder, key))))
    elif manifest.kind in _ARGO:
        for mapping in _mappings(manifest.body):
            yield from _of_source(mapping)
            yield from (_from("", name) for item in _items(mapping.get("files")) for name in _texts(_at(item, "path")))
            # A template of a patch is text: which source it changes is not known.
            yield from (f"{_ANYTHING}/{posixpath.basename(word)}" for word in _words(mapping.get("templatePatch")))


def _of_source(source: Mapping[Any, Any]) -> Iterator[str]:
    """The files of one source: those of helm, and those in the words of a plugin."""
    helm, folder = source.get("helm"), source.get("path")
    base = folder if isinstance(folder, str) else ""
    names = [
        *_texts(_at(helm, "valueFiles")),
        *(name for item in _items(_at(helm, "fileParameters")) for name in _texts(_at(item, "path"))),
    ]
    names += _words(source.get("plugin"))
    for name in names:
        yield _from(base, name)


def _from(folder: str, name: str) -> str:
    """A path from the root: `$values/x` and `/x` begin there, others in the folder; `..` out of an open part may lead anywhere."""
    open_folder, open_name = (_PLACEHOLDER.sub(_ANYTHING, part) for part in (folder, name))
    first, _, rest = open_name.partition("/")
    if first.startswith("$") or not first:
        return posixpath.normpath(rest.strip("/"))
    if ".." in open_name and _ANYTHING in open_folder + open_name.rpartition("..")[0]:
        return f"{_ANYTHING}/{open_name.rpartition('../')[2]}"
    return posixpath.normpath(posixpath.join(open_folder.strip("/"), open_name))


def _matches(named: str, path: str) -> bool:
    pattern = "".join(".*" if part == _ANYTHING else re.escape(part) for part in re.split(f"({_ANYTHING})", named))
    return re.fullmatch(pattern, path) is not None or (named.startswith(f"{_ANYTHING}/") and _matches(named[2:], path))


def _mappings(body: Any) -> Iterator[Mapping[Any, Any]]:
    if isinstance(body, Mapping):
        yield body
    for item in body.values() if isinstance(body, Mapping) else body if isinstance(body, list) else ():
        yield from _mappings(item)


def _words(body: Any) -> Iterator[str]:
    """The words in all texts of a body that may be the names of files."""
    if isinstance(body, str):
        yield from (word for word in _WORD.findall(body) if word.endswith((".yaml", ".yml", ".json")))
    for item in body.values() if isinstance(body, Mapping) else body if isinstance(body, list) else ():
        yield from _words(item)


def _texts(value: Any) -> Iterator[str]:
    return (item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str) and item)


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _at(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, Mapping) else None
