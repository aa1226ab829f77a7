"""Checks the fields of deployers' objects against their types, and reads them as Go reads JSON.

Kubernetes' API server for the types; encoding/json of Go for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentslint.model import Pointer
from agentslint.model.application import RecipeError

TEXT, FLAG, COUNT, ANYTHING = "text", "true or false", "a whole number or text", "anything"


class SourceError(RecipeError):
    """A source that cannot be deployed, with the pointer to the wrong part, and the file that is missing, if one is.

    `leave_out` is the setting with which the deployer would go on without the file. If it is not `refused`, the deployer accepts the
    source, and only agentslint cannot render it.
    """

    def __init__(self, message: str, pointer: Pointer, *, file: str = "", leave_out: str = "", refused: bool = True) -> None:
        super().__init__(message)
        self.pointer = pointer
        self.file = file
        self.leave_out = leave_out
        self.refused = refused


def checked(written: Any, expected: Any, deployer: str, pointer: Pointer = ()) -> Any:
    """Return a value without unknown keys and nulls; raises SourceError where its type is not the one that the deployer expects."""
    if expected == ANYTHING or written is None:
        return written
    if isinstance(expected, Mapping):
        if not isinstance(written, Mapping):
            raise _wrong(written, "a mapping", pointer, deployer)
        known = {str(key): (str(key), expected.get("*", expected.get(str(key)))) for key in written}
        return {
            name: checked(item, kind, deployer, (*pointer, str(key)))
            for key, item in written.items()
            for name, kind in [known[str(key)]]
            if kind is not None and item is not None
        }
    if isinstance(expected, list):
        if not isinstance(written, list):
            raise _wrong(written, "a list", pointer, deployer)
        return [checked(item, expected[0], deployer, (*pointer, number)) for number, item in enumerate(written)]
    fits = {
        TEXT: isinstance(written, str),
        FLAG: isinstance(written, bool),
        COUNT: isinstance(written, str) or (isinstance(written, (int, float)) and not isinstance(written, bool)),
    }
    if not fits[expected]:
        raise _wrong(written, expected, pointer, deployer)
    return written


def spelled(written: Any, expected: Any) -> Any:
    """Return a value with the keys of its types: Go's JSON does not tell upper from lower case (`forcestring`)."""
    if isinstance(expected, Mapping) and isinstance(written, Mapping):
        lower = {key.lower(): key for key in expected}
        names = {key: str(key) if "*" in expected else lower.get(str(key).lower(), str(key)) for key in written}
        return {names[key]: spelled(item, expected.get("*", expected.get(names[key], ANYTHING))) for key, item in written.items()}
    if isinstance(expected, list) and isinstance(written, list):
        return [spelled(item, expected[0]) for item in written]
    return written


def read_over(under: Any, written: Any, expected: Any) -> Any:
    """Read JSON into a value that is there already: what is absent stays, in mappings and in the items of a list alike."""
    if isinstance(expected, Mapping) and isinstance(written, Mapping):
        kept = dict(under) if isinstance(under, Mapping) else {}
        return {
            **kept,
            **{key: read_over(kept.get(key), item, expected.get("*", expected.get(key, ANYTHING))) for key, item in written.items()},
        }
    if isinstance(expected, list) and isinstance(written, list):
        old = under if isinstance(under, list) else []
        return [read_over(old[number] if number < len(old) else None, item, expected[0]) for number, item in enumerate(written)]
    return written


def _wrong(written: Any, expected: str, pointer: Pointer, deployer: str) -> SourceError:
    where = ".".join(map(str, pointer)) or "the source"
    given = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list"}.get(type(written), "a mapping")
    return SourceError(f"{where} is {given}, where {deployer} expects {expected}", pointer)
