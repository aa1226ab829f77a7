"""Values of charts that are not in the repository: a person can only set them anew, in the entry that names the chart.

So that is tried: each default whose text occurs in a field gets a sentinel in the entry's own values, in one render. What
comes out names the value to set.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from agentslint import files
from agentslint.authorship.authored_scalar import AuthoredScalar, Layer, Segment
from agentslint.authorship.chart_values import ChartValues
from agentslint.authorship.lines import chart_entry
from agentslint.authorship.values_layers import LayerKind
from agentslint.errors import AgentslintError
from agentslint.experiment.marked_renders import MarkedRenders
from agentslint.experiment.read_marks import Marks, segments
from agentslint.experiment.value_changes import changed_files, put
from agentslint.facts.target_facts import TargetFacts
from agentslint.model import HelmChartEntry, Location, Manifest, Pointer, Region, TemplateCall
from agentslint.trace.asked import Asked, FieldKey
from agentslint.trace.candidates import is_within
from agentslint.yamlread import ONE_LINE, YamlError, compose, region_at, scalars

_LARGEST = 4 << 20
"""Bytes of a values file that is still read."""
_LARGEST_ARCHIVE = 64 << 20


class ChartFile(Struct, frozen=True):
    """A values file of a chart that nobody here wrote; `prefix` is where the chart's values stand among those that are given."""

    name: str
    data: bytes
    prefix: Pointer = ()


class Defaults(Struct):
    """Proves which default of a chart decides a field, for one entry of a target."""

    rendered: TargetFacts
    entry: HelmChartEntry
    folder: Path
    """Where the chart lay when it was rendered."""

    def prove(self, fields: Iterable[tuple[FieldKey, Asked]], changing: MarkedRenders) -> dict[FieldKey, tuple[Segment, ...]]:
        """Return the segments that defaults decide; their scalars stand in files of the chart."""
        fields = list(fields)
        values = ChartValues(self.rendered.target, self.entry)
        if any(layer.kind is LayerKind.GIVEN for layer in values.layers):
            return {}
        likely = [scalar for scalar in self.scalars() if any(is_within(scalar.text, one.text) for _, one in fields)]
        own = [scalar for scalar in likely if values.holder(tuple(map(str, scalar.key_path))) is None]
        marks = [(scalar, mark) for scalar in own if (mark := changing.mark(scalar))]
        try:
            changes = changed_files(values, [put(tuple(map(str, scalar.key_path)), mark.text) for scalar, mark in marks])
        except AgentslintError:
            return {}
        return self._read(fields, marks, changing, changes) if marks else {}

    def _read(
        self, fields: Sequence[tuple[FieldKey, Asked]], marks: Marks, changing: MarkedRenders, changes: dict[str, bytes]
    ) -> dict[FieldKey, tuple[Segment, ...]]:
        tainted = changing.rendered_with(changes, marks)
        found: dict[FieldKey, tuple[Segment, ...]] = {}
        for name, one in fields if tainted else ():
            after = tainted.text(one.place) if tainted else None
            if proven := segments(one.text, after, marks) if after is not None else None:
                found[name] = proven
        return found

    def scalars(self) -> Iterator[AuthoredScalar]:
        """Yield the texts of the chart's values files, and of the charts in it."""
        for file in chart_files(self.folder, self.rendered.target.root if self.entry.present else None):
            try:
                nodes = compose(file.data, file.name, duplicate_keys=True)
            except YamlError:
                continue
            for scalar in scalars(nodes[0]) if nodes else ():
                if scalar.style in ONE_LINE and all(isinstance(step, str) for step in scalar.pointer):
                    yield AuthoredScalar(file.name, scalar.region, scalar.text, "double", (*file.prefix, *scalar.pointer), Layer.CHART)

    def location(self, message: str = "") -> Location:
        """The entry that names the chart."""
        where = chart_entry(self.entry, self.rendered.target.root, message)
        return Location(where.path, where.region, message, ("helmCharts", self.entry.name, self.entry.release))

    def advice(self, scalar: AuthoredScalar) -> Location:
        """Which value to set, and where the chart has its default: at the entry's version, else at the entry."""
        key = ".".join(map(str, scalar.key_path))
        chart = " ".join(part for part in (self.entry.name, self.entry.version) if part)
        message = f"set {key} here: the chart {chart} has it in its {scalar.path}, line {scalar.region.start_line}"
        return Location(self.entry.kustomization, self._version() or self.location().region, message)

    def _version(self) -> Region | None:
        try:
            nodes = compose(files.read_in(self.rendered.target.root, self.entry.kustomization, files.KUSTOMIZATION), duplicate_keys=True)
        except (OSError, YamlError):
            return None
        pointers = [("helmCharts", number) for number in range(len(self.rendered.target.closure.charts))]
        for pointer in pointers if nodes else ():
            entry = region_at(nodes[0], pointer)
            if entry and entry.start_line == self.entry.line:
                return region_at(nodes[0], (*pointer, "version"))
        return None


def of_manifest(rendered: TargetFacts, manifest: Manifest) -> Defaults | None:
    """Return the defaults of the chart that made a manifest; None where no chart did, or one whose values are all in the repository."""
    call = rendered.call_of(manifest)
    for entry in rendered.target.closure.charts:
        if call and (entry.name, entry.release) == (call.chart, call.release):
            folder = rendered.target.root / entry.directory if entry.present and entry.directory else _rendered_from(rendered, call)
            packed = folder is not None and any(folder.glob("charts/*.tgz"))
            return Defaults(rendered, entry, folder) if folder and (packed or not entry.present) else None
    return None


def _rendered_from(rendered: TargetFacts, call: TemplateCall) -> Path | None:
    """The folder that helm was given: the shim keeps the words of each call, ended by NUL (`render/helm-shim.sh`)."""
    folder = rendered.rendering.calls if rendered.rendering else None
    for record in sorted(folder.glob("*.args")) if folder else ():
        _, release, chart, *_ = [*files.read(record).decode("utf-8", "replace").split("\0"), "", "", ""]
        if (release, Path(chart).name) == (call.release or "--generate-name", call.chart):
            return Path(chart)
    return None


def chart_files(folder: Path, root: Path | None) -> Iterator[ChartFile]:
    """Yield the values files of a chart and of those in it; of a chart that is in the repository at `root` only those that are packed."""
    if root is None:
        yield from _plain(folder)
    for archive in sorted(folder.glob("charts/*.tgz")):
        yield from _packed(root or folder, archive)


def _plain(folder: Path) -> Iterator[ChartFile]:
    for path in [folder / "values.yaml", *sorted(folder.glob("charts/*/values.yaml"))]:
        relative = path.relative_to(folder)
        with suppress(OSError):
            yield ChartFile(relative.as_posix(), files.read_in(folder, path, _LARGEST), tuple(relative.parts[1:-1]))


def _packed(root: Path, archive: Path) -> Iterator[ChartFile]:
    import tarfile
    import zlib

    try:
        with tarfile.open(fileobj=io.BytesIO(files.read_in(root, archive, _LARGEST_ARCHIVE))) as tar:
            for member in tar:
                parts = member.name.split("/")
                # A member that is a link stands for another one, which may be as large as it likes.
                wanted = member.isreg() and len(parts) == 2 and parts[1] == "values.yaml" and member.size <= _LARGEST
                if wanted and (file := tar.extractfile(member)):
                    yield ChartFile(f"charts/{archive.name}/{member.name}", file.read(), (parts[0],))
    except (OSError, EOFError, zlib.error, tarfile.TarError):
        return
