"""The table of image fields: rows of group, kind and path, the built-in ones and those of plugins."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Literal, get_args

from msgspec import Struct

from agentslint.images.field_paths import PathSteps, parse_path

Form = Literal[
    "reference", "long-reference", "object-reference", "repository", "pod-spec", "container", "containers", "parts", "parameters",
    "settings", "manifest", "none",
]  # fmt: skip
_FORMS: tuple[str, ...] = get_args(Form)
_WILD = frozenset("*?[")


class ImageField(Struct, frozen=True, dict=True):
    """One place of one kind that holds an image, or several.

    `group` and `kind` may be globs; `path` is dotted, `[]` stands for every item of a list, `*` for every key. What stands
    at the path is, by `form`:

    - `reference`: an image reference. `long-reference`: a reference where it has a slash or an @, else no name at all.
    - `object-reference`: an object of `kind` DockerImage whose `name` is a reference (OpenShift's `from`); other kinds name no image.
    - `repository`: a repository of which every tag is followed.
    - `pod-spec`: a pod spec. `container`, `containers`: one container or a list of them.
    - `parts`: an object with `repository`, `tag`, `digest` and perhaps `registry` (or other usual names of these).
    - `parameters`: a list of name and value (or default); the whole references among the values count.
    - `settings`: an object whose values are whole references, or YAML or JSON with such values.
    - `manifest`: another manifest, which is read by its own kind.
    - `none`: nothing; `path` is empty. The kind holds no image and is not searched for one (places of other rows count all the same).

    `pod` is the beginning of `path` that leads to what holds the pull secrets. `omitted` says who chooses where the last key
    is not set (and none of the `unless` paths is); empty where that means no image. `source` is the documentation's URL.
    """

    group: str
    kind: str
    path: str
    form: Form = "reference"
    omitted: str = ""
    unless: tuple[str, ...] = ()
    pod: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if self.form not in _FORMS:
            raise ValueError(f"{self.label}: '{self.form}' is not a form: use one of {', '.join(_FORMS)}")
        if self.form == "none":
            return
        if self.steps[: len(self.pod_steps)] != self.pod_steps:
            raise ValueError(f"{self.label}: its pod path '{self.pod}' is not a prefix of '{self.path}'")
        _ = self.unless_steps

    @property
    def label(self) -> str:
        """How messages name the row: `postgresql.cnpg.io Cluster spec.imageName`."""
        return f"{self.group or 'core'} {self.kind} {self.path}".rstrip()

    @cached_property
    def steps(self) -> PathSteps:
        """The steps of the path."""
        return parse_path(self.path)

    @cached_property
    def pod_steps(self) -> PathSteps:
        """The steps of the pod path."""
        return parse_path(self.pod) if self.pod else ()

    @cached_property
    def unless_steps(self) -> tuple[PathSteps, ...]:
        """The steps of the `unless` paths."""
        return tuple(parse_path(path) for path in self.unless)

    def covers(self, group: str, kind: str) -> bool:
        """Tell whether the row is about `kind` in `group`."""
        return _matches(group, self.group) and _matches(kind, self.kind)


def _matches(text: str, glob: str) -> bool:
    """Most are plain names, for each of which fnmatch would compile an expression."""
    return text == glob or (not _WILD.isdisjoint(glob) and fnmatchcase(text, glob))


class ImageFields:
    """All rows, to be asked by group and kind. Built once a run."""

    def __init__(self, rows: Iterable[ImageField]) -> None:
        self._plain: dict[tuple[str, str], list[ImageField]] = {}
        self._globs: list[ImageField] = []
        self._answers: dict[tuple[str, str], tuple[ImageField, ...]] = {}
        for row in rows:
            if _WILD.isdisjoint(row.group + row.kind):
                self._plain.setdefault((row.group, row.kind), []).append(row)
            else:
                self._globs.append(row)

    def for_kind(self, group: str, kind: str) -> tuple[ImageField, ...]:
        """Return the rows of a kind, none if it is unknown."""
        answer = self._answers.get((group, kind))
        if answer is None:
            answer = (*self._plain.get((group, kind), ()), *(row for row in self._globs if row.covers(group, kind)))
            self._answers[group, kind] = answer
        return answer
