"""The one file that touches the CEL library, cel-expr-python.

It bounds the depth of an expression (32) and the steps of comprehensions (10,000 an evaluation), and its regular expressions are RE2.
It does not bound the length to which `replace`, `join` and `+` make a text or a list grow: agentslint.cel.growth refuses such expressions.
Nor does it bound the time of an evaluation, which agentslint.cel.deadline does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.util import find_spec
from typing import Any

from agentslint.cel.deadline import CLOCK_FUNCTIONS, TOO_LONG, is_over, limited, with_clock
from agentslint.cel.growth import refuse_growth
from agentslint.cel.kubernetes_functions import FUNCTIONS, Function, absent
from agentslint.cel.outcomes import ExpressionError, Missing, Truth, Unanswered
from agentslint.cel.own_functions import OWN_FUNCTIONS
from agentslint.errors import UsageError

LONGEST = 8_192
"""Characters of an expression."""
_PATIENCE = 3
"""Evaluations of one expression that may take too long; after them it is not evaluated any more."""
_PLACE = re.compile(r"ERROR: [^:\n]*:(-?\d+):(-?\d+): ([^\n]*)")
_END = re.compile(r"(?: \(in container '[^']*'\))?(?: \[[A-Z_]+\])?$")
_KEY = re.compile(r'Key not found in map : "?(.*?)"?$', re.S)
_NOT_THERE = ("Key not found", "Index error", "Applying SELECT to non-message type")
_STATUS = re.compile(r"^[A-Z_]+: | \[[A-Z_]+\]$")
_UNFIT = ("Integer value", "Non-CEL value type", "Invalid map key type", "basic_string")
"""The beginnings of the library's complaints of a value that it has no type for; they come when the value is first read."""


class Scope:
    """The values of the variables, for any number of expressions."""

    def __init__(self, environment: Any, values: Mapping[str, Any]) -> None:
        self._environment, self._values, self._is_fit = environment, dict(values), False
        self._activation: Any = None

    def read(self, compiled: Any) -> Any:
        """Return the value of a compiled expression as a plain object; Missing or Unanswered where it has none."""
        found = self._read(compiled)
        if isinstance(found, Unanswered) and found.message.startswith(_UNFIT) and not self._is_fit:
            self._values, self._is_fit, self._activation = fit(self._values), True, None
            found = self._read(compiled)
        return found

    def _read(self, compiled: Any) -> Any:
        try:
            if self._activation is None:
                self._activation = self._environment.Activation(self._values)
            with limited():
                value = compiled.eval(self._activation)
                if is_over():
                    return Unanswered(TOO_LONG)
            # The text of an error is truthy: only the type tells.
            return _unanswered(str(value.value())) if value.type() == _library().Type.ERROR else value.plain_value()
        except (RuntimeError, TypeError, ValueError, OverflowError) as error:
            return _unanswered(str(error))
        except MemoryError:
            return Unanswered("it needs more memory than there is")


class Expression:
    """A compiled expression."""

    def __init__(self, text: str, compiled: Any) -> None:
        self.text, self._compiled, self._too_long = text, compiled, 0

    def ask(self, scope: Scope) -> Truth:
        """Return True or False; Missing where a field is not there, Unanswered where it cannot be evaluated or gives something else."""
        value = self.read(scope)
        if isinstance(value, bool | Missing | Unanswered):
            return value
        return Unanswered(f"it gives {_KINDS.get(type(value), 'a value')} instead of true or false")

    def read(self, scope: Scope) -> Any:
        """Return the value of the expression as a plain object; Missing or Unanswered where it has none."""
        if self._too_long >= _PATIENCE:
            return Unanswered(TOO_LONG)
        found = scope.read(self._compiled)
        self._too_long += isinstance(found, Unanswered) and found.message == TOO_LONG
        return found


