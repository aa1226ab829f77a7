"""Locations in SARIF: files relative to the repository's root, regions on one line, logical locations of Kubernetes."""

from __future__ import annotations

import posixpath
from typing import Any
from urllib.parse import quote

from agentslint.credentials import dropped
from agentslint.model import Field, Location, Region, Result
from agentslint.report.frames import Frames, columns

BASE = "%SRCROOT%"
_LONGEST_LINE = 1000
"""Characters of a line that is still quoted: thousands of results on one line of minified JSON must stay small."""


def artifact(path: str) -> dict[str, Any]:
    """Return the artifact location of `path`: a relative reference with forward slashes, percent-encoded (RFC 3986).

    A configuration file outside of the repository has an absolute path, and an absolute URI.
    """
    normal = posixpath.normpath(path)
    encoded = quote(_file_name(normal))
    return {"uri": f"file://{encoded}"} if normal.startswith("/") else {"uri": encoded, "uriBaseId": BASE}


def _file_name(path: str) -> bytes:
    """Return the bytes of the file's name, which need not be UTF-8."""
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return path.encode("utf-8", "replace")


def physical(location: Location, frames: Frames) -> dict[str, Any]:
    """Return the physical location without any text of the file."""
    return {"artifactLocation": artifact(location.path), "region": one_line_region(location.region, frames.any_line(location))}


def quoted(result: Result, frames: Frames) -> dict[str, Any]:
    """Return the physical location of a result, with its line unless that must not be shown.

    The context is that line alone: its neighbours may hold a secret.
    """
    place = physical(result.location, frames)
    line = frames.line(result)
    start, end = columns(line or "", result.location.region)
    if line is None or len(line) > _LONGEST_LINE or start == end:
        return place
    place["region"]["snippet"] = {"text": line[start:end]}
    if (start, end) != (0, len(line)):
        number = place["region"]["startLine"]
        place["contextRegion"] = {"startLine": number, "endLine": number, "snippet": {"text": line}}
    return place


def one_line_region(region: Region, line: str | None) -> dict[str, int]:
    """Return the first line of `region`, cut to `line` where that is known.

    GitHub shows an alert in a pull request only if all its lines are part of the diff. Without an end column a region
    reaches to the end of its line (SARIF 2.1.0, section 3.30.8).
    """
    number = max(1, region.start_line)
    start, end = max(1, region.start_column), region.end_column
    if line is not None:
        start, end = (index + 1 for index in columns(line, region))
    spans_lines = line is None and region.end_line > region.start_line
    whole = {"startLine": number, "startColumn": start, "endLine": number}
    return whole if spans_lines or end <= start else {**whole, "endColumn": end}


def logical(result: Result) -> list[dict[str, Any]]:
    """Return the target, the resource and the field that a result is about, as far as it is about one."""
    target = result.finding.target.name
    places = [{"name": target, "fullyQualifiedName": target, "kind": "target"}]
    place = result.finding.place
    if isinstance(place, Field):
        named, path = dropped(place.manifest.resource), dropped(place.path)
        resource = "::".join(filter(None, (target, place.manifest.namespace, named)))
        places.append({"name": named, "fullyQualifiedName": resource, "kind": "resource"})
        if path:
            places.append({"name": path, "fullyQualifiedName": f"{resource}::{path}", "kind": "field"})
    return places
