"""`agentslint images`: every image as it is deployed, with the line that decides it."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
from test_targets_command import APP, application

from tests.conftest import PROJECT
from tests.suppress.command_in_process import Done, Run, Tree
from tests.suppress.sample_apps import DIGEST, chart_app, deployment, kustomization


def images(done: Done) -> list[dict[str, Any]]:
    found = json.loads(done.out)
    jsonschema.validate(found, json.loads((PROJECT / "docs/images.schema.json").read_bytes()))
    rows: list[dict[str, Any]] = found["images"]
    return rows


def test_an_image_is_listed_as_the_application_sets_it(run: Run, tree: Tree) -> None:
    tree.write({**APP, "argo/web.yaml": application(source="path: apps/web, kustomize: {images: ['ghcr.io/acme/web:v2']}")})

    done = run("images", "--format", "json", cwd=tree.root)

    assert done.status == 0
    assert images(done) == [
        {
            "application": "argocd/web", "target": "argocd/web", "resource": "Deployment/web", "namespace": "web", "container": "web",
            "field": "spec.template.spec.containers[0].image", "image": "ghcr.io/acme/web:v2", "file": "argo/web.yaml", "line": 7,
            "certainty": "exact",
        },
    ]  # fmt: skip


def test_the_place_is_that_of_the_digest_else_of_the_tag(run: Run, tree: Tree) -> None:
    tree.write(chart_app(f"image:\n  repository: ghcr.io/acme/web\n  tag: 1.28.0@{DIGEST}\nsidecar: true\n"))

    found = images(run("images", "app", "--format", "json", cwd=tree.root))

    assert [(row["image"], row["file"], row["line"]) for row in found] == [
        (f"ghcr.io/acme/web:1.28.0@{DIGEST}", "app/values.yaml", 3),
        ("busybox:1.36", "charts/web/templates/deployment.yaml", 13),
    ]
    assert {(row["application"], row["target"], row["namespace"]) for row in found} == {("", "app", "")}


def test_a_namespace_of_its_own_counts_more_than_the_destination(run: Run, tree: Tree) -> None:
    own = {"apps/web/kustomization.yaml": kustomization("web.yaml", more="namespace: shop\n")}
    tree.write({**APP, **own, "argo/web.yaml": application()})
    assert [row["namespace"] for row in images(run("images", "--format", "json", cwd=tree.root))] == ["shop"]


def test_images_outside_of_containers_are_listed(run: Run, tree: Tree) -> None:
    text = "apiVersion: acme.example.com/v1\nkind: Drone\nmetadata: {name: r2}\nspec: {image: ghcr.io/acme/robot:v1}\n"
    tree.write({"robot.yaml": text})
    (row,) = images(run("images", "--format", "json", cwd=tree.root))
    assert (row["resource"], row["container"], row["field"], row["line"]) == ("Drone/r2", "", "spec.image", 4)


def test_applications_that_are_not_judged_are_counted(run: Run, tree: Tree) -> None:
    tree.write({**APP, "argo/web.yaml": application(source="path: apps/web, plugin: {name: lovely}")})

    done = run("images", "--format", "json", cwd=tree.root)

    assert [row["target"] for row in images(done)] == ["apps/web"]
    assert (done.status, "1 application not judged" in done.err) == (0, True)

    tree.write({".agentslint.toml": "[deploy]\nrequire-judged = true\n"})
    assert run("images", cwd=tree.root).status == 2


def test_what_does_not_render_is_told(run: Run, tree: Tree) -> None:
    tree.write({**APP, "apps/api/kustomization.yaml": kustomization("gone.yaml")})

    done = run("images", "--format", "json", cwd=tree.root)

    assert [row["target"] for row in images(done)] == ["apps/web"]
    assert (done.status, "apps/api/kustomization.yaml:2: not read: apps/api: " in done.err) == (2, True)


def test_the_text_stays_within_80_columns(run: Run, tree: Tree) -> None:
    long = "registry.example.com/platform/controllers/a-rather-long-name-of-image"
    tree.write({**APP, "apps/long/kustomization.yaml": kustomization("long.yaml")})
    tree.write({"apps/long/long.yaml": deployment("a-rather-long-name-of-a-deployment", f"{long}:v1@{DIGEST}")})

    lines = run("images", cwd=tree.root).out.splitlines()

    assert max(map(len, lines)) <= 80
    assert lines[-4:] == [
        "apps/web",
        "  Deployment/web  web  ghcr.io/acme/web:v1  apps/web/web.yaml:10 exact",
        "",
        "2 uses of 2 different images in 2 targets",
    ]
