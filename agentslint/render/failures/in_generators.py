"""Places of failures in generators: a key that comes twice, an object that is there already, or is not."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from agentslint import files
from agentslint.authorship.lines import folder_of, line_region
from agentslint.model import Certainty, Location
from agentslint.render.failures.cause import merged_object
from agentslint.render.failures.failing import Failing, Placed
from agentslint.yamlread import Scalar

_REPEATED = re.compile(r"(?:configmap|secret) (\S+) illegally repeats the key `([^`]*)`")
_NAMELESS = re.compile(r"a (configmap|secret) must have a name")
_LITERAL = re.compile(r"invalid literal source (.{0,2000}?), expected key=value", re.S)
_LISTS = {"configmap": "configMapGenerator", "secret": "secretGenerator"}


def repeated_key(failing: Failing) -> Placed | None:
    """The last of the sources that give one key of a generated object; the first one is beside it."""
    said = _REPEATED.search(failing.trail.cause)
    if said is None:
        return None
    for path, key, number in _entries(failing, said[1]):
        own = [scalar for each, scalar in failing.scalars() if each == path and scalar.pointer[:2] == (key, number)]
        found = [place for scalar in own for place in _giving(failing, path, scalar, said[2])]
        if len(found) > 1:
            first = Location(found[0].path, found[0].region, f"{said[2]} is set here, too")
            return Placed(found[-1], Certainty.EXACT, (first,))
    return None


def nameless(failing: Failing) -> Location | None:
    """The first line of a generator without a name."""
    said = _NAMELESS.search(failing.trail.cause)
    entries: dict[tuple[str, int], list[Scalar]] = {}
    for path, scalar in failing.scalars() if said else ():
        if said and scalar.pointer[:1] == (_LISTS[said[1]],) and isinstance(scalar.pointer[1], int):
            entries.setdefault((path, scalar.pointer[1]), []).append(scalar)
    for (path, _), own in entries.items():
        if not any(scalar.pointer[2:] == ("name",) and scalar.text for scalar in own):
            return Location(path, line_region(failing.target.root, path, (own[0].key_region or own[0].region).start_line))
    return None


def literal(failing: Failing) -> Location | None:
    """A literal that has no value."""
    said = _LITERAL.search(failing.text)
    for path, scalar in failing.scalars() if said else ():
        if said and scalar.pointer[-2:-1] == ("literals",) and "=" not in scalar.text and scalar.text in said[1]:
            return failing.at(path, scalar)
    return None


def merged(failing: Failing) -> Location | None:
    """The generator whose ConfigMap or Secret exists already, or which has none to merge with."""
    said = merged_object(failing.trail.cause)
    for path, scalar in failing.scalars() if said else ():
        if said and scalar.pointer[::2] in (("configMapGenerator", "name"), ("secretGenerator", "name")) and scalar.text == said[1]:
            return failing.at(path, scalar)
    return None


def _entries(failing: Failing, name: str) -> Iterator[tuple[str, str, int]]:
    """The generators of this name: kustomize calls a Secret a configmap here, too."""
    for path, scalar in failing.scalars():
        if len(scalar.pointer) == 3 and scalar.text == name:
            key, number, last = scalar.pointer
            if key in _LISTS.values() and isinstance(number, int) and last == "name":
                yield path, str(key), number


def _giving(failing: Failing, path: str, scalar: Scalar, key: str) -> Iterator[Location]:
    """The places in one source of a generator that give a key."""
    steps = [step for step in scalar.pointer[2:] if isinstance(step, str)]
    named, equals, _ = scalar.text.partition("=")
    file_key = named if equals else posixpath.basename(scalar.text)
    if (steps == ["literals"] and equals and named == key) or (steps == ["files"] and file_key == key):
        yield failing.at(path, scalar)
    elif steps in (["envs"], ["env"]):
        env = posixpath.normpath(f"{folder_of(path)}/{scalar.text}")
        text = files.text_in(failing.target.root, env) if files.is_file_in(failing.target.root, env) else ""
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip().partition("=")[0] == key:
                yield Location(env, line_region(failing.target.root, env, number))
