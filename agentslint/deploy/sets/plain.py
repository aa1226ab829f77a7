"""Templates in the plain form, `{{name}}`, without `goTemplate`: a key is replaced, all else stays as it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_TEMPLATED = re.compile(r"\{\{.*\}\}")
_TAG = re.compile(r"\{\{(.*?)\}\}", re.S)
"""Argo CD replaces nothing in a text without a tag on one line."""


class UnclosedError(Exception):
    """A tag without its end."""


def replaced(template: str, parameters: Mapping[str, Any]) -> str:
    """Fill in a template; raises UnclosedError where a tag has no end."""
    if not _TEMPLATED.search(template):
        return template

    def fill(tag: re.Match[str]) -> str:
        value = parameters.get(tag[1].strip())
        return value if isinstance(value, str) and tag[1].strip() else tag[0]

    last = max((tag.end() for tag in _TAG.finditer(template)), default=0)
    if "{{" in template[last:]:
        raise UnclosedError
    return _TAG.sub(fill, template)


def names_in(template: str) -> set[str]:
    """Return the parameters that a template names."""
    return {tag.strip() for tag in _TAG.findall(template)} if _TEMPLATED.search(template) else set()
