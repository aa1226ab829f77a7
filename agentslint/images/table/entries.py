"""The vocabulary in which the built-in table is written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from agentslint.images.fields import Form, ImageField


class TableRow(NamedTuple):
    """A row without its group, kind and source."""

    path: str
    form: Form
    omitted: str = ""
    unless: tuple[str, ...] = ()
    pod: str = ""


def resource(group: str, kinds: str, source: str, *entries: Iterable[TableRow]) -> tuple[ImageField, ...]:
    """Make the rows of one or several kinds (separated by spaces) of a group; `source` documents them."""
    flat = [entry for several in entries for entry in several]
    return tuple(
        ImageField(group, kind, entry.path, entry.form, entry.omitted, entry.unless, entry.pod, source)
        for kind in kinds.split()
        for entry in flat
    )


def image(paths: str, omitted: str = "", *, unless: str = "", pod: str = "") -> list[TableRow]:
    """Paths (separated by spaces) at which a reference stands; `omitted` says who chooses the image if there is none."""
    return [TableRow(path, "reference", omitted, tuple(unless.split()), pod) for path in paths.split()]


def long_image(paths: str) -> list[TableRow]:
    """Paths at which a whole reference may stand, or only a version or a short name."""
    return [TableRow(path, "long-reference") for path in paths.split()]


def object_image(paths: str) -> list[TableRow]:
    """Paths at which an object reference stands that may be of kind DockerImage."""
    return [TableRow(path, "object-reference") for path in paths.split()]


def repository(paths: str) -> list[TableRow]:
    """Paths of repositories whose every tag is followed."""
    return [TableRow(path, "repository") for path in paths.split()]


def pods(paths: str) -> list[TableRow]:
    """Paths at which a pod spec stands."""
    return [TableRow(path, "pod-spec") for path in paths.split()]


def containers(paths: str, *, pod: str = "") -> list[TableRow]:
    """Paths at which a list of containers stands."""
    return [TableRow(path, "containers", pod=pod) for path in paths.split()]


def container(paths: str, *, pod: str = "") -> list[TableRow]:
    """Paths at which one container stands."""
    return [TableRow(path, "container", pod=pod) for path in paths.split()]


def parts(paths: str, omitted: str = "", *, pod: str = "") -> list[TableRow]:
    """Paths at which an object with repository, tag and digest stands."""
    return [TableRow(path, "parts", omitted, (), pod) for path in paths.split()]


def parameters(paths: str) -> list[TableRow]:
    """Paths at which a list of named values stands."""
    return [TableRow(path, "parameters") for path in paths.split()]


def settings(paths: str) -> list[TableRow]:
    """Paths at which settings stand that may name images."""
    return [TableRow(path, "settings") for path in paths.split()]


def manifests(paths: str) -> list[TableRow]:
    """Paths at which other manifests stand."""
    return [TableRow(path, "manifest") for path in paths.split()]


def under(prefixes: str, entries: Iterable[TableRow]) -> list[TableRow]:
    """The same entries under each prefix (separated by spaces)."""
    return [
        entry._replace(path=f"{prefix}.{entry.path}", pod=f"{prefix}.{entry.pod}" if entry.pod else "")
        for prefix in prefixes.split()
        for entry in entries
    ]


def silent(groups: str, kinds: str = "*") -> tuple[ImageField, ...]:
    """Rows for kinds that hold no image. Groups (none: the core group) and kinds are globs, separated by spaces."""
    return tuple(ImageField(group, kind, "", "none") for group in (groups.split() or [""]) for kind in kinds.split())
