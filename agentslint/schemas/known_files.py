"""The files that the configuration names as schemas: definitions in YAML, and JSON schemas that their names tell apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from agentslint.schemas.built_in import KubeRelease, nearest
from agentslint.schemas.definitions import Fail, RawDefinition, definitions_in
from agentslint.schemas.json_schemas import FileNames, JsonSchemas, names_of, release_of
from agentslint.schemas.judge import ObjectSchema

_YAML = (".yaml", ".yml")


class KnownFiles:
    """The files at some paths, which `read` reads; each is read when it is asked for. `fail` takes each one that cannot be read."""

    def __init__(self, paths: Sequence[str], read: Callable[[str], bytes], fail: Fail) -> None:
        self._paths = paths
        self._read = read
        self._fail = fail
        self._schemas = JsonSchemas(read)
        self._found: dict[tuple[str, str, str, KubeRelease | None], ObjectSchema | None] = {}

    @cached_property
    def definitions(self) -> tuple[RawDefinition, ...]:
        """The CustomResourceDefinitions in them."""
        return tuple(each for path in self._paths if path.endswith((*_YAML, ".json")) for each in self._of_file(path))

    def _of_file(self, path: str) -> tuple[RawDefinition, ...]:
        def read(path: str) -> bytes:
            data = self._read(path)
            return data if path.endswith(_YAML) or b'"openAPIV3Schema"' in data else b""

        return definitions_in(path, read, self._fail)

    def schema(self, group: str, version: str, kind: str, release: KubeRelease | None) -> ObjectSchema | None:
        """Return the JSON schema of a kind, of several that of the release (strict before others), else of the nearest below it."""
        key = group, version, kind, release
        if key not in self._found:
            self._found[key] = self._schema(names_of(group, version, kind), release)
        return self._found[key]

    @cached_property
    def _names(self) -> FileNames:
        return FileNames(self._paths)

    def _schema(self, names: tuple[str, ...], release: KubeRelease | None) -> ObjectSchema | None:
        found = self._names.of(names)
        known = [each for path in found if (each := release_of(path))]
        wanted = nearest(release, known)
        fitting = [path for path in found if release_of(path) == wanted] or found
        for path in sorted(fitting, key=lambda path: ("-strict" not in path, path)):
            try:
                return self._schemas.load(path)
            except OSError as error:
                self._fail(path, error.strerror or str(error), 1)
            except ValueError as error:
                self._fail(path, f"it is no JSON schema: {error}", 1)
        return None
