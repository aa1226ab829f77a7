"""The types of Flux's objects, as its CustomResourceDefinitions have them.

https://fluxcd.io/flux/components/kustomize/api/v1/, https://fluxcd.io/flux/components/helm/api/v2/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentslint.deploy.source_types import ANYTHING, FLAG, TEXT, checked

KUSTOMIZE, HELM, SOURCE = "kustomize.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io", "source.toolkit.fluxcd.io"
SOURCES = ("GitRepository", "OCIRepository", "HelmRepository", "HelmChart", "Bucket", "ExternalArtifact")

_TEXTS = [TEXT]
_MAP = {"*": TEXT}
_REFERENCE = {"kind": TEXT, "name": TEXT, "namespace": TEXT}
_IMAGES = [dict.fromkeys(("name", "newName", "newTag", "digest"), TEXT)]
_TARGET = dict.fromkeys(("group", "version", "kind", "name", "namespace", "labelSelector", "annotationSelector"), TEXT)
_PATCHES = [{"patch": TEXT, "target": _TARGET}]
_OLD_PATCHES = {"patchesStrategicMerge": [ANYTHING], "patchesJson6902": [{"patch": [ANYTHING], "target": _TARGET}]}
"""Fields of v1beta2; v1 has `patches` alone."""
_METADATA = {"labels": _MAP, "annotations": _MAP}
CHART: Mapping[str, Any] = {
    **dict.fromkeys(("chart", "version", "valuesFile"), TEXT),
    "sourceRef": _REFERENCE,
    "valuesFiles": _TEXTS,
    "ignoreMissingValuesFiles": FLAG,
}
_ACTION = {**dict.fromkeys(("disableHooks", "disableSchemaValidation", "skipCRDs"), FLAG), "crds": TEXT}
SPECS: Mapping[str, Mapping[str, Any]] = {
    "Kustomization": {
        **dict.fromkeys(("path", "targetNamespace", "namePrefix", "nameSuffix"), TEXT),
        **dict.fromkeys(("suspend", "ignoreMissingComponents"), FLAG),
        "sourceRef": _REFERENCE,
        "images": _IMAGES,
        "patches": _PATCHES,
        **_OLD_PATCHES,
        "components": _TEXTS,
        "buildMetadata": _TEXTS,
        "commonMetadata": _METADATA,
        "postBuild": {
            "substitute": _MAP,
            "substituteFrom": [{"kind": TEXT, "name": TEXT, "optional": FLAG}],
            "substituteStrategy": TEXT,
        },
    },
    "HelmRelease": {
        **dict.fromkeys(("releaseName", "targetNamespace", "storageNamespace"), TEXT),
        "suspend": FLAG,
        "chart": {"spec": CHART},
        "chartRef": _REFERENCE,
        "values": ANYTHING,
        "valuesFrom": [{**dict.fromkeys(("kind", "name", "valuesKey", "targetPath"), TEXT), "optional": FLAG, "literal": FLAG}],
        "commonMetadata": _METADATA,
        "postRenderers": [{"kustomize": {"images": _IMAGES, "patches": _PATCHES, **_OLD_PATCHES}}],
        "install": _ACTION,
    },
}


def checked_spec(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the `spec` of an object with the types of Flux; raises SourceError where the API server would refuse it."""
    spec: Mapping[str, Any] = checked(body.get("spec") or {}, SPECS[str(body.get("kind"))], "Flux", ("spec",))
    # Nulls in values say something: they take a default away.
    checked(spec.get("values"), {}, "Flux", ("spec", "values"))
    return spec
