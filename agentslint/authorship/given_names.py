"""The names that kustomize makes of authored ones: prefixes and suffixes around them, and the hash of a generated one."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from agentslint.model import Target
from agentslint.model.application import KustomizeRecipe
from agentslint.paths import parent
from agentslint.yamlread import YamlError, compose, value

HASH = r"-[bcdfghkmt2456789]{10}"
"""The hash that kustomize appends to the name of a generated resource: ten hexadecimal digits, with 0, 1, 3, a and e replaced by
g, h, k, m and t (`encode` in api/hasher/hasher.go)."""
_AT_END = re.compile(rf"{HASH}$")
_BUILTIN = "builtin"
_PREFIXES = ("PrefixTransformer", "PrefixSuffixTransformer")
_SUFFIXES = ("SuffixTransformer", "PrefixSuffixTransformer")
_DEEPEST = 64
_EDITED = {"nameprefix": "namePrefix", "namesuffix": "nameSuffix"}
"""The words of `kustomize edit set`."""

Bodies = Callable[[str], Iterable[Any]]
"""The documents of a file, as plain objects."""


def unhashed(name: str) -> str:
    """Return the name of a generated resource without kustomize's hash; other names stay as they are."""
    return _AT_END.sub("", name)


class Affixes(Struct, frozen=True):
    """The prefix and suffix that kustomize puts around a name."""

    prefix: str = ""
    suffix: str = ""

    def given(self, name: str) -> str:
        """Return the name with prefix and suffix."""
        return f"{self.prefix}{name}{self.suffix}"

    def around(self, inner: Affixes) -> Affixes:
        """Return both combined: `inner` is added first, then this one outside of it."""
        return Affixes(self.prefix + inner.prefix, inner.suffix + self.suffix)


NOTHING = Affixes()


class GivenNames:
    """The prefixes and suffixes that the kustomizations of a target add to the names in each file.

    Read from the target's own kustomization down. A kustomization renames all that it lists; a component also renames the resources
    listed next to it.
    """

    def __init__(self, own: str, kustomizations: Mapping[str, Any], bodies: Bodies) -> None:
        self._bodies = bodies
        self._kustomizations = kustomizations
        self._in_folder = {parent(path): path for path in kustomizations}
        self._files: dict[str, dict[Affixes, None]] = {}
        self._charts: dict[str, dict[Affixes, None]] = {}
        self._all: dict[Affixes, None] = {NOTHING: None}
        self.are_known = True
        """False if a transformer that is not built into kustomize may change names, too."""
        self._follow(own, NOTHING, 0)

    def may_be(self, path: str, written: str, given: str) -> bool:
        """Tell whether a resource or patch in a file may be rendered under a name."""
        return any(fits(around, written, given) for around in self._files.get(path, self._all)) or (not self.are_known and written in given)

    def of_charts(self, kustomization: str) -> Iterable[Affixes] | None:
        """Return the affixes of the names that a chart prints, by the kustomization or generator file that holds its entry.

        None if that file is not part of the target.
        """
        return self._charts.get(kustomization)

    def _follow(self, path: str, outer: Affixes, depth: int) -> None:
        body = self._kustomizations.get(path)
        if not isinstance(body, Mapping) or depth > _DEEPEST:
            return
        here = outer.around(self._own(path, body))
        if here in self._charts.setdefault(path, {}):
            return
        self._charts[path][here] = self._all[here] = None
        for generator in self._entry_files(path, body, "generators"):
            self._charts.setdefault(generator, {})[here] = None
        inner = here
        for component in reversed([*_texts(body, "components")]):
            named = self._kustomization(path, component)
            self._follow(named, inner, depth + 1)
            inner = inner.around(self._whole(named, depth + 1))
        for entry in (*_texts(body, "resources"), *_texts(body, "bases")):
            if named := self._kustomization(path, entry):
                self._follow(named, inner, depth + 1)
            else:
                self._files.setdefault(_joined(path, entry), {})[inner] = None

    def _kustomization(self, path: str, entry: str) -> str:
        return self._in_folder.get(_joined(path, entry), "")

    def _whole(self, path: str, depth: int) -> Affixes:
        """The affixes that a component, with the components in it, adds to the resources listed next to it."""
        body = self._kustomizations.get(path)
        if not isinstance(body, Mapping) or depth > _DEEPEST:
            return NOTHING
        found = self._own(path, body)
        for component in reversed([*_texts(body, "components")]):
            found = found.around(self._whole(self._kustomization(path, component), depth + 1))
        return found

    def _own(self, path: str, body: Mapping[Any, Any]) -> Affixes:
        found = Affixes(_text(body, "namePrefix"), _text(body, "nameSuffix"))
        for transformer in self._transformers(path, body):
            kind, version = transformer.get("kind"), str(transformer.get("apiVersion", ""))
            self.are_known = self.are_known and version == _BUILTIN
            prefix = _text(transformer, "prefix") if kind in _PREFIXES else ""
            found = Affixes(prefix, _text(transformer, "suffix") if kind in _SUFFIXES else "").around(found)
        return found

    def _transformers(self, path: str, body: Mapping[Any, Any]) -> Iterator[Mapping[Any, Any]]:
        """Transformers are inline, in files, or in the resources of a folder."""
        for entry in _texts(body, "transformers"):
            if _is_inline(entry):
                yield from _mappings(_inline(entry))
        for file in self._entry_files(path, body, "transformers"):
            yield from _mappings(self._bodies(file))

    def _entry_files(self, path: str, body: Mapping[Any, Any], key: str) -> Iterator[str]:
        """The files of generators or transformers: each is one, or the resources of a folder."""
        for entry in _texts(body, key):
            if _is_inline(entry):
                continue
            if not (folder := self._kustomization(path, entry)):
                yield _joined(path, entry)
            elif isinstance(listed := self._kustomizations[folder], Mapping):
                yield from (_joined(folder, name) for name in _texts(listed, "resources"))


