"""URLs as Kubernetes' CEL functions read them: `ParseRequestURI` of Go's net/url, so an absolute URL or an absolute path.

In CEL a URL is a map with the parts that the functions give.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote_plus, unquote_to_bytes

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_HOST = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+(?:%25[\w.~%-]+)?)\]|(?P<name>[^\s%\[\]:@\\^`{|}/?#]*))(?::(?P<port>[0-9]*))?")
_USER = re.compile(r"[\w\-.~!$&'()*+,;=:%@]*", re.ASCII)
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ENCODED = re.compile(r"[\w\-.~!$&'()*+,;=:@\[\]/%]*", re.ASCII)

Url = Mapping[str, Any]
_PARTS = ("scheme", "host", "hostname", "port", "path", "query")


def url(text: str) -> Url:
    """Read an absolute URL or an absolute path; raises ValueError. A fragment must be where one may stand, and is no part of the result."""
    whole = _read(text)
    return _read(text.partition("#")[0]) if "#" in text else whole


def _read(text: str) -> Url:
    found = _SCHEME.match(text)
    scheme, rest = (found.group(1).lower(), text[found.end() :]) if found else ("", text)
    rest, _, query = rest.partition("?")
    if not text or _CONTROL.search(text) or not (found or rest.startswith("/") or rest == "*") or (found and not (rest or query)):
        raise _no_url(text)
    if found and not rest.startswith("/"):
        return _url(scheme, "", "", "", "", query)
    authority, path = "", rest
    if found and rest.startswith("//"):
        authority, slash, path = rest[2:].partition("/")
        path = slash + path
    user, _, host = authority.rpartition("@")
    place = _HOST.fullmatch(host)
    if place is None or not _USER.fullmatch(user) or _BAD_ESCAPE.search(user) or _BAD_ESCAPE.search(path):
        raise _no_url(text)
    hostname = (place["v6"] or "").replace("%25", "%", 1) or place["name"] or ""
    return _url(scheme, host.replace("%25", "%", 1), hostname, place["port"] or "", _escaped(path), query)


def is_url(text: str) -> bool:
    """Tell whether a text is an absolute URL or an absolute path."""
    try:
        return bool(url(text))
    except ValueError:
        return False


def part(name: str, one: Url) -> str:
    """Return one part of a URL; raises ValueError for a map that is none."""
    if set(one) != set(_PARTS):
        raise ValueError("it is no URL; make one with url(...)")
    return str(one[name])


def query(one: Url) -> dict[str, list[str]]:
    """Return the values of each key of the query, in their order; what cannot be read is left out, as Go leaves it out."""
    found: dict[str, list[str]] = {}
    for pair in part("query", one).split("&"):
        if pair and ";" not in pair and not _BAD_ESCAPE.search(pair):
            key, _, value = pair.partition("=")
            found.setdefault(unquote_plus(key), []).append(unquote_plus(value))
    return found


def _url(*parts: str) -> Url:
    return dict(zip(_PARTS, parts, strict=True))


def _no_url(text: str) -> ValueError:
    return ValueError(f"{text[:60]!r} is neither an absolute URL nor an absolute path")


def _escaped(path: str) -> str:
    """`EscapedPath` of net/url: as written where that is a valid encoding."""
    return path if _ENCODED.fullmatch(path) else quote(unquote_to_bytes(path), safe="$&+,/:;=@-_.~")
