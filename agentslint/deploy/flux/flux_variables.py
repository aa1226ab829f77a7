"""The variables of a Kustomization's `postBuild`, and what they make of the manifests that were built.

`SubstituteVariables` in github.com/fluxcd/pkg/kustomize; https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from agentslint.deploy.block_text import block_text
from agentslint.deploy.deployer_object import DeployerObject
from agentslint.deploy.flux.envsubst import BadSubstitutionError, expand
from agentslint.deploy.flux.envsubst_functions import LARGEST, Room, TooLargeError
from agentslint.deploy.flux.flux_data import data_of
from agentslint.deploy.flux.flux_types import KUSTOMIZE
from agentslint.deploy.known_objects import KnownObjects
from agentslint.deploy.typed import mapping, sequence, text
from agentslint.model.application import Changes, RecipeError
from agentslint.yamlread import YamlError, compose, load_trusted, value
from agentslint.yamlread.split_documents import split

_NAME = re.compile(r"[_A-Za-z][_A-Za-z0-9]*")
_SWITCH = f"{KUSTOMIZE}/substitute"


class Variables(Struct, frozen=True):
    """The variables that are known, and the objects outside of the repository (`Secret/vars`) that may set others."""

    known: Mapping[str, str]
    outside: tuple[str, ...] = ()
    always: bool = False

    @property
    def do_anything(self) -> bool:
        """Whether manifests are read at all: Flux leaves them alone where no variable is set."""
        return bool(self.known or self.outside or self.always)

    def look(self, name: str) -> str | None:
        """Return a value: empty for one that nobody sets, None where somebody outside may set it."""
        return self.known.get(name, None if self.outside else "")


def references(spec: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield kind and name of the objects that a Kustomization takes variables from."""
    for each in sequence(mapping(spec, "postBuild"), "substituteFrom"):
        yield text(each, "kind"), text(each, "name")


def variables_of(found: DeployerObject, spec: Mapping[str, Any], objects: KnownObjects, changes: Changes) -> Variables | None:
    """Return the variables of a Kustomization, None where it has no `postBuild`; raises RecipeError."""
    build = mapping(spec, "postBuild")
    if not build:
        return None
    known: dict[str, str] = {}
    outside = []
    for kind, name in references(spec):
        data = data_of(objects.find("", kind, found.namespace, name, found), changes)
        if data is None:
            outside.append(f"{kind}/{name}")
        known.update(data or {})
    known.update((key, text(mapping(build, "substitute"), key)) for key in mapping(build, "substitute"))
    for name in known:
        if not _NAME.fullmatch(name):
            raise RecipeError(f"{name} cannot be the name of a variable: Flux demands letters, digits and _")
    plain = {name: text.replace("\n", "") for name, text in known.items()}
    return Variables(plain, tuple(outside), text(build, "substituteStrategy") == "Always")


def substituted(stream: bytes, variables: Variables) -> bytes:
    """Return manifests with their variables filled in; raises RecipeError where Flux would fail."""
    if not variables.do_anything or b"$" not in stream:
        return stream
    parts, room = [], Room()
    for data, _ in split(stream):
        # The mark before a document is no part of it.
        own = data.decode("utf-8")
        parts.append(_filled(own, variables, room) if "$" in own and not _is_switched_off(own) else own)
    return "---\n".join(part if part.endswith("\n") else f"{part}\n" for part in parts).encode()


def _filled(document: str, variables: Variables, room: Room) -> str:
    try:
        filled = expand(document, variables.look, room)
        return document if filled == document else block_text(value(compose(filled, duplicate_keys=True)[0]))
    except BadSubstitutionError as error:
        raise RecipeError(f"postBuild fails for {_called(document)}: {error}") from None
    except TooLargeError:
        raise RecipeError(f"postBuild is not followed for {_called(document)}: its variables take more than {LARGEST} MiB") from None
    except YamlError as error:
        raise RecipeError(f"postBuild makes YAML of {_called(document)} that cannot be read: {error.message}") from None


def _is_switched_off(document: str) -> bool:
    if _SWITCH not in document:
        return False
    metadata = mapping(load_trusted(document), "metadata")
    return any(text(mapping(metadata, key), _SWITCH) == "disabled" for key in ("labels", "annotations"))


def _called(document: str) -> str:
    body = load_trusted(document)
    return f"{text(body, 'kind')}/{text(mapping(body, 'metadata'), 'name')}"
