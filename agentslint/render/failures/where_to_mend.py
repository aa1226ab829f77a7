"""The place at which to fix a failed render, from the most precise one that is known to the whole target."""

from __future__ import annotations

from collections.abc import Callable

from agentslint.authorship.lines import chart_entry, file_location
from agentslint.model import Certainty, Location
from agentslint.render.failures import (
    in_charts,
    in_deployers,
    in_generators,
    in_helm_output,
    in_kustomizations,
    in_named_files,
    in_objects,
    in_patches,
    in_yaml,
)
from agentslint.render.failures.failing import Failing, Placed

_FINDERS: tuple[Callable[[Failing], Location | Placed | None], ...] = (
    in_charts.text_for_mapping,
    in_charts.text_that_is_a_template,
    in_charts.template_line,
    in_deployers.refused_setting,
    in_charts.refused_value,
    in_charts.description,
    in_charts.unmerged_values,
    in_helm_output.duplicate_key,
    in_helm_output.no_object,
    in_helm_output.same_object,
    in_objects.no_number,
    in_helm_output.refused_template,
    in_yaml.broken_line,
    in_kustomizations.no_object,
    in_objects.twin,
    in_kustomizations.named_entry,
    in_kustomizations.named_path,
    in_named_files.named_path,
    in_kustomizations.unknown_field,
    in_kustomizations.wrong_field,
    in_named_files.configuration,
    in_named_files.plugin,
    in_named_files.replacement,
    in_patches.operation,
    in_patches.target,
    in_patches.strategy,
    in_patches.wrong_node,
    in_generators.repeated_key,
    in_generators.nameless,
    in_generators.literal,
    in_generators.merged,
    in_charts.entry,
    in_kustomizations.named_word,
)


def locate(failing: Failing) -> Placed:
    """Return the first place that any of the finders knows, else the kustomization nearest to the cause."""
    found = next((place for find in _FINDERS if (place := find(failing))), None)
    if found is None:
        return Placed(file_location(failing.target, failing.kustomization), Certainty.RESOURCE)
    return found if isinstance(found, Placed) else Placed(found)


def related(failing: Failing, location: Location) -> tuple[Location, ...]:
    """The `helmCharts` entry beside a place in a chart or in its values, and the value that a template stumbles over."""
    value = in_charts.named_value(failing)
    is_another = value is not None and (value.path, value.region.start_line) != (location.path, location.region.start_line)
    return (*((value,) if value and is_another else ()), *_entry(failing, location))


def _entry(failing: Failing, location: Location) -> tuple[Location, ...]:
    found = in_charts.entry(failing)
    entry = found.location if found else None
    if found is None and failing.called and location.path != failing.called.kustomization:
        entry = chart_entry(failing.called, failing.target.root)
    if entry is None or (entry.path, entry.region.start_line) == (location.path, location.region.start_line):
        return ()
    chart = in_charts.entry_of(failing) or failing.called
    return (Location(entry.path, entry.region, in_charts.rendered_by(chart) if chart else ""),)
