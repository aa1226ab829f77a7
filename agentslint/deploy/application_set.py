"""The ApplicationSets of Argo CD: their template, those of their generators, and the patch over all of them.

https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Template/, "Generator templates", "Template Patch".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from agentslint.deploy.argo_source import FILLED_IN, deployments_at, sources_at
from agentslint.deploy.deployment import Deployment, Overlay
from agentslint.model import Field, Manifest, Pointer

_TEMPLATE: Pointer = ("spec", "template", "spec")
_PATCH: Pointer = ("spec", "templatePatch")
_SOURCE = re.compile(r"\b(?:sources?|drySource)\b")
_CHANGES = re.compile(
    r"\b(?:kustomize|images|patches|components|kubeVersion|apiVersions|helm|parameters|fileParameters|plugin|path|chart|repoURL)\b"
)
"""Settings of a source that decide the deployed manifests."""
_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\n]*", re.M)
_WHOLE = re.compile(
    r"^[ \t]{0,200}(?:-[ \t]{1,20})?(?:['\"]?(?:spec|sources?|sourceHydrator|drySource)['\"]?[ \t]{0,8}:)?[ \t]{0,20}\{\{-?[ \t]{0,20}"
    r"(?![- \t]|/\*|(?:if|else|end|range|with|define|block|template|break|continue)\b|\$\w*[ \t]*:?=)(?:(?!\}\})[^\n])+\}\}[ \t]*$",
    re.M,
)
"""An action that writes whole lines, or a whole spec or source: its output is unknown."""


def set_deployments(manifest: Manifest) -> Iterator[Deployment]:
    """Yield what the template deploys, and each template of a generator, which Argo CD lays over it."""
    patch = _patch(manifest)
    base = list(deployments_at(manifest, _TEMPLATE))
    beneath = _single_source(manifest)
    special = [found for spec in _generator_templates(manifest) for found in deployments_at(manifest, spec, beneath)]
    # A template without a path leaves it to its generators.
    used = [each for each in base if each.path or each.chart or each.unknown or each.overlays or not special]
    found = [*used, *special]
    if patch is None:
        yield from found
    elif not found or not (found[0].path or found[0].chart or found[0].unknown):
        yield Deployment(manifest, unknown=FILLED_IN, overlays=(patch,))
        yield from found[1:]
    else:
        yield replace(found[0], overlays=(*found[0].overlays, patch))
        yield from found[1:]


def _single_source(manifest: Manifest) -> Mapping[str, Any]:
    pointers = sources_at(manifest, _TEMPLATE)
    source = manifest.at(pointers[0]) if len(pointers) == 1 and "sources" not in pointers[0] else None
    return source if isinstance(source, Mapping) else {}


def _generator_templates(manifest: Manifest) -> Iterator[Pointer]:
    pending: list[Pointer] = [("spec", "generators")]
    while pending:
        here = pending.pop(0)
        generators = manifest.at(here)
        for number, generator in enumerate(generators if isinstance(generators, list) else ()):
            for kind, body in generator.items() if isinstance(generator, Mapping) else ():
                if not isinstance(body, Mapping):
                    continue
                if isinstance(body.get("template"), Mapping):
                    yield (*here, number, str(kind), "template", "spec")
                if kind in ("matrix", "merge"):
                    pending.append((*here, number, str(kind), "generators"))


def _patch(manifest: Manifest) -> Overlay | None:
    """Return the patch where it may change the deployed manifests, rather than their labels or how they are synchronised."""
    text = manifest.at(_PATCH)
    if not isinstance(text, str):
        return None
    said = _COMMENT.sub("", text)
    changes = _SOURCE.search(said) and _CHANGES.search(said)
    return Overlay(Field(manifest, _PATCH), "templatePatch") if changes or _WHOLE.search(said) else None
