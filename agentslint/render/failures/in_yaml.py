"""Places of broken YAML. Our own reader is asked for the line: the renderers count from a document's start, or name no file."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from agentslint import files
from agentslint.authorship.lines import file_location, line_region
from agentslint.model import Certainty, Location
from agentslint.render.failures.failing import Failing, Placed
from agentslint.render.failures.in_charts import entry_of, values_files
from agentslint.yamlread import YamlError, compose

_BROKEN = re.compile(r"(?<!\.)yaml: |mapping key .* already defined|failed to parse ")
_LINE = re.compile(r"yaml: line (\d+):")
_IN_FILE = re.compile(r"in File: (\S+)")
_SUFFIXES = (".yaml", ".yml", ".json")


def broken_line(failing: Failing) -> Location | Placed | None:
    """The line at which a file of the target is no YAML any more."""
    if not _BROKEN.search(failing.text) or "YAML parse error on" in failing.text:
        return None
    paths = list(_named(failing))
    candidates = paths or [path for path in sorted(failing.target.closure.files) if path.endswith(_SUFFIXES)]
    found = (_first_error(failing, path) for path in candidates)
    location = next((location for location in found if location), None)
    if location is None:
        return _as_said(failing, paths[0]) if paths else None
    return Placed(location, Certainty.EXACT if paths else Certainty.MATCHED)


def _named(failing: Failing) -> Iterator[str]:
    """The files that the message names."""
    if "invalid Kustomization" in failing.text:
        yield failing.kustomization
    elif named := _IN_FILE.search(failing.text):
        yield posixpath.normpath(f"{failing.step.folder}/{named.group(1)}")
    elif chart_file := re.search(r"cannot load (Chart\.yaml|values\.yaml|requirements\.yaml)", failing.text):
        entry = entry_of(failing)
        if entry and entry.present and entry.directory:
            yield f"{entry.directory}/{chart_file.group(1)}"
    elif re.search(r"-kustomize-values\.yaml: |could not parse values file", failing.text):
        entry = entry_of(failing)
        for chart in [entry] if entry else failing.target.closure.charts:
            yield from list(values_files(failing, chart))[-1:]
    elif parsed := re.search(r"failed to parse ([^:\n]+): ", failing.text):
        yield parsed.group(1)


def _first_error(failing: Failing, path: str) -> Location | None:
    root = failing.target.root
    try:
        compose(files.read_in(root, path), path)
    except YamlError as error:
        return Location(path, line_region(root, path, error.line, error.column))
    except OSError:
        return None
    return None


def _as_said(failing: Failing, path: str) -> Placed | None:
    """A file that our reader accepts and the renderer refuses: the renderer's line in a file of one document, else the file."""
    root, said = failing.target.root, _LINE.search(failing.text)
    if not files.is_file_in(root, path):
        return None
    if said and not re.search(rb"^---", files.read_in(root, path), re.M):
        return Placed(Location(path, line_region(root, path, int(said.group(1)))), Certainty.MATCHED)
    return Placed(file_location(failing.target, path), Certainty.RESOURCE)
