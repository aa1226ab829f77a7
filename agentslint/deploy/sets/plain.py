"""Templates in the plain form, `{{name}}`, without `goTemplate`: a key is replaced, all else stays as it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


class UnclosedError(Exception):
    """A tag without its end."""


def replaced(template: str, parameters: Mapping[str, Any]) -> str:
    """Fill in a template; raises UnclosedError where a tag has no end."""
    if not _is_templated(template):
        return template
    parts, at = [], 0
    for start, end in _tags(template):
        name = template[start + 2 : end - 2].strip()
        value = parameters.get(name) if name else None
        parts += [template[at:start], value if isinstance(value, str) else template[start:end]]
        at = end
    if "{{" in template[at:]:
        raise UnclosedError
    return "".join((*parts, template[at:]))


def names_in(template: str) -> set[str]:
    """Return the parameters that a template names."""
    return {template[start + 2 : end - 2].strip() for start, end in _tags(template)} if _is_templated(template) else set()


def _is_templated(template: str) -> bool:
    """Argo CD replaces nothing in a text without a tag on one line."""
    return any(0 <= line.find("{{") <= line.rfind("}}") - 2 for line in template.split("\n"))


def _tags(template: str) -> Iterator[tuple[int, int]]:
    """Yield where each tag starts and ends. Where one has no end, none behind it has."""
    at = 0
    while (start := template.find("{{", at)) >= 0 and (end := template.find("}}", start + 2)) >= 0:
        at = end + 2
        yield start, at
