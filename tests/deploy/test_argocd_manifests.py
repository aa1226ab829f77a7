"""Applications are rendered as Argo CD's own code renders them: every case of `argocd/manifests`, whose outputs are Argo CD's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from agentslint.config.schema import Deploy
from agentslint.deploy.argo.argo_sources import application_of, listed_sources
from agentslint.deploy.deployer_object import objects_in
from agentslint.deploy.here import Here
from agentslint.deploy.listed import ListedSource
from agentslint.model import RenderFailure, Rendering
from agentslint.model.listed_manifests import items
from agentslint.render import KustomizeRenderer, Programs, RenderOptions
from agentslint.yamlread import compose, value

CASES = Path(__file__).with_name("argocd") / "manifests"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(scope="module")
def renderer(kustomize: Path, helm: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KustomizeRenderer]:
    made = KustomizeRenderer(Programs(kustomize, helm, "v4.2.4"), cache=tmp_path_factory.mktemp("cache"), parallel=True, offline=True)
    yield made
    made.close()


def sources(case: Path) -> list[ListedSource]:
    root = case / "repo"
    here = Here(root, Deploy(repositories=("https://git.example.com/acme/gitops.git",)))
    here.commit = COMMIT
    data = (case / "application.yaml").read_bytes()
    found = objects_in(root, "application.yaml", data)[0]
    return listed_sources(found, application_of(found, here), here)


def documents(data: bytes) -> list[Any]:
    """The manifests of a stream, those in a List each by itself."""
    bodies = (value(node) for node in compose(data, duplicate_keys=True))
    return [item for body in bodies if body is not None for _, item in items(body)]


NOT_OURS = {
    "kustomize-version-named": "which versions of kustomize are registered, the installation decides",
    "sources-ref-unknown": "the repository server refuses an unknown reference before it asks for manifests",
    "kustomize-without-enable-helm": "charts are inflated in any case",
    "directory-over-chart": "the application controller drops `directory: {recurse: false}` before it asks for manifests",
    "type-empty-kustomize-over-folder": "the application controller drops an empty `kustomize: {}` before it asks for manifests",
}
"""Where we answer otherwise than `GenerateManifests` alone, and why."""


@pytest.mark.sample(90)
@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir() if path.name not in NOT_OURS))
def test_a_source_is_rendered_as_argo_cd_renders_it(case: str, renderer: KustomizeRenderer) -> None:
    folder = CASES / case
    options = yaml.safe_load((folder / "oracle.yaml").read_text()) if (folder / "oracle.yaml").exists() else {}
    found = sources(folder)
    outcomes: list[Any] = []
    for each in found:
        if each.target is None:
            outcomes.append(each)
            continue
        build = tuple(word for word in str(options.get("buildOptions", "")).split() if word != "--enable-helm")
        asked = RenderOptions(build, options.get("kubeVersion", ""), tuple(options.get("apiVersions") or ()))
        outcomes.append(renderer.render(each.target, asked))
    error = folder / "error.txt"
    if error.exists():
        assert any(isinstance(each, (RenderFailure, ListedSource)) for each in outcomes), error.read_text()
        return
    unread = [each for each in outcomes if isinstance(each, ListedSource)]
    if unread and all(each.reason.startswith(("made by", "value file")) for each in unread):
        pytest.skip(f"not judged: {unread[0].reason}")
    rendered = [item for each in outcomes if isinstance(each, Rendering) for item in documents(each.stream)]
    assert [each for each in outcomes if not isinstance(each, Rendering)] == []
    assert rendered == documents((folder / "expected.yaml").read_bytes())
