"""Label selectors, as ApplicationSets use them for parameters and for clusters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_NAME = r"(?=.{1,63}$)[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?"
_KEY = re.compile(rf"(?:(?=[^/]{{1,253}}/)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*/)?{_NAME}")
_VALUE = re.compile(rf"(?:{_NAME})?")
_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")
Requirement = tuple[str, str, tuple[str, ...]]


class SelectorError(Exception):
    """A selector that Argo CD refuses."""


def requirements(selector: Mapping[str, Any], *, of_labels: bool = False) -> list[Requirement]:
    """Return the requirements of a selector: key, operator, values; raises SelectorError. Labels restrict the values, too."""
    found: list[Requirement] = [(str(key), "In", (str(each),)) for key, each in (selector.get("matchLabels") or {}).items()]
    for each in selector.get("matchExpressions") or ():
        operator, values = str(each.get("operator", "")), tuple(str(value) for value in each.get("values") or ())
        found.append((str(each.get("key", "")), operator, values))
    for key, operator, values in found:
        _check(key, operator, values, of_labels)
    return found


def _check(key: str, operator: str, values: tuple[str, ...], of_labels: bool) -> None:
    if operator not in _OPERATORS:
        raise SelectorError(f"{operator or 'an empty word'} is no operator of a selector: use one of {', '.join(_OPERATORS)}")
    if not _KEY.fullmatch(key):
        raise SelectorError(f"{key!r} is no name of a label")
    if operator in ("In", "NotIn") and not values:
        raise SelectorError(f"{operator} of {key} needs values")
    if operator in ("Exists", "DoesNotExist") and values:
        raise SelectorError(f"{operator} of {key} takes no values")
    wrong = next((value for value in values if of_labels and not _VALUE.fullmatch(value)), None)
    if wrong is not None:
        raise SelectorError(f"{wrong!r} is no value of a label")


def matches(wanted: list[Requirement], labels: Mapping[str, str]) -> bool:
    """Tell whether all requirements are met."""
    return all(_meets(key, operator, values, labels) for key, operator, values in wanted)


def _meets(key: str, operator: str, values: tuple[str, ...], labels: Mapping[str, str]) -> bool:
    if operator == "In":
        return key in labels and labels[key] in values
    if operator == "NotIn":
        return labels.get(key) not in values
    return (key in labels) == (operator == "Exists")
