"""Flux may deploy to several clusters from one repository, and its messages name its own keys and no credentials."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentslint.config.schema import Deploy
from agentslint.deploy.deployer import DeployContext
from agentslint.deploy.deployer_object import objects_in
from agentslint.deploy.flux.flux_charts import chart_of
from agentslint.deploy.flux.flux_kustomization import component_folders
from agentslint.deploy.here import Here
from agentslint.deploy.known_objects import KnownObjects
from tests.deploy.test_flux_objects import BASE, CHART, kustomization, release, report
from tests.suppress.command_in_process import Run, Tree


@pytest.mark.parametrize(("one", "other", "twice"), [("blue", "green", 0), ("blue", "blue", 1)])
@pytest.mark.parametrize("reference", ["secretRef", "configMapRef"])
def test_what_goes_to_two_clusters_is_deployed_once_each(reference: str, one: str, other: str, twice: int, run: Run, tree: Tree) -> None:
    files = {
        f"clusters/{number}.yaml": kustomization(f"  kubeConfig: {{{reference}: {{name: {cluster}}}}}\n", name=f"web-{number}")
        for number, cluster in enumerate((one, other))
    }
    done = run("lint", ".", "-f", "json", "--select", "deployed-twice", cwd=tree.write({**BASE, **files}))
    assert len(done.places("deployed-twice")) == twice


def test_two_tenants_may_name_the_access_to_their_clusters_alike(run: Run, tree: Tree) -> None:
    own = kustomization("  kubeConfig: {secretRef: {name: kubeconfig}}\n").replace("fleet}", "fleet, namespace: flux-system}")
    files = {f"clusters/{each}.yaml": own.replace("web, namespace: flux-system", f"web, namespace: {each}") for each in ("eu", "us")}
    done = run("lint", ".", "-f", "json", "--select", "deployed-twice", cwd=tree.write({**BASE, **files}))
    assert (done.status, done.places("deployed-twice")) == (0, [])


def test_a_component_whose_name_begins_with_dots_is_no_way_out(run: Run, tree: Tree) -> None:
    files = {
        "..w/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -a\n",
        "clusters/web.yaml": kustomization("  components: [../../..w]\n"),
    }
    done = run("lint", ".", "-f", "json", cwd=tree.write({**BASE, **files}))
    assert component_folders({"components": ["../../..w"]}, "apps/web", tree.root) == ["..w"]
    assert not any("leads out" in row["message"] for row in report(done)["results"])


def test_a_missing_values_file_names_the_key_of_flux(run: Run, tree: Tree) -> None:
    text = release().replace("}}}\n", "}, valuesFiles: [charts/web/absent.yaml]}}\n")
    done = run("lint", ".", "-f", "json", cwd=tree.write({**CHART, "clusters/web.yaml": text}))
    assert ["set ignoreMissingValuesFiles" in message for message in done.messages("application-source")] == [True]


def test_a_pinned_chart_is_named_without_credentials(tmp_path: Path) -> None:
    held = (
        "apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: {name: web, namespace: flux-system}\n"
        f"spec: {{url: 'oci://me:hunter2@registry.example.com/charts/web', ref: {{digest: 'sha256:{'1' * 64}'}}}}\n---\n"
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web, namespace: flux-system}\n"
        "spec: {chartRef: {kind: OCIRepository, name: web}}\n"
    )
    repository, found = objects_in(tmp_path, "web.yaml", held.encode())
    around = DeployContext(Here(tmp_path, Deploy()), KnownObjects())
    around.objects.add(repository)
    assert chart_of(found, around).elsewhere.endswith("in oci://registry.example.com/charts/web")
