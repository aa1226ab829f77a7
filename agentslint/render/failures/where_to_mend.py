"""The place at which to fix a failed render, from the most precise one that is known to the whole target."""

from __future__ import annotations

from agentslint.authorship.lines import file_location
from agentslint.model import Location
from agentslint.render.failures import in_charts, in_kustomizations, in_yaml
from agentslint.render.failures.failing import Failing

_FINDERS = (
    in_charts.template_line,
    in_charts.refused_value,
    in_charts.description,
    in_yaml.broken_line,
    in_kustomizations.no_object,
    in_kustomizations.named_entry,
    in_kustomizations.named_path,
    in_kustomizations.unknown_field,
    in_kustomizations.wrong_field,
    in_kustomizations.patch,
    in_kustomizations.generated,
    in_charts.entry,
    in_kustomizations.named_word,
)


def locate(failing: Failing) -> Location:
    """Return the first place that any of the finders knows, else the kustomization nearest to the cause."""
    found = (find(failing) for find in _FINDERS)
    return next((location for location in found if location), None) or file_location(failing.target, failing.kustomization)


def related(failing: Failing, location: Location) -> tuple[Location, ...]:
    """The `helmCharts` entry beside a place in a chart or in its values."""
    entry = in_charts.entry(failing)
    if entry is None or (entry.path, entry.region.start_line) == (location.path, location.region.start_line):
        return ()
    return (Location(entry.path, entry.region, "rendered by this helmCharts entry"),)
