"""Places of failures that have to do with charts: a line of a template, a refused value, the chart's own description, the entry."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from msgspec.structs import replace

from agentslint import files
from agentslint.authorship.lines import chart_entry, documents, file_location, first_line, folder_of, line_region, written
from agentslint.model import Certainty, HelmChartEntry, Location, Pointer, TargetKind
from agentslint.render.failures.failing import Failing, Placed
from agentslint.render.failures.in_helm_output import objects_in
from agentslint.render.failures.refused_values import refused
from agentslint.yamlread import MappingNode, Node, Scalar, region_at, scalars

_SAID_BY_CHART = re.compile(r"execution error at \(([\w.@+-]+/[^\s:()]+):(\d+)")
_TEMPLATE = re.compile(r"(?:template: |parse error at \(|started at )[\w.@+-]+/([^\s:()]+):(\d+)")
_SCHEMA_OF = re.compile(r"in the following chart\(s\):\s*([^\s:]+):")
_DEPENDENCY = re.compile(r"missing in charts/ directory: ([^\s,]+)")
_DESCRIBED = re.compile(r"validation: chart\.metadata\.|requires kubeVersion: ")
_VALIDATED = re.compile(r'validation: chart\.metadata\.(\w+) "([^"]*)"')
_CONFIGURED = re.compile(r"HelmChartInflationGenerator with config: `\n((?:(?!HelmChartInflationGenerator with config: ).)*?)\n`", re.S)
_TAKEN = re.compile(r" at <[^>\n]*?\.Values\.([\w-]+(?:\.[\w-]+)*)")
_IN_TPL = re.compile(r"error calling tpl: |template: gotpl:\d")
_NO_FIELD = re.compile(r"can't evaluate field \w+ in type (?:interface \{\}|string|int64|float64|bool)")
_UNMERGED = re.compile(r"could not parse values file into rnode: EOF|could not merge values: wrong node kind")
_AFTER_HELM = re.compile(r"unable to run: '\S+ template |rnode slice|into resource map|reading helm output|merging from generator")


def template_line(failing: Failing) -> Location | None:
    """The line that helm names, where the chart is in the repository: the innermost one of templates that include each other."""
    entry = entry_of(failing)
    said = _SAID_BY_CHART.search(failing.text)
    named = [(said.group(1).partition("/")[2], said.group(2))] if said else _TEMPLATE.findall(failing.text)
    if entry is None or not named or not (directory := _directory(entry)):
        return None
    path = f"{directory}/{named[-1][0]}"
    root = failing.target.root
    return Location(path, line_region(root, path, int(named[-1][1]))) if files.is_file_in(root, path) else None


def text_that_is_a_template(failing: Failing) -> Placed | None:
    """The value that `tpl` takes for a template, where that is what fails: the one that holds the failing words, with the `tpl` itself."""
    entry, named = entry_of(failing), _TAKEN.findall(failing.text)
    called = template_line(failing)
    if entry is None or called is None or not _IN_TPL.search(failing.text):
        return None
    related = (replace(called, message="filled in by tpl here"),)
    for path, node, prefix in _all_values(failing, entry) if named else ():
        for scalar in scalars(node):
            if scalar.pointer[: len(prefix)] == prefix and "{{" in scalar.text and f".Values.{named[-1]}" in scalar.text:
                return Placed(failing.at(path, scalar), Certainty.MATCHED, related)
    return Placed(called, Certainty.MATCHED)


def refused_value(failing: Failing) -> Location | None:
    """The first value that the chart's schema refuses, where it is written: inline, in a values file, or in those of the chart."""
    entry, chart = entry_of(failing), _SCHEMA_OF.search(failing.text)
    if entry is None or chart is None:
        return None
    layers = list(_all_values(failing, entry))
    for steps in filter(None, refused(failing.text)):
        pointer = steps if chart.group(1) == entry.name else (chart.group(1), *steps)
        for path, node, prefix in layers:
            region = region_at(node, (*prefix, *pointer))
            if region and region.start_line != region.end_line:
                region = region_at(node, (*prefix, *pointer), key=True)
            if region:
                return Location(path, first_line(region, failing.target.root, path))
    return None


def named_value(failing: Failing) -> Location | None:
    """The value that a template stumbles over (`.Values.image.tag`), as far as anybody writes it: else what it should be a part of."""
    entry, named = entry_of(failing), _TAKEN.findall(failing.text)
    if entry is None or not named:
        return None
    steps = tuple(named[-1].split("."))
    layers = list(_all_values(failing, entry))
    for depth in range(len(steps), 0, -1):
        for path, node, prefix in layers:
            pointer = (*prefix, *steps[:depth])
            if region := region_at(node, pointer, key=True):
                return Location(path, first_line(region, failing.target.root, path), f"{'.'.join(steps[:depth])} is set here")
    return None


