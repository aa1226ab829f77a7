"""An object of a deployer, from a file or from the rendering of a target, and how to read it if some files held other bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from agentslint.model import Closure, Field, Location, Manifest, Pointer, Region
from agentslint.model.application import Changes, RecipeError
from agentslint.model.listed_manifests import items
from agentslint.places import follow
from agentslint.record import Record
from agentslint.yamlread import Node, YamlError, compose, region_at, value

Body = Mapping[str, Any]


class DeployerObject(Record, frozen=True):
    """`body` is the object as it is now; `read` gives it for other bytes, and raises RecipeError. `closure` holds the files that decide it.

    `place` says where a part of it is written, as far as that is known: at least in which file. `carrier` is the name of the target that
    rendered it, "" where it is read from its file; `above` are the files of the deployers' objects that make that target, the outermost
    first.
    """

    not_compared: ClassVar[frozenset[str]] = frozenset(("read", "place", "manifest", "passed_on", "rendered_at"))

    body: Body
    location: Location
    read: Callable[[Changes], Body]
    closure: Closure = Closure()
    place: Callable[[Pointer], Location] = lambda pointer: _nowhere()
    carrier: str = ""
    above: tuple[str, ...] = ()
    manifest: Manifest | None = None
    """The rendered document, where the object comes out of a render."""
    passed_on: Callable[[Location], Sequence[Location]] = lambda where: ()
    """The places that pass something on to the object that is written elsewhere: of an element, those of the set's template."""
    rendered_at: Callable[[Pointer], Field | None] | None = None
    """The rendered field that a part is made from, of an object that something else makes: an ApplicationSet that comes out of a render."""

    def field_at(self, pointer: Pointer) -> Field | None:
        """Return the nearest field of the rendered document; None for an object that is read from its file."""
        if self.rendered_at is not None:
            return self.rendered_at(pointer)
        if self.manifest is None:
            return None
        while pointer and self.manifest.at(pointer) is None:
            pointer = pointer[:-1]
        return Field(self.manifest, pointer)

    @property
    def kind(self) -> str:
        """Its `kind`."""
        return str(self.body.get("kind"))

    @property
    def group(self) -> str:
        """Its API group."""
        return str(self.body.get("apiVersion")).rpartition("/")[0]

    @property
    def id(self) -> tuple[str, str, str, str]:
        """Its group, kind, namespace and name."""
        return self.group, self.kind, self.namespace, self.name

    @property
    def name(self) -> str:
        """Its `metadata.name`."""
        return _metadata(self.body, "name")

    @property
    def namespace(self) -> str:
        """Its `metadata.namespace`, "" where there is none."""
        return _metadata(self.body, "namespace")


def objects_in(root: Path, path: str, data: bytes) -> list[DeployerObject]:
    """Return the manifests of a file, those inside of Lists too; raises YamlError where it cannot be read."""
    found = []
    for number, node in enumerate(compose(data, path, duplicate_keys=True)):
        body = value(node)
        for prefix, item in items(body) if isinstance(body, Mapping) else ():
            found.append(_object_in(root, path, number, prefix, item, node))
    return found


def _object_in(root: Path, path: str, number: int, prefix: Pointer, item: Body, node: Node) -> DeployerObject:
    def read(changes: Changes) -> Body:
        if path not in changes:
            return item
        try:
            documents = compose(changes[path], path, duplicate_keys=True)
            here: Any = value(documents[number]) if number < len(documents) else None
        except YamlError as error:
            raise RecipeError(f"{path}: {error.message}", Location(path, Region(error.line, 1, error.line, 2))) from None
        for step in prefix:
            here = follow(here, step)
        return here if isinstance(here, Mapping) else {}

    def place(pointer: Pointer) -> Location:
        """The nearest place that is written: of something that is missing, the mapping in which it belongs."""
        while pointer and region_at(node, (*prefix, *pointer)) is None:
            pointer = pointer[:-1]
        region = region_at(node, (*prefix, *pointer)) or Region(1, 1, 1, 1)
        line = region.start_line
        owner = f"{item.get('kind')}/{_metadata(item, 'name')}"
        one = region if line == region.end_line else Region(line, region.start_column, line, region.start_column + 1)
        return Location(path, one, "", (owner, *pointer))

    closure = Closure(files=frozenset((path,)))
    return DeployerObject(item, place(()), read, closure, place)


def _metadata(body: Body, key: str) -> str:
    metadata = body.get("metadata")
    found = metadata.get(key) if isinstance(metadata, Mapping) else None
    return str(found) if isinstance(found, (str, int, float)) else ""


def _nowhere() -> Location:
    return Location(".", Region(1, 1, 1, 1))
