"""Kustomizations and the values of HelmReleases are what Flux's own code makes of them: the cases of `flux/`, whose outputs are Flux's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agentslint.config.schema import Deploy
from agentslint.deploy import BUILTIN
from agentslint.deploy.deployer import DeployContext
from agentslint.deploy.deployer_object import DeployerObject, objects_in
from agentslint.deploy.flux.flux_types import checked_spec
from agentslint.deploy.flux.flux_values import NotJudgedError, composed_values
from agentslint.deploy.here import Here
from agentslint.deploy.known_objects import KnownObjects
from agentslint.deploy.listed import ListedSource
from agentslint.model import RenderFailure
from agentslint.model.application import RecipeError
from agentslint.model.listed_manifests import items
from agentslint.render import KustomizeRenderer, Programs, RenderOptions
from agentslint.yamlread import compose, value

CASES = Path(__file__).with_name("flux")
URL = "https://git.example.com/acme/gitops.git"
FLUX = next(each for each in BUILTIN if each.name == "flux")


@pytest.fixture(scope="module")
def renderer(kustomize: Path, helm: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KustomizeRenderer]:
    made = KustomizeRenderer(Programs(kustomize, helm, "v3.22.0"), cache=tmp_path_factory.mktemp("cache"), parallel=True, offline=True)
    yield made
    made.close()


def around(case: Path) -> DeployContext:
    """The repository of a case, with what is in the cluster, as if it stood in the repository."""
    made = DeployContext(Here(case / "repo", Deploy(repositories=(URL,), branches=("main",))), KnownObjects())
    source = f"""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: flux-system, namespace: flux-system}}
spec: {{url: '{URL}', ref: {{branch: main}}}}
"""
    cluster = case / "cluster.yaml"
    for data in (source.encode(), cluster.read_bytes() if cluster.exists() else b""):
        for each in objects_in(case, "cluster.yaml", data):
            made.objects.add(each)
    return made


def object_of(case: Path) -> DeployerObject:
    return objects_in(case, "object.yaml", (case / "object.yaml").read_bytes())[0]


def documents(data: bytes) -> list[Any]:
    bodies = (value(node) for node in compose(data, duplicate_keys=True))
    return [item for body in bodies if body is not None for _, item in items(body)]


def in_order(data: bytes) -> list[Any]:
    """The manifests of a stream; the command sorts them by kind, Flux applies them in an order of its own."""
    return sorted(documents(data), key=lambda body: (body["kind"], body["metadata"]["name"]))


@pytest.mark.sample(40)
@pytest.mark.parametrize("case", sorted(path.name for path in (CASES / "kustomizations").iterdir()))
def test_a_kustomization_is_built_as_flux_builds_it(case: str, renderer: KustomizeRenderer) -> None:
    folder = CASES / "kustomizations" / case
    (row,) = FLUX.listed(object_of(folder), around(folder))
    outcome = renderer.render(row.target, RenderOptions()) if row.target else row
    if (folder / "error.txt").exists():
        assert isinstance(outcome, (RenderFailure, ListedSource)), (folder / "error.txt").read_text()
        assert not isinstance(outcome, ListedSource) or outcome.problem
        return
    assert not isinstance(outcome, (RenderFailure, ListedSource)), outcome
    assert in_order(outcome.stream) == in_order((folder / "expected.yaml").read_bytes())


@pytest.mark.parametrize("case", sorted(path.name for path in (CASES / "values").iterdir()))
def test_values_are_composed_as_flux_composes_them(case: str) -> None:
    folder = CASES / "values" / case
    found = object_of(folder)
    if (folder / "error.txt").exists():
        with pytest.raises(RecipeError) as failed:
            composed_values(found, checked_spec(found.body), around(folder).objects, {})
        assert not isinstance(failed.value, NotJudgedError)
        return
    values = composed_values(found, checked_spec(found.body), around(folder).objects, {})
    assert values == (documents((folder / "expected.yaml").read_bytes()) or [{}])[0]