def text_for_mapping(failing: Failing) -> Placed | None:
    """The text that values set where a template takes a part of it (`.Values.image.tag` of `image: web:v1`), with the template's line."""
    entry, named = entry_of(failing), _TAKEN.findall(failing.text)
    line = template_line(failing)
    if entry is None or not named or not _NO_FIELD.search(failing.text):
        return None
    steps = tuple(named[-1].split("."))
    if _may_be_set_by_deployer(failing, entry, steps[0]):
        return None
    for path, node, prefix in _values(failing, entry):
        for depth in range(1, len(steps)):
            pointer = (*prefix, *steps[:depth])
            if text := next((scalar for scalar in scalars(node) if scalar.pointer == pointer), None):
                related = (replace(line, message="the template takes a part of it here"),) if line else ()
                return Placed(failing.at(path, text), Certainty.MATCHED, related)
            if region_at(node, (*prefix, *steps[: depth + 1])) is None and region_at(node, pointer):
                break
    return None


def _may_be_set_by_deployer(failing: Failing, entry: HelmChartEntry, key: str) -> bool:
    """Whether the object of a deployer sets a value in a text or by a parameter, which no place is known of."""
    for node in _deployer_objects(failing, entry):
        for scalar in scalars(node):
            if scalar.pointer[-2:] == ("helm", "values"):
                return True
            if scalar.pointer[-1:] == ("name",) and "parameters" in scalar.pointer and re.match(rf"{re.escape(key)}\b", scalar.text):
                return True
    return False


def description(failing: Failing) -> Location | Placed | None:
    """A place in a local chart's metadata: a missing dependency, the required Kubernetes version."""
    entry = entry_of(failing)
    missing, described = _DEPENDENCY.search(failing.text), _DESCRIBED.search(failing.text)
    directory = _directory(entry) if entry else ""
    if not directory or not (missing or described):
        return None
    path, validated = f"{directory}/Chart.yaml", _VALIDATED.search(failing.text)
    for scalar in written(failing.target, path):
        if validated and scalar.pointer == (validated[1],) and scalar.text == validated[2]:
            return failing.at(path, scalar)
        if missing and scalar.pointer[::2] == ("dependencies", "name") and scalar.text == missing.group(1):
            return failing.at(path, scalar)
        if "kubeVersion" in failing.text and scalar.pointer == ("kubeVersion",):
            return failing.at(path, scalar)
    return Placed(file_location(failing.target, path), Certainty.RESOURCE)


def unmerged_values(failing: Failing) -> Placed | None:
    """The values that kustomize cannot merge with those in the entry: an empty file, or one that is a list. It names neither."""
    if not _UNMERGED.search(failing.text):
        return None
    charts = failing.target.closure.charts
    found = {path: chart for chart in reversed(charts) for path in _merged_files(failing, chart) if not _is_mapping(failing, path)}
    if not found:
        return None
    path, chart = list(found.items())[-1]
    beside = chart_entry(chart, failing.target.root, rendered_by(chart))
    return Placed(file_location(failing.target, path), Certainty.EXACT if len(found) == 1 else Certainty.MATCHED, (beside,))


def _merged_files(failing: Failing, entry: HelmChartEntry) -> Iterator[str]:
    """The file that kustomize merges with the values of an entry: its `valuesFile`, else the chart's own (`createNewMergedValuesFile`)."""
    settings = list(_settings(failing, entry))
    if any("valuesInline" in scalar.pointer for scalar in settings):
        named = [scalar.text for scalar in settings if scalar.pointer[-1:] == ("valuesFile",)]
        own = f"{_directory(entry)}/values.yaml" if _directory(entry) else ""
        yield from [posixpath.normpath(f"{folder_of(entry.kustomization)}/{named[0]}")] if named else [own] if own else []


def _is_mapping(failing: Failing, path: str) -> bool:
    """Tell whether a file holds what can be merged; one that cannot be read is another failure's."""
    if not files.is_file_in(failing.target.root, path):
        return True
    found = documents(failing.target, path)
    if found:
        return isinstance(found[0], MappingNode)
    return any(text.strip() and not text.lstrip().startswith(("#", "---")) for text in files.text_in(failing.target.root, path).split("\n"))


