"""`agentslint trace`: where a rendered field comes from."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PROJECT
from tests.suppress.command_in_process import Done, Run, Tree
from tests.suppress.sample_apps import chart_app, deployment, overlays, plain

SECRET = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: token\nstringData:\n  token: hunter2-hunter2\n"


def fields(done: Done) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done.out)["fields"]
    return found


def places(row: dict[str, Any]) -> list[tuple[str, str, int, str]]:
    """Text, file, line and certainty of each part of a field."""
    return [(part["text"], part["path"], part["start_line"], part["certainty"]) for part in row["origins"]]


def test_each_part_of_an_image_has_its_own_place(run: Run, tree: Tree) -> None:
    tree.write(chart_app())
    done = run("trace", "app", "Deployment/web", "containers[web].image", "--format", "json", cwd=tree.root)
    (row,) = fields(done)
    assert done.status == 0
    assert (row["target"], row["resource"], row["value"]) == ("app", "Deployment/web", "nginx:1.28.0")
    assert places(row) == [("nginx", "charts/web/values.yaml", 2, "exact"), ("1.28.0", "app/values.yaml", 2, "exact")]
    assert [part["key_path"] for part in row["origins"]] == [["image", "repository"], ["image", "tag"]]


def test_the_tree_for_people(run: Run, tree: Tree) -> None:
    tree.write(chart_app())
    lines = run("trace", "app", "Deployment/web", "containers[web].image", cwd=tree.root).out.split("\n")
    assert lines[:4] == [
        "Deployment/web  (app)",
        "  spec.template.spec.containers[web].image",
        "    nginx",
        "      charts/web/values.yaml:2:15 image.repository  exact",
    ]
    assert "      app/values.yaml:2:8 image.tag  exact" in lines


def test_the_way_from_the_scalar_is_told(run: Run, tree: Tree) -> None:
    tree.write(chart_app())
    (row,) = fields(run("trace", "app", "Deployment/web", "containers[web].image", "--format", "json", cwd=tree.root))
    steps = [(step["path"], step["start_line"]) for step in row["origins"][1]["steps"]]
    assert steps[0] == ("app/values.yaml", 2)
    assert steps[1] == ("app/kustomization.yaml", 6)


def test_without_a_field_all_images(run: Run, tree: Tree) -> None:
    tree.write(chart_app())
    done = run("trace", "app", "--format", "json", cwd=tree.root)
    assert [row["named"] for row in fields(done)] == [f"spec.template.spec.containers[{name}].image" for name in ("web", "sidecar")]


@pytest.mark.parametrize(
    "field",
    [
        "spec.template.spec.containers[1].image",
        "spec.template.spec.containers.1.image",
        "spec.template.spec.containers[sidecar].image",
        "containers[sidecar].image",
        "containers[1].image",
        "[sidecar].image",
    ],
)
def test_a_field_by_name_by_number_or_by_its_end(run: Run, tree: Tree, field: str) -> None:
    tree.write(chart_app())
    (row,) = fields(run("trace", "app", "Deployment/web", field, "--format", "json", cwd=tree.root))
    assert places(row) == [("busybox:1.36", "charts/web/templates/deployment.yaml", 13, "exact")]


def test_a_whole_path_is_not_taken_for_the_end_of_others(run: Run, tree: Tree) -> None:
    tree.write(plain())
    tree.replace("app/web.yaml", "kind: Deployment\n", "kind: Deployment\nimage: top\n")
    (row,) = fields(run("trace", "app", "*", "image", "--format", "json", cwd=tree.root))
    assert row["value"] == "top"


def test_globs_of_resources(run: Run, tree: Tree) -> None:
    tree.write(plain())
    tree.write(
        {"app/web.yaml": deployment("web", "nginx:1") + "---\n" + deployment("web-two", "nginx:2") + "---\n" + deployment("db", "pg:3")}
    )
    done = run("trace", "app", "*/web*", "image", "--format", "json", cwd=tree.root)
    assert [row["resource"] for row in fields(done)] == ["Deployment/web", "Deployment/web-two"]


def test_a_base_of_two_targets(run: Run, tree: Tree) -> None:
    tree.write(overlays(deployment("web", "nginx:1.27"), two="images:\n  - name: nginx\n    newTag: '1.28'\n"))
    done = run("trace", "base/web.yaml", "Deployment/web", "image", "--format", "json", cwd=tree.root)
    found = {row["target"]: places(row) for row in fields(done)}
    assert found["one"] == [("nginx:1.27", "base/web.yaml", 10, "exact")]
    assert ("1.28", "two/kustomization.yaml", 6, "exact") in found["two"]


def test_a_manifest_that_stands_by_itself(run: Run, tree: Tree) -> None:
    tree.write({"pod.yaml": deployment("web", "nginx:1.27")})
    (row,) = fields(run("trace", "pod.yaml", "--format", "json", cwd=tree.root))
    assert {(path, line, certainty) for _, path, line, certainty in places(row)} == {("pod.yaml", 10, "exact")}


def test_a_number_and_a_boolean(run: Run, tree: Tree) -> None:
    tree.write(plain())
    tree.replace(
        "app/web.yaml", "spec:\n  template:\n    spec:\n", "spec:\n  replicas: 3\n  template:\n    spec:\n      hostNetwork: true\n"
    )
    done = run("trace", "app", "Deployment/web", "replicas", "--format", "json", cwd=tree.root)
    assert [(path, line) for _, path, line, _ in places(fields(done)[0])] == [("app/web.yaml", 6)]
    done = run("trace", "app", "Deployment/web", "hostNetwork", "--format", "json", cwd=tree.root)
    assert [each[:3] for each in places(fields(done)[0])] == [("true", "app/web.yaml", 9)]


@pytest.mark.parametrize("format_", ["text", "json"])
@pytest.mark.parametrize("field", ["stringData.token", "token"])
def test_the_value_of_a_secret_is_never_printed(run: Run, tree: Tree, format_: str, field: str) -> None:
    tree.write(plain())
    tree.write({"app/web.yaml": SECRET})
    done = run("trace", "app", "Secret/token", field, "--format", format_, cwd=tree.root)
    assert done.status == 0
    assert "hunter2" not in done.out + done.err
    assert "app/web.yaml" in done.out


def test_a_target_that_does_not_render_is_said(run: Run, tree: Tree) -> None:
    tree.write(overlays(deployment("web", "nginx:1.27"), two="components: [missing]\n"))
    done = run("trace", "base/web.yaml", cwd=tree.root)
    assert done.status == 2
    assert "Deployment/web  (one)" in done.out
    assert "two/kustomization.yaml:4: not traced: two: " in done.err
    failures = json.loads(run("trace", "base/web.yaml", "--format", "json", cwd=tree.root).out)["failures"]
    assert [(row["target"], row["path"], row["line"]) for row in failures] == [("two", "two/kustomization.yaml", 4)]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("app", "Deployment/wep"), "app renders no Deployment/wep; did you mean Deployment/web?"),
        (("app", "Deployment/web", "spec.replica"), "Deployment/web has no field spec.replica; did you mean spec.replicas?"),
        (("app", "Deployment/web", "containers[app].image"), "did you mean spec.template.spec.containers[web].image"),
        (("app", "ConfigMap/*"), "ConfigMap/* holds no image, digest or SHA; name a field"),
        (("nowhere",), "nowhere: there is no such file or folder"),
        (("notes.txt",), "notes.txt: no target reads it"),
    ],
)
def test_what_is_not_there_is_said_with_what_is_near(run: Run, tree: Tree, words: tuple[str, ...], message: str) -> None:
    tree.write(plain())
    config = "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  a: b\n"
    tree.write(
        {"app/web.yaml": deployment("web", "nginx:1.27").replace("spec:\n  t", "spec:\n  replicas: 2\n  t") + config, "notes.txt": "x\n"}
    )
    done = run("trace", *words, cwd=tree.root)
    assert (done.status, done.out) == (2, "")
    assert message in done.err


def test_from_a_subfolder_and_from_outside(run: Run, tree: Tree, tmp_path: Path) -> None:
    tree.write(chart_app())
    at_top = run("trace", "app", "Deployment/web", "image", cwd=tree.root)
    inside = run("trace", ".", "Deployment/web", "image", cwd=tree.root / "app")
    outside = run("trace", tree.root / "app", "Deployment/web", "image", cwd=tmp_path)
    assert at_top.status == inside.status == outside.status == 0
    assert "      app/values.yaml:" in at_top.out
    assert inside.out == at_top.out.replace(" app/", " ").replace(" charts/", " ../charts/")
    above = tree.root.relative_to(tmp_path)
    assert outside.out == at_top.out.replace(" app/", f" {above}/app/").replace(" charts/", f" {above}/charts/")


def test_every_image_of_the_examples(run: Run, tree: Tree) -> None:
    shutil.copytree(PROJECT / "examples", tree.root, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*_cache"))
    done = run("trace", "argocd/applications/agents", "--format", "json", cwd=tree.root)
    assert done.status == 0
    assert {part["certainty"] for row in fields(done) for part in row["origins"]} == {"exact"}


def test_nothing_is_written_into_the_tree(run: Run, tree: Tree) -> None:
    tree.write(chart_app())
    before = tree.files()
    run("trace", "app", cwd=tree.root)
    run("impact", "app/values.yaml", "image.tag", cwd=tree.root)
    assert tree.files() == before
