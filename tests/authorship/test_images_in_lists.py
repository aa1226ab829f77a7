"""An image in a list of manifests has the place at which it is written, whoever holds it and however the list is written."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from tests.suppress.command_in_process import Run, Tree

IMAGE = "quay.io/acme/web:1.2"
FROM = {"kind": "DockerImage", "name": IMAGE}
STREAM, BUILD = "image.openshift.io/v1", "build.openshift.io/v1"


def made(version: str, kind: str, spec: Any) -> dict[str, Any]:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "web"}, "spec": spec}


def build(**strategy: Any) -> dict[str, Any]:
    return made(BUILD, "BuildConfig", {"strategy": strategy})


OBJECTS = {
    "tag of an ImageStream": made(STREAM, "ImageStream", {"tags": [{"name": "latest", "from": FROM}]}),
    "repository of an ImageStream": made(STREAM, "ImageStream", {"dockerImageRepository": "quay.io/acme/web"}),
    "ImageStreamTag": {"apiVersion": STREAM, "kind": "ImageStreamTag", "metadata": {"name": "web:1"}, "tag": {"name": "1", "from": FROM}},
    "ImageStreamImport": made(STREAM, "ImageStreamImport", {"import": True, "images": [{"from": FROM}]}),
    "docker strategy": build(dockerStrategy={"from": FROM}),
    "source strategy": build(sourceStrategy={"from": FROM}),
    "custom strategy": build(customStrategy={"from": FROM}),
    "image of a source": made(BUILD, "BuildConfig", {"source": {"images": [{"from": FROM, "paths": []}]}}),
    "core group": {**build(dockerStrategy={"from": FROM}), "apiVersion": "v1"},
    "pod of a custom resource": made("acme.example.com/v1", "Robot", {"pod": {"containers": [{"name": "web", "image": IMAGE}]}}),
}


def as_list(kind: str, version: str, *objects: Any) -> dict[str, Any]:
    return {"apiVersion": version, "kind": kind, "items": list(objects)}


def written(body: Any, how: str) -> str:
    if how == "json":
        return json.dumps(body, indent=1)
    return yaml.safe_dump(body, sort_keys=False, default_flow_style=how == "flow", width=40)


FIRST = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "first"}}


@pytest.mark.sample(10)
@pytest.mark.parametrize("how", ["block", "flow", "json"])
@pytest.mark.parametrize("what", OBJECTS)
def test_the_line_of_an_image_in_a_list(what: str, how: str, run: Run, tree: Tree) -> None:
    name = "all.json" if how == "json" else "all.yaml"
    tree.write(
        {f"app/{name}": written(as_list("List", "v1", FIRST, OBJECTS[what]), how), "app/kustomization.yaml": f"resources: [{name}]\n"}
    )
    done = run("lint", "app", "--select", "require-digest", "-f", "json", cwd=tree.root)
    assert done.places() == [("require-digest", f"app/{name}", tree.line(f"app/{name}", "quay.io"))]
    assert [row["certainty"] for row in done.results] == ["exact"]


@pytest.mark.parametrize(
    ("kind", "version", "what"), [("ImageStreamList", STREAM, "tag of an ImageStream"), ("BuildConfigList", BUILD, "docker strategy")]
)
def test_lists_of_one_kind_and_lists_in_lists(kind: str, version: str, what: str, run: Run, tree: Tree) -> None:
    body = as_list("List", "v1", FIRST, as_list(kind, version, OBJECTS[what]))
    tree.write({"app/all.yaml": written(body, "block"), "app/kustomization.yaml": "resources: [all.yaml]\nnamePrefix: my-\n"})
    done = run("lint", "app", "--select", "require-digest", "-f", "json", cwd=tree.root)
    assert done.places() == [("require-digest", "app/all.yaml", tree.line("app/all.yaml", "quay.io"))]


INVALID = {
    "configured field": made("acme.example.com/v1", "Robot", {"firmware": "quay.io/acme/Web: 1"}),
    "configured name": made("acme.example.com/v1", "Robot", {"tool": {"name": "quay.io/acme/Web: 1"}}),
    "image of a known resource": made("postgresql.cnpg.io/v1", "Cluster", {"imageName": "quay.io/acme/Web: 1", "instances": 1}),
    "build": build(dockerStrategy={"from": {"kind": "DockerImage", "name": "quay.io/acme/Web: 1"}}),
}


FIELDS = "".join(
    f'[[image-fields]]\ngroup = "acme.example.com"\nkind = "Robot"\npath = "{path}"\n' for path in ("spec.firmware", "spec.tool.name")
)


@pytest.mark.parametrize("how", ["block", "flow", "json"])
@pytest.mark.parametrize("what", INVALID)
def test_the_line_of_a_text_that_is_no_image(what: str, how: str, run: Run, tree: Tree) -> None:
    name = "all.json" if how == "json" else "all.yaml"
    tree.write(
        {f"app/{name}": written(as_list("List", "v1", FIRST, INVALID[what]), how), "app/kustomization.yaml": f"resources: [{name}]\n"}
    )
    tree.write({".agentslint.toml": FIELDS})
    done = run("lint", "app", "--select", "invalid-image", "-f", "json", cwd=tree.root)
    assert done.places() == [("invalid-image", f"app/{name}", tree.line(f"app/{name}", "quay.io"))]


@pytest.mark.parametrize("around", ["", "namePrefix: my-\n"])
def test_what_a_resource_in_a_list_leaves_out(around: str, run: Run, tree: Tree) -> None:
    database = made("postgresql.cnpg.io/v1", "Cluster", {"instances": 3})
    tree.write(
        {
            "app/all.yaml": written(as_list("List", "v1", FIRST, database), "block"),
            "app/kustomization.yaml": f"resources: [all.yaml]\n{around}",
        }
    )
    done = run("lint", "app", "--select", "image-omitted", "-f", "json", cwd=tree.root)
    assert done.places() == [("image-omitted", "app/all.yaml", tree.line("app/all.yaml", "spec:"))]
