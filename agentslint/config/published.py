"""The JSON Schema of the configuration, with the options of every rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from agentslint.config.schema import Config, RuleSettings
from agentslint.rule import Rule


def schema_text(rules: Mapping[str, type[Rule]]) -> str:
    """Return the schema as JSON text (draft 2020-12)."""
    return msgspec.json.format(msgspec.json.encode(schema(rules), order="sorted"), indent=2).decode() + "\n"


def schema(rules: Mapping[str, type[Rule]]) -> dict[str, Any]:
    """Return the schema as plain objects."""
    (_, common, *own), definitions = msgspec.json.schema_components(
        [Config, RuleSettings, *(rule.Options for rule in rules.values())], ref_template="#/$defs/{name}"
    )
    shared = _resolve(common, definitions)["properties"]
    tables = {}
    for name, reference in zip(rules, own, strict=True):
        options = _resolve(reference, definitions)
        tables[name] = {
            "type": "object",
            "title": name,
            "properties": {**shared, **options.get("properties", {})},
            "additionalProperties": False,
        }
    definitions["Config"]["properties"]["rules"] = {"type": "object", "properties": tables, "additionalProperties": False}
    used = {name: value for name, value in definitions.items() if name != "RuleSettings" and not name.endswith("Options")}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "agentslint", "$ref": "#/$defs/Config", "$defs": used}


def _resolve(reference: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in reference:
        return reference
    found: Mapping[str, Any] = definitions[str(reference["$ref"]).rpartition("/")[2]]
    return found
