"""Texts as people and machines write them, and as nobody should."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from typing import Any

import yaml
from hypothesis import strategies as st

IMAGES = st.sampled_from(
    [
        "nginx", "nginx:latest", "nginx:1.27", "ghcr.io/acme/web:v1.4.2",
        "ghcr.io/acme/web:v1.4.2@sha256:" + "1f" * 32, "ghcr.io/acme/web@sha256:" + "2e" * 32,
        f"ghcr.io/acme/api:sha-{'1f' * 20}", "UPPER/Case:tag", "a:b:c", ":", "@", "",
        "nginx:", "localhost:5000/a", "ex.com/a@sha256:00", "$(IMAGE)", "{{ image }}",
        "nginx:1.0 ", "näme/tag:ü", "a/" * 40 + "a:1", "nginx:" + "1" * 200,
        "sha256:" + "1f" * 32, "https://ghcr.io/a/b:1", "nginx\n:1", "12345", "1e3",
    ]
)  # fmt: skip
NAMES = st.sampled_from(["web", "api", "a", "web-2", "UPPER", "x" * 300, "", "ü", "a b", "1", "true", "null", "a.b", "a/b", "-", "a\nb"])
ODD = st.sampled_from(
    [
        "1e400", "0x1F", "1_000", ".inf", "00012", "9" * 40, "2024-01-01", "0o17", "~",
        "yes", "!!binary aGk=", "!x y", "&a b", "*a", "[a", "{a: ", "? a", "|", ">-",
        '"', "'", "\t", "%", "@a", "`", "a: b: c", "- ", "--- ", "...", "<<: *a", "\u2028",
        "\x85", "\ufeff", "\u202e", "{{ .Values.x }}", "${A}", "#", "0777", "-0", "1:30",
    ]
)  # fmt: skip
"""Scalars and pieces that YAML reads in a way of its own, written without quotes."""
SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False), st.text(max_size=12), IMAGES
)
ANY: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)), max_leaves=6
)


def written(body: Any) -> str:
    """Write a body as a person would."""
    return str(yaml.safe_dump(body, sort_keys=False, allow_unicode=True))


def _flow(text: str) -> bytes:
    """The same as JSON, where it is YAML at all."""
    try:
        return json.dumps(yaml.safe_load(text), default=str).encode()
    except (yaml.YAMLError, ValueError, RecursionError):
        return text.encode()


ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "windows": lambda text: text.replace("\n", "\r\n").encode(),
    "carriage returns": lambda text: text.replace("\n", "\r").encode(),
    "mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16 big": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "latin": lambda text: text.encode("latin-1", "replace") + b"# \xe9\n",
    "nul": lambda text: text.encode() + b"\0",
    "flow": _flow,
    "two documents": lambda text: text.encode() + b"---\n" + text.encode(),
    "empty documents": lambda text: b"---\n---\n" + text.encode() + b"---\n",
    "tabulators": lambda text: text.replace("  ", "\t").encode(),
    "no end of line": lambda text: text.rstrip("\n").encode(),
    "directive": lambda text: b"%YAML 1.2\n---\n" + text.encode(),
}


@st.composite
def content(draw: st.DrawFn, text: str, spoilt: float = 0.12) -> bytes:
    """Return a text as bytes: now and then in another encoding, with a piece that does not belong there, or cut off."""
    if not draw(chance(spoilt)):
        return text.encode()
    if draw(st.booleans()):
        return ENCODINGS[draw(st.sampled_from(sorted(ENCODINGS)))](text)
    at = draw(st.integers(0, len(text)))
    if draw(st.booleans()):
        return text[:at].encode()
    return (text[:at] + draw(ODD) + text[at:]).encode("utf-8", "surrogatepass")


def chance(part: float) -> st.SearchStrategy[bool]:
    """True in so many cases; False is what a smaller case has."""
    return st.integers(0, 999).map(lambda number: number >= 1000 * (1 - part))
