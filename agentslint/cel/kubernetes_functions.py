"""The functions that Kubernetes adds to CEL: those that exist here, and the names of those that do not.

Documentation: https://kubernetes.io/docs/reference/using-api/cel/
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from agentslint.cel import quantity, url


class Function(NamedTuple):
    """One signature: `takes` and `gives` are names of types; a method is called on the first of `takes`."""

    name: str
    takes: tuple[str, ...]
    gives: str
    implementation: Callable[..., Any]
    is_method: bool = True


FUNCTIONS = (
    Function("quantity", ("string",), "map", quantity.quantity, is_method=False),
    Function("isQuantity", ("string",), "bool", quantity.is_quantity, is_method=False),
    Function("isInteger", ("map",), "bool", quantity.is_integer),
    Function("asInteger", ("map",), "int", quantity.as_integer),
    Function("asApproximateFloat", ("map",), "double", quantity.as_float),
    Function("sign", ("map",), "int", quantity.sign),
    Function("add", ("map", "map"), "map", quantity.add),
    Function("add", ("map", "int"), "map", quantity.add),
    Function("sub", ("map", "map"), "map", quantity.sub),
    Function("sub", ("map", "int"), "map", quantity.sub),
    Function("isLessThan", ("map", "map"), "bool", quantity.is_less),
    Function("isGreaterThan", ("map", "map"), "bool", quantity.is_greater),
    Function("compareTo", ("map", "map"), "int", quantity.compare),
    Function("url", ("string",), "map", url.url, is_method=False),
    Function("isURL", ("string",), "bool", url.is_url, is_method=False),
    Function("getScheme", ("map",), "string", partial(url.part, "scheme")),
    Function("getHost", ("map",), "string", partial(url.part, "host")),
    Function("getHostname", ("map",), "string", partial(url.part, "hostname")),
    Function("getPort", ("map",), "string", partial(url.part, "port")),
    Function("getEscapedPath", ("map",), "string", partial(url.part, "path")),
    Function("getQuery", ("map",), "lists", url.query),
)

_ABSENT = {
    "sets", "sum", "isSorted", "min", "max", "find", "findAll", "lists", "range", "sort", "sortBy", "slice", "flatten",
    "distinct", "existsOne", "transformList", "transformMap", "transformMapEntry", "ip", "isIP", "cidr", "isCIDR", "family",
    "isCanonical", "isUnspecified", "isLoopback", "isLinkLocalMulticast", "isLinkLocalUnicast", "isGlobalUnicast", "containsIP",
    "containsCIDR", "prefixLength", "masked", "semver", "isSemver", "major", "minor", "patch", "format", "named", "validate",
    "authorizer", "jsonpatch", "mul", "div", "divInt",
}  # fmt: skip
_UNDECLARED = re.compile(r"undeclared reference to '(\w+)")
_TWO_VARIABLES = r"\.\s*(\w+)\(\s*(?:{0}\s*,\s*\w+|\w+\s*,\s*{0})\s*,"
_ON_A_LIST = re.compile(r"no matching overload for '((?:last)?[iI]ndexOf)' applied to '\(list")


def absent(complaint: str, text: str) -> str:
    """Return the name of a function of Kubernetes in the compiler's complaint that does not exist here, "" where there is none.

    `text` is the expression: a variable of that name is none.
    """
    found = _UNDECLARED.search(complaint)
    if found and found.group(1) in _ABSENT and re.search(rf"\b{found.group(1)}\s*[.(]", text):
        return found.group(1)
    macro = re.search(_TWO_VARIABLES.format(found.group(1)), text) if found else None
    if macro:
        return f"{macro.group(1)} with two variables"
    on_list = _ON_A_LIST.search(complaint)
    return f"{on_list.group(1)} on a list" if on_list else ""
