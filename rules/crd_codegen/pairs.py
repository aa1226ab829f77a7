"""Types and the definitions generated from them: which of their files a change touches."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from agentslint.rule import Annotated, Meta, RuleOptions, matches

_DELETED = "deleted"
Globs = tuple[str, ...]


class Pair(RuleOptions, frozen=True, kw_only=True):
    """API types and the definitions generated from them."""

    types: Annotated[Globs, Meta(description="Globs of the files with the API types, from the repository's root.", min_length=1)]
    crds: Annotated[Globs, Meta(description="Globs of the CustomResourceDefinitions generated from them.", min_length=1)]
    generator: Annotated[
        Globs, Meta(description="Globs of the files that pin the generator or its arguments: they explain definitions that change.")
    ] = ()


class Files(Struct, frozen=True):
    """Changed files of one side of a pair: those that exist today, and those that were deleted."""

    here: tuple[str, ...]
    gone: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.here or self.gone)

    @property
    def summary(self) -> str:
        """A few words for a message: `a.go and 2 more changed`."""
        first, *more = (*self.here, *self.gone)
        return f"{first}{f' and {len(more)} more' if more else ''} changed"


class Touched(Struct, frozen=True):
    """The files of a pair that a change touches."""

    types: Files
    crds: Files
    generator: Files


def touched(pair: Pair, files: Mapping[str, str]) -> Touched:
    """Sort the changed files of a repository; a definition is never a type. New repositories inside of it are left out."""
    own = [path for path in sorted(files) if not path.endswith("/")]
    crds = [path for path in own if matches(path, pair.crds)]
    types = [path for path in own if matches(path, pair.types) and path not in crds]
    generator = [path for path in own if matches(path, pair.generator)]
    return Touched(_files(types, files), _files(crds, files), _files(generator, files))


def _files(paths: list[str], files: Mapping[str, str]) -> Files:
    gone = tuple(path for path in paths if files[path] == _DELETED)
    return Files(tuple(path for path in paths if path not in gone), gone)