class Expressions:
    """Compiles expressions over some variables of any type; raises UsageError where the library is not installed."""

    def __init__(self, variables: Iterable[str]) -> None:
        self.variables = tuple(sorted(variables))
        self._environment = _environment(self.variables)

    def compile(self, text: str, *, condition: bool = True) -> Expression:
        """Compile an expression that gives true or false, or one of any type; raises ExpressionError with the place in the text."""
        _refuse_large(text)
        try:
            compiled = self._environment.compile(text)
        except (RuntimeError, TypeError, ValueError) as error:
            raise self._mistake(str(error), text) from None
        given = compiled.return_type().name()
        if condition and given not in ("BOOL", "DYN"):
            raise ExpressionError(f"it gives {_TYPES.get(given.partition('<')[0], 'a value')} instead of true or false")
        return Expression(text, self._with_clock(text, compiled))

    def _with_clock(self, text: str, compiled: Any) -> Any:
        """The expression as it is evaluated; raises ExpressionError where it nests too deeply for the steps that look at the clock."""
        watched = with_clock(text)
        if watched == text:
            return compiled
        try:
            return self._environment.compile(watched)
        except (RuntimeError, TypeError, ValueError):
            raise ExpressionError("it nests too deeply; split it") from None

    def scope(self, values: Mapping[str, Any]) -> Scope:
        """Return a scope in which each variable has a value: plain dicts, lists, texts, numbers, true, false and None."""
        return Scope(self._environment, values)

    def _mistake(self, complaint: str, source: str) -> ExpressionError:
        found = _PLACE.search(complaint)
        said = _END.sub("", found.group(3) if found else complaint)
        unknown = re.search(r"undeclared reference to '(\w+)", said)
        if name := absent(said, source):
            said = f"{name} is a function of Kubernetes that agentslint does not have"
        elif unknown:
            said = f"there is no variable or function {unknown.group(1)!r}; the variables are {', '.join(self.variables)}"
        line, column = (max(int(number), 1) for number in found.groups()[:2]) if found else (1, 1)
        if unknown:
            # The library points at the last dot of `a.b.c`.
            lines = source.split("\n")
            column = lines[min(line, len(lines)) - 1].rfind(unknown.group(1), 0, column + len(unknown.group(1))) + 1 or column
        return ExpressionError(said, line, column, unknown.group(1) if unknown else "")


def is_installed() -> bool:
    """Tell whether the library is installed, without importing it."""
    return find_spec("cel_expr_python") is not None


def _refuse_large(text: str) -> None:
    if len(text) > LONGEST:
        raise ExpressionError(f"it has {len(text)} characters; at most {LONGEST} are read")
    refuse_growth(text)


def _unanswered(message: str) -> Missing | Unanswered:
    said = _STATUS.sub("", message)
    if said.startswith(_NOT_THERE):
        key = _KEY.search(said)
        return Missing(key.group(1) if key else "", said)
    return Unanswered(said)


def fit(value: Any) -> Any:
    """Return a copy in CEL's types: a number beyond 64 bits as a float, as Kubernetes reads it; keys and other values as texts."""
    if isinstance(value, dict):
        return {key if isinstance(key, str | int) else str(key): fit(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [fit(inner) for inner in value]
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return float(value) if abs(value) < 10**300 else float("inf")
    return value if value is None or isinstance(value, bool | int | float | bytes) else str(value)


_TYPES = {
    "STRING": "a text", "INT": "a number", "UINT": "a number", "DOUBLE": "a number", "LIST": "a list", "MAP": "a map", "NULL": "null",
}  # fmt: skip
_KINDS = {str: "a text", int: "a number", float: "a number", dict: "a map", list: "a list", type(None): "null"}


@cache
def _library() -> Any:
    try:
        from cel_expr_python import cel
    except ImportError as error:
        missing = not is_installed()
        why = "CEL expressions need another package" if missing else f"the CEL library cannot be imported ({error})"
        raise UsageError(f"{why}: install agentslint-gitops[cel], with Python 3.11 or newer") from None
    return cel


@cache
def _environment(variables: tuple[str, ...]) -> Any:
    cel = _library()
    from cel_expr_python.ext import ext_bindings, ext_encoders, ext_math, ext_optional, ext_strings

    extensions = [
        ext_strings.ExtStrings(),
        ext_math.ExtMath(),
        ext_optional.ExtOptional(),
        ext_bindings.ExtBindings(),
        ext_encoders.ExtEncoders(),
        _extension(cel, "kubernetes", FUNCTIONS),
        _extension(cel, "agentslint", (*OWN_FUNCTIONS, *CLOCK_FUNCTIONS)),
    ]
    return cel.NewEnv(variables=dict.fromkeys(variables, cel.Type.DYN), extensions=extensions)


def _extension(cel: Any, name: str, functions: Iterable[Function]) -> Any:
    """Functions as an extension of the library."""
    kind = cel.Type
    types = {
        "any": kind.DYN,
        "string": kind.STRING,
        "bool": kind.BOOL,
        "int": kind.INT,
        "double": kind.DOUBLE,
        "map": kind.Map(kind.STRING, kind.STRING),
        "lists": kind.Map(kind.STRING, kind.List(kind.STRING)),
    }
    overloads: dict[str, list[Any]] = {}
    for each in functions:
        overloads.setdefault(each.name, []).append(
            cel.Overload(
                f"{name}_{each.name}_{'_'.join(each.takes)}",
                types[each.gives],
                [types[name] for name in each.takes],
                each.is_method,
                each.implementation,
            )
        )
    return cel.CelExtension(name, [cel.FunctionDecl(function, those) for function, those in overloads.items()])
