"""The data types of the pipeline: from a target to a located result.

Positions are 1-based; columns count Unicode code points; an end column is exclusive (SARIF 2.1.0, section 3.30).
Paths are POSIX and relative to the repository's root.
"""

from __future__ import annotations

from agentslint.model.certainty import Certainty
from agentslint.model.finding import Finding, Level, NotChecked, Place, Provenance, Related
from agentslint.model.manifest import Field, Manifest, ManifestHead
from agentslint.model.report import Failure, IgnoreUse, Report, Result, Suppression
from agentslint.model.target import (
    Above,
    Base,
    Closure,
    HelmChartEntry,
    ImagePin,
    RemoteReference,
    RenderFailure,
    Rendering,
    Target,
    TargetKind,
    TemplateCall,
    Unclear,
    Unread,
)
from agentslint.places import Location, Pointer, Region, dotted

__all__ = [
    "Above",
    "Base",
    "Certainty",
    "Closure",
    "Failure",
    "Field",
    "Finding",
    "HelmChartEntry",
    "IgnoreUse",
    "ImagePin",
    "Level",
    "Location",
    "Manifest",
    "ManifestHead",
    "NotChecked",
    "Place",
    "Pointer",
    "Provenance",
    "Region",
    "Related",
    "RemoteReference",
    "RenderFailure",
    "Rendering",
    "Report",
    "Result",
    "Suppression",
    "Target",
    "TargetKind",
    "TemplateCall",
    "Unclear",
    "Unread",
    "dotted",
]
