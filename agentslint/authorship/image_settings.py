"""Image settings: the key that a scalar sets, the block that it belongs to, and the part of an image.

A block is what people write together: `controlPlane.image` with its repository, tag and digest, an entry of `images:`, or
`webImageTag` beside `webImageRepository` (the block `webImage`).
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from agentslint.images.reference import is_digest, read_reference
from agentslint.model import HelmChartEntry, Pointer, dotted
from agentslint.model.application import Application

if TYPE_CHECKING:
    from agentslint.authorship.authored_scalar import AuthoredScalar

Part = Literal["image", "repository", "registry", "tag", "digest", "pull-secret"]

_DEPLOYED_PARTS = ("image", "repository", "registry", "tag", "digest", "newName", "newTag")
_INLINE = {"helmCharts": "valuesInline", "helmChartInflationGenerator": "valuesLocal"}
_ENTRIES = ("images", "imageTags")
_ENTRY_KEYS: Mapping[str, Part] = {"newName": "repository", "newTag": "tag", "digest": "digest"}
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_PARTS: Mapping[str, Part] = {
    "image": "image",
    "repository": "repository",
    "repo": "repository",
    "registry": "registry",
    "tag": "tag",
    "digest": "digest",
}
_SECRETS = frozenset(("pullsecret", "pullsecrets", "imagepullsecret", "imagepullsecrets"))


class Setting(Struct, frozen=True):
    """A scalar, the part of an image that it sets, and the names that lead to its block."""

    scalar: AuthoredScalar
    part: Part
    block: Pointer
    entry: str = ""
    """The name for which an `images:` entry looks, where it is part of one."""
    charts: frozenset[HelmChartEntry] = frozenset()
    """The charts of whose values it is a part."""
    inner: bool = False
    """Whether it is a default of a chart inside of a chart."""

    @property
    def is_chart_default(self) -> bool:
        """Whether a chart's author wrote it."""
        return self.scalar.layer.value in ("chart", "template")

    def beside(self, other: Setting) -> bool:
        """Tell whether two settings are in one block, be it in several files: a chart's defaults and what overrides them.

        A chart inside of a chart is set under its name: its `image` is `NAME.image` of the outer one.
        """
        short, long = sorted((self.block, other.block), key=len)
        same = short == long or ((self.inner or other.inner) and long[-len(short) :] == short)
        return same and (self.charts == other.charts or bool(self.charts & other.charts))


class ChartScope(Struct, frozen=True):
    """Where the values of one chart are written."""

    entry: HelmChartEntry
    files: frozenset[str]
    entries: Mapping[int, str] = {}
    """The lines of all entries of the kustomization, with the chart of each: one chart may have several releases."""

    def holds(self, scalar: AuthoredScalar) -> bool:
        """Tell whether a scalar is a part of the chart's values: in a values file, in its `helmCharts` entry or in the chart."""
        path, entry = scalar.path, self.entry
        if scalar.layer.value == "deployer":
            return entry.value_files is not None and ("helm" in scalar.key_path or _is_release_value(scalar.key_path))
        inline = path == entry.kustomization and scalar.key_path[:1] and scalar.key_path[0] in _INLINE
        if inline and isinstance(scalar.key_path[1], str):
            return scalar.key_path[1] == f"[{entry.name}]" and self._is_of_release(scalar.region.start_line)
        return bool(inline) or path in self.files or (bool(entry.directory) and path.startswith(f"{entry.directory}/"))

    def _is_of_release(self, line: int) -> bool:
        """Whether a line is not one of another entry for the same chart; an alias may stand anywhere."""
        begun = max((each for each in self.entries if each <= line), default=0)
        return begun == self.entry.line or self.entries.get(begun) != self.entry.name


def setting_of(scalar: AuthoredScalar, charts: frozenset[HelmChartEntry]) -> Setting | None:
    """Return what a scalar sets of an image, as its key says; `charts` are those of whose values it is a part."""
    found = _setting(scalar)
    inner = found is not None and found.is_chart_default and posixpath.dirname(scalar.path) not in {chart.directory for chart in charts}
    return replace(found, charts=charts, inner=inner) if found else None


