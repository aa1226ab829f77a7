"""Places of failures in the objects of a target's files: one that is there twice, a number that JSON does not have."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from msgspec.structs import replace

from agentslint import files
from agentslint.authorship.embedded import inner_scalars
from agentslint.authorship.lines import documents, folder_of, line_region
from agentslint.model import Certainty, Location
from agentslint.render.failures.failing import Failing, Placed
from agentslint.render.failures.in_helm_output import REGISTERED, is_object, name_line, objects_in
from agentslint.yamlread import Scalar, scalars

_NO_NUMBER = re.compile(r"json: unsupported value: ([+-]?)(NaN|Inf)")
_NO_PATCH = "unable to parse SM or JSON patch"
_WRITTEN = re.compile(r"([-+]?)\.(nan|inf)", re.I)
_IN_TEMPLATE = re.compile(r"YAML parse error on [^\s/]+/([^\s:]+): ")
_SUFFIXES = (".yaml", ".yml", ".json")


def twin(failing: Failing) -> Placed | None:
    """The second of two objects of one name, in the file that kustomize was reading or in a List there; the first may be elsewhere."""
    said = REGISTERED.search(failing.trail.cause)
    path = posixpath.normpath(f"{failing.step.folder}/{failing.step.entry}")
    if said is None or not files.is_file_in(failing.target.root, path):
        return None
    here = _objects(failing, path, said[1], said[2])
    others = [place for other in _resources(failing, path) for place in _objects(failing, other, said[1], said[2])]
    if not here or len(here) + len(others) < 2:
        return None
    # Which of several others is meant (of another namespace, perhaps), nobody says.
    first = here[0] if len(here) > 1 else others[0] if len(others) == 1 else None
    beside = (replace(first, message=f"{said[1]}/{said[2]} is here, too"),) if first else ()
    return Placed(here[-1], Certainty.EXACT if beside else Certainty.MATCHED, beside)


def _resources(failing: Failing, path: str) -> Iterator[str]:
    """The other files that kustomizations list as resources."""
    for kustomization, scalar in failing.scalars():
        found = posixpath.normpath(f"{folder_of(kustomization)}/{scalar.text}") if scalar.pointer[:1] == ("resources",) else path
        if found != path and found in failing.target.closure.files and found.endswith(_SUFFIXES):
            yield found


def _objects(failing: Failing, path: str, kind: str, name: str) -> list[Location]:
    """Where a file has objects of a kind and name."""
    root = failing.target.root
    nodes = (node for document in documents(failing.target, path) for node in objects_in(document))
    return [Location(path, line_region(root, path, name_line(node))) for node in nodes if is_object(node, kind, name)]


def no_number(failing: Failing) -> Placed | None:
    """A `.nan` or an infinity; what a chart makes of its values is not followed."""
    said = _NO_NUMBER.search(failing.text)
    if said is None and _NO_PATCH not in failing.text:
        return None
    found = [failing.at(path, scalar) for path, scalar in _numbers(failing) if _is(scalar, said)]
    lines = list(_in_template(failing, said[2])) if said else []
    if not (found or lines):
        return None
    is_proven = said is not None and len(found) == 1 and not failing.target.closure.charts
    return Placed((lines or found)[0], Certainty.EXACT if is_proven else Certainty.MATCHED)


def _is(scalar: Scalar, said: re.Match[str] | None) -> bool:
    """Whether a scalar is the number that the message tells; a patch that cannot be read may hold any."""
    written = _WRITTEN.fullmatch(scalar.text) if scalar.style == "plain" else None
    if written is None or said is None:
        return written is not None
    return written[2].lower() == said[2].lower() and (written[1] == "-") == (said[1] == "-")


def _numbers(failing: Failing) -> Iterator[tuple[str, Scalar]]:
    """The scalars of all files that the target reads, and of patches that are written in place."""
    charts = (f"{chart.directory}/values.yaml" for chart in failing.target.closure.charts if chart.present and chart.directory)
    for path in dict.fromkeys((*sorted(failing.target.closure.files), *charts)):
        lines: list[str] = []
        for node in documents(failing.target, path) if path.endswith(_SUFFIXES) else ():
            for scalar in scalars(node):
                yield path, scalar
                if scalar.pointer[-1:] == ("patch",):
                    lines = lines or files.text_in(failing.target.root, path).split("\n")
                    yield from ((path, inner) for _, own in inner_scalars(scalar, lines) for inner in own)


def _in_template(failing: Failing, name: str) -> Iterator[Location]:
    """The lines of the template that helm names which hold one themselves."""
    said, entry = _IN_TEMPLATE.search(failing.text), failing.called
    path = f"{entry.directory}/{said[1]}" if said and entry and entry.present else ""
    root = failing.target.root
    for number, line in enumerate(files.text_in(root, path).split("\n") if path and files.is_file_in(root, path) else (), 1):
        if re.search(rf":\s*[-+]?\.{name}\s*(?:#.*)?$", line, re.I):
            yield Location(path, line_region(root, path, number))
