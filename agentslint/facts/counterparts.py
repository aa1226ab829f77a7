"""Pairs the manifests of two renders of a target, by the parts of their names that do not change."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from agentslint.authorship.given_names import HASH, unhashed
from agentslint.model import Manifest

T = TypeVar("T")
KeyOf = Callable[[T], Hashable]
Identity = tuple[str, str, str]
_HASHES = re.compile(rf"[0-9a-f]{{32,}}|{HASH}(?![0-9a-z])|[A-Za-z0-9+/=]{{24,}}")
_GENERATED = ("ConfigMap", "Secret")


def without_hashes(text: str) -> str:
    """Return a text without what follows from other texts by a hash: a checksum, the suffix of a generated name, base64."""
    return _HASHES.sub("", text)


def identity(manifest: Manifest) -> Identity:
    """Tell a manifest from the others of its render."""
    return manifest.kind, manifest.namespace, manifest.name


def paired_manifests(base: Iterable[Manifest], head: Iterable[Manifest]) -> list[tuple[Manifest | None, Manifest | None]]:
    """Pair manifests by group, kind, namespace and name, else by the name without the hash of a generated one."""
    return paired(base, head, lambda manifest: (manifest.group, *identity(manifest)), _without_hash)


def _without_hash(manifest: Manifest) -> Hashable:
    """Of kinds that kustomize generates one side may have no hash (`disableNameSuffixHash`); it hashes others where they ask for it."""
    name = unhashed(manifest.name)
    return (manifest.kind, manifest.namespace, name) if manifest.kind in _GENERATED or name != manifest.name else None


class Counterparts:
    """The manifests of another render, found by those of the plain one. `restored` undoes changes of names."""

    def __init__(self, plain: Iterable[Manifest], other: Sequence[Manifest], restored: Callable[[str], str] = str) -> None:
        self._plain = _by_key(list(plain), identity)
        self._other = other
        self._restored = restored

    def of(self, plain: Manifest) -> Manifest | None:
        """Return the manifest of the same name, also where something changed or a hash is part of it.

        Where several have one name (hooks, Jobs with a `generateName`), the one at the same place among them, if they are as many.
        """
        mine, theirs = self._plain.get(identity(plain), ()), self._by_name.get(identity(plain), ())
        if max(len(mine), len(theirs)) > 1:
            at = next((at for at, each in enumerate(mine) if each.index == plain.index), 0)
            return theirs[at] if len(mine) == len(theirs) else None
        return theirs[0] if theirs else self._by_restored_name.get((plain.kind, plain.namespace, without_hashes(plain.name)))

    def new_like(self, plain: Manifest) -> list[Manifest]:
        """Return the manifests of the same kind and namespace whose names the plain render does not have."""
        return [
            each
            for each in self._other
            if (each.kind, each.namespace) == (plain.kind, plain.namespace) and identity(each) not in self._plain
        ]

    @cached_property
    def _by_name(self) -> Mapping[Hashable, Sequence[Manifest]]:
        return _by_key(self._other, identity)

    @cached_property
    def _by_restored_name(self) -> Mapping[Identity, Manifest]:
        found: dict[Identity, Manifest] = {}
        for manifest in self._other:
            name, namespace = without_hashes(self._restored(manifest.name)), self._restored(manifest.namespace)
            found.setdefault((manifest.kind, namespace, name), manifest)
        return found


def paired(base: Iterable[T], head: Iterable[T], *keys: KeyOf[T]) -> list[tuple[T | None, T | None]]:
    """Pair items that have the same key, in their order where several have it; what finds none by one key is tried by the next.

    By the later keys only what has one of its own is paired: they are guesses. A key of None pairs nothing. The order is that of `head`,
    with what is gone behind it.
    """
    gone, come = list(base), list(head)
    found: dict[int, T] = {}
    for number, key in enumerate(keys):
        old, new = _by_key(gone, key), _by_key([item for item in come if id(item) not in found], key)
        for name in new:
            there = old.get(name, ())
            if number == 0 or len(there) == len(new[name]) == 1:
                found.update((id(mine), theirs) for mine, theirs in zip(new[name], there, strict=False))
        taken = {id(item) for item in found.values()}
        gone = [item for item in gone if id(item) not in taken]
    return [(found.get(id(item)), item) for item in come] + [(item, None) for item in gone]


def _by_key(items: Sequence[T], key: KeyOf[T]) -> dict[Hashable, list[T]]:
    named: dict[Hashable, list[T]] = {}
    for item in items:
        if (name := key(item)) is not None:
            named.setdefault(name, []).append(item)
    return named
