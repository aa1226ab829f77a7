"""The differences of a definition that break its users, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from agentslint.rule import ApiDifference, DifferenceKind, Field, Manifest, api_differences

_MOST = 10
"""The most findings for one version: a rewritten API needs no hundred of them."""
_WORST = (DifferenceKind.REMOVED, DifferenceKind.UNSERVED, DifferenceKind.REQUIRED)
_ALPHA = re.compile(r"v[0-9]+alpha[0-9]+")


def broken(base: Manifest, head: Manifest, *, alpha: bool) -> Iterator[tuple[Field, str]]:
    """Yield place and text of each break: the worst of each version first, and the number of those left out."""
    found = [each for each in api_differences(base, head) if each.breaks and (alpha or not is_alpha(each.version))]
    for _, group in groupby(sorted(found, key=lambda each: each.version), key=lambda each: each.version):
        of_version = sorted(group, key=lambda each: each.kind not in _WORST)
        left = len(of_version) - _MOST
        for number, each in enumerate(of_version[:_MOST], 1):
            yield each.field, _said(each) + (f" (and {left} more in {each.version})" if left > 0 and number == _MOST else "")


def is_alpha(version: str) -> bool:
    """Tell whether a version's name marks it as alpha (Kubernetes, "API versioning")."""
    return _ALPHA.fullmatch(version) is not None


def is_alpha_only(definition: Manifest) -> bool:
    """Tell whether all versions of a definition are alpha."""
    versions = definition.at(("spec", "versions"))
    names = [str(version.get("name")) for version in versions if isinstance(version, dict)] if isinstance(versions, list) else []
    return bool(names) and all(map(is_alpha, names))


def _said(difference: ApiDifference) -> str:
    return f"{difference}; {_advice(difference)}"


def _advice(difference: ApiDifference) -> str:
    """Say how to mend it. `ValidateCustomResourceDefinitionSpecUpdate` in apiextensions-apiserver refuses some changes."""
    if not difference.version:
        return "the API server refuses to change that"
    if not difference.path and difference.kind in (DifferenceKind.REMOVED, DifferenceKind.UNSERVED):
        return "serve it until no client uses it"
    if difference.kind is DifferenceKind.REQUIRED:
        return "give it a default, or require it in a new version only"
    if difference.kind is DifferenceKind.REMOVED or not difference.path:
        return "keep it, or remove it in a new version only"
    return "keep accepting the old values, or change it in a new version only"
