"""One object against its schema, in the order of an API server: prune, default, validate, then the rules.

k8s.io/apiextensions-apiserver: pkg/apiserver/customresource_handler.go (unstructuredSchemaCoercer), pkg/registry/customresource/strategy.go
"""

from __future__ import annotations

import copy
import difflib
from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from agentslint.places import Pointer
from agentslint.schemas.defaulting import drop_nulls, fill_in
from agentslint.schemas.keywords import all_errors, validator
from agentslint.schemas.list_types import duplicates
from agentslint.schemas.metadata import OBJECT_META, embedded, headless
from agentslint.schemas.pruning import pruned
from agentslint.schemas.structure import Schema, items, properties
from agentslint.schemas.structure import field as schema_of
from agentslint.schemas.validation_rules import ValidationRules
from agentslint.schemas.violations import Broken, Gap, Judgement, Violation
from agentslint.schemas.wording import violations

_DEEPEST = 100


class ObjectSchema(Struct, dict=True):
    """The schema of one version of a kind, compiled once."""

    schema: Schema
    is_pruned: bool = True
    """Whether unknown fields are dropped: not with `preserveUnknownFields`."""
    has_rules: bool = True
    """Whether its `x-kubernetes-validations` are asked."""
    gaps: Counter[tuple[Gap, str]] = field(default_factory=Counter)
    """What of it can never be evaluated."""
    _judged: Judgement = field(default_factory=Judgement)

    def judge(self, body: Mapping[str, Any], *, hidden: bool = False, asks_rules: bool = True) -> Judgement:
        """Judge an object; with `hidden` no message holds a value of it. Rules that are not asked are counted."""
        return self.outcome(body, hidden=hidden, asks_rules=asks_rules)[0]

    def outcome(self, body: Mapping[str, Any], *, hidden: bool = False, asks_rules: bool = True) -> tuple[Judgement, dict[str, Any]]:
        """Judge an object; returns what an API server would store, too."""
        self._judged = found = Judgement(gaps=Counter(self.gaps))
        if _depth(body) > _DEEPEST:
            self._tell(Gap.DEEP, str(body.get("kind", "")))
            return found, dict(body)
        value: dict[str, Any] = copy.deepcopy(dict(body))
        found.violations += self._of_metadata(value, (), hidden)
        found.violations += [_dropped(pointer, self.schema) for pointer in pruned(value, self.schema)] if self.is_pruned else ()
        drop_nulls(value, self.schema)
        inner = list(embedded(value, self.schema))
        for here, item in inner:
            found.violations += self._of_metadata(item, here, hidden)
        fill_in(value, self.schema)
        found.violations += violations(all_errors(self._validator, value), hidden=hidden)
        found.violations += [each for here, item in inner for each in headless(item, here)]
        found.violations += duplicates(value, self.schema)
        if self.has_rules and not any(each.breach.is_blocking for each in found.violations):
            found.violations += self._rules.broken(value, asks=asks_rules)
        found.violations = _once(found.violations)
        return found, value

    def _tell(self, gap: Gap, text: str) -> None:
        self._judged.gaps[gap, text] += 1

    @cached_property
    def _validator(self) -> Any:
        return validator(self.schema, self._tell)

    @cached_property
    def _rules(self) -> ValidationRules:
        return ValidationRules(self.schema, self._tell)

    @cached_property
    def _of_meta(self) -> Any:
        return validator(OBJECT_META, self._tell)

    def _of_metadata(self, value: dict[str, Any], here: Pointer, hidden: bool) -> list[Violation]:
        metadata = value.get("metadata")
        if metadata is None:
            return []
        found = [_dropped(each, OBJECT_META) for each in pruned(metadata, OBJECT_META)] if isinstance(metadata, dict) else []
        drop_nulls(metadata, OBJECT_META)
        found += violations(all_errors(self._of_meta, metadata), hidden=hidden)
        return [replace(each, pointer=(*here, "metadata", *each.pointer)) for each in found]


def _once(found: list[Violation]) -> list[Violation]:
    """Leave out what is said twice: the schema of a built-in kind tells of metadata, too."""
    known: dict[object, Violation] = {}
    for each in found:
        text = "" if each.breach in (Broken.UNKNOWN, Broken.REQUIRED, Broken.TYPE) else each.text
        known.setdefault((each.pointer, each.breach, each.missing, text), each)
    return list(known.values())


def _depth(value: Any) -> int:
    """The depth of an object, without recursion."""
    deepest, level = 0, [value]
    while level and deepest <= _DEEPEST:
        deepest += 1
        level = [
            inner for each in level for inner in (each.values() if isinstance(each, Mapping) else each if isinstance(each, list) else ())
        ]
    return deepest


def _dropped(pointer: Pointer, schema: Schema) -> Violation:
    """An unknown field, with the known one that is spelt most like it."""
    around: Schema | None = schema
    for step in pointer[:-1]:
        around = items(around) if isinstance(step, int) else schema_of(around, step)
    close = difflib.get_close_matches(str(pointer[-1]), list(properties(around)), 1, 0.6)
    advice = f"did you mean {close[0]}?" if close else "remove it"
    return Violation(pointer, "is no field of it: the API server would drop it", Broken.UNKNOWN, advice=advice)
