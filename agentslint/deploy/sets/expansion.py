"""The result of expanding an ApplicationSet: elements with their Applications, and the things that could not be expanded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct

from agentslint.places import Pointer


class SetPlace(Struct, frozen=True):
    """A place that somebody wrote: in a file of the repository, or in the ApplicationSet itself, where `file` is "".

    `document` counts the documents of the file. `inner` leads on inside of a scalar that holds YAML.
    """

    file: str = ""
    pointer: Pointer = ()
    document: int = 0
    inner: Pointer = ()

    def below(self, *steps: str | int) -> SetPlace:
        """Return a place further down; there is none in a folder."""
        if self.file.endswith("/"):
            return self
        if self.inner:
            return SetPlace(self.file, self.pointer, self.document, (*self.inner, *steps))
        return SetPlace(self.file, (*self.pointer, *steps), self.document)


class Cluster(Struct, frozen=True):
    """A cluster that Argo CD knows: a configured one, since its Secret stands in no repository."""

    name: str
    server: str = ""
    labels: Mapping[str, str] = {}
    annotations: Mapping[str, str] = {}
    project: str = ""
    place: SetPlace = SetPlace()


class Derivation(Struct, frozen=True):
    """Where a field of an Application comes from: the scalar of the template, and those of the parameters that it names."""

    template: SetPlace
    parameters: Mapping[Pointer, SetPlace] = {}


class Element(Struct, dict=True):
    """One set of parameters, and the Application made of it; None where its template fails."""

    generator: Pointer
    parameters: Mapping[str, Any]
    place: SetPlace
    places: Mapping[Pointer, SetPlace] = {}
    application: dict[str, Any] | None = None
    trace: Callable[[], Mapping[Pointer, Derivation]] = dict

    @cached_property
    def origins(self) -> Mapping[Pointer, Derivation]:
        """The origin of each scalar of the Application; found out when somebody asks."""
        return self.trace()

    def place_of(self, parameter: Pointer) -> SetPlace:
        """Return the authored place of a parameter: its own, else that of what holds it, else the element's."""
        for end in range(len(parameter), 0, -1):
            if known := self.places.get(parameter[:end]):
                return known.below(*parameter[end:])
        return self.place

    def made_from(self, pointer: Pointer) -> Derivation | None:
        """Return the origin of a field of the Application, or of the nearest one around it; None where there is none."""
        return next((found for end in range(len(pointer), -1, -1) if (found := self.origins.get(pointer[:end]))), None)


class Fault(Struct, frozen=True):
    """An error for which Argo CD stops reconciling the set; `element` is the place of the element, where it is of one."""

    message: str
    place: SetPlace
    element: SetPlace | None = None


class NotJudged(Struct, frozen=True):
    """A generator, or a template of an element, that is not expanded here."""

    subject: str
    reason: str
    place: SetPlace
    element: SetPlace | None = None


class SwitchedOff(Struct, frozen=True):
    """An element that a selector leaves out."""

    parameters: Mapping[str, Any]
    place: SetPlace
    reason: str


class Unfilled(Struct, frozen=True):
    """A template of an element that prints "<no value>" for a key that is not there: without `missingkey=error` that is no error."""

    template: str
    place: SetPlace
    element: SetPlace


class Expansion(Struct):
    """The elements of a set, and all that hinders it."""

    elements: list[Element] = []
    faults: list[Fault] = []
    not_judged: list[NotJudged] = []
    switched_off: list[SwitchedOff] = []
    unfilled: list[Unfilled] = []

    @property
    def applications(self) -> list[dict[str, Any]]:
        """The Applications that could be made."""
        return [element.application for element in self.elements if element.application is not None]
