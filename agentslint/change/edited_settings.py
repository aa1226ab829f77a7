"""The image settings of a file that a change edits, in one target that reads the file."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from agentslint import files
from agentslint.authorship.authored_scalar import AuthoredScalar, Layer, by_key
from agentslint.authorship.changeable import ChangeableScalars
from agentslint.authorship.documents import Authored
from agentslint.authorship.image_settings import looks_like_image, sets_deployed_image, setting_of
from agentslint.change.target_change import TargetChange
from agentslint.discover.chart_file import CHART_FILE
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.model import HelmChartEntry, Region

_PARTS = ("image", "repository", "registry", "tag", "digest")
_OF_AUTHORS = ("templates", "crds", "charts")
"""Folders of a chart that an upgrade replaces, and a promotion leaves alone."""


class EditedSettings(Struct, frozen=True):
    """Settings with another text than at the base, which comes with them, and settings that were not there."""

    changed: Mapping[AuthoredScalar, str]
    added: tuple[AuthoredScalar, ...]

    def __contains__(self, scalar: object) -> bool:
        return scalar in self.changed or scalar in self.added


def edited_settings(reader: TargetChange, path: str, changes: Mapping[str, str]) -> EditedSettings:
    """Return the image settings of a file that a change edits; `changes` are all files of the change, and what became of them."""
    head, base = reader.head, reader.base
    if head is None or base is None:
        return EditedSettings({}, ())
    before = ChangeableScalars(base.target, Authored(base.target, base.context.files), base.context.files)
    texts = {key: scalar.text for key, scalar in by_key(scalar for scalar in before.scalars if scalar.path == path).items()}
    now = by_key(scalar for scalar in head.authored if scalar.path == path)
    meant = set(_meant(reader, head, path, changes))
    mine = {key: scalar for key, scalar in now.items() if scalar in meant and texts.get(key) != scalar.text}
    return EditedSettings(
        {scalar: texts[key] for key, scalar in mine.items() if key in texts},
        tuple(scalar for key, scalar in mine.items() if key not in texts and _may_be_added(scalar, changes.get(path, ""))),
    )


def sets_image(scalar: AuthoredScalar) -> bool:
    """Tell whether a scalar sets an image, or a part of one."""
    setting = setting_of(scalar, frozenset())
    return (setting is not None and setting.part in _PARTS) or looks_like_image(scalar.text) or sets_deployed_image(scalar)


def is_app_version(scalar: AuthoredScalar) -> bool:
    """Tell whether a scalar is the version of the application that a chart names: often the default of its tags."""
    return posixpath.basename(scalar.path) == CHART_FILE and scalar.key_path == ("appVersion",)


def _meant(reader: TargetChange, head: RenderedTarget, path: str, changes: Mapping[str, str]) -> Iterator[AuthoredScalar]:
    """The settings of a file that somebody may promote: of a chart's own only those that no upgrade of the chart brings."""
    aliased = _regions_of_aliases(head, path)
    for scalar in head.authored:
        if scalar.path != path or scalar.layer is Layer.TEMPLATE:
            continue
        if scalar.layer is Layer.CHART and any(_is_upgraded(entry, changes) for entry in head.charts_of(scalar)):
            continue
        is_read = is_app_version(scalar) and _reads_app_version(head.target.root, path)
        if sets_image(scalar) or scalar.region in aliased or (is_read and not _moves_images(reader)):
            yield scalar


def _regions_of_aliases(head: RenderedTarget, path: str) -> set[Region]:
    """Where texts stand that set an image by an alias or a merge key, under whatever key they have an anchor."""
    found: set[Region] = set()
    for document in head.context.files(head.target.root, path):
        regions = Counter(scalar.region for scalar in document.scalars)
        for scalar in document.scalars:
            if regions[scalar.region] > 1:
                one = AuthoredScalar(path, scalar.region, scalar.text, scalar.style, document.location(scalar).key_path, Layer.SETTINGS)
                found |= {scalar.region} if sets_image(one) else set()
    return found


def _may_be_added(scalar: AuthoredScalar, became: str) -> bool:
    """Whether a new setting may be a promotion: resources and charts bring their own images with them."""
    return scalar.layer in (Layer.KUSTOMIZATION, Layer.SETTINGS) or (scalar.layer is Layer.CHART and became != "added")


def _is_upgraded(entry: HelmChartEntry, changes: Mapping[str, str]) -> bool:
    """Whether the chart is replaced by another version of it, or is somebody else's in any case."""
    folder = entry.directory
    if entry.repo or folder is None:
        return True
    replaced = any(path.startswith(f"{folder}/{part}/") for path in changes for part in _OF_AUTHORS)
    return replaced and f"{folder}/{CHART_FILE}" in changes


def _reads_app_version(root: Path, path: str) -> bool:
    """Whether any template of the chart prints it: for most charts it says what is in them, and no more."""
    folder = Path(path).parent
    templates = sorted(each for each in (root / folder / "templates").rglob("*") if each.is_file())
    return any("AppVersion" in _text(root, each.relative_to(root).as_posix()) for each in templates)


def _text(root: Path, path: str) -> str:
    try:
        return files.text_in(root, path)
    except OSError:
        return ""


def _moves_images(reader: TargetChange) -> bool:
    return any(image.differs for image in reader.images)
