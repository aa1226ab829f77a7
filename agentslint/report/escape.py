"""Text that comes from files and programs, made safe to print and to put into JSON."""

from __future__ import annotations

import json
import re
from typing import Any

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # C0 and C1 controls: cursor movements, colours, window titles
    "\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"  # what hides text or turns its direction
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_UNSAFE_IN_JSON = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_BREAK = re.compile(r"(?<!\s)\s*[\r\n]\s*")
_RUNNER_COMMAND = "##["


def visible(text: str) -> str:
    r"""Return `text` with every character that a terminal acts on, or hides, written out (`\x1b`).

    The old command prefix of GitHub's runner (`##[`), which it obeys anywhere in a line, is broken in the same way.
    """
    return _UNSAFE.sub(lambda found: _written_out(found.group()), text).replace(_RUNNER_COMMAND, r"##\x5b")


def one_line(text: str) -> str:
    """Return `text` visible and on one line: line breaks, with the spaces around them, and tabs become one space."""
    return visible(_BREAK.sub(" ", text.strip()).replace("\t", " "))


def _written_out(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def dumped(document: Any) -> str:
    """Return `document` as JSON that any reader takes: no lone surrogates, nothing that a terminal acts on."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return _UNSAFE_IN_JSON.sub(_json_escape, text) + "\n"


def _json_escape(found: re.Match[str]) -> str:
    code = ord(found.group())
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else f"\\u{code:04x}"
