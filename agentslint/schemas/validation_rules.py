"""`x-kubernetes-validations`: the rules in CEL that a schema has for its values.

https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules and
k8s.io/apiextensions-apiserver, pkg/apiserver/schema/cel
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct

from agentslint.cel import Expression, ExpressionError, Expressions, Missing, is_installed
from agentslint.places import Pointer
from agentslint.schemas.escaped import escaped, seen
from agentslint.schemas.keywords import TellGap
from agentslint.schemas.structure import LIST_TYPE, RULES, Schema, additional, field, items, properties
from agentslint.schemas.violations import Broken, Gap, Violation

_OLD = re.compile(r"\boldSelf\b")
_NEXT = re.compile(r"\.([A-Za-z_]\w*)|\['((?:[^'\\]|\\.)*)'\]")
_TYPED = ("date", "datetime", "duration", "byte")
_LONGEST = 160


class ValidationRule(Struct, frozen=True):
    """One rule: `place` leads from the value that it is about to the field that is to blame."""

    text: str
    message: str = ""
    expression: str = ""
    place: Pointer = ()
    takes_no_old: bool = False


class ValidationRules:
    """The rules of one schema, each compiled when a value is first held against it."""

    def __init__(self, schema: Schema, tell: TellGap) -> None:
        self.schema = schema
        self.tell = tell
        self._compiled: dict[str, Expression | None] = {}
        self._with_rules: dict[int, bool] = {}
        self._refusal: Gap | None = None

    def broken(self, value: Any, *, asks: bool = True) -> list[Violation]:
        """Return the rules that a value breaks; those that cannot be evaluated, or are not to be asked, are counted."""
        self._refusal = Gap.UNTRUSTED if not asks else None if is_installed() else Gap.EXTRA
        return list(self._broken(value, self.schema, ())) if self._has_rules(self.schema) else []

    def _has_rules(self, schema: Schema | None) -> bool:
        """Whether a schema or a part of it has rules; one that contains itself is asked once."""
        if schema is None:
            return False
        if id(schema) not in self._with_rules:
            self._with_rules[id(schema)] = bool(schema.get(RULES))
            inner = (*properties(schema).values(), additional(schema), items(schema))
            found = [self._has_rules(each) for each in inner if isinstance(each, Mapping)]
            self._with_rules[id(schema)] |= any(found)
        return self._with_rules[id(schema)]

    def _broken(self, value: Any, schema: Schema | None, here: Pointer) -> Iterator[Violation]:
        if schema is None or value is None or not self._has_rules(schema):
            return
        rules = list(_rules(schema))
        if rules:
            yield from self._of_value(value, schema, rules, here)
        if isinstance(value, dict):
            for key, inner in value.items():
                yield from self._broken(inner, field(schema, key), (*here, key))
        elif isinstance(value, list):
            for number, item in enumerate(value):
                yield from self._broken(item, items(schema), (*here, number))

    def _of_value(self, value: Any, schema: Schema, rules: list[ValidationRule], here: Pointer) -> Iterator[Violation]:
        if self._refusal:
            for rule in rules:
                self.tell(self._refusal, rule.text)
            return
        scope = self._expressions.scope({"self": seen(value, schema)})
        for rule in rules:
            if _OLD.search(rule.text) and not rule.takes_no_old:
                self.tell(Gap.TRANSITION, rule.text)
                continue
            expression = self._expression(rule.text)
            answer = expression.ask(scope) if expression else None
            if answer is True:
                continue
            if answer is False and not _is_unsure(rule.text, schema):
                yield _violation(here, rule, value, self._message(rule, scope))
            elif isinstance(answer, Missing) and not _is_unsure(rule.text, schema):
                yield Violation(
                    here, f"lacks {answer.name or 'a field'}, which a rule of it reads: {_cut(rule.message or rule.text)}", Broken.RULE
                )
            else:
                self.tell(Gap.RULE, rule.text)

    def _message(self, rule: ValidationRule, scope: Any) -> str:
        compiled = self._expression(rule.expression, condition=False) if rule.expression else None
        said = compiled.read(scope) if compiled else ""
        return said if isinstance(said, str) and said else rule.message or f"the rule {rule.text.strip()}"

    def _expression(self, text: str, *, condition: bool = True) -> Expression | None:
        if text not in self._compiled:
            try:
                self._compiled[text] = self._expressions.compile(_OLD.sub("optional.none()", text), condition=condition)
            except ExpressionError:
                self._compiled[text] = None
        return self._compiled[text]

    @cached_property
    def _expressions(self) -> Expressions:
        return Expressions(("self",))


def _rules(schema: Schema) -> Iterator[ValidationRule]:
    rows = schema.get(RULES)
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping) and isinstance(row.get("rule"), str) and row["rule"].strip():
            texts = [row[key] if isinstance(row.get(key), str) else "" for key in ("message", "messageExpression", "fieldPath")]
            yield ValidationRule(row["rule"], texts[0], texts[1], _steps(texts[2]), row.get("optionalOldSelf") is True)


def _steps(path: str) -> Pointer:
    """`.spec.ports['a-b']` as a pointer."""
    return tuple(name or re.sub(r"\\(.)", r"\1", quoted) for name, quoted in _NEXT.findall(path))


def _violation(here: Pointer, rule: ValidationRule, value: Any, said: str) -> Violation:
    """A broken rule, at the field that it names, or where that belongs."""
    way: Pointer = ()
    for step in rule.place:
        if not isinstance(value, dict) or step not in value:
            return Violation((*here, *way), f"breaks a rule of its definition: {_cut(said)}", Broken.RULE, str(step))
        value, way = value[step], (*way, step)
    return Violation((*here, *way), f"breaks a rule of its definition: {_cut(said)}", Broken.RULE)


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _is_unsure(rule: str, schema: Schema) -> bool:
    """Whether a rule reads something that has another type in an API server: sets compared as such, times and durations."""
    return any(check(rule) for check in _doubts(schema, set()))


def _doubts(schema: Schema, known: set[int], name: str = "self") -> Iterator[Callable[[str], object]]:
    if id(schema) in known:
        return
    known.add(id(schema))
    if str(schema.get("format", "")).replace("-", "") in _TYPED:
        yield re.compile(rf"\b{name}\b").search
    if schema.get(LIST_TYPE) in ("set", "map"):
        yield re.compile(rf"\b{name}\s*(?:[=!]=|\+)|(?:[=!]=|\+)\s*[\w.]*\b{name}\b(?!\s*[.\[(])").search
    for key, inner in properties(schema).items():
        if isinstance(inner, Mapping):
            yield from _doubts(inner, known, re.escape(escaped(key)))
    for inner in (items(schema), additional(schema)):
        if inner is not None:
            yield from _doubts(inner, known, r"\w+")