def _setting(scalar: AuthoredScalar) -> Setting | None:
    path = values_path(scalar)
    if scalar.layer.value == "deployer" and len(path) > 2 and path[-3] in _ENTRIES:
        return None
    names = tuple(step for step in path if isinstance(step, str))
    if operated := operated_key(scalar):
        return Setting(scalar, _PARTS[operated], path[:-1]) if operated in _PARTS else None
    if len(scalar.key_path) == 3 and path[0] in _ENTRIES and scalar.layer.value == "kustomization":
        part = _ENTRY_KEYS.get(str(path[2]))
        return Setting(scalar, part, path[:2], str(path[1]).removeprefix("[").removesuffix("]")) if part else None
    secret = next((at for at, name in enumerate(names) if name.lower() in _SECRETS), None)
    if secret is not None:
        return Setting(scalar, "pull-secret", names[:secret])
    key = names[-1] if names and path[-1] == names[-1] else ""
    last = next(reversed(_WORDS.findall(key)), "")
    if last.lower() not in _PARTS or not key.endswith(last):
        return None
    before = key[: -len(last)].rstrip("_-")
    return Setting(scalar, _PARTS[last.lower()], (*names[:-1], before) if before else names[:-1])


def values_path(scalar: AuthoredScalar) -> Pointer:
    """Return the key path as a chart sees it: without the `helmCharts` entry around a value that is written in place."""
    path = scalar.key_path
    if scalar.layer.value == "deployer":
        return _deployed_values_path(path)
    inline = len(path) > 3 and _INLINE.get(str(path[0])) == path[2]
    return path[3:] if inline else path


def _deployed_values_path(path: Pointer) -> Pointer:
    """The key path of a value that a deployer hands to a chart: in `values`, in `valuesObject`, or as a parameter."""
    if _is_release_value(path):
        return path[path.index("spec") + 2 :]
    match path[path.index("helm") + 1 :] if "helm" in path else ():
        case ("valuesObject" | "values", *rest) if rest:
            return tuple(rest)
        case ("parameters", str(name), "value"):
            return parameter_path(name[1:-1])
    return path


def operated_key(scalar: AuthoredScalar) -> str:
    """Return the last key of the path at which a JSON 6902 operation writes a scalar; "" where it is no part of one."""
    path = scalar.key_path[-2] if scalar.key == "value" and len(scalar.key_path) > 1 else ""
    return path.rpartition("/")[2].rstrip("]") if isinstance(path, str) and path.startswith("[/") else ""


def parameter_path(name: str) -> Pointer:
    """Return the key path of a value that `helm --set` names: `image.tag`, `containers[0].image`."""
    return tuple(int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", name))


def _is_release_value(path: Pointer) -> bool:
    """Whether it is one of the values of a HelmRelease."""
    at = path.index("spec") if "spec" in path else 0
    return (
        at > 0 and str(path[at - 1]).strip("[]").startswith("HelmRelease/") and path[at + 1 : at + 2] == ("values",) and len(path) > at + 2
    )


def source_path(scalar: AuthoredScalar) -> Pointer:
    """Return the key path of a deployer's setting from its source on, as in an override file: `kustomize.images[web].newTag`."""
    path = scalar.key_path
    return next((path[path.index(key) :] for key in ("kustomize", "helm") if key in path), path)


def image_entry(scalar: AuthoredScalar) -> str:
    """Return the name for which the image looks that a deployer sets with a scalar; empty where it sets none."""
    path = scalar.key_path
    name = str(path[-2]) if len(path) > 2 and path[-3] == "images" else ""
    return name[1:-1] if scalar.layer.value == "deployer" and name.startswith("[") else ""


def sets_deployed_image(scalar: AuthoredScalar) -> bool:
    """Tell whether a scalar of a deployer sets an image or a part of one."""
    return scalar.layer.value == "deployer" and values_path(scalar)[-1] in _DEPLOYED_PARTS


def is_setting_of(scalar: AuthoredScalar, application: Application) -> bool:
    """Tell whether a scalar stands in the object of an application, or of the set that makes it; a file may hold others."""
    return scalar.layer.value == "deployer" and application.is_named_in(map(str, scalar.key_path))


def setting_name(scalar: AuthoredScalar) -> str:
    """Name a scalar as people do: `controlPlane.image.digest`, `images[nginx].newTag`."""
    return re.sub(r"\.\[", "[", dotted(values_path(scalar)))


def looks_like_image(text: str) -> bool:
    """Tell whether a text can be nothing but an image or its digest."""
    if is_digest(text):
        return True
    image, _ = read_reference(text) if "/" in text else (None, "")
    return image is not None and (image.digest is not None or (image.tag is not None and image.names_registry))


def setting_names(scalars: Iterable[AuthoredScalar]) -> list[str]:
    """Name several scalars, each with its place where others have the same name: `image.tag (app/values.yaml:3)`."""
    named = [(setting_name(scalar), scalar) for scalar in scalars]
    count = Counter(name for name, _ in named)
    return [name if count[name] == 1 else f"{name} ({one.path}:{one.region.start_line})" for name, one in named]
