"""Places of failures in patches: the operation that does not apply, the name that matches nothing, the value of another shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from agentslint.model import Location
from agentslint.render.failures.failing import Failing, Placed
from agentslint.render.failures.named_files import PATCHES, FoundScalar, NamedDocument, named_documents, placed, where
from agentslint.yamlread import YamlError, compose, value

_OPERATION = re.compile(
    r"\b(?P<op>\w{1,40}) operation does not apply: doc is missing (?:from )?(?:path|key): \"?(?P<path>/[^\s\"]{0,500}?)\"?(?=:? |:?$)"
    r"|error in (?P<op2>\w{1,40}) for path: '(?P<path2>[^'\n]{0,500})'"
    r"|(?P<op3>test)ing value (?P<path3>\S{1,500}) failed"
)
_UNKNOWN = re.compile(r"Unexpected kind: (\S+)")
_PATHLESS = re.compile(r"\b(\w{1,40}) operation failed to decode (path|from): ")
_PATCHED = re.compile(r'strategic merge patch "([^."]{1,253})\.[^"/]{0,253}/([^"]{1,253})\.[^."]{1,253}"')
_STRATEGY = re.compile(r"unknown patch strategy '([^']*)'")
_WRONG_NODE = re.compile(r"wrong node kind: expected \w+ but got \w+: node contents:\n(.*)", re.S)
_NO_YAML = "unable to parse SM or JSON patch"


def operation(failing: Failing) -> Placed | None:
    """The path of the JSON 6902 operation that does not apply, or what is wrong with the operation itself."""
    found = list(_operations(failing))
    return placed(failing, found)


def _operations(failing: Failing) -> Iterator[FoundScalar]:
    said = _OPERATION.search(failing.trail.cause)
    unknown, pathless = _UNKNOWN.search(failing.trail.cause), _PATHLESS.search(failing.trail.cause)
    if not (said or unknown or pathless):
        return
    names = {key.rstrip("23"): text for key, text in said.groupdict().items() if text is not None} if said else {}
    for document in named_documents(failing, PATCHES):
        for number, one in enumerate(document.body if isinstance(document.body, list) else ()):
            if not isinstance(one, Mapping):
                continue
            key = ""
            if said and one.get("op") == names["op"]:
                key = next((key for key in ("from", "path") if one.get(key) == names["path"]), "")
            elif (unknown and one.get("op") == unknown[1]) or (pathless and one.get("op") == pathless[1] and pathless[2] not in one):
                key = "op"
            if key and (scalar := document.at(number, key)):
                yield document, scalar


def target(failing: Failing) -> Location | Placed | None:
    """The name in the patch that matches nothing, or the patch that is no YAML."""
    if _NO_YAML in failing.text:
        broken = (scalar for _, scalar in failing.scalars() if scalar.pointer[-1:] == ("patch",) and not _is_yaml(scalar.text))
        return next((failing.at(failing.kustomization, scalar) for scalar in broken), None)
    matched = _PATCHED.search(failing.trail.cause)
    if matched is None:
        return None
    found = [document for document in named_documents(failing, PATCHES) if _names(document) == matched.groups()]
    names = [(document, scalar) for document in found if (scalar := document.at("metadata", "name"))]
    return placed(failing, names)


def strategy(failing: Failing) -> Placed | None:
    """A `$patch` that is no strategy."""
    said = _STRATEGY.search(failing.trail.cause)
    if said is None:
        return None
    return placed(
        failing, where(named_documents(failing, PATCHES), lambda scalar: scalar.pointer[-1:] == ("$patch",) and scalar.text == said[1])
    )


def wrong_node(failing: Failing) -> Placed | None:
    """A value of a patch that has another shape than the one that it is merged with: kustomize says what it holds, and not where."""
    said = _WRONG_NODE.search(failing.trail.cause)
    wrong = _read(said[1]) if said else None
    if wrong is None:
        return None
    found = [
        (document, scalar)
        for document in named_documents(failing, PATCHES)
        for pointer in _ways(document.body, wrong, ())
        if (scalar := next((each for each in document.scalars if each.pointer[: len(pointer)] == pointer), None))
    ]
    return placed(failing, found, proven=False)


def _ways(body: object, wanted: object, pointer: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if body == wanted and pointer:
        yield pointer
    children = body.items() if isinstance(body, Mapping) else enumerate(body) if isinstance(body, list) else ()
    for step, child in children:
        yield from _ways(child, wanted, (*pointer, step))


def _read(text: str) -> object:
    try:
        return next(map(value, compose(text)), None)
    except YamlError:
        return None


def _names(document: NamedDocument) -> tuple[str, str] | None:
    kind, name = document.at("kind"), document.at("metadata", "name")
    return (kind.text, name.text) if kind and name else None


def _is_yaml(text: str) -> bool:
    try:
        compose(text)
    except YamlError:
        return False
    return True
