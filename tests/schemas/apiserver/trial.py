"""Makes cases of real definitions and objects, each object also broken at random: `python -m tests.schemas.apiserver.trial SEED FOLDER...`.

It prints them as JSON, for the oracle; `--compare FILE` then names each object that we judge otherwise. It runs outside of CI.
"""

from __future__ import annotations

import copy
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agentslint.places import dotted
from agentslint.schemas.definitions import KIND, raw_definitions
from agentslint.schemas.judge import ObjectSchema
from agentslint.schemas.violations import Broken
from agentslint.yamlread import YamlError, load_trusted
from agentslint.yamlread.split_documents import split

VALUES = [1, "x", True, {}, [], 1.5, None, -1, "", "a" * 300]
Found = tuple[dict[tuple[str, str, str], Any], dict[tuple[str, str, str], list[Any]]]


def collected(folders: list[str]) -> Found:
    """The schemas and the objects in the YAML files of some folders, by group, version and kind."""
    schemas: dict[tuple[str, str, str], Any] = {}
    objects: dict[tuple[str, str, str], list[Any]] = {}
    for path in (path for folder in folders for path in sorted(Path(folder).rglob("*.y*ml"))):
        data = path.read_bytes()
        if KIND.encode() in data and b"{{" not in data:
            for found in filter(None, (raw.definition for raw in raw_definitions(data, str(path), trusted=True))):
                for version in found.versions.values():
                    if version.schema:
                        schemas.setdefault((found.group, version.name, found.kind), version.schema.schema)
            continue
        for document, _ in split(data) if b"{{" not in data else ():
            try:
                body = load_trusted(document.decode())
            except (YamlError, UnicodeDecodeError):
                continue
            if isinstance(body, dict) and "/" in str(body.get("apiVersion")):
                group, _, version_name = str(body["apiVersion"]).rpartition("/")
                objects.setdefault((group, version_name, str(body.get("kind"))), []).append(body)
    return schemas, objects


def ways(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if len(way) > 1 and way[0] != "metadata":
        yield way
    for step, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from ways(inner, (*way, step))


def broken(body: Any) -> Any:
    """A copy in which one value is another one, gone, misspelt or doubled."""
    body = copy.deepcopy(body)
    if not (places := list(ways(body))):
        return body
    *way, last = random.choice(places)
    around = body
    for step in way:
        around = around[step]
    change = random.choice(["value", "value", "drop", "misspell", "double"])
    if change == "drop":
        del around[last]
    elif change == "misspell" and isinstance(around, dict):
        around[f"{last}z"] = around.pop(last)
    elif change == "double" and isinstance(around[last], list):
        around[last] += copy.deepcopy(around[last][:1])
    else:
        around[last] = random.choice(VALUES)
    return body


def compare(path: Path) -> int:
    """Print the objects that we judge otherwise than the outcomes beside a case file."""
    outcomes, differing = json.loads(path.with_suffix(".expected.json").read_text()), 0
    for case in json.loads(path.read_text()):
        schema = ObjectSchema(case["schema"])
        for name, body in case["objects"].items():
            judged, stored = schema.outcome(body)
            dropped = sorted(dotted(each.pointer) for each in judged.violations if each.breach is Broken.UNKNOWN)
            refused = any(each.breach is not Broken.UNKNOWN for each in judged.violations)
            theirs = outcomes[case["name"]][name]
            alike = dropped == theirs["dropped"] and refused == bool(theirs["errors"])
            if not alike or (not refused and stored != theirs["object"]):
                differing += 1
                print(case["name"], name, judged.violations, theirs["errors"])
    return differing


def main(words: list[str]) -> int:
    if words[0] == "--compare":
        return int(bool(compare(Path(words[1]))))
    random.seed(int(words[0]))
    schemas, objects = collected(words[1:])
    cases = []
    for key, schema in schemas.items():
        own = objects.get(key, [])[:12]
        made = {f"{number}.{turn}": body if not turn else broken(body) for number, body in enumerate(own) for turn in range(5)}
        cases += [{"name": "/".join(key), "schema": schema, "objects": made}] if made else []
    print(json.dumps(cases, default=str))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
