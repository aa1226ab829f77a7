"""The types of a source in an Application: `ApplicationSource` in pkg/apis/application/v1alpha1/types.go of Argo CD."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentslint.deploy.source_types import ANYTHING, COUNT, FLAG, TEXT

_TEXTS = [TEXT]
_MAP = {"*": TEXT}
_TARGET = dict.fromkeys(("group", "version", "kind", "name", "namespace", "labelSelector", "annotationSelector"), TEXT)
SOURCE: Mapping[str, Any] = {
    **dict.fromkeys(("repoURL", "path", "targetRevision", "chart", "ref", "name"), TEXT),
    "helm": {
        **dict.fromkeys(("releaseName", "values", "version", "namespace", "kubeVersion"), TEXT),
        **dict.fromkeys(("passCredentials", "ignoreMissingValueFiles", "skipCrds", "skipSchemaValidation", "skipTests"), FLAG),
        "valueFiles": _TEXTS,
        "apiVersions": _TEXTS,
        "valuesObject": ANYTHING,
        "parameters": [{"name": TEXT, "value": TEXT, "forceString": FLAG}],
        "fileParameters": [{"name": TEXT, "path": TEXT}],
    },
    "kustomize": {
        **dict.fromkeys(("namePrefix", "nameSuffix", "version", "namespace", "kubeVersion"), TEXT),
        **dict.fromkeys(
            (
                *("forceCommonLabels", "forceCommonAnnotations", "commonAnnotationsEnvsubst", "labelWithoutSelector"),
                *("labelIncludeTemplates", "ignoreMissingComponents"),
            ),
            FLAG,
        ),
        "images": _TEXTS,
        "components": _TEXTS,
        "apiVersions": _TEXTS,
        "commonLabels": _MAP,
        "commonAnnotations": _MAP,
        "replicas": [{"name": TEXT, "count": COUNT}],
        "patches": [{"path": TEXT, "patch": TEXT, "target": _TARGET, "options": {"*": FLAG}}],
    },
    "directory": {
        **dict.fromkeys(("include", "exclude"), TEXT),
        **dict.fromkeys(("recurse", "disableExtensionFilter"), FLAG),
        "jsonnet": ANYTHING,
    },
    "plugin": {"name": TEXT, "env": [{"name": TEXT, "value": TEXT}], "parameters": ANYTHING},
}
