"""One ApplicationSet -> its elements, each with the Application that Argo CD makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agentslint.deploy.sets.expansion import Element, Expansion, Fault, NotJudged, SetPlace
from agentslint.deploy.sets.filling import Filler
from agentslint.deploy.sets.found import Stop
from agentslint.deploy.sets.generator_call import MOST, SetContext
from agentslint.deploy.sets.generators import Generators
from agentslint.deploy.sets.made_applications import MadeApplications
from agentslint.deploy.sets.surroundings import Surroundings
from agentslint.deploy.sets.template import Template, Wanted
from agentslint.deploy.sets.types import fitted, mismatches, word
from agentslint.places import dotted


def expand(body: Mapping[str, Any], surroundings: Surroundings) -> Expansion:
    """Expand an ApplicationSet; what hinders it is in the result."""
    found = Expansion()
    written = body.get("spec")
    if not isinstance(written, Mapping):
        found.faults.append(Fault(f"spec must be a mapping; it is {word(written)}", SetPlace("", ("spec",) if "spec" in body else ())))
        return found
    found.faults += [*_of_wrong_type(written), *_without_project(written)]
    spec = fitted(written, "@set")
    filler = Filler(spec.get("goTemplate", False), spec.get("goTemplateOptions") or (), surroundings.helm)
    if filler.bad_option:
        found.faults.append(Fault(f"Go knows no template option {filler.bad_option}", SetPlace("", ("spec", "goTemplateOptions"))))
        return found
    wanted = list(_wanted(spec, SetContext(filler.go, filler, surroundings), found))
    if len(wanted) > MOST:
        reason = f"{len(wanted)} elements are more than the {MOST} that are expanded"
        found.not_judged.append(NotJudged("the ApplicationSet", reason, SetPlace("", ("spec", "generators"))))
        return found
    metadata = body.get("metadata")
    namespace = metadata.get("namespace") if isinstance(metadata, Mapping) else None
    MadeApplications(spec, filler, namespace if isinstance(namespace, str) else "", found).make(wanted)
    found.faults += _named_twice(found.elements)
    return found


def _of_wrong_type(spec: Mapping[str, Any]) -> Iterator[Fault]:
    for wrong in mismatches(spec, "@set", ("spec",)):
        hint = "; put it in quotes" if wrong.expected == "text" and wrong.found in ("a number", "a boolean") else ""
        yield Fault(f"{dotted(wrong.pointer)} must be {wrong.expected}; it is {wrong.found}{hint}", SetPlace("", wrong.pointer))


def _without_project(spec: Mapping[str, Any]) -> Iterator[Fault]:
    """Argo CD's own schema wants a project in the template of the set."""
    here: Any = spec
    for step in ("template", "spec"):
        here = here.get(step) if isinstance(here, Mapping) else None
    if not isinstance(here, Mapping) or not here.get("project"):
        yield Fault("the template names no project", SetPlace("", ("spec", *(["template"] if "template" in spec else []))))


def _wanted(spec: Mapping[str, Any], context: SetContext, found: Expansion) -> Iterator[Wanted]:
    """Yield the elements of all generators, each with its template."""
    generators = Generators(context)
    base = spec.get("template")
    for number, item in enumerate(spec.get("generators") or ()):
        pointer = ("spec", "generators", number)
        for kind, outcome in generators.find(item or {}, pointer):
            if isinstance(outcome, Stop):
                (found.faults if isinstance(outcome.reason, Fault) else found.not_judged).append(outcome.reason)  # type: ignore[arg-type]
                continue
            template = Template.of(base, (item.get(kind) or {}).get("template"), (*pointer, kind, "template"))
            yield from (Wanted(each, pointer, template) for each in outcome)
    found.switched_off += generators.switched_off


def _named_twice(elements: list[Element]) -> Iterator[Fault]:
    """Argo CD makes no Application without a name, and only one of each name."""
    names: set[str] = set()
    for element in elements:
        if element.application is None:
            continue
        name = element.application["metadata"].get("name", "")
        if not name:
            origin = element.made_from(("metadata", "name"))
            place = origin.template if origin else SetPlace("", ("spec", "template"))
            yield Fault("the Application of an element has no name", place, element.place)
        elif name in names:
            yield Fault(f"two elements make the Application {name}", element.place, element.place)
        names.add(name)
