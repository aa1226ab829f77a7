"""Immutable records whose equality may ignore some fields."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from msgspec import Struct


class Record(Struct, frozen=True, eq=False, dict=True):
    """An immutable record. Equality, hash and `repr` ignore the fields that `not_compared` names."""

    not_compared: ClassVar[frozenset[str]] = frozenset()

    def _compared(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__struct_fields__ if name not in self.not_compared)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Record) and type(self) is type(other) and self._compared() == other._compared())

    @cached_property
    def _hash(self) -> int:
        return hash(self._compared())

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        shown = (f"{name}={getattr(self, name)!r}" for name in self.__struct_fields__ if name not in self.not_compared)
        return f"{type(self).__name__}({', '.join(shown)})"
