"""One way in which a manifest breaks the schema of its kind."""

from __future__ import annotations

from msgspec import Struct

from agentslint.model import Field
from agentslint.places import dotted


class SchemaFault(Struct, frozen=True):
    """One fault of a manifest: the `field`, what is wrong with it (`text`, which goes on from its name), and how it is mended."""

    field: Field
    text: str
    advice: str
    is_unknown: bool

    @property
    def path(self) -> str:
        """The field as people write it; that of the object itself is empty."""
        return dotted(self.field.pointer)
