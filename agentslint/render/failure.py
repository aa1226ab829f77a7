"""Why a render failed, in one sentence and at the place that a person can mend."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from agentslint.model import HelmChartEntry, Location, Region, RenderFailure, Target
from agentslint.yamlread import YamlError, compose, scalars

_HELM_CALL = re.compile(r":? unable to run: '.*", re.S)
_TEMPLATE = re.compile(r"\(([\w.-]+(?:/[\w.-]+)+\.\w+):(\d+)(?::(\d+))?\)|template: ([\w.-]+(?:/[\w.-]+)+\.\w+):(\d+)(?::(\d+))?")
_ACCUMULATING = re.compile(r"accumulat\w+ (?:resources|components|directory)[^']*(?:err=)?'?")
_YAML_LINE = re.compile(r"yaml: (?:unmarshal errors:\s*)?line (\d+):")
_IN_FILE = re.compile(r"in File: (\S+)")


def explain(target: Target, stderr: str, rendered_from: Path) -> RenderFailure:
    """Turn what the renderer said into a located failure; `rendered_from` is the root that its paths begin with."""
    text = relative_paths(stderr.strip(), target.root, rendered_from)
    return RenderFailure(target, "kustomize", cause(text), locate(target, text), text, related(target, text))


def relative_paths(text: str, *roots: Path) -> str:
    """Cut the roots (also as the system resolves them) off every path in `text`."""
    for root in {str(variant) for root in roots for variant in (root, root.resolve())}:
        text = text.replace(root + "/", "").replace(f"'{root}'", "'.'")
    return text


def cause(text: str) -> str:
    """Shorten nested wrapping to the innermost cause; warnings and helm's command line are dropped."""
    text = "\n".join(line for line in text.splitlines() if not line.startswith(("# Warning:", "WARNING:")))
    text = _HELM_CALL.sub("", text)
    text = re.split(r"\n+Use --debug flag", text)[0]
    text = re.sub(r"^(Error: )+", "", text.strip())
    if "accumulat" in text:
        text = _innermost(text)
    text = re.sub(r"^execution error at \([^)]*\): ", "", text)
    return re.sub(r"\s*\n\s*", " ", text).strip() or "the renderer failed without a word"


def _innermost(text: str) -> str:
    """kustomize nests `accumulating resources from 'x': cause': must build at directory: other cause`."""
    names = re.findall(r"accumulat\w+ (?:resources|components) from '([^']+)'", text)
    tail = re.split(r"accumulat\w+ (?:resources|components) from '[^']+': ", text)[-1]
    tail = re.split(r"': (?:must build at directory|failed to run|evalsymlink failure)", tail)[0]
    tail = re.sub(r"^(?:recursed )?accumulat\w+ [^:]*: ", "", tail).rstrip("'")
    missing = re.search(r"evalsymlink failure on '([^']+)'|no such file or directory", tail)
    if missing:
        return f"{names[-1] if names else missing.group(1)}: no such file or directory"
    return tail if not names or names[-1] in tail else f"{names[-1]}: {tail}"


def locate(target: Target, text: str) -> Location:
    """Point at the template line of a local chart, the line of broken YAML, or the entry of the kustomization."""
    return _template_line(target, text) or _yaml_line(target, text) or _chart_of(target, text) or _entry(target, text)


def related(target: Target, text: str) -> tuple[Location, ...]:
    """The `helmCharts` entry beside a template's line."""
    if _template_line(target, text) and (entry := _chart_of(target, text)):
        return (Location(entry.path, entry.region, "rendered by this helmCharts entry"),)
    return ()


def whole_target(target: Target, message: str = "") -> Location:
    """The first key of the target's own file: for what concerns all of it."""
    first = next(_authored(target, target.file), None)
    return Location(target.file, first[1] if first else Region(1, 1, 1, 1), message)


def chart_entry(chart: HelmChartEntry, root: Path, message: str = "") -> Location:
    """The line of a `helmCharts` entry."""
    return Location(chart.kustomization, whole_line(root / chart.kustomization, chart.line), message)


def whole_line(path: Path, line: int, column: int = 0) -> Region:
    """The text of a line, without its indentation (or from `column` on)."""
    try:
        lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError:
        lines = []
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    start = column or len(text) - len(text.lstrip()) + 1
    return Region(line, start, line, max(len(text.rstrip()) + 1, start + 1))


def _template_line(target: Target, text: str) -> Location | None:
    for match in _TEMPLATE.finditer(text):
        template, line = match.group(1) or match.group(4), int(match.group(2) or match.group(5))
        chart, _, rest = template.partition("/")
        for entry in target.closure.charts:
            if entry.name == chart and entry.directory and entry.present and (target.root / entry.directory / rest).is_file():
                path = f"{entry.directory}/{rest}"
                return Location(path, whole_line(target.root / path, line))
    return None


def _yaml_line(target: Target, text: str) -> Location | None:
    """Broken YAML: ask our own reader for the line, since the renderer counts from the document's start, if at all."""
    if "yaml" not in text.lower():
        return None
    named = _IN_FILE.findall(text)
    candidates = sorted((path for path in target.closure.files if any(_names(path, name) for name in named)), key=len)
    for path in [*candidates, *target.closure.kustomizations, *sorted(target.closure.files)]:
        try:
            compose((target.root / path).read_bytes(), path)
        except YamlError as error:
            return Location(path, whole_line(target.root / path, error.line, error.column))
        except OSError:
            continue
    return None


def _names(path: str, name: str) -> bool:
    return path == name or path.endswith("/" + name.lstrip("./"))


def _chart_of(target: Target, text: str) -> Location | None:
    if "helm" not in text and "chart" not in text:
        return None
    named = [chart for chart in target.closure.charts if re.search(rf"(?<![\w-]){re.escape(chart.name)}(?![\w-])", text)]
    releases = [chart for chart in named if chart.release and f"template {chart.release} " in text]
    chosen = (releases or named)[:1]
    return chart_entry(chosen[0], target.root) if chosen else None


def _entry(target: Target, text: str) -> Location:
    """The scalar of a kustomization that the message speaks of: the longest one that occurs in it."""
    best: tuple[int, Location] | None = None
    for path in target.closure.kustomizations:
        for scalar, region in _authored(target, path):
            word = scalar.removeprefix("./")
            found = len(word) > 3 and re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text)
            if found and (best is None or len(word) > best[0]):
                best = (len(word), Location(path, region))
    return best[1] if best else whole_target(target)


def _authored(target: Target, path: str) -> Iterator[tuple[str, Region]]:
    """Scalars of a file, those of `resources` and the like only: names such as apiVersion say nothing about a cause."""
    try:
        nodes = compose((target.root / path).read_bytes(), path)
    except (OSError, YamlError):
        return
    for node in nodes:
        for scalar in scalars(node):
            if scalar.pointer[:1] not in (("apiVersion",), ("kind",)) and "\n" not in scalar.text:
                yield scalar.text, scalar.region
