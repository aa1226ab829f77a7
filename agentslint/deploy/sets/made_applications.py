"""The Applications of a set: its template, filled in for each element, with the patch over it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agentslint.deploy.sets.derivations import derivations
from agentslint.deploy.sets.expansion import Element, Expansion, Fault, NotJudged, SetPlace, Unfilled
from agentslint.deploy.sets.filling import Filled, Filler
from agentslint.deploy.sets.patch import DirectiveError, PatchError, patch_of, patched
from agentslint.deploy.sets.template import APPLICATION, Wanted
from agentslint.deploy.sets.templated import Filling, Text

_PATCH = ("spec", "templatePatch")
_FINALIZER = "resources-finalizer.argocd.argoproj.io"
Answers = Sequence[tuple[Text, Filled]]


class MadeApplications:
    """Makes the Applications of one set, and notes the elements in its expansion."""

    def __init__(self, spec: Mapping[str, Any], filler: Filler, namespace: str, expansion: Expansion) -> None:
        policy = spec.get("syncPolicy") or {}
        self._finalizes = not policy.get("preserveResourcesOnDeletion")
        patch: str | None = spec.get("templatePatch")
        self._patch = None if patch is None else Text(patch, _PATCH)
        self._filler, self._namespace, self._expansion = filler, namespace, expansion

    def make(self, wanted: Sequence[Wanted]) -> None:
        """Make an Application for each element: all strings of all of them are filled in at once."""
        collected = [self._texts(each) for each in wanted]
        asked = [(each.text, one.found.parameters) for one, here in zip(wanted, collected, strict=True) for each in here]
        answers = iter(self._filler.fill(asked))
        for one, here in zip(wanted, collected, strict=True):
            self._element(one, [(each, next(answers)) for each in here])

    def _texts(self, wanted: Wanted) -> list[Text]:
        """Without parameters, Argo CD fills in nothing but the patch."""
        found = wanted.template.texts if wanted.found.values else []
        return [*found, *([self._patch] if self._patch else [])]

    def _element(self, wanted: Wanted, answers: Answers) -> None:
        element = Element(wanted.generator, wanted.found.values, wanted.found.place, wanted.found.places)
        self._expansion.elements.append(element)
        for text, answer in answers:
            place = SetPlace("", _PATCH) if text is self._patch else wanted.template.place(text.pointer)
            if answer.text is None:
                self._failed(element, text, answer, place)
                return
            if answer.unfilled:
                self._expansion.unfilled.append(Unfilled(text.shown, place, element.place))
        known = {text.text: answer.text or "" for text, answer in answers if text is not self._patch}
        patch = self._patch_of(element, answers[-1][1].text or "") if self._patch else {}
        made = None if patch is None else self._made(element, self._filled_in(wanted, known), patch)
        if made is not None:
            element.application = self._finished(made)
            written = self._patch.text if self._patch else ""
            element.trace = lambda: derivations(element, wanted.template, known, self._filler, written, patch or {})

    def _filled_in(self, wanted: Wanted, known: Mapping[str, str]) -> dict[str, Any]:
        filling = Filling(lambda text: known.get(text, text), wanted.template.static)
        made: dict[str, Any] = filling.put_back(wanted.template.body, APPLICATION)
        metadata = {**(made.get("metadata") or {})}
        if self._finalizes and not metadata.get("finalizers") and wanted.found.values:
            metadata["finalizers"] = [_FINALIZER]
        return {**made, "metadata": metadata}

    def _failed(self, element: Element, text: Text, answer: Filled, place: SetPlace) -> None:
        subject = "templatePatch" if text is self._patch else text.shown
        if answer.error:
            self._expansion.faults.append(Fault(f"{subject}: {answer.error}", place, element.place))
        else:
            self._expansion.not_judged.append(NotJudged(subject, answer.not_judged, place, element.place))

    def _patch_of(self, element: Element, text: str) -> dict[str, Any] | None:
        try:
            return patch_of(text)
        except PatchError as error:
            self._expansion.faults.append(Fault(str(error), SetPlace("", _PATCH), element.place))
            return None

    def _made(self, element: Element, application: dict[str, Any], patch: Mapping[str, Any]) -> dict[str, Any] | None:
        place = SetPlace("", _PATCH)
        try:
            return patched(application, patch) if patch else application
        except PatchError as error:
            self._expansion.faults.append(Fault(str(error), place, element.place))
        except DirectiveError as error:
            self._expansion.not_judged.append(NotJudged("templatePatch", f"{error} is not followed", place, element.place))
        return None

    def _finished(self, application: Mapping[str, Any]) -> dict[str, Any]:
        metadata = {key: each for key, each in application.get("metadata", {}).items() if key != "namespace"}
        if self._namespace:
            # Whatever the template says: a set may not reach into other namespaces.
            metadata["namespace"] = self._namespace
        spec = application.get("spec") or {}
        return {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": metadata, "spec": spec}
