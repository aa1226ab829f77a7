"""A rendered object is that of the document whose name kustomize gives to it, not of one whose name is a part of it."""

from __future__ import annotations

import json

import pytest

from agentslint.engine.open_session import open_session
from agentslint.engine.run_options import RunOptions
from agentslint.engine.session import rendered_targets
from tests.suppress.command_in_process import Run, Tree


def cluster(name: str) -> str:
    return f"apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata:\n  name: {name}\nspec:\n  instances: 1\n"


def component(more: str) -> str:
    return f"apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n{more}\n"


def transformer(kind: str, text: str) -> str:
    part = kind.lower()
    where = "fieldSpecs: [{path: metadata/name}]"
    return f"apiVersion: builtin\nkind: {kind}Transformer\nmetadata: {{name: names}}\n{part}: {text}\n{where}\n"


IN_PLACE = transformer("Suffix", "-prod").rstrip().replace("\n", "\n  ")
LISTED = "resources: [../base/a.yaml, ../base/b.yaml]\n"
NAMED: dict[str, dict[str, str]] = {
    "a prefix": {"app/kustomization.yaml": "resources: [../base]\nnamePrefix: prod-\n"},
    "a suffix": {"app/kustomization.yaml": "resources: [../base]\nnameSuffix: -prod\n"},
    "in JSON, in other letters": {"app/kustomization.yaml": '{"resources": ["../base"], "NamePrefix": "prod-"}'},
    "two overlays": {
        "app/kustomization.yaml": "resources: [../middle]\nnamePrefix: pro\n",
        "middle/kustomization.yaml": "resources: [../base]\nnamePrefix: d-\n",
    },
    "a component": {
        "app/kustomization.yaml": "resources: [../base]\ncomponents: [../named]\n",
        "named/kustomization.yaml": component("namePrefix: prod-"),
    },
    "components in a component": {
        "app/kustomization.yaml": "resources: [../base]\ncomponents: [../outer]\nnamePrefix: pr\n",
        "outer/kustomization.yaml": component("components: [../inner]\nnamePrefix: o"),
        "inner/kustomization.yaml": component("namePrefix: d-"),
    },
    "a transformer in a file": {
        "app/kustomization.yaml": "resources: [../base]\ntransformers: [p.yaml]\n",
        "app/p.yaml": transformer("Prefix", "prod-"),
    },
    "a transformer in place": {"app/kustomization.yaml": f"resources: [../base]\ntransformers:\n- |-\n  {IN_PLACE}\n"},
    "a folder of transformers": {
        "app/kustomization.yaml": "resources: [../base]\ntransformers: [../names]\n",
        "names/kustomization.yaml": "resources: [p.yaml]\n",
        "names/p.yaml": transformer("Prefix", "prod-"),
    },
}
"""Two clusters, `prod` and `db`: the name of the one is put around that of the other."""
BASE = {"base/kustomization.yaml": "resources: [a.yaml, b.yaml]\n", "base/a.yaml": cluster("prod"), "base/b.yaml": cluster("db")}


@pytest.mark.parametrize("how", NAMED)
def test_text_around_a_name_is_the_name_of_nothing(how: str, run: Run, tree: Tree) -> None:
    done = run("lint", "app", "--select", "image-omitted", "-f", "json", cwd=tree.write({**BASE, **NAMED[how]}))
    assert sorted((row["location"]["path"], "db" in row["resource"]) for row in done.results) == [
        ("base/a.yaml", False),
        ("base/b.yaml", True),
    ]


def test_a_name_with_its_prefix_may_be_the_name_of_another_document(run: Run, tree: Tree) -> None:
    """Under the prefix, `db` becomes `prod-db`, and `prod-db` becomes `prod-prod-db`."""
    files = {**BASE, **NAMED["a prefix"], "base/a.yaml": cluster("prod-db")}
    done = run("lint", "app", "--select", "image-omitted", "-f", "json", cwd=tree.write(files))
    assert {row["resource"]: row["location"]["path"] for row in done.results} == {
        "Cluster/prod-db": "base/b.yaml",
        "Cluster/prod-prod-db": "base/a.yaml",
    }


