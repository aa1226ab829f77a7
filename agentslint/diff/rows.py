"""A difference as rows, which every format shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from agentslint.git.ancestry import Distance, Unknown
from agentslint.model import Location, Report


class Range(Struct, frozen=True):
    """The commits between two images; `distance` is None if their repository is unknown."""

    old: str
    new: str
    distance: Distance | Unknown | None = None


class ImageRow(Struct, frozen=True):
    """An image that another one takes the place of; None where there is none."""

    resource: str
    place: str
    before: str | None
    after: str | None
    commits: Range | None = None
    note: str = ""
    """Its oddity: a new digest under the same tag, a new tag with the same digest."""
    location: Location | None = None
    """The authored place, where programs are compared: those of the two sides of a change are in git."""


class ClaimRow(Struct, frozen=True):
    """A claim that says something else."""

    resource: str
    name: str
    before: str | None
    after: str | None


class ApiRow(Struct, frozen=True):
    """A difference of a CustomResourceDefinition."""

    name: str
    what: str
    breaks: bool


class ManifestRow(Struct, frozen=True):
    """A manifest that appears, disappears or differs."""

    resource: str
    namespace: str
    what: str
    location: Location | None = None
    """The authored place of the first field that differs, where programs are compared."""
    field: str = ""
    goes_on: bool = False
    """Whether more of it differs than the image or the claim of another row."""


class TargetRow(Struct, frozen=True):
    """A target of which some file differs. `what` is changed, same, appears, disappears or failed."""

    name: str
    what: str
    was: str = ""
    failures: tuple[str, ...] = ()
    images: tuple[ImageRow, ...] = ()
    claims: tuple[ClaimRow, ...] = ()
    apis: tuple[ApiRow, ...] = ()
    manifests: tuple[ManifestRow, ...] = ()
    files: tuple[str, ...] = ()
    policy: Mapping[str, int] = {}
    """The numbers of errors, warnings, notes and "not checked" from the rules about a change; zeros are left out."""

    @property
    def others(self) -> tuple[ManifestRow, ...]:
        """The manifests of which the other rows say nothing."""
        said = {image.resource for image in self.images} | {claim.resource for claim in self.claims}
        said |= {f"CustomResourceDefinition/{api.name}" for api in self.apis}
        return tuple(row for row in self.manifests if row.goes_on or row.resource not in said)

    @property
    def severity(self) -> int:
        """Its rank, 0 first: failures, findings, API breaks, images, claims, the rest."""
        if self.failures:
            return 0
        facts = (
            self.policy,
            any(row.breaks for row in self.apis),
            self.images,
            self.what != "changed" and self.what != "same",
            self.claims or self.apis,
        )
        return next((number for number, fact in enumerate(facts, 1) if fact), 6 if self.manifests else 7)


class RunDifference(Struct, frozen=True):
    """A whole comparison. `report` holds the policy's verdict, the failures, and the counts of the run."""

    base: str
    commit: str
    targets: Sequence[TargetRow]
    report: Report
    rules: Sequence[str] = ()
    """The rules that the verdict is of."""
    folder: str = ""
    """Where people stand to whom paths are shown; "" for the root."""
    other: str = ""
    """The programs of the other side, where the tree is compared with itself; `base` then names the usual ones, and `commit` is empty."""

    @property
    def by_severity(self) -> list[TargetRow]:
        """The targets, the most important first."""
        return sorted(self.targets, key=lambda row: (row.severity, row.name))
