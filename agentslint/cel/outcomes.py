"""The outcomes of an expression that are neither true nor false."""

from __future__ import annotations

from typing import NoReturn

from msgspec import Struct


class ExpressionError(Exception):
    """An expression that does not compile: the reason, its place in the expression (1-based), and the name that is `unknown`, if one is."""

    def __init__(self, message: str, line: int = 1, column: int = 1, unknown: str = "") -> None:
        super().__init__(message)
        self.message, self.line, self.column, self.unknown = message, line, column, unknown


class _NoAnswer:
    """Neither true nor false, so a condition on it is a mistake of the code that asks."""

    def __bool__(self) -> NoReturn:
        raise TypeError("this is no answer: compare it with True or False")


class Missing(_NoAnswer, Struct, frozen=True):
    """A field, a key or an item of a list is not there: `name` is its last part, "" where the library does not say it."""

    name: str
    message: str


class Unanswered(_NoAnswer, Struct, frozen=True):
    """The evaluation failed in another way, such as a comparison of a text with a number."""

    message: str


Truth = bool | Missing | Unanswered
"""The answer of a condition. `Missing` and `Unanswered` raise TypeError where they are used as a truth value."""
