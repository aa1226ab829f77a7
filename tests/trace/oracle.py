"""A judge of the trace that shares no code with it: it changes what the trace names and looks at what a bare kustomize makes of it.

It has a walker of its own for the fields to be judged, its own readers of what people wrote, and its own other values. Every other value
has the length of the one that it replaces, so that a part of a field stays at its columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from oracle_clone import Change, Clone, Documents, Place, pool


@dataclass(frozen=True, order=True)
class Name:
    """A field of the render, or the columns [start, end) of a longer text in it."""

    document: tuple[str, ...]
    pointer: tuple[str | int, ...]
    start: int
    end: int

    def __str__(self) -> str:
        return f"{'/'.join(self.document)} {'.'.join(map(str, self.pointer))}[{self.start}:{self.end}]"


@dataclass(frozen=True)
class Answer:
    """What the trace says of one field: where its text was written, and what else has to be as it is."""

    exact: bool
    places: tuple[Place, ...] = ()
    passing: tuple[Place, ...] = ()


@dataclass
class Verdict:
    """What became of one target's answers."""

    target: str
    fields: int = 0
    exact: int = 0
    changes: int = 0
    decoys: int = 0
    wrong: list[str] = field(default_factory=list)
    unproven: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        proven = f"{self.target}: {self.exact}/{self.fields} exact"
        return f"{proven}, {self.changes} scalars changed, {self.decoys} decoys, {len(self.wrong)} wrong"


# --- the denominator: fields with an image, a digest or a SHA -----------------------------------------------------------------

_DIGEST = r"sha256:[0-9a-f]{64}(?![0-9a-f])"
_SHA = r"(?<![0-9A-Za-z])[0-9a-f]{40}(?![0-9A-Za-z])"
_PATH = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*"
_HOST = r"(?:localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)+|[a-z0-9-]+(?=:\d))(?::\d+)?"
_TAG = r"[A-Za-z0-9_][\w.-]{0,127}"
_PINNED = rf"(?:{_HOST}/)?{_PATH}(?::{_TAG})?@{_DIGEST}"
_TAGGED = rf"(?:{_HOST}/)?{_PATH}:(?:latest|{_TAG})"
_IMAGE_KEY = re.compile(r"image(?:name|ref|reference)?$", re.I)
_PARTS = ("repository", "tag", "digest")
_SURE_IMAGE = re.compile(rf"{_PINNED}|{_TAGGED}")
_ADDRESS = re.compile(r":\d{2,5}$|^[a-z+]+://|^\d+(?:\.\d+){3}|:[a-z-]+$")
"""Hosts with ports, URLs, and words with a word behind the colon (`system:masters`) are no images."""
_IN_TEXT = re.compile(rf"{_PINNED}|{_DIGEST}|{_SHA}")


def denominator(documents: Documents) -> dict[Name, str]:
    """Return every field of the render that holds an image, a digest or a SHA, with its text."""
    found: dict[Name, str] = {}
    for document, body in documents.items():
        if document[0] not in ("CustomResourceDefinition", "Secret"):
            for pointer, value in leaves(body):
                if isinstance(value, str):
                    found.update({Name(document, pointer, start, end): value[start:end] for start, end in _spans(pointer, value)})
    return found


