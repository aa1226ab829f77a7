"""The line of a chart's template that renders a place of a manifest: from helm's `# Source` and the keys on the way to the place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agentslint import files
from agentslint.contract.texts import shown
from agentslint.facts import RenderedTarget
from agentslint.model import HelmChartEntry, Location, Manifest, Pointer
from agentslint.render.places import chart_entry, whole_line


def template_line(rendered: RenderedTarget, entry: HelmChartEntry, manifest: Manifest, place: Pointer) -> Location:
    """Return the line of the template; the chart's entry where its files are not at hand or the line is not found."""
    key_path: Pointer = (manifest.resource, *place)
    path = _template(rendered, entry, manifest)
    root = rendered.target.root
    number = _line(files.text_in(root, path).splitlines(), place) if path and files.is_file_in(root, path) else 0
    if number:
        return Location(path, whole_line(root, path, number), "", key_path)
    where = chart_entry(entry, rendered.target.root)
    return Location(where.path, where.region, "", ("helmCharts", entry.name, entry.release, *key_path))


def owner(manifest: Manifest, place: Pointer) -> str:
    """Name a place as findings do: `Deployment/agents (container agents)`."""
    return f"{manifest.resource} ({shown(place)})" if place else manifest.resource


def _template(rendered: RenderedTarget, entry: HelmChartEntry, manifest: Manifest) -> str:
    call = rendered.call_of(manifest)
    template = call.template_of(manifest.kind, manifest.name) if call else ""
    inside = template.partition("/")[2]
    return f"{entry.directory}/{inside}" if inside and entry.directory and entry.present else ""


def _line(lines: Sequence[str], place: Pointer) -> int:
    """Follow the keys downward, each one below the one before it; a name that the template computes is passed over. 0 if lost."""
    at = 0
    for number, step in enumerate(place):
        found = _next(lines, at, step)
        if found:
            at = found
        elif number == len(place) - 1:
            return 0
    return at


def _next(lines: Sequence[str], at: int, step: str | int) -> int:
    """The first line from `at` on (the line of the step before included) that writes a key, or the name of a list's item."""
    if isinstance(step, int):
        return 0
    item = rf"(?:^|\s)name:\s*[\"']?{re.escape(step[1:-1])}[\"']?\s*$"
    pattern = item if step.startswith("[") else rf"^\s*(?:- )?[\"']?{re.escape(step)}[\"']?:"
    return next((number for number, line in enumerate(lines[max(at - 1, 0) :], max(at, 1)) if re.search(pattern, line)), 0)
