"""JSON schemas of kinds, a file each: their `$ref`s are followed within the folder, and what strict schemas forbid counts as dropped.

The layouts are those of kubeconform (`deployment-apps-v1.json`, in folders such as `v1.31.0-standalone-strict`), which the schemas of
kubernetes-validate follow, and of the CRDs-catalog (`cert-manager.io/certificate_v1.json`).
"""

from __future__ import annotations

import json
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from agentslint.paths import join, parent
from agentslint.schemas.formats import GO_BYTES
from agentslint.schemas.judge import ObjectSchema
from agentslint.schemas.structure import LIST_TYPE, PRESERVE
from agentslint.schemas.violations import Gap
from agentslint.schemas.well_formed import well_formed

BUILT_IN = "x-kubernetes-group-version-kind"
_CHOICES = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependencies")
_VERSION = re.compile(r"v(\d+)\.(\d+)(?:\.\d+)?(?:-[a-z]+)*")
_DEEPEST = 100
Read = Callable[[str], bytes]


def names_of(group: str, version: str, kind: str) -> tuple[str, ...]:
    """The file names under which the schema of a kind may stand, in lower case."""
    kind, group = kind.lower(), group.lower()
    if not group:
        return (f"{kind}-{version}.json", f"{kind}_{version}.json")
    return (
        f"{kind}-{group.partition('.')[0]}-{version}.json",
        f"{kind}-{group}-{version}.json",
        f"{group}/{kind}_{version}.json",
        f"{group}/{kind}-{version}.json",
    )


class FileNames:
    """Paths by their last step and by their last two, in lower case."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._known: dict[str, list[str]] = {}
        for path in paths:
            steps = path.lower().rsplit("/", 2)
            for ending in {steps[-1], "/".join(steps[-2:])}:
                self._known.setdefault(ending, []).append(path)

    def of(self, names: tuple[str, ...]) -> list[str]:
        """Return the paths that end with one of the names, in their order by name."""
        return list(dict.fromkeys(path for name in names for path in self._known.get(name, ())))


def release_of(path: str) -> tuple[int, int] | None:
    """The release of Kubernetes that a folder on the path names: major and minor."""
    found = [match for step in parent(path).split("/") if (match := _VERSION.fullmatch(step))]
    return (int(found[-1][1]), int(found[-1][2])) if found else None


class JsonSchemas:
    """Schemas in files, which `read` reads by their paths; each file and each part of it is looked at once."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._files: dict[str, Any] = {}
        self._known: dict[str, ObjectSchema] = {}
        self._done: set[int] = set()

    def load(self, path: str) -> ObjectSchema:
        """Return the schema in a file; raises OSError and ValueError."""
        if path not in self._known:
            document = self._document(path)
            if not isinstance(document, dict):
                raise ValueError("it holds no JSON schema")
            is_built_in = BUILT_IN in document
            missing: list[str] = []
            schema, file = self._followed(document, path, missing)
            schema = schema if isinstance(schema, dict) else {PRESERVE: True}
            self._prepare(schema, file, is_built_in, missing)
            gaps = Counter((Gap.REFERENCE, each) for each in missing)
            malformed: list[str] = []
            compiled = well_formed(schema, malformed)
            gaps += Counter((Gap.MALFORMED, f"{each} ({path})") for each in malformed)
            self._known[path] = ObjectSchema(compiled, has_rules=not is_built_in, gaps=gaps)
        return self._known[path]

    def _document(self, path: str) -> Any:
        if path not in self._files:
            try:
                self._files[path] = json.loads(self._read(path))
            except RecursionError:
                raise ValueError("its brackets nest too deep") from None
        return self._files[path]

    def _followed(self, schema: Any, path: str, missing: list[str]) -> tuple[Any, str]:
        """What a `$ref` stands for, and the file that it is in; anything where that is not there."""
        for _ in range(_DEEPEST):
            if not isinstance(schema, dict) or not isinstance(schema.get("$ref"), str):
                return schema, path
            file, _, inside = schema["$ref"].partition("#")
            path = join(parent(path), posixpath.basename(file)) if file else path
            try:
                schema = _at(self._document(path), inside)
            except (OSError, ValueError, LookupError):
                missing.append(str(schema["$ref"]))
                break
        return {PRESERVE: True}, path

    def _prepare(self, root: Any, path: str, is_built_in: bool, missing: list[str]) -> None:
        """Put the schemas in place of the references to them, and rewrite each as a structural schema."""
        waiting = [(root, path, True)]
        while waiting:
            schema, here, is_spine = waiting.pop()
            if not isinstance(schema, dict) or id(schema) in self._done:
                continue
            self._done.add(id(schema))
            waiting += self._parts(schema, here, is_spine, missing)
            _rewrite(schema, is_spine, is_built_in)

    def _parts(self, schema: dict[str, Any], path: str, is_spine: bool, missing: list[str]) -> list[tuple[Any, str, bool]]:
        parts: list[tuple[Any, str, bool]] = []

        def put(holder: Any, key: Any, spine: bool) -> None:
            # Of later drafts: true takes anything.
            holder[key], file = self._followed({} if holder[key] is True else holder[key], path, missing)
            parts.append((holder[key], file, spine))

        for name in ("properties", "patternProperties"):
            for key in schema[name] if isinstance(schema.get(name), dict) else ():
                put(schema[name], key, is_spine)
        for name in ("items", "additionalProperties"):
            if isinstance(schema.get(name), dict):
                put(schema, name, is_spine)
        for name in _CHOICES:
            inner = schema.get(name)
            if isinstance(inner, list):
                for number in range(len(inner)):
                    put(inner, number, False)
            elif isinstance(inner, dict) and name == "dependencies":
                for key in [key for key in inner if isinstance(inner[key], dict)]:
                    put(inner, key, False)
            elif isinstance(inner, dict):
                put(schema, name, False)
        return parts


def _at(document: Any, inside: str) -> Any:
    for step in inside.split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document


def _rewrite(schema: dict[str, Any], is_spine: bool, is_built_in: bool) -> None:
    """Nulls as `nullable`; on the spine, keys that are not forbidden are kept. Of a built-in kind, lists and formats restrict less."""
    types = schema.get("type")
    if isinstance(types, list) and "null" in types:
        others = [each for each in types if each != "null"]
        schema |= {"type": others[0] if len(others) == 1 else others, "nullable": True}
    if is_spine and not schema.get("items") and schema.get("additionalProperties", True) is True:
        schema[PRESERVE] = True
    elif is_spine and schema.get("additionalProperties") is False:
        del schema["additionalProperties"]
    if is_built_in:
        schema.pop(LIST_TYPE, None)
        if schema.get("format") == "byte":
            schema["format"] = GO_BYTES
        elif schema.get("type") not in ("integer", "number"):
            schema.pop("format", None)
