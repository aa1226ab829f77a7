"""The steps from a scalar to the rendered field, in their order."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from agentslint.authorship.authored_scalar import AuthoredScalar, Layer
from agentslint.authorship.changeable import ChangeableScalars
from agentslint.authorship.documents import Document
from agentslint.authorship.lines import chart_entry
from agentslint.facts.target_facts import TargetFacts
from agentslint.model import Field, Location, Region
from agentslint.yamlread import Scalar

_PASSES = {
    "resources": "listed as a resource",
    "bases": "listed as a base",
    "components": "listed as a component",
    "patches": "applied as a patch",
    "patchesStrategicMerge": "applied as a patch",
    "patchesJson6902": "applied as a patch",
    "helmCharts": "given to the chart as values",
    "helmChartInflationGenerator": "given to the chart as values",
    "replacements": "copied by a replacement",
    "configMapGenerator": "made part of a ConfigMap",
    "secretGenerator": "made part of a Secret",
    "transformers": "applied as a transformer",
    "generators": "read as a generator",
}


class Steps:
    """Tells the steps from scalars to fields of one target."""

    def __init__(self, rendered: TargetFacts, changeable: ChangeableScalars) -> None:
        self._rendered = rendered
        self._changeable = changeable

    def to(self, place: Field, scalar: AuthoredScalar, conditions: tuple[AuthoredScalar, ...] = ()) -> tuple[Location, ...]:
        """Return the scalar, the entries that pass it on, the line of the template: each with a description."""
        found = [
            *self._beginning(scalar),
            *(each.location("a condition in a template depends on it") for each in conditions),
            *self._images(place, scalar),
            *self._chart(place, scalar),
            *self._kustomizations(scalar.path),
            *self._template(place),
        ]
        steps = list({(step.path, step.region): step for step in reversed(found)}.values())[::-1]
        last = steps[-1]
        rendered = f"renders as {place.manifest.resource} {place.path}"
        steps[-1] = Location(last.path, last.region, f"{last.message}; {rendered}", last.key_path)
        return tuple(steps)

    def _beginning(self, scalar: AuthoredScalar) -> Iterator[Location]:
        """The scalar itself; one of a deployer with the application for which it is written, and how it comes there."""
        deployed = self._changeable.target.deployed
        passed = deployed.passed_on(scalar.location()) if deployed else []
        is_of_generator = deployed is not None and scalar.path in deployed.deployer_files and bool(passed)
        if deployed is None or not (scalar.layer is Layer.DEPLOYER or is_of_generator):
            yield scalar.location("written here")
            return
        application = deployed.application
        who = f"{application.kind}/{application.name}"
        own = f"set for {who}, in ApplicationSet/{application.set}" if application.set else f"set by {who}"
        is_own = application.location is None or scalar.path == application.location.path
        yield scalar.location(own if is_own else f"set for {who}")
        yield from passed

    def _images(self, place: Field, scalar: AuthoredScalar) -> Iterator[Location]:
        """Of an `images:` entry its name, and the image that it finds: where either is another one, the entry changes nothing."""
        if scalar.layer is not Layer.KUSTOMIZATION or scalar.key_path[:1] not in (("images",), ("imageTags",)):
            names = {self._changeable.names_image(scalar)} - {""}
        else:
            own = [name for name in self._changeable.image_names if (name.path, name.key_path[:-1]) == (scalar.path, scalar.key_path[:-1])]
            names = {name.text for name in own}
        if names:
            holders = [each for each in self._changeable.scalars if self._changeable.names_image(each) in names and each != scalar]
            mine = [each for each in holders if self._changeable.authored.may_stand_in(*each.place, place.manifest)]
            yield from (each.location("the image that the entry looks for") for each in mine or holders[:3])
        for name in self._changeable.image_names:
            if name.text in names:
                yield name.location("matched by this images entry")

    def _chart(self, place: Field, scalar: AuthoredScalar) -> Iterator[Location]:
        call = self._rendered.call_of(place.manifest)
        for chart in self._changeable.target.closure.charts:
            if call and (chart.name, chart.release) == (call.chart, call.release) and scalar.layer in (Layer.CHART, Layer.TEMPLATE):
                yield chart_entry(chart, self._changeable.target.root, f"renders the chart {chart.name}")

    def _kustomizations(self, path: str) -> Iterator[Location]:
        """Who names a file, who names the kustomization that does, and so on up to the target's own."""
        seen: set[str] = set()
        while path not in seen:
            seen.add(path)
            named = self._named_by.get(path) or self._named_by.get(posixpath.dirname(path) or ".")
            if named is None:
                return
            document, scalar = named
            message = _PASSES.get(str(scalar.pointer[0]), "named")
            yield document.location(scalar, message)
            path = document.path

    @cached_property
    def _named_by(self) -> Mapping[str, tuple[Document, Scalar]]:
        """Path of a file or folder -> the scalar of a kustomization that names it; the target's own wins."""
        found: dict[str, tuple[Document, Scalar]] = {}
        own = self._changeable.target.file
        for document in sorted(self._changeable.authored.kustomizations, key=lambda document: document.path != own):
            for scalar in document.scalars:
                if scalar.pointer[:1] and scalar.pointer[0] in _PASSES and "\n" not in scalar.text:
                    path = posixpath.normpath(posixpath.join(posixpath.dirname(document.path), scalar.text.rpartition("=")[2]))
                    found.setdefault(path, (document, scalar))
        return found

    def _template(self, place: Field) -> Iterator[Location]:
        """The one line of the template that has the field's last key."""
        chart, _, rest = self._rendered.template_of(place.manifest).partition("/")
        key = next((step for step in reversed(place.pointer) if isinstance(step, str)), "")
        for entry in self._changeable.target.closure.charts:
            if rest and entry.name == chart and entry.directory and entry.present:
                path = f"{entry.directory}/{rest}"
                lines = self._changeable.lines(path)
                number = _line_of(lines, place, key)
                if number:
                    line = lines[number - 1]
                    start = len(line) - len(line.lstrip()) + 1
                    yield Location(path, Region(number, start, number, len(line.rstrip()) + 1), "filled in by the template")
                return


def _line_of(lines: Sequence[str], place: Field, key: str) -> int | None:
    """The one line with the field's last key; of several, the one that names what the field belongs to (an environment variable)."""
    owner = place.manifest.at(place.pointer[:-1])
    name = owner.get("name") if isinstance(owner, Mapping) else None
    for pattern in (rf"[\"']?{re.escape(key)}[\"']?:", rf"name: *[\"']?{re.escape(str(name))}[\"']? *$"):
        hits = [number for number, line in enumerate(lines, 1) if re.match(rf"\s*(?:- )?{pattern}", line)]
        if len(hits) == 1:
            return hits[0]
    return None
