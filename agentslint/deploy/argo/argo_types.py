"""The types of a source in an Application, and how Go reads JSON into them.

`ApplicationSource` in pkg/apis/application/v1alpha1/types.go of Argo CD; encoding/json of Go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentslint.model import Pointer
from agentslint.model.application import RecipeError

TEXT, FLAG, COUNT, ANYTHING = "text", "true or false", "a whole number or text", "anything"
_TEXTS = [TEXT]
_MAP = {"*": TEXT}
_TARGET = dict.fromkeys(("group", "version", "kind", "name", "namespace", "labelSelector", "annotationSelector"), TEXT)
SOURCE: Mapping[str, Any] = {
    **dict.fromkeys(("repoURL", "path", "targetRevision", "chart", "ref", "name"), TEXT),
    "helm": {
        **dict.fromkeys(("releaseName", "values", "version", "namespace", "kubeVersion"), TEXT),
        **dict.fromkeys(("passCredentials", "ignoreMissingValueFiles", "skipCrds", "skipSchemaValidation", "skipTests"), FLAG),
        "valueFiles": _TEXTS,
        "apiVersions": _TEXTS,
        "valuesObject": ANYTHING,
        "parameters": [{"name": TEXT, "value": TEXT, "forceString": FLAG}],
        "fileParameters": [{"name": TEXT, "path": TEXT}],
    },
    "kustomize": {
        **dict.fromkeys(("namePrefix", "nameSuffix", "version", "namespace", "kubeVersion"), TEXT),
        **dict.fromkeys(
            (
                *("forceCommonLabels", "forceCommonAnnotations", "commonAnnotationsEnvsubst", "labelWithoutSelector"),
                *("labelIncludeTemplates", "ignoreMissingComponents"),
            ),
            FLAG,
        ),
        "images": _TEXTS,
        "components": _TEXTS,
        "apiVersions": _TEXTS,
        "commonLabels": _MAP,
        "commonAnnotations": _MAP,
        "replicas": [{"name": TEXT, "count": COUNT}],
        "patches": [{"path": TEXT, "patch": TEXT, "target": _TARGET, "options": {"*": FLAG}}],
    },
    "directory": {
        **dict.fromkeys(("include", "exclude"), TEXT),
        **dict.fromkeys(("recurse", "disableExtensionFilter"), FLAG),
        "jsonnet": ANYTHING,
    },
    "plugin": {"name": TEXT, "env": [{"name": TEXT, "value": TEXT}], "parameters": ANYTHING},
}


class SourceError(RecipeError):
    """What Argo CD refuses in a source, with the way to the part that is wrong, and the file that is missing, where it is one.

    Where it is not `refused`, Argo CD takes it, and only agentslint cannot.
    """

    def __init__(self, message: str, pointer: Pointer, *, file: str = "", refused: bool = True) -> None:
        super().__init__(message)
        self.pointer = pointer
        self.file = file
        self.refused = refused


def checked(written: Any, expected: Any = SOURCE, pointer: Pointer = (), deployer: str = "Argo CD") -> Any:
    """Return a value with the types of a deployer; raises SourceError. Keys that it does not know are left out, a null says nothing."""
    if expected == ANYTHING or written is None:
        return written
    if isinstance(expected, Mapping):
        if not isinstance(written, Mapping):
            raise _wrong(written, "a mapping", pointer, deployer)
        known = {str(key): (str(key), expected.get("*", expected.get(str(key)))) for key in written}
        return {
            name: checked(item, kind, (*pointer, str(key)), deployer)
            for key, item in written.items()
            for name, kind in [known[str(key)]]
            if kind is not None and item is not None
        }
    if isinstance(expected, list):
        if not isinstance(written, list):
            raise _wrong(written, "a list", pointer, deployer)
        return [checked(item, expected[0], (*pointer, number), deployer) for number, item in enumerate(written)]
    fits = {
        TEXT: isinstance(written, str),
        FLAG: isinstance(written, bool),
        COUNT: isinstance(written, str) or (isinstance(written, (int, float)) and not isinstance(written, bool)),
    }
    if not fits[expected]:
        raise _wrong(written, expected, pointer, deployer)
    return written


def spelled(written: Any, expected: Any = SOURCE) -> Any:
    """Return a value with the keys of Argo CD's types: Go's JSON does not tell upper from lower case (`forcestring`)."""
    if isinstance(expected, Mapping) and isinstance(written, Mapping):
        lower = {key.lower(): key for key in expected}
        names = {key: str(key) if "*" in expected else lower.get(str(key).lower(), str(key)) for key in written}
        return {names[key]: spelled(item, expected.get("*", expected.get(names[key], ANYTHING))) for key, item in written.items()}
    if isinstance(expected, list) and isinstance(written, list):
        return [spelled(item, expected[0]) for item in written]
    return written


def read_over(under: Any, written: Any, expected: Any = SOURCE) -> Any:
    """Read JSON into a value that is there already: what is absent stays, in mappings and in the items of a list alike."""
    if isinstance(expected, Mapping) and isinstance(written, Mapping):
        kept = dict(under) if isinstance(under, Mapping) else {}
        return {
            **kept,
            **{key: read_over(kept.get(key), item, expected.get("*", expected.get(key, ANYTHING))) for key, item in written.items()},
        }
    if isinstance(expected, list) and isinstance(written, list):
        old = under if isinstance(under, list) else []
        return [read_over(old[number] if number < len(old) else None, item, expected[0]) for number, item in enumerate(written)]
    return written


def _wrong(written: Any, expected: str, pointer: Pointer, deployer: str) -> SourceError:
    where = ".".join(map(str, pointer)) or "the source"
    given = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list"}.get(type(written), "a mapping")
    return SourceError(f"{where} is {given}, where {deployer} expects {expected}", pointer)
