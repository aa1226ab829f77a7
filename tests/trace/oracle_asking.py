"""The trace's answers in the oracle's words: the only place where the two meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from oracle import Answer, Name
from oracle_clone import Place

from agentslint.engine.open_session import open_session
from agentslint.engine.run_options import RunOptions
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.model import Field, Location, Manifest, TargetKind
from agentslint.trace import place_of
from agentslint.trace.tracer import Tracer


@dataclass
class Asking:
    """Targets of a repository that rendered."""

    targets: list[RenderedTarget]

    def answers(self, target: RenderedTarget, names: Iterable[Name]) -> dict[Name, Answer]:
        """Ask for all fields of a target at once."""
        fields = {name: _field(target, name) for name in names}
        target.tracer.prove([field for field in fields.values() if field])
        return {name: self._answer(target.tracer, field) if field else Answer(False) for name, field in fields.items()}

    def _answer(self, tracer: Tracer, field: Field) -> Answer:
        segments = tracer.segments(field)
        if field.span:
            segments = tuple(segment for segment in segments if segment.overlap(field.span) > 0)
        places = [segment.scalar.location() for segment in segments]
        parts = [Field(field.manifest, field.pointer, (segment.start, segment.end)) for segment in segments]
        steps = [step for part in parts for step in place_of(part, {field.manifest.target.name: tracer}).steps]
        return Answer(tracer.is_explained(field), tuple(map(_place, places)), tuple(map(_place, steps)))


@contextmanager
def asking(root: Path, *paths: str, every: bool = False) -> Iterator[Asking]:
    """Render the targets under some paths of a repository; with `every`, what only others build on is rendered by itself, too."""
    with open_session(RunOptions(paths=tuple(str(root / path) for path in paths), root=str(root), all=every)) as (run, _):
        kustomizations = [target for target in run.discovery.targets if target.kind is TargetKind.KUSTOMIZATION]
        found = run.rendered(kustomizations, lambda kind: kind != "CustomResourceDefinition")
        yield Asking([each.outcome for each in found if isinstance(each.outcome, RenderedTarget)])


def _field(target: RenderedTarget, name: Name) -> Field | None:
    manifest = next((manifest for manifest in target.manifests if _key(manifest) == name.document), None)
    if manifest is None:
        return None
    whole = manifest.at(name.pointer)
    return Field(manifest, name.pointer, None if whole is not None and len(str(whole)) == name.end - name.start else (name.start, name.end))


def _key(manifest: Manifest) -> tuple[str, str, str]:
    return manifest.kind, manifest.namespace, manifest.name


def _place(location: Location) -> Place:
    region = location.region
    return Place(location.path, region.start_line, region.start_column, region.end_column)
