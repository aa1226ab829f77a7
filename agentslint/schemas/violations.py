"""The ways in which an object breaks its schema, and what of the schema was not evaluated."""

from __future__ import annotations

from collections import Counter
from enum import Enum

from msgspec import Struct, field

from agentslint.places import Pointer


class TooManyStepsError(Exception):
    """A schema takes too many steps for an object."""


class Broken(str, Enum):
    """The part of a schema that is broken."""

    UNKNOWN = "unknown"
    REQUIRED = "required"
    TYPE = "type"
    ENUM = "enum"
    LONG = "long"
    MANY = "many"
    VALUE = "value"
    DUPLICATE = "duplicate"
    RULE = "rule"
    VERSION = "version"

    @property
    def is_blocking(self) -> bool:
        """Whether the API server asks no rules (`x-kubernetes-validations`) of an object that breaks its schema so."""
        return self in (Broken.REQUIRED, Broken.TYPE, Broken.ENUM, Broken.LONG, Broken.MANY)


class Violation(Struct, frozen=True):
    """One fault. `pointer` leads to the field, or to where the field `missing` belongs.

    `text` goes on from the field's name ("must be an integer, not the text '80'"), `advice` says how it is mended.
    """

    pointer: Pointer
    text: str
    breach: Broken
    missing: str = ""
    advice: str = ""


class Gap(str, Enum):
    """Something of a schema that was not evaluated."""

    TRANSITION = "transition rules (oldSelf), which compare an object with the stored one"
    RULE = "validation rules that cannot be evaluated here"
    EXTRA = "validation rules (x-kubernetes-validations), for which cel-expr-python is missing: install agentslint-gitops[cel]"
    PATTERN = "patterns that cannot be evaluated here"
    DEEP = "objects that nest too deep"
    REFERENCE = "references to schemas that are not there"
    UNTRUSTED = "validation rules (x-kubernetes-validations) of the judged tree, which may take any time and memory (--untrusted)"
    STEPS = "objects whose schema takes too many steps"
    MALFORMED = "malformed parts of schemas: an API server refuses the definition"
    ODD = "objects whose schema cannot be evaluated"

    @property
    def has_names(self) -> bool:
        """Whether its texts are the names of objects or of parts of schemas."""
        return self in (Gap.STEPS, Gap.ODD, Gap.MALFORMED)


class Judgement(Struct):
    """What became of one object: its violations, and how much of its schema was not evaluated."""

    violations: list[Violation] = []
    gaps: Counter[tuple[Gap, str]] = field(default_factory=Counter)
    """Each with the text that was not evaluated."""
