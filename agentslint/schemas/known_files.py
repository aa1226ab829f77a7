"""The files that the configuration names as schemas: definitions in YAML, and JSON schemas that their names tell apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from agentslint.schemas.built_in import KubeRelease, nearest
from agentslint.schemas.definitions import KIND, RawDefinition, raw_definitions
from agentslint.schemas.json_schemas import JsonSchemas, is_named, names_of, release_of
from agentslint.schemas.judge import ObjectSchema
from agentslint.yamlread import YamlError

_YAML = (".yaml", ".yml")


class KnownFiles:
    """The files at some paths, which `read` reads; each is read when it is asked for. `fail` takes each one that cannot be read."""

    def __init__(self, paths: Sequence[str], read: Callable[[str], bytes], fail: Callable[[str, str], None]) -> None:
        self._paths = paths
        self._read = read
        self._fail = fail
        self._schemas = JsonSchemas(read)

    @cached_property
    def definitions(self) -> tuple[RawDefinition, ...]:
        """The CustomResourceDefinitions in them."""
        return tuple(each for path in self._paths if path.endswith((*_YAML, ".json")) for each in self._of_file(path))

    def _of_file(self, path: str) -> Iterator[RawDefinition]:
        try:
            data = self._read(path)
            if KIND.encode() in data and (path.endswith(_YAML) or b'"openAPIV3Schema"' in data):
                yield from list(raw_definitions(data, path))
        except OSError as error:
            self._fail(path, error.strerror or str(error))
        except YamlError as error:
            self._fail(path, error.message)

    def schema(self, group: str, version: str, kind: str, release: KubeRelease | None) -> ObjectSchema | None:
        """Return the JSON schema of a kind, of several that of the release (strict before others), else of the nearest below it."""
        names = names_of(group, version, kind)
        found = [path for path in self._paths if is_named(path, names)]
        known = [each for path in found if (each := release_of(path))]
        wanted = nearest(release, known)
        fitting = [path for path in found if release_of(path) == wanted] or found
        for path in sorted(fitting, key=lambda path: ("-strict" not in path, path)):
            try:
                return self._schemas.load(path)
            except OSError as error:
                self._fail(path, error.strerror or str(error))
            except ValueError as error:
                self._fail(path, f"it is no JSON schema: {error}")
        return None
