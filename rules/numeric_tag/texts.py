"""What becomes of a scalar that nobody quoted, by who reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentslint.rule import date_text, number_texts, string_text, word_text

if TYPE_CHECKING:
    from agentslint.rule import AuthoredScalar


def other_texts(scalar: AuthoredScalar) -> tuple[str, ...]:
    """Return the texts as which a scalar may come out that are not its own."""
    string = string_text(scalar.text) if scalar.path.endswith("Chart.yaml") else None
    found = (*(number_texts(scalar.text) or ()), string, word_text(scalar.text), date_text(scalar.text))
    return tuple(sorted({text for text in found if text and text != scalar.text}))


def is_empty(text: str) -> bool:
    """Whether a template takes a scalar that nobody quoted for empty, as it does false and zero: its `default` comes out instead."""
    return word_text(text) == "false" or _number(text) == 0


def helm_texts(text: str) -> tuple[str, ...]:
    """Return what a template of a chart prints, where helm itself reads the scalar and that is another text."""
    numbers = number_texts(text)
    found = (numbers[1] if numbers else None, word_text(text))
    return tuple(each for each in found if each and each != text)


def reads_as(text: str, value: Any, *, flag: bool = False) -> str:
    """Return what a chart in the cluster prints of a value that kustomize has made of `text`; empty where it is the same text.

    A `flag` is printed as kustomize wrote it.
    Kustomize takes a date for a point in time, and leaves the booleans of YAML 1.1 texts.
    """
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, str):
        return value if value == date_text(text) else ""
    numbers = number_texts(text)
    is_it = numbers is not None and number_texts(str(value)) is not None and float(value) == _number(text)
    if is_it and flag:
        return str(value) if str(value) != text else ""
    return numbers[1] if is_it and numbers and numbers[1] != text else ""


def _number(text: str) -> float | None:
    numbers = number_texts(text)
    return float(numbers[1]) if numbers else None
