"""Plain data -> YAML in block style, every text in quotes: whoever reads it gets the same types, by YAML 1.1 and 1.2."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

_PLAIN_KEY = re.compile(r"[A-Za-z][\w./-]*")
_WORDS = frozenset(["y", "n", "yes", "no", "true", "false", "on", "off", "null"])


def block_text(body: Any) -> str:
    """Return a document."""
    return "\n".join(_lines(body)) + "\n"


def _lines(body: Any) -> Iterator[str]:
    if isinstance(body, Mapping) and body:
        for key, item in body.items():
            yield from _entry(f"{_key(str(key))}:", item, "  ")
    elif isinstance(body, list) and body:
        for item in body:
            inner = list(_lines(item))
            yield f"- {inner[0]}"
            yield from (f"  {line}" for line in inner[1:])
    else:
        yield _scalar(body)


def _entry(head: str, item: Any, indent: str) -> Iterator[str]:
    if isinstance(item, (Mapping, list)) and item:
        yield head
        yield from (f"{indent}{line}" for line in _lines(item))
    else:
        yield f"{head} {_scalar(item)}"


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) and key.lower() not in _WORDS else json.dumps(key, ensure_ascii=False)


def _scalar(item: Any) -> str:
    if isinstance(item, float):
        if math.isnan(item) or math.isinf(item):
            return ".nan" if math.isnan(item) else (".inf" if item > 0 else "-.inf")
        return str(int(item)) if item.is_integer() and abs(item) < 1e21 else repr(item)
    return json.dumps(item, ensure_ascii=False)
