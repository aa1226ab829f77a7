"""An `[[assert]]` table with its expressions compiled; every mistake ends the run at its line and column."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from msgspec import Struct, field

from agentslint.asserts.field_chains import chains
from agentslint.asserts.message_template import MessageTemplate, read_template
from agentslint.asserts.subjects import VARIABLES
from agentslint.cel import Expression, ExpressionError, Expressions
from agentslint.config import AssertMatch, AssertTable, Loaded
from agentslint.config.closest import closest
from agentslint.config.complaint import nearest
from agentslint.errors import UsageError
from agentslint.facts.environments import names_of, namespaces_of
from agentslint.model import Manifest, Pointer
from agentslint.paths import any_names
from agentslint.rule import RenderedTarget

CRD = "CustomResourceDefinition"
_AT = re.compile(r"""(?:^|\.)([^.\[\]]+)|\[(\d{1,6})\]|\[(?:"([^"]*)"|'([^']*)')\]""")


class Assertion(Struct, frozen=True):
    """An assert that can be asked. `uses` names the variables of its conditions: it is about nothing that lacks one."""

    table: AssertTable
    expressions: Expressions
    that: Expression
    message: MessageTemplate
    uses: frozenset[str]
    match: Expression | None = None
    at: Pointer = ()
    globs: AssertMatch = field(default_factory=AssertMatch)

    @property
    def wants_definitions(self) -> bool:
        """Whether it is about CustomResourceDefinitions, which are read only where something is."""
        return self.table.each in ("manifests", "targets") and (not self.globs.kinds or any_names(self.globs.kinds, CRD))

    def is_about(self, rendered: RenderedTarget, manifest: Manifest | None) -> bool:
        """Tell whether the globs match an object (or a target); that of a `match` in CEL is another question."""
        globs, target = self.globs, rendered.target
        applications = [*([target.deployed.application] if target.deployed else []), *target.above.applications]
        named = manifest is None or (
            (not globs.kinds or any_names(globs.kinds, manifest.kind)) and (not globs.names or any_names(globs.names, manifest.name))
        )
        return (
            named
            and (not globs.namespaces or any(any_names(globs.namespaces, name) for name in namespaces_of(target, manifest)))
            and (not globs.applications or any(any_names(globs.applications, name) for one in applications for name in names_of(one)))
            and (not globs.environments or not rendered.context.environments(target, manifest).isdisjoint(globs.environments))
        )


def read_assert(loaded: Loaded, number: int) -> Assertion:
    """Compile one table; raises UsageError with its line, and the column in an expression."""
    table = loaded.config.assert_[number]
    expressions = Expressions(VARIABLES[table.each])
    compiled = partial(_compiled, loaded, number, expressions)
    globs = table.match if isinstance(table.match, AssertMatch) else AssertMatch()
    _check_globs(loaded, number, globs)
    that = compiled("that", table.that)
    match = compiled("match", table.match) if isinstance(table.match, str) else None

    def part(text: str, column: int) -> Expression:
        return compiled("message", text, condition=False, start=column)

    try:
        message = read_template(table.message, part)
    except ExpressionError as error:
        raise _mistake(loaded, number, "message", table.message, error) from None
    uses = _used(table.that, expressions).union(_used(table.match, expressions) if isinstance(table.match, str) else ())
    return Assertion(table, expressions, that, message, uses, match, _place(loaded, number, table), globs)


def _compiled(
    loaded: Loaded, number: int, expressions: Expressions, key: str, text: str, *, condition: bool = True, start: int = 0
) -> Expression:
    """Compile an expression that begins at a character of the text of a key."""
    try:
        return expressions.compile(text, condition=condition)
    except ExpressionError as error:
        whole = str(getattr(loaded.config.assert_[number], key))
        before = whole[:start]
        first = error.line == 1
        column = error.column + (len(before) - before.rfind("\n") - 1 if first else 0)
        raise _mistake(
            loaded, number, key, whole, ExpressionError(error.message, error.line + before.count("\n"), column, error.unknown)
        ) from None


def _mistake(loaded: Loaded, number: int, key: str, text: str, error: ExpressionError) -> UsageError:
    where = loaded.inside("assert", number, key, text=text, line=error.line, column=error.column)
    table = loaded.config.assert_[number]
    near = closest(error.unknown, VARIABLES[table.each]) if error.unknown else ""
    said = f"there is no variable or function {error.unknown!r}; did you mean {near!r}?" if near else error.message
    return UsageError(f"{where}: assert {table.name}: {key}: {said}")


def _used(text: str, expressions: Expressions) -> frozenset[str]:
    """The variables of an expression: without one that it uses it does not compile."""
    named = {chain[0] for chain in chains(text, expressions.variables)}
    return frozenset(name for name in expressions.variables if name in named and _needs(text, expressions, name))


def _needs(text: str, expressions: Expressions, name: str) -> bool:
    try:
        Expressions(other for other in expressions.variables if other != name).compile(text, condition=False)
    except ExpressionError:
        return True
    return False


def _check_globs(loaded: Loaded, number: int, globs: AssertMatch) -> None:
    table = loaded.config.assert_[number]
    where: Callable[..., str] = partial(loaded.where, "assert", number, "match")
    known = [environment.name for environment in loaded.config.environments]
    for name in globs.environments:
        if name not in known:
            told = f"there is no [[environments]] named {name!r}{nearest(name, known)}"
            raise UsageError(f"{where('environments', word=name)}: assert {table.name}: {told}")
    for key in ("kinds", "names") if table.each == "targets" else ():
        if getattr(globs, key):
            raise UsageError(f'{where(key)}: assert {table.name}: {key} are those of objects; with each = "targets" choose them in `that`')


def _place(loaded: Loaded, number: int, table: AssertTable) -> Pointer:
    """Read `at`: a way that begins with a variable; a path without one leads into the object."""
    if table.at is None:
        return ()
    found = list(_AT.finditer(table.at))
    fault = ""
    if "".join(step.group() for step in found) != table.at:
        fault = f"{table.at!r} is no path such as spec.replicas or values.grpc.enabled"
    way: Pointer = tuple(
        int(step[2]) if step[2] is not None else next(part for part in (step[1], step[3], step[4]) if part is not None) for step in found
    )
    root = str(way[0]) if way else ""
    if not fault and root == "values" and "values" not in VARIABLES[table.each]:
        fault = f'values belong to the objects of a chart; with each = "{table.each}" there are none'
    if not fault and table.each == "targets":
        fault = 'at is a path in one object; with each = "targets" there are many'
    if fault:
        raise UsageError(f"{loaded.where('assert', number, 'at')}: assert {table.name}: at: {fault}")
    roots = {"object", "values", "container", "workload", "image", "chart"}.intersection(VARIABLES[table.each])
    return way if root in roots else ("object", *way)
