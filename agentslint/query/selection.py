"""Selects authored scalars: those on a line, or at a key path, of a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agentslint.authorship.authored_scalar import AuthoredScalar
from agentslint.authorship.documents import Document
from agentslint.errors import UsageError
from agentslint.facts.named_places import did_you_mean, length_of, spellings, spellings_by_name, written
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.model import Region
from agentslint.yamlread import ONE_LINE, Scalar


def selected(targets: Sequence[RenderedTarget], file: str, where: str) -> list[AuthoredScalar]:
    """Return the scalars of `file` on a line (a number) or at a key path that may be changed.

    Raises UsageError where there is none, saying what is there instead.
    """
    reading = [target.tracer.changeable for target in targets if target.target.closure.reads(file)]
    known = {scalar.region: scalar for changeable in reading for scalar in changeable.scalars if scalar.path == file}
    documents = reading[0].files(targets[0].target.root, file) if reading else ()
    if where.isdigit():
        found = [scalar for scalar in known.values() if _is_on(scalar.region, int(where))]
    else:
        found = _at(known.values(), documents, where)
    if not found:
        raise UsageError(
            f"{file}:{where}: {_on_line(documents, int(where))}" if where.isdigit() else _no_path(file, known, documents, where)
        )
    return sorted(found, key=lambda scalar: (scalar.region.start_line, scalar.region.start_column))


def _is_on(region: Region, line: int) -> bool:
    return region.start_line <= line <= region.end_line


def _at(scalars: Iterable[AuthoredScalar], documents: Iterable[Document], where: str) -> list[AuthoredScalar]:
    """The path may be written with names or numbers of list items, and without the manifest that it is in."""
    by_number = {scalar.region for document in documents for scalar in document.scalars if _is_whole(document, scalar, where)}
    return [
        scalar
        for scalar in scalars
        if scalar.region in by_number
        or length_of(where, spellings_by_name(scalar.key_path)) in _whole(len(scalar.key_path), str(scalar.key_path[0]))
    ]


def _is_whole(document: Document, scalar: Scalar, where: str) -> bool:
    return length_of(where, spellings(document.body, scalar.pointer)) in _whole(len(scalar.pointer), "")


def _whole(length: int, first: str) -> tuple[int, ...]:
    return (length, length - 1) if "/" in first and length > 1 else (length,)


def _on_line(documents: Iterable[Document], line: int) -> str:
    there = [(document, scalar) for document in documents for scalar in document.scalars if _is_on(scalar.region, line)]
    if not there:
        return "no value is written on this line"
    return _not_tried(*there[0])


def _no_path(file: str, known: dict[Region, AuthoredScalar], documents: Sequence[Document], where: str) -> str:
    there = [(document, scalar) for document in documents for scalar in document.scalars if _is_whole(document, scalar, where)]
    if there:
        return f"{file}:{there[0][1].region.start_line}: {_not_tried(*there[0])}"
    paths = [written(scalar.key_path[1:] if "/" in str(scalar.key_path[0]) else scalar.key_path) for scalar in known.values()]
    return f"{file} has no value {where}{did_you_mean(where, paths)}"


def _not_tried(document: Document, scalar: Scalar) -> str:
    """Why a scalar that is there is not changed."""
    name = written(document.location(scalar).key_path)
    if not scalar.text:
        return f"{name} is empty, so there is nothing to change"
    if scalar.style not in ONE_LINE or scalar.region.start_line != scalar.region.end_line:
        return f"{name} spans several lines; only values on one line can be tried"
    return f"{name} cannot be tried: renderers match on names, kinds, labels, selectors and files"