DEPLOYED = {
    "a prefix": "namePrefix: prod-",
    "a suffix": "nameSuffix: -prod",
    "a component": "components: [../named]",
}


@pytest.mark.parametrize("how", DEPLOYED)
def test_a_deployer_may_put_text_around_names(how: str, run: Run, tree: Tree) -> None:
    application = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: app, namespace: argocd}\nspec:\n  project: default\n"
    )
    source = f"  source: {{repoURL: 'https://git.example.com/acme/deploy', path: base, kustomize: {{{DEPLOYED[how]}}}}}\n"
    destination = "  destination: {namespace: live, server: 'https://kubernetes.default.svc'}\n"
    tree.write({**BASE, "argo/app.yaml": application + source + destination, "named/kustomization.yaml": component("namePrefix: prod-")})
    done = run("lint", ".", "--select", "image-omitted", "-f", "json", cwd=tree.root)
    assert sorted((row["location"]["path"], row["resource"] != "Cluster/prod-prod") for row in done.results) == [
        ("base/a.yaml", False),
        ("base/b.yaml", True),
    ]


POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: NAME}\nspec:\n  containers:\n  - {name: main, image: registry.example.com/shop/web:1}\n"


def chart(folder: str, *names: str) -> dict[str, str]:
    name = folder.rpartition("/")[2]
    files = {f"{folder}/templates/{each}.yaml": POD.replace("NAME", each) for each in names}
    return {f"{folder}/Chart.yaml": f"apiVersion: v2\nname: {name}\nversion: 0.1.0\n", f"{folder}/values.yaml": "{}\n", **files}


def inflated(name: str, more: str = "") -> str:
    return json.dumps({"helmCharts": [{"name": name, "releaseName": name}]})[:-1] + f"{more}}}"


def test_documents_of_charts_are_known_by_the_names_that_kustomize_gives(tree: Tree, kustomize: object, helm: object) -> None:
    tree.write(
        {
            "app/kustomization.yaml": "resources: [../one, ../two, web.yaml]\nnameSuffix: -s\n",
            "app/web.yaml": POD.replace("NAME", "web"),
            "one/kustomization.yaml": inflated("one", ', "namePrefix": "x-"'),
            **chart("one/charts/one", "web", "x-web"),
            "two/kustomization.yaml": inflated("two"),
            **chart("two/charts/two", "web-x-web", "x"),
        }
    )
    with open_session(RunOptions(paths=(str(tree.root / "app"),), root=str(tree.root))) as (session, _):
        targets, failures = rendered_targets(session)
        found = {manifest.name: targets[0].template_of(manifest) for manifest in targets[0].manifests}
    assert not failures
    assert found == {
        "web-s": "",
        "x-web-s": "one/templates/web.yaml",
        "x-x-web-s": "one/templates/x-web.yaml",
        "web-x-web-s": "two/templates/web-x-web.yaml",
        "x-s": "two/templates/x.yaml",
    }


def test_a_resource_that_somebody_adds_has_no_call(tree: Tree, kustomize: object, helm: object) -> None:
    tree.write(
        {"app/kustomization.yaml": inflated("one")[:-1] + ', "resources": ["web.yaml"]}', "app/web.yaml": POD.replace("NAME", "my-web")}
    )
    tree.write(chart("app/charts/one", "web", "only-on-call"))
    tree.write({"app/charts/one/templates/web.yaml": "{{ if .Values.on }}\n" + POD.replace("NAME", "web") + "{{ end }}\n"})
    with open_session(RunOptions(paths=(str(tree.root / "app"),), root=str(tree.root))) as (session, _):
        targets, _failures = rendered_targets(session)
        found = {manifest.name: targets[0].call_of(manifest) is not None for manifest in targets[0].manifests}
    assert found == {"my-web": False, "only-on-call": True}
