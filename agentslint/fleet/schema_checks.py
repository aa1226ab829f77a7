"""Manifests of a run against the schemas of their kinds: each fault at its field, and what was not checked counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from agentslint.facts.context import Context
from agentslint.facts.target_facts import CRD
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.fleet.schema_fault import SchemaFault
from agentslint.model import Field, Manifest, Pointer
from agentslint.model.skipped import some
from agentslint.paths import any_names
from agentslint.schemas import built_in
from agentslint.schemas.violations import Broken, Gap, Judgement, TooManyStepsError, Violation

if TYPE_CHECKING:
    from agentslint.fleet.known_schemas import KnownSchemas
    from agentslint.schemas.definitions import Definition

_MOST = 25
"""Faults of one manifest that are shown one by one."""
_BRING = "bring its definition, or name it in [schemas] paths"
_VARIABLE = re.compile(r"\$\{[A-Za-z_]|\$\([A-Za-z_]")


class SchemaChecks:
    """Holds the manifests of some targets against schemas."""

    def __init__(self, targets: Sequence[RenderedTarget], context: Context) -> None:
        self._targets = targets
        self._context = context

    @property
    def has_package(self) -> bool:
        """Whether the schemas of the built-in kinds are installed."""
        return bool(built_in.releases())

    def violations(self, target: RenderedTarget, *, with_built_in: bool = False, required: Collection[str] = ()) -> Iterator[SchemaFault]:
        """Yield the faults of a target's manifests; what has no schema is counted in the context.

        In the `required` API groups (globs) that is a fault, too.
        """
        unchecked = self._context.unchecked
        unchecked.is_asked_for |= bool(with_built_in or required or self._context.schema_files)
        others = (manifest for manifest in target.manifests if manifest.kind != CRD and isinstance(manifest.body, dict))
        # To read definitions takes most of the time of a run: they are built-in kinds like any other.
        for manifest in (*others, *(target.crds if with_built_in else ())):
            if not (with_built_in or self._context.schema_files or built_in.is_custom(manifest.group)):
                continue  # nobody has asked for built-in kinds
            judged = self._guarded(target, manifest, with_built_in=with_built_in)
            if judged is None:
                unchecked.kinds[f"{manifest.api_version} {manifest.kind}"] += 1
                if any_names(required, manifest.group):
                    yield SchemaFault(Field(manifest, ("kind",)), f"has no schema in group {manifest.group}", _BRING, False)
                continue
            unchecked.add(judged.gaps)
            known = [each for each in judged.violations if not _is_filled_in(manifest, each.pointer)]
            unchecked.variables += len(judged.violations) - len(known)
            yield from (_of(manifest, violation) for violation in known[:_MOST])
            if (more := len(known) - _MOST) > 0:
                yield SchemaFault(Field(manifest, ("kind",)), f"breaks the schema of its kind in {more} more places", "", False)

    @cached_property
    def _schemas(self) -> KnownSchemas:
        # Reading and judging schemas takes long to import, and many runs have no custom resources.
        from agentslint.fleet.known_schemas import KnownSchemas

        return KnownSchemas(self._targets, self._context)

    def _guarded(self, target: RenderedTarget, manifest: Manifest, *, with_built_in: bool) -> Judgement | None:
        """Judge a manifest; an odd schema leaves out the objects of its kind, and no others."""
        try:
            return self._judged(target, manifest, with_built_in=with_built_in)
        except TooManyStepsError:
            gap = Gap.STEPS
        except (ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError):
            gap = Gap.ODD
        return Judgement(gaps=Counter([(gap, f"{manifest.api_version} {manifest.resource} of {target.target.name}")]))

    def _judged(self, target: RenderedTarget, manifest: Manifest, *, with_built_in: bool) -> Judgement | None:
        group, _, version = manifest.api_version.rpartition("/")
        if definitions := self._schemas.definitions(target, group, manifest.kind):
            judgements = [_by_definition(each, manifest, version, not self._context.untrusted) for each in definitions]
            known = [each for each in judgements if each is not None]
            return _agreed(known) if len(known) == len(judgements) else None
        schema = self._schemas.schema(target, group, version, manifest.kind, with_built_in=with_built_in)
        hidden, asks_rules = manifest.kind == "Secret", not self._context.untrusted
        return schema.judge(manifest.body, hidden=hidden, asks_rules=asks_rules) if schema else None


def _by_definition(found: Definition, manifest: Manifest, version: str, asks_rules: bool) -> Judgement | None:
    """Judge a manifest by the version that it names, which there must be; None where that has no schema."""
    known = found.versions.get(version)
    if known is None or not known.is_served:
        served = [f"{found.group}/{each.name}" for each in found.versions.values() if each.is_served]
        problem = "is not served" if known else "does not exist"
        text = f"names a version of {found.kind} that {problem}"
        return Judgement([Violation(("apiVersion",), text, Broken.VERSION, advice=f"the definition serves {some(served) or 'none'}")])
    return known.schema.judge(manifest.body, asks_rules=asks_rules) if known.schema else None


def _agreed(judgements: list[Judgement]) -> Judgement:
    """Of several definitions, only what all agree on."""
    first, *others = judgements
    for other in others:
        theirs = {(each.pointer, each.breach, each.missing) for each in other.violations}
        first.violations = [each for each in first.violations if (each.pointer, each.breach, each.missing) in theirs]
    return first


def _is_filled_in(manifest: Manifest, pointer: Pointer) -> bool:
    """Whether a value holds a variable that its deployer fills in: what it will be nobody knows."""
    value = manifest.at(pointer)
    return isinstance(value, str) and _VARIABLE.search(value) is not None


def _of(manifest: Manifest, violation: Violation) -> SchemaFault:
    """At the field, or at the nearest one around it: a default may have added what the schema refuses."""
    pointer, missing = violation.pointer, violation.missing
    while pointer and manifest.at(pointer) is None and not _has(manifest, pointer):
        pointer, missing = pointer[:-1], str(pointer[-1])
    place = Field(manifest, pointer, missing=missing, at_key=violation.breach is Broken.UNKNOWN)
    return SchemaFault(place, violation.text, violation.advice, violation.breach is Broken.UNKNOWN)


def _has(manifest: Manifest, pointer: Pointer) -> bool:
    around = manifest.at(pointer[:-1])
    return pointer[-1] in around if isinstance(around, dict) else False
