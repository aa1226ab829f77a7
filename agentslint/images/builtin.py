"""The built-in table of image fields."""

from __future__ import annotations

from agentslint.images.fields import ImageFields


def builtin_fields() -> ImageFields:
    """Return the built-in table, which is loaded when it is first asked for."""
    from agentslint.images.table import BUILTIN_FIELDS

    return BUILTIN_FIELDS
