"""The Applications of a set: its template, filled in for each element, with the patch over it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agentslint.deploy.sets.expansion import Derivation, Element, Expansion, Fault, NotJudged, Place, Unfilled
from agentslint.deploy.sets.filling import Filled, Filler
from agentslint.deploy.sets.found import Found
from agentslint.deploy.sets.patch import DirectiveError, PatchError, patch_of, patched
from agentslint.deploy.sets.template import APPLICATION, written_at
from agentslint.deploy.sets.templated import Text, put_back, texts
from agentslint.places import Pointer

_TEMPLATE: Pointer = ("spec", "template")
_PATCH: Pointer = ("spec", "templatePatch")
_FINALIZER = "resources-finalizer.argocd.argoproj.io"


@dataclass(frozen=True)
class Wanted:
    """An element with its template: that of the set under its generator's own one."""

    found: Found
    generator: Pointer
    template: Mapping[str, Any]
    own: Any = None
    own_pointer: Pointer = ()

    def place(self, pointer: Pointer) -> Place:
        """Return where a field of the template is written."""
        return Place("", (*(self.own_pointer if written_at(self.own, pointer) else _TEMPLATE), *pointer))


class Applications:
    """Makes the Applications of one set, and notes the elements in its expansion."""

    def __init__(self, spec: Mapping[str, Any], filler: Filler, namespace: str, expansion: Expansion) -> None:
        policy = spec.get("syncPolicy") or {}
        self._finalizes = not policy.get("preserveResourcesOnDeletion")
        self._patch: str | None = spec.get("templatePatch")
        self._filler, self._namespace, self._expansion = filler, namespace, expansion

    def make(self, wanted: Sequence[Wanted]) -> None:
        """Make an Application for each element: all strings of all of them are filled in at once."""
        collected = [list(texts(each.template, APPLICATION)) if each.found.values else [] for each in wanted]
        if self._patch is not None:
            for here in collected:
                here.append(Text(self._patch, _PATCH, True))
        asked = [(each.text, one.found.parameters) for one, here in zip(wanted, collected, strict=True) for each in here]
        answers = iter(self._filler.fill(asked))
        for one, here in zip(wanted, collected, strict=True):
            self._element(one, [(each, next(answers)) for each in here])

    def _element(self, wanted: Wanted, filled: Sequence[tuple[Text, Filled]]) -> None:
        element = Element(wanted.generator, wanted.found.values, wanted.found.place, wanted.found.places)
        self._expansion.elements.append(element)
        for each, answer in filled:
            place = Place("", _PATCH) if each.value else wanted.place(each.pointer)
            if answer.text is None:
                self._failed(element, each, answer, place)
                return
            if answer.unfilled:
                self._expansion.unfilled.append(Unfilled(each.text, place, element.place))
        known = {each.text: answer.text or "" for each, answer in filled if not each.value}
        origins: dict[Pointer, Derivation] = {}

        def note(new: Pointer, old: Pointer) -> None:
            origins[new] = Derivation(wanted.place(old), self._read(element, wanted.template, old))

        made = put_back(wanted.template, APPLICATION, lambda text: known.get(text, text), note)
        metadata = {**made.get("metadata", {})}
        if self._finalizes and not metadata.get("finalizers") and wanted.found.values:
            metadata["finalizers"] = [_FINALIZER]
        application = {**made, "metadata": metadata}
        if self._patch is not None:
            patched_one = self._patched(element, application, filled[-1][1].text or "", origins)
            if patched_one is None:
                return
            application = patched_one
        element.origins = origins
        element.application = self._finished(application)

    def _failed(self, element: Element, text: Text, answer: Filled, place: Place) -> None:
        subject = "templatePatch" if text.value else text.text
        if answer.error:
            self._expansion.faults.append(Fault(f"{subject}: {answer.error}", place, element.place))
        else:
            self._expansion.not_judged.append(NotJudged(subject, answer.not_judged, place, element.place))

    def _patched(
        self, element: Element, application: dict[str, Any], text: str, origins: dict[Pointer, Derivation]
    ) -> dict[str, Any] | None:
        place = Place("", _PATCH)
        try:
            patch = patch_of(text)
            done = patched(application, patch)
        except PatchError as error:
            self._expansion.faults.append(Fault(str(error), place, element.place))
            return None
        except DirectiveError as error:
            self._expansion.not_judged.append(NotJudged("templatePatch", f"{error} is not followed", place, element.place))
            return None
        parameters = self._named(element, self._patch or "")
        for pointer in _scalars(patch):
            origins[pointer] = Derivation(Place("", _PATCH, 0, pointer), parameters)
        return done

    def _finished(self, application: Mapping[str, Any]) -> dict[str, Any]:
        metadata = {key: each for key, each in application.get("metadata", {}).items() if key != "namespace"}
        if self._namespace:
            # Whatever the template says: a set may not reach into other namespaces.
            metadata["namespace"] = self._namespace
        return {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": metadata, "spec": application.get("spec") or {}}

    def _read(self, element: Element, template: Mapping[str, Any], pointer: Pointer) -> Mapping[Pointer, Place]:
        here: Any = template
        for step in pointer:
            here = here[step]
        return self._named(element, here) if isinstance(here, str) else {}

    def _named(self, element: Element, text: str) -> Mapping[Pointer, Place]:
        return {name: element.place_of(name) for name in self._filler.names_in(text)}


def _scalars(patch: Any, pointer: Pointer = ()) -> list[Pointer]:
    if isinstance(patch, Mapping):
        return [found for key, each in patch.items() for found in _scalars(each, (*pointer, key))]
    if isinstance(patch, list):
        return [found for number, each in enumerate(patch) for found in _scalars(each, (*pointer, number))]
    return [pointer]
