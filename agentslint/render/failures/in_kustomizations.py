"""Places of failures in kustomizations: the entry, path, field, patch or word at fault."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from agentslint import files
from agentslint.authorship.lines import documents, file_location, folder_of, keys, line_region
from agentslint.model import Certainty, Location
from agentslint.render.failures.failing import Failing, Placed
from agentslint.render.failures.in_helm_output import LACKING, lacking_line, objects_in
from agentslint.yamlread import Scalar

_PATHS = re.compile(r"'([^'\n]+)'|(?:lstat|open|read) ([^:\n]{1,1024}):|path\(([^)\n]{1,1024})\)")
_UNKNOWN_FIELD = re.compile(r'unknown field "([^"]+)"')
_WRONG_FIELD = re.compile(r"(?:cannot unmarshal (\w+) into Go struct field \w+\.|the field ')([\w.]+)")
_NUMBER = re.compile(r"[-+]?[\d.]+(?:e[-+]?\d+)?|true|false|null|~", re.I)


def no_object(failing: Failing) -> Location | Placed | None:
    """The place in a file that is no Kubernetes object: the name of one without a kind, the head of one without a name; else the file."""
    lacking = LACKING.match(failing.trail.cause)
    path = posixpath.normpath(f"{failing.step.folder}/{failing.step.entry}")
    if lacking is None or not files.is_file_in(failing.target.root, path):
        return None
    if lacking.group(1) != "Resource metadata":
        for document in documents(failing.target, path):
            for node in objects_in(document):
                if (line := lacking_line(node, *lacking.groups())) is not None:
                    return Location(path, line_region(failing.target.root, path, line))
    return Placed(file_location(failing.target, path), Certainty.RESOURCE)


def named_entry(failing: Failing) -> Location | None:
    """The entry of `resources` that kustomize was reading."""
    wanted = failing.step.entry
    for scalar in _own(failing):
        if wanted and scalar.text == wanted:
            return failing.at(failing.kustomization, scalar)
    return None


def named_path(failing: Failing) -> Location | None:
    """The scalar that names a path from the message."""
    named = paths_in(failing.trail.cause)
    return next((failing.at(path, scalar) for path, scalar in failing.scalars() if leads_to(named, scalar, folder_of(path))), None)


def paths_in(cause: str) -> frozenset[str]:
    """Return the paths in a message, normalized."""
    return frozenset(posixpath.normpath(path) for groups in _PATHS.findall(cause) for path in groups if path)


def leads_to(named: frozenset[str], scalar: Scalar, folder: str) -> bool:
    """Tell whether a scalar is one of the `named` paths, as it stands or from the folder of its kustomization."""
    text = scalar.text.rpartition("=")[2] if scalar.pointer[-2:-1] == ("files",) else scalar.text
    return "\n" not in text and not named.isdisjoint((posixpath.normpath(f"{folder}/{text}"), posixpath.normpath(text)))


def unknown_field(failing: Failing) -> Location | None:
    """The key that kustomize does not know."""
    unknown = _UNKNOWN_FIELD.search(failing.trail.cause)
    for node in documents(failing.target, failing.kustomization) if unknown else ():
        for key, region in keys(node):
            if unknown and key == unknown.group(1):
                return Location(failing.kustomization, region)
    return None


def wrong_field(failing: Failing) -> Placed | None:
    """The value that its field does not take, e.g. an unquoted number."""
    wrong = _WRONG_FIELD.search(failing.trail.cause)
    if wrong is None:
        return None
    names = wrong.group(2).split(".")
    found = [scalar for scalar in _own(failing) if [step for step in scalar.pointer if isinstance(step, str)][: len(names)] == names]
    unquoted = [scalar for scalar in found if scalar.style == "plain" and _NUMBER.fullmatch(scalar.text)]
    likely = unquoted if wrong.group(1) in ("number", "bool") and unquoted else found
    if not likely:
        return None
    return Placed(failing.at(failing.kustomization, likely[0]), Certainty.EXACT if len(likely) == 1 else Certainty.MATCHED)


def named_word(failing: Failing) -> Placed | None:
    """The longest scalar that occurs in the message."""
    best: tuple[int, Location] | None = None
    for path, scalar in failing.scalars():
        word = scalar.text.removeprefix("./")
        if len(word) > max(3, best[0] if best else 0) and re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", failing.trail.cause):
            best = len(word), failing.at(path, scalar)
    return Placed(best[1], Certainty.MATCHED) if best else None


def _own(failing: Failing) -> Iterator[Scalar]:
    return (scalar for path, scalar in failing.scalars() if path == failing.kustomization)