def leaves(node: Any, pointer: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield every scalar below a node."""
    if isinstance(node, Mapping | list):
        for step, value in node.items() if isinstance(node, Mapping) else enumerate(node):
            yield from leaves(value, (*pointer, step))
    else:
        yield pointer, node


def _spans(pointer: tuple[str | int, ...], text: str) -> list[tuple[int, int]]:
    if pointer[0] in ("kind", "apiVersion"):
        return []
    keys = [step for step in pointer if isinstance(step, str)]
    is_image = _SURE_IMAGE.fullmatch(text) and not _ADDRESS.search(text)
    is_part = keys[-1] in _PARTS and any(_IMAGE_KEY.search(key) for key in keys[:-1])
    if is_image or ((is_part or _IMAGE_KEY.search(keys[-1])) and re.fullmatch(r"\S+", text)):
        return [(0, len(text))]
    return [match.span() for match in _IN_TEXT.finditer(text)]


# --- decoys: what looks as if it decided something ----------------------------------------------------------------------------

_DECOY_KEYS = {"tag", "newtag", "digest", "repository", "image", "newname", "imagename", "registry", "appversion"}
_SELECTS = {"name", "kind", "namespace", "apiVersion", "path", "version"}


def is_decoy(pointer: Sequence[str | int], text: str) -> bool:
    """Tell whether a scalar looks like an image, a tag, a digest or a pull secret; what kustomize looks for by its name is none."""
    keys = [step for step in pointer if isinstance(step, str)]
    last = keys[-1] if keys else ""
    if any(re.search("pullsecret", key, re.I) for key in keys):
        return True
    if last in _SELECTS or text in ("", "~", "null") or "\n" in text or "{{" in text:
        return False
    looks = _SURE_IMAGE.fullmatch(text) and not _ADDRESS.search(text)
    return bool(looks or _IN_TEXT.search(text) or last.lower() in _DECOY_KEYS)


# --- other values -------------------------------------------------------------------------------------------------------------


def others(text: str) -> Iterator[str]:
    """Yield other texts of the same length and shape: every part another one; the last digit alone, for what is checked closely."""
    yield another(text)
    if digits := list(re.finditer(r"\d", text)):
        at = digits[-1].start()
        yield text[:at] + _another_part(digits[-1]) + text[at + 1 :]


def another(text: str) -> str:
    """Return another text of the same length: every part of an image, a version or a hash is another one."""
    return re.sub(rf"{_DIGEST}|[0-9a-f]{{7,}}|[A-Za-z]+|\d+", _another_part, text)


_LETTERS = {"a": "b", "b": "c", "c": "d", "d": "f", "e": "f", "f": "a"}


def _another_part(match: re.Match[str]) -> str:
    part = match.group()
    if part.startswith("sha256:"):
        return "sha256:" + _other_hex(part[7:])
    if re.fullmatch(r"[0-9a-f]{7,}", part) and re.search(r"\d", part):
        return _other_hex(part)
    if part.isdigit():
        return part[:-1] + str(int(part[-1]) % 9 + 1 if int(part[-1]) < 9 else 8)
    if len(part) < 3 or part in ("sha256", "sha512"):
        return part
    return part[:-1] + ("b" if part[-1] != "b" else "c")


def _other_hex(text: str) -> str:
    return "".join(_LETTERS.get(digit) or str(int(digit) % 9 + 1) for digit in text)


# --- judging ------------------------------------------------------------------------------------------------------------------


@dataclass
class Judge:
    """Judges the answers about one target; `written` are the scalars of the files that it reads, templates included."""

    clones: Sequence[Clone]
    folder: str
    plain: Documents
    answers: Mapping[Name, Answer]
    written: Mapping[Place, tuple[tuple[str | int, ...], str]]
    words: Mapping[str, str] = field(default_factory=dict)
    """Other values for what can be guessed by nobody: the words of an enumeration."""

    def verdict(self) -> Verdict:
        """Change every place that an answer names, one at a time, and all decoys together."""
        self.fields = denominator(self.plain)
        exact = {name for name in self.fields if name in self.answers and self.answers[name].exact}
        out = Verdict(self.folder, len(self.fields), len(exact))
        out.unproven = [f"{name} {self.fields[name]}" for name in sorted(set(self.fields) - exact)]
        decides, passes = _inverted(self.answers, exact)
        with ThreadPoolExecutor(len(self.clones)) as workers, pool(self.clones) as clone_of:
            for complaints in workers.map(lambda place: self._named(place, decides[place], passes, exact, clone_of), decides):
                out.wrong += complaints
        out.changes = len(decides)
        self._decoys(set(decides) | set(passes), exact, out)
        return out

    def _named(self, place: Place, named: set[Name], passes: Mapping[Place, set[Name]], exact: set[Name], clone_of: Any) -> list[str]:
        """What the answers name for a place must change with it, and nothing else that is said to be exact."""
        text = clone_of().text(place)
        for other in [self.words[text]] if text in self.words else others(text):
            changed = self._changed([Change(place, other)], clone_of())
            if changed is not None:
                break
        else:
            return [f"{place}: does not render with another value"]
        missed = [f"{place}: is said to decide {name}, which stays {self.fields[name]!r}" for name in sorted(named - changed)]
        allowed = named | passes.get(place, set())
        more = [f"{place}: also changes {name}, which is said to come from elsewhere" for name in sorted((changed & exact) - allowed)]
        return missed + more

    def _decoys(self, known: set[Place], exact: set[Name], out: Verdict) -> None:
        decoys = [
            place
            for place, (pointer, text) in self.written.items()
            if is_decoy(pointer, text) and not any(place.overlaps(other) for other in known)
        ]
        out.decoys = len(decoys)
        for group in self._harmful(decoys):
            changed = self._changed_by(group)
            if changed is None:
                out.notes.append(f"{', '.join(map(str, group))}: does not render with another value")
            for name in sorted(changed or ()):
                told = f"{', '.join(map(str, group))}: is said to decide nothing, and changes {name}"
                (out.wrong if name in exact else out.notes).append(told)

    def _harmful(self, places: list[Place]) -> list[list[Place]]:
        """Single places that change something or stop the render; all are tried together first."""
        changed = (
            self._changed([Change(place, another(self.clones[0].text(place))) for place in places], self.clones[0]) if places else set()
        )
        if changed is not None and not changed:
            return []
        if len(places) == 1:
            return [places]
        middle = len(places) // 2
        return self._harmful(places[:middle]) + self._harmful(places[middle:])

    def _changed_by(self, places: Sequence[Place]) -> set[Name] | None:
        clone = self.clones[0]
        return self._changed([Change(place, another(clone.text(place))) for place in places], clone)

    def _changed(self, changes: Iterable[Change], clone: Clone) -> set[Name] | None:
        after = clone.rendered(self.folder, changes)
        if after is None:
            return None
        return {name for name in self.fields if _text(after, self.plain, name) != self.fields[name]}


def _inverted(answers: Mapping[Name, Answer], exact: set[Name]) -> tuple[dict[Place, set[Name]], dict[Place, set[Name]]]:
    decides: dict[Place, set[Name]] = {}
    passes: dict[Place, set[Name]] = {}
    for name in sorted(exact):
        for place in answers[name].places:
            decides.setdefault(place, set()).add(name)
        for place in answers[name].passing:
            passes.setdefault(place, set()).add(name)
    return decides, passes


def _text(documents: Documents, plain: Documents, name: Name) -> str | None:
    """The same columns of the same field; a document whose name changed is known by its place among those of its kind."""
    node = documents.get(name.document)
    if node is None:
        node = _at_same_place(documents, plain, name.document)
    for step in name.pointer:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return None
    return node[name.start : name.end] if isinstance(node, str) and (name.start or len(node) >= name.end) else None


def _at_same_place(documents: Documents, plain: Documents, document: tuple[str, ...]) -> Any:
    ours = [name for name in plain if name[0] == document[0]]
    theirs = [name for name in documents if name[0] == document[0]]
    return documents[theirs[ours.index(document)]] if len(ours) == len(theirs) else None
