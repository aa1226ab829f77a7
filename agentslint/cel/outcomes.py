"""The outcomes of an expression that are neither true nor false."""

from __future__ import annotations

from typing import NoReturn

from msgspec import Struct


class ExpressionError(Exception):
    """An expression does not compile: the reason, the place in its text (1-based), and the undeclared name, if that is the reason."""

    def __init__(self, message: str, line: int = 1, column: int = 1, unknown: str = "") -> None:
        super().__init__(message)
        self.message, self.line, self.column, self.unknown = message, line, column, unknown


class _NoAnswer:
    """An outcome that is neither true nor false: code that uses it as a condition is wrong, and gets a TypeError."""

    def __bool__(self) -> NoReturn:
        raise TypeError("this is no answer: compare it with True or False")


class Missing(_NoAnswer, Struct, frozen=True):
    """A field, a key or an item of a list is not there: `name` is its name, "" where the library does not say it."""

    name: str
    message: str


class Unanswered(_NoAnswer, Struct, frozen=True):
    """The evaluation failed in another way, such as a comparison of a text with a number."""

    message: str


Truth = bool | Missing | Unanswered
"""The answer of a condition. `Missing` and `Unanswered` raise TypeError where they are used as a truth value."""