def entry(failing: Failing) -> Placed | None:
    """The `helmCharts` entry of the chart that failed, or the setting of it that the message quotes."""
    chart = entry_of(failing)
    if chart is None:
        return None
    quoted = (scalar for scalar in _settings(failing, chart) if f'"{scalar.text}"' in failing.trail.cause)
    setting = next((failing.at(chart.kustomization, scalar) for scalar in quoted), None)
    return Placed(setting) if setting else Placed(chart_entry(chart, failing.target.root), Certainty.CHART)


def rendered_by(entry: HelmChartEntry) -> str:
    """Say what the entry of a chart is."""
    return "rendered by this helmCharts entry" if entry.value_files is None else "the deployer's source"


def entry_of(failing: Failing) -> HelmChartEntry | None:
    """Return the chart that a failure is about; of several, one in the kustomization nearest to the cause."""
    found = sorted(_candidates(failing), key=lambda chart: chart.kustomization != failing.kustomization)
    return found[0] if found else None


def _candidates(failing: Failing) -> list[HelmChartEntry]:
    charts = failing.target.closure.charts
    if failing.target.kind is TargetKind.CHART:
        return list(charts[:1])
    if "no repo specified for pull" in failing.text:
        return [chart for chart in charts if not chart.repo and not chart.present]
    if configured := _CONFIGURED.search(failing.text):
        name = re.search(r"^name: (\S+)$", configured.group(1), re.M)
        return [chart for chart in charts if name and chart.name == name.group(1)]
    call = failing.call
    if call and _AFTER_HELM.search(failing.text):
        named = [chart for chart in charts if chart.name == call.chart]
        return [chart for chart in named if chart.release == call.release] or named
    if " pull " in failing.text:
        return [chart for chart in charts if re.search(rf"(?<![\w-]){re.escape(chart.name)}(?![\w-])", failing.text)]
    return [chart for chart in charts if f"'{chart.directory}/" in failing.text or f"/{chart.name}-kustomize-values.yaml: " in failing.text]


def values_files(failing: Failing, entry: HelmChartEntry) -> Iterator[str]:
    """Yield the values files of an entry, the one that wins first; the chart's own is not among them."""
    if entry.value_files is not None:
        yield from reversed(entry.value_files)
        return
    folder = folder_of(entry.kustomization)
    names = ("valuesFile", "additionalValuesFiles")
    files = [scalar for scalar in _settings(failing, entry) if scalar.pointer[2] in names]
    files.sort(key=lambda scalar: names.index(str(scalar.pointer[2])))
    yield from (posixpath.normpath(f"{folder}/{scalar.text}") for scalar in reversed(files))


def _settings(failing: Failing, entry: HelmChartEntry) -> Iterator[Scalar]:
    """The scalars of an entry of `helmCharts`, or of a generator's own file."""
    for node in documents(failing.target, entry.kustomization)[:1]:
        number = _number(node, entry)
        if number < 0:
            yield from (replace(scalar, pointer=("helmCharts", 0, *scalar.pointer)) for scalar in scalars(node))
        yield from (scalar for scalar in scalars(node) if scalar.pointer[:2] == ("helmCharts", number) and len(scalar.pointer) > 2)


def _number(node: Node, entry: HelmChartEntry) -> int:
    number = 0
    while region := region_at(node, ("helmCharts", number)):
        if region.start_line == entry.line:
            return number
        number += 1
    return -1


def _values(failing: Failing, entry: HelmChartEntry) -> Iterator[tuple[str, Node, Pointer]]:
    for node in documents(failing.target, entry.kustomization)[:1] if entry.value_files is None else ():
        yield entry.kustomization, node, ("helmCharts", _number(node, entry), "valuesInline")
    for node in _deployer_objects(failing, entry) if entry.inline else ():
        yield entry.kustomization, node, entry.inline or ()
    for path in values_files(failing, entry):
        for node in documents(failing.target, path)[:1]:
            yield path, node, ()


def _all_values(failing: Failing, entry: HelmChartEntry) -> Iterator[tuple[str, Node, Pointer]]:
    """The same, then the chart's own."""
    yield from _values(failing, entry)
    own = f"{_directory(entry)}/values.yaml" if _directory(entry) else ""
    for node in documents(failing.target, own)[:1]:
        yield own, node, ()


def _deployer_objects(failing: Failing, entry: HelmChartEntry) -> Iterator[Node]:
    """The object of a deployer that a chart's entry stands in, be it an item of a List; none for an entry of a kustomization."""
    for document in documents(failing.target, entry.kustomization) if entry.value_files is not None else ():
        for node in objects_in(document):
            if node.region.start_line <= entry.line <= node.region.end_line:
                yield node


def _directory(entry: HelmChartEntry) -> str:
    """The folder of a chart that is in the repository; one that was pulled is not."""
    return entry.directory or "" if entry.present else ""
