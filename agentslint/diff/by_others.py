"""The same tree rendered by other programs -> the manifests and images that come out otherwise, each at its authored line."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence

from msgspec.structs import replace

from agentslint.change import Change, ImageChange, ManifestChange, TargetChange
from agentslint.change.change import fleets
from agentslint.credentials import cleaned
from agentslint.diff.describe import Describer
from agentslint.diff.rows import ImageRow, ManifestRow, RunDifference, TargetRow
from agentslint.engine.other_programs import OtherRun
from agentslint.engine.session import Session
from agentslint.facts.differences import changed_fields
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.git.base_revision import Revision
from agentslint.model import Failure, Field, Location, Pointer, RenderFailure, Report, Target
from agentslint.report.clean import without_credentials
from agentslint.trace.provenance import place_of

FieldName = tuple[int, Pointer]


def difference_by_others(session: Session, run: OtherRun) -> RunDifference:
    """Render every target by the usual programs and by the others. Of a manifest that differs the first field is traced."""
    started = time.monotonic()
    targets = [target for target in session.discovery.targets if target.is_built]
    pairs = list(_pairs(session, run.session, targets))
    base, head = fleets((), pairs, session.context)
    change = Change(
        Revision("", run.usual), {}, tuple(pairs), base, head, session.root, session.root, session.loaded.folder or session.root
    )  # fmt: skip
    describe = _Describer(run, Describer(change))
    rows = [cleaned(describe(pair)) for pair in pairs if not pair.is_same]
    report = Report(
        results=[],
        failures=[*session.discovery.failures, *(failure for pair in pairs for failure in _failures(run, pair))],
        notes=[
            f"compared the renders of {run.usual} with those of {run.other}",
            *session.discovery.notes,
            *session.renderer.notes,
            *(note for note in run.session.renderer.notes if note not in session.renderer.notes),
            *session.restrictor.notes,
        ],
        rules={},
        root=session.root,
        targets=tuple(targets),
        rendered=len(targets),
        renders=session.renderer.count + run.session.renderer.count,
        seconds=time.monotonic() - started,
        skipped=tuple(session.discovery.skipped),
        configuration=session.configuration,
    )
    return RunDifference(run.usual, "", rows, without_credentials(report), other=run.other)


def _pairs(session: Session, other: Session, targets: Sequence[Target]) -> Iterator[TargetChange]:
    for ours, theirs in zip(session.rendered(targets), other.rendered(targets), strict=True):
        one, another = ours.side, theirs.side
        yield TargetChange(
            None if isinstance(one, RenderFailure) else one,
            None if isinstance(another, RenderFailure) else another,
            one if isinstance(one, RenderFailure) else None,
            another if isinstance(another, RenderFailure) else None,
        )


def _failures(run: OtherRun, pair: TargetChange) -> Iterator[Failure]:
    for failure, programs in _failed(run, pair):
        yield Failure(f"{programs}: {failure.message}", pair.name, location=failure.location, details=failure.details, rendering=True)


def _failed(run: OtherRun, pair: TargetChange) -> Iterator[tuple[RenderFailure, str]]:
    """The failures of a target, with the programs; one that is the same with both is one."""
    usual, other = pair.base_failure, pair.head_failure
    if usual and other and (usual.message, usual.location) == (other.message, other.location):
        yield usual, f"{run.usual} and {run.other}"
        return
    yield from ((failure, programs) for failure, programs in ((usual, run.usual), (other, run.other)) if failure)


class _Describer:
    """Describes a target, with the authored lines of its images and manifests."""

    def __init__(self, run: OtherRun, describe: Describer) -> None:
        self._run = run
        self._describe = describe

    def __call__(self, pair: TargetChange) -> TargetRow:
        if not pair.is_whole:
            said = (
                f"{programs}: {failure.message} ({failure.location.path}:{failure.location.region.start_line})"
                for failure, programs in _failed(self._run, pair)
            )
            return TargetRow(pair.name, "failed", failures=tuple(said))
        images = {id(image): self._image_field(image) for image in pair.images if image.differs}
        told = {_name(use.field) for image in pair.images for use in (image.base, image.head) if use}
        told |= {_name(side.field) for claim in pair.claims for side in (claim.base, claim.head) if side}
        manifests = {id(each): _first_field(each, told) for each in pair.manifests if each.differs}
        places = _Places(pair, [*images.values(), *(field for field, _ in manifests.values() if field)])
        row = self._describe(pair)
        image_rows = [self._located(image, places(images[id(image)])) for image in pair.images if image.differs]
        manifest_rows = [_manifest(each, *manifests[id(each)], places) for each in pair.manifests if each.differs]
        return replace(
            row,
            images=tuple(sorted(image_rows, key=lambda each: (each.resource, each.place))),
            manifests=tuple(manifest_rows),
        )

    def _image_field(self, image: ImageChange) -> Field:
        found = image.base or image.head
        assert found is not None
        return _part(found.field, image.head.text) if image.base and image.head else found.field

    def _located(self, image: ImageChange, place: Location) -> ImageRow:
        return replace(self._describe.image(image), location=place)


class _Places:
    """The authored places of fields, each traced in the render that has it."""

    def __init__(self, pair: TargetChange, fields: Sequence[Field]) -> None:
        self._usual = {id(manifest) for manifest in pair.base.manifests} if pair.base else set()
        self._pair = pair
        for side in (pair.base, pair.head):
            if side:
                side.tracer.prove([field for field in fields if self._side(field) is side])

    def _side(self, field: Field) -> RenderedTarget | None:
        return self._pair.base if id(field.manifest) in self._usual else self._pair.head

    def __call__(self, field: Field) -> Location:
        side = self._side(field)
        return place_of(field, {side.target.name: side.tracer} if side else {}).location


def _part(field: Field, other: str) -> Field:
    """The part of a text in which another one differs: of an image, the repository or the tag."""
    text, start = field.text, field.span[0] if field.span else 0
    same = _alike(text, other)
    end = max(len(text) - _alike(text[same:][::-1], other[same:][::-1]), same)
    return replace(field, span=(start + same, start + end)) if end > same else field


def _alike(one: str, other: str) -> int:
    """The number of characters with which both begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (ours, theirs) in pairs if ours != theirs), min(len(one), len(other)))


def _name(field: Field) -> FieldName:
    return id(field.manifest), field.pointer


def _first_field(pair: ManifestChange, told: Collection[FieldName]) -> tuple[Field | None, bool]:
    """The first field that differs, and whether no other row shows it; a shown one where there is no other."""
    if not (pair.base and pair.head):
        return Field(pair.manifest, ("metadata", "name")), False
    fields = list(changed_fields(pair.base, pair.head))
    untold = next((field for field in fields if _name(field) not in told), None)
    return untold or next(iter(fields), None), untold is not None


def _manifest(pair: ManifestChange, field: Field | None, goes_on: bool, places: _Places) -> ManifestRow:
    what = "differs" if pair.base and pair.head else "disappears" if pair.base else "appears"
    named = field.path if field and what == "differs" else ""
    return ManifestRow(pair.manifest.resource, pair.manifest.namespace, what, places(field) if field else None, named, goes_on)