def as_deployed(target: Target, kustomizations: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the bodies of a target's kustomizations, its own as its deployer edits it."""
    body = kustomizations.get(target.file)
    if target.deployed is None or not isinstance(body, Mapping):
        return kustomizations
    recipe = target.deployed.plain_recipe
    if not isinstance(recipe, KustomizeRecipe):
        return kustomizations
    names = {_EDITED[edit[1]]: edit[-1] for edit in recipe.edits if edit[0] == "set" and edit[1] in _EDITED}
    components = [*_texts(body, "components"), *recipe.components]
    return {**kustomizations, target.file: {**body, **names, "components": components}}


def fits(around: Affixes, written: str, given: str) -> bool:
    """Tell whether a written name becomes a given one, with a hash at its end or without."""
    return around.given(written) in (given, unhashed(given))


def _joined(path: str, entry: str) -> str:
    joined = posixpath.normpath(posixpath.join(parent(path), entry))
    return "" if joined == "." else joined


def _is_inline(entry: str) -> bool:
    return "\n" in entry or ":" in entry


def _inline(text: str) -> Iterator[Any]:
    try:
        yield from map(value, compose(text, "", duplicate_keys=True))
    except YamlError:
        return


def _mappings(bodies: Iterable[Any]) -> Iterator[Mapping[Any, Any]]:
    return (body for body in bodies if isinstance(body, Mapping))


def _text(body: Mapping[Any, Any], key: str) -> str:
    found = _at(body, key)
    return found if isinstance(found, str) else "" if found is None else str(found)


def _texts(body: Mapping[Any, Any], key: str) -> Iterator[str]:
    found = _at(body, key)
    return (entry for entry in (found if isinstance(found, list) else ()) if isinstance(entry, str))


def _at(body: Mapping[Any, Any], key: str) -> Any:
    """Go's encoding/json does not mind the case of keys."""
    return body[key] if key in body else next((found for name, found in body.items() if str(name).lower() == key.lower()), None)
