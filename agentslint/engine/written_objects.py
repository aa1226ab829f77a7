"""The files and lines in which deployers' objects that come out of a render are written, for lists: by their texts, without a proof."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from agentslint.authorship.documents import Authored
from agentslint.authorship.template_objects import object_in_template
from agentslint.engine.session import Session
from agentslint.facts.stream import read_manifests
from agentslint.facts.target_facts import TargetFacts
from agentslint.model import Field, Location, Region, Rendering, Target
from agentslint.yamlread import region_at


class WrittenObjects(Struct):
    """Finds them; where nothing is found, `otherwise` gives the place."""

    session: Session
    otherwise: Callable[[Field], Location]
    _facts: dict[str, TargetFacts] = {}

    def __call__(self, place: Field) -> Location:
        """Return the place of a part of an object: in the manifest of its kind and name, else the object in the template of a chart."""
        if not place.manifest.target.is_built:
            return self.otherwise(place)
        return self._in_manifest(place) or self._in_template(place) or self.otherwise(place)

    def _in_manifest(self, place: Field) -> Location | None:
        written = Authored(place.manifest.target, self.session.context.files)
        for document in written.manifests_like(place.manifest):
            if region := region_at(document.node, place.pointer):
                return Location(document.path, Region(region.start_line, region.start_column, region.start_line, region.start_column + 1))
        return None

    def _in_template(self, place: Field) -> Location | None:
        manifest = place.manifest
        facts = self._facts_of(manifest.target)
        path = facts.template_path(manifest) if facts else ""
        lines = facts.documents.lines(path) if facts and path else []
        region = object_in_template(lines, manifest.kind, manifest.name)
        return Location(path, region, "", (manifest.resource,)) if region else None

    def _facts_of(self, target: Target) -> TargetFacts | None:
        key = f"{target.root}:{target.name}"
        if key not in self._facts:
            outcome = self.session.render_early(target)
            if not isinstance(outcome, Rendering):
                return None
            manifests = read_manifests(outcome, lambda kind: True).manifests
            self._facts[key] = TargetFacts(target, manifests, self.session.context, outcome)
        return self._facts[key]
