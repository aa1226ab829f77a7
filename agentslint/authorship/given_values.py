"""The values that a deployer's object itself hands to helm: parameters, a block of values, values from other objects.

They are written in many ways, and not all of them can be changed in their file. Together they are one layer above the values files,
which an experiment replaces as a whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from agentslint.model import Target
from agentslint.model.application import HelmRecipe, Inline, InTree, RecipeError
from agentslint.yamlread import YamlError, compose, value

GIVEN_PATH = ".agentslint/given-values.yaml"
"""The path in changes that stands for these values; there is no such file."""
_SETS = ("--set-json", "--set", "--set-string")
"""In the order in which helm takes them (`MergeValues` of helm's pkg/cli/values/options.go)."""
_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)*")
_PLAIN: Mapping[str, Any] = {"true": True, "false": False, "null": None}
_INTEGER = re.compile(r"0|-?[1-9]\d{0,17}")
_Argument = str | InTree | Inline


def given_values(target: Target) -> bytes | None:
    """Return the values as one file; None where the target is no chart that its deployer renders, or they cannot be read."""
    recipe = target.deployed.plain_recipe if target.deployed else None
    try:
        return json.dumps(_read(recipe), ensure_ascii=False).encode() if isinstance(recipe, HelmRecipe) else None
    except (RecipeError, YamlError):
        return None


def sets_parameters(target: Target) -> bool:
    """Tell whether parameters are set, which win over all other values."""
    recipe = target.deployed.plain_recipe if target.deployed else None
    return isinstance(recipe, HelmRecipe) and any(map(_parameter, recipe.arguments, recipe.arguments[1:]))


def with_values(recipe: HelmRecipe, data: bytes) -> HelmRecipe:
    """Return a recipe that hands helm these values in the place of its own."""
    kept: list[_Argument] = []
    words = iter(zip(recipe.arguments, (*recipe.arguments[1:], ""), strict=False))
    for word, following in words:
        if _is_block(word, following) or _parameter(word, following):
            next(words)
        else:
            kept.append(word)
    return replace(recipe, arguments=(*kept, "--values", Inline(data)))


def _read(recipe: HelmRecipe) -> dict[str, Any]:
    found: dict[str, Any] = {}
    pairs = list(zip(recipe.arguments, recipe.arguments[1:], strict=False))
    for word, following in pairs:
        if _is_block(word, following) and isinstance(following, Inline):
            body = next(map(value, compose(following.data, duplicate_keys=True)), None)
            found.update(body if isinstance(body, dict) else {})
    for order, name, text in sorted(filter(None, (_parameter(*pair) for pair in pairs)), key=lambda one: one[0]):
        _put(found, name.split("."), _READ[order](text))
    return found


def _is_block(word: _Argument, following: _Argument) -> bool:
    return word == "--values" and isinstance(following, Inline)


def _parameter(word: _Argument, following: _Argument) -> tuple[int, str, str] | None:
    """The place in the order, the name and the text of a parameter; None for one with a name that is no plain way."""
    if word not in _SETS or not isinstance(following, str):
        return None
    name, _, text = following.partition("=")
    return (_SETS.index(str(word)), name, text) if _NAME.fullmatch(name) else None


def _typed(text: str) -> Any:
    if text.startswith("{") and text.endswith("}"):
        return [_typed(each) for each in text[1:-1].split(",")] if text != "{}" else []
    if text in _PLAIN or _INTEGER.fullmatch(text):
        return _PLAIN[text] if text in _PLAIN else int(text)
    return re.sub(r"\\(.)", r"\1", text)


_READ = (json.loads, _typed, str)
"""How the text of each of `_SETS` is read."""


def _put(body: dict[str, Any], way: Sequence[str], item: Any) -> None:
    for step in way[:-1]:
        below = body.get(step)
        body[step] = below = dict(below) if isinstance(below, Mapping) else {}
        body = below
    body[way[-1]] = item
