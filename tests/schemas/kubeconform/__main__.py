"""Writes `results.json`: `python -m tests.schemas.kubeconform PATH-OF-KUBECONFORM`.

kubeconform (`go install github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0`) reads a file for each kind, without references to others:
those of kubernetes-validate are put in place of the references, and definitions become strict schemas, as the openapi2jsonschema script
of kubeconform makes them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from agentslint.fleet.release_groups import Fleet
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.schemas import built_in
from tests.schemas.kubeconform import CASES, RESULTS, fleets


def inlined(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """A schema with the definitions in place of the references to them."""
    if isinstance(schema, list):
        return [inlined(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return inlined(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return {key: inlined(value, definitions) for key, value in schema.items() if key not in ("$id", "$schema")}


def strict(schema: Any) -> Any:
    """A structural schema as a strict JSON schema."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: strict(value) for key, value in schema.items()}
    if schema.get("x-kubernetes-int-or-string") is True:
        return {"oneOf": [{"type": "string"}, {"type": "integer"}]}
    if isinstance(schema.get("properties"), dict) and not schema.get("x-kubernetes-preserve-unknown-fields"):
        found.setdefault("additionalProperties", False)
    return found


def write_schemas(folder: Path, target: RenderedTarget, kinds: set[tuple[str, str]], case: Path) -> None:
    """Write the schema of each kind that is there."""
    package = built_in.releases()[max(built_in.releases())]
    definitions = json.loads(Path(package, "_definitions.json").read_text())["$defs"]
    for api_version, kind in kinds:
        group, _, version = api_version.rpartition("/")
        path = Path(package, name_of(kind, group, version))
        if path.exists():
            (folder / path.name).write_text(json.dumps(inlined(json.loads(path.read_text()), definitions)))
    crds = [crd.body for crd in target.crds] or [yaml.safe_load(path.read_text()) for path in case.rglob("*.example.com.yaml")]
    for crd in crds:
        for row in crd["spec"]["versions"]:
            schema = strict(row["schema"]["openAPIV3Schema"])
            if "properties" in schema:
                schema["properties"] |= {"apiVersion": {}, "kind": {}, "metadata": {}}
            (folder / name_of(crd["spec"]["names"]["kind"], crd["spec"]["group"], row["name"])).write_text(json.dumps(schema))
    for path in case.rglob("*_v1.json"):
        (folder / name_of(path.name.partition("_")[0], path.parent.name, "v1")).write_text(path.read_text())


def name_of(kind: str, group: str, version: str) -> str:
    first = group.partition(".")[0]
    return f"{kind.lower()}-{f'{first}-' if first else ''}{version}.json"


def judged(program: str, fleet: Fleet, case: Path) -> dict[str, list[list[str]]]:
    """What kubeconform says of each object: path and message."""
    found: dict[str, list[list[str]]] = {}
    for target in fleet.targets:
        manifests = [each for each in target.manifests if each.kind != "CustomResourceDefinition"]
        with tempfile.TemporaryDirectory() as held:
            folder = Path(held)
            write_schemas(folder, target, {(each.api_version, each.kind) for each in manifests}, case)
            location = f"{folder}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json"
            options = ["-strict", "-output", "json", "-verbose", "-ignore-missing-schemas", "-schema-location", location]
            stream = "\n---\n".join(yaml.safe_dump(each.body) for each in manifests)
            out = subprocess.run([program, *options], input=stream, capture_output=True, text=True, check=False).stdout
        for row in json.loads(out)["resources"]:
            key = f"{target.target.name}: {row['kind']}/{row['name']}"
            assert row["status"] in ("statusValid", "statusInvalid", "statusSkipped"), row
            if row["status"] != "statusSkipped":
                found[key] = sorted([each["path"], each["msg"]] for each in row.get("validationErrors") or ())
    return found


def main(program: str) -> None:
    listed = subprocess.run(["go", "version", "-m", program], capture_output=True, text=True, check=True).stdout
    version = next(line.split()[2] for line in listed.splitlines() if line.split()[:1] == ["mod"])
    cases = {name: judged(program, fleet, CASES / name) for name, fleet in fleets()}
    RESULTS.write_text(json.dumps({"kubeconform": version, "cases": cases}, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
