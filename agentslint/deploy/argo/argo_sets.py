"""The ApplicationSets of Argo CD: the sources of the Applications that each one makes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from agentslint import files
from agentslint.deploy.argo.argo_sources import application_of, listed_sources
from agentslint.deploy.deployer_object import Body, DeployerObject
from agentslint.deploy.here import Here
from agentslint.deploy.listed import ListedSet, ListedSource, ProblemKind, SourceProblem
from agentslint.deploy.sets import Element, Expansion, SetPlace, Surroundings, Unfilled, expand
from agentslint.model import Field, Location, Pointer, Region
from agentslint.model.application import Application, Changes, RecipeError
from agentslint.yamlread import YamlError, compose, region_at


class SetReader(Struct, frozen=True):
    """Lists the sources of one set; `around` gives its surroundings if some files held other bytes."""

    found: DeployerObject
    here: Here
    around: Callable[[Changes], Surroundings]

    def applications(self, expansion: Expansion) -> Iterator[tuple[DeployerObject, Application]]:
        """Yield the Applications that could be made, as objects of their own."""
        alike: Counter[SetPlace] = Counter()
        for element in expansion.elements:
            before = alike[element.place]
            alike[element.place] += 1
            if element.application is not None:
                made = self._object(element, before)
                application = application_of(made, self.here, of_set=self.found.name)
                yield made, replace(application, set_file=self.found.location.path, location=self._location(element.place))

    def expansion(self, changes: Changes) -> Expansion:
        """Expand the set."""
        return expand(self.found.read(changes), self.around(changes))

    def rows(self, expansion: Expansion) -> Iterator[ListedSource]:
        """Yield a row for each source, and one for each thing that hinders the set.

        Of elements that make one Application the first counts: Argo CD makes none of them, and the fault says so.
        """
        names: set[str] = set()
        for made, application in self.applications(expansion):
            if application.id in names:
                continue
            names.add(application.id)
            own = (each for each in expansion.unfilled if self._location(each.element) == application.location)
            unfilled = tuple(map(self._missing, own))
            for row in listed_sources(made, application, self.here):
                yield replace(row, doubts=(*row.doubts, *unfilled))
        for off in expansion.switched_off:
            yield ListedSource(self._named(off.parameters, off.place, enabled=False), reason=f"switched off: {off.reason}")
        for fault in expansion.faults:
            yield ListedSource(self._named({}, fault.place), reason=fault.message)
        for left in expansion.not_judged:
            place = left.element or left.place
            yield ListedSource(self._named({}, place), reason=f"{left.subject}: {left.reason}")

    def _missing(self, unfilled: Unfilled) -> SourceProblem:
        message = f"{unfilled.template} has no value here, and Argo CD prints <no value>"
        return self._problem(message, unfilled.place, ProblemKind.VALUE, unfilled.template)

    def _problem(self, message: str, place: SetPlace, kind: ProblemKind = ProblemKind.SOURCE, subject: str = "") -> SourceProblem:
        field = None if place.file else self.found.field_at(place.pointer)
        return SourceProblem(message, self._location(place), kind=kind, subject=subject, field=field)

    def summary(self, expansion: Expansion) -> ListedSet:
        """Return what the set makes as a whole."""
        faults = tuple(self._problem(fault.message, fault.place) for fault in expansion.faults)
        made = len(expansion.applications) + len(expansion.switched_off)
        found = self.found
        name = found.field_at(("metadata", "name"))
        where = found.place(("metadata", "name"))
        return ListedSet(found.kind, found.name, self._namespace, where, made, faults, not expansion.not_judged, name)

    @property
    def _namespace(self) -> str:
        return self.found.namespace or self.here.settings.argocd_namespace

    def _named(self, parameters: Mapping[str, Any], place: SetPlace, *, enabled: bool = True) -> Application:
        name = parameters.get("name")
        return Application(
            name if isinstance(name, str) else self.found.name,
            self._namespace,
            "argocd",
            "Application" if isinstance(name, str) else "ApplicationSet",
            enabled=enabled,
            set=self.found.name,
            set_file=self.found.location.path,
            location=self._location(place),
        )

    def _object(self, element: Element, alike: int) -> DeployerObject:
        """What an element makes; of those with one place (the rows of a matrix) `alike` stand before it."""
        own = frozenset(place.file for place in (element.place, *element.places.values()) if place.file and not place.file.endswith("/"))
        closure = replace(self.found.closure, files=self.found.closure.files | own)
        now: Body = element.application or {}

        def read(changes: Changes) -> Body:
            if not any(closure.reads(path) for path in changes):
                return now
            elements = [each for each in self.expansion(changes).elements if each.place == element.place]
            made = elements[alike].application if alike < len(elements) else None
            if made is None:
                raise RecipeError(f"ApplicationSet/{self.found.name} does not make {now.get('metadata')} any more", self.found.location)
            return made

        def place(pointer: Pointer) -> Location:
            return self._location(_origin(element, pointer))

        def rendered_at(pointer: Pointer) -> Field | None:
            origin = _origin(element, pointer)
            return None if origin.file else self.found.field_at(origin.pointer)

        def passed_on(where: Location) -> list[Location]:
            return list(self._passed_on(element, where, str(now.get("metadata", {}).get("name"))))

        return DeployerObject(now, self._location(element.place), read, closure, place, passed_on=passed_on, rendered_at=rendered_at)

    def _passed_on(self, element: Element, where: Location, name: str) -> Iterator[Location]:
        """The scalars of the template that hold a parameter which is written at a place, and the source that they belong to."""
        for pointer, derivation in element.origins.items():
            written = [self._location(place) for place in derivation.parameters.values()]
            if any(_is_at(one, where) for one in written):
                template = self._location(derivation.template)
                yield replace(template, message=f"filled into the template of ApplicationSet/{self.found.name}")
                source = element.made_from((*pointer[: 3 if pointer[1:2] == ("sources",) else 2], "path"))
                if source and pointer[:1] == ("spec",):
                    yield replace(self._location(source.template), message=f"the source of Application/{name}")

    def _location(self, place: SetPlace) -> Location:
        """The location of a place: in the set itself, or in another file; a folder has no line, so that its place is the set."""
        if not place.file:
            return self.found.place(place.pointer)
        if place.file.endswith("/"):
            return replace(self.found.place(("spec", "generators")), message=place.file)
        return _in_file(self.here, place)


def _origin(element: Element, pointer: Pointer) -> SetPlace:
    """Where a part of an element's Application is written: the one parameter that it names, else in the template."""
    derivation = element.made_from(pointer)
    if derivation is None:
        return element.place
    named = list(derivation.parameters.values())
    return named[0] if len(named) == 1 else derivation.template


def _is_at(one: Location, where: Location) -> bool:
    """Whether a place begins in another one: several parameters may stand on one line."""
    mine, theirs = where.region, one.region
    on_line = (one.path, theirs.start_line) == (where.path, mine.start_line)
    return on_line and (theirs.end_line > theirs.start_line or theirs.start_column <= mine.start_column <= theirs.end_column)


def _in_file(here: Here, place: SetPlace) -> Location:
    first = Location(place.file, Region(1, 1, 1, 2))
    try:
        documents = compose(files.read_in(here.root, place.file), place.file, duplicate_keys=True)
    except (OSError, YamlError):
        return first
    pointer, region = place.pointer, None
    while place.document < len(documents) and (region := region_at(documents[place.document], pointer)) is None and pointer:
        pointer = pointer[:-1]
    if region is None:
        return first
    line = region.start_line
    one = region if region.end_line == line else Region(line, region.start_column, line, region.start_column + 1)
    return Location(place.file, one, "", pointer)
