"""What a run comes across and does not render or judge: it is counted and named, so that nobody takes it for checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

from msgspec import Struct

_NAMED = 5


class SkippedKind(str, Enum):
    """What is not rendered, in one word for programs."""

    CHART = "chart"
    MANIFEST = "manifest"
    COMPONENT = "component"
    APPLICATION = "application"
    HELM_RELEASE = "helm-release"
    FLUX_KUSTOMIZATION = "flux-kustomization"
    HELM_CHART = "helm-chart"
    HELM_OP = "helm-op"
    BUNDLE = "bundle"
    GIT_REPO = "git-repo"
    VARIABLE = "variable"

    @property
    def noun(self) -> str:
        """How people call one."""
        return _SAID[self][0]

    @property
    def verb(self) -> str:
        """What was not done with it: the folder of an application may well be rendered, as it is without the application."""
        return {SkippedKind.VARIABLE: "filled in", SkippedKind.APPLICATION: "judged"}.get(self, "rendered")


_SAID = {
    SkippedKind.CHART: ("Helm chart", "that no kustomization here inflates"),
    SkippedKind.MANIFEST: ("manifest", "that no kustomization here reads"),
    SkippedKind.COMPONENT: ("Component", "that no kustomization here uses"),
    SkippedKind.APPLICATION: ("Application", ""),
    SkippedKind.HELM_RELEASE: ("HelmRelease", ""),
    SkippedKind.FLUX_KUSTOMIZATION: ("Flux Kustomization", ""),
    SkippedKind.HELM_CHART: ("HelmChart", ""),
    SkippedKind.HELM_OP: ("HelmOp", ""),
    SkippedKind.BUNDLE: ("Bundle", ""),
    SkippedKind.GIT_REPO: ("GitRepo", ""),
    SkippedKind.VARIABLE: ("variable", "that is set outside of the repository"),
}


class Skipped(Struct, frozen=True):
    """Something that was not rendered: a path, or `Kind/name` of what deploys something that nothing here renders."""

    kind: SkippedKind
    name: str
    reason: str = ""
    """What is special about it: what an Application deploys."""


def notes_about(skipped: Iterable[Skipped]) -> list[str]:
    """Say it in one note a kind: how many, and the first five."""
    found: dict[SkippedKind, list[Skipped]] = {}
    for each in skipped:
        found.setdefault(each.kind, []).append(each)
    return [_note(kind, found[kind]) for kind in SkippedKind if kind in found]


def _note(kind: SkippedKind, skipped: list[Skipped]) -> str:
    noun, why = _SAID[kind]
    subject = f"{counted(len(skipped), noun)} {why}".rstrip()
    many = kind is SkippedKind.APPLICATION and len(skipped) > _NAMED
    return f"not {kind.verb}: {subject}: {_by_reason(skipped) if many else _one_by_one(skipped)}"


def _one_by_one(skipped: list[Skipped]) -> str:
    return some([f"{each.name} ({each.reason})" if each.reason else each.name for each in skipped])


def _by_reason(skipped: list[Skipped]) -> str:
    """Many at once: the reasons, the most frequent first, each with some names."""
    names: dict[str, list[str]] = {}
    for each in skipped:
        names.setdefault(each.reason, []).append(each.name)
    ranked = sorted(names.items(), key=lambda found: (-len(found[1]), found[0]))
    return some([f"{len(found)} {reason} ({some(sorted(found))})" for reason, found in ranked])


def some(names: Sequence[str], most: int = _NAMED) -> str:
    """Return the first names, at `most` so many, and how many more there are: `a, b and 3 more`."""
    left = len(names) - most
    return ", ".join(names[:most]) + (f" and {left} more" if left > 0 else "")


def counted(number: int, noun: str) -> str:
    """Return `1 chart`, `2 charts`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
