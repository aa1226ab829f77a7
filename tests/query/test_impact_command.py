"""`agentslint impact`: what a scalar decides, and what does where it has no effect."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.suppress.command_in_process import Done, Run, Tree
from tests.suppress.sample_apps import DIGEST, chart_app, deployment, kustomization, overlays, plain

IMAGE = "Deployment/web spec.template.spec.containers[web].image"


def scalars(done: Done) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done.out)["scalars"]
    return found


def impact(run: Run, tree: Tree, *words: str) -> dict[str, Any]:
    done = run("impact", *words, "--format", "json", cwd=tree.root)
    assert done.status == 0, done.err
    (scalar,) = scalars(done)
    return scalar


def decides(row: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["target"], each["field"]) for each in row["decides"]]


def instead(row: dict[str, Any]) -> set[tuple[str, str, int]]:
    return {(each["field"], each["decided_by"]["path"], each["decided_by"]["start_line"]) for each in row["instead"]}


@pytest.mark.parametrize("words", [("app/values.yaml", "image.tag"), ("app/values.yaml:2",)])
def test_a_value_by_key_path_or_by_line(run: Run, tree: Tree, words: tuple[str, ...]) -> None:
    tree.write(chart_app())
    row = impact(run, tree, *words)
    assert (row["path"], row["start_line"], row["key_path"], row["text"]) == ("app/values.yaml", 2, ["image", "tag"], "1.28.0")
    assert decides(row) == [("app", IMAGE)]
    assert row["instead"] == []


def test_the_answer_for_people(run: Run, tree: Tree) -> None:
    tree.write(chart_app("image:\n  tag: 1.28.0\nunused: 1.28.0\n"))
    assert run("impact", "app/values.yaml", "image.tag", cwd=tree.root).out == (
        f"app/values.yaml:2:8 image.tag = 1.28.0\n  decides, in app:\n    {IMAGE}\n"
    )
    assert run("impact", "app/values.yaml", "unused", cwd=tree.root).out == (
        "app/values.yaml:3:9 unused = 1.28.0\n  has no effect\n"
        f"  instead, in app:\n    {IMAGE} is decided by app/values.yaml:2:8 image.tag\n"
    )


def test_a_default_of_the_chart_itself(run: Run, tree: Tree) -> None:
    tree.write(chart_app())
    assert decides(impact(run, tree, "charts/web/values.yaml", "image.repository")) == [("app", IMAGE)]


def test_a_default_that_is_overridden_names_what_overrides_it(run: Run, tree: Tree) -> None:
    tree.write(chart_app())
    row = impact(run, tree, "charts/web/values.yaml", "image.tag")
    assert decides(row) == []
    assert instead(row) == {(IMAGE, "app/values.yaml", 2)}


def test_a_value_that_inline_values_override(run: Run, tree: Tree) -> None:
    tree.write(chart_app())
    tree.write({"app/kustomization.yaml": tree.read("app/kustomization.yaml") + "    valuesInline:\n      image: {tag: 1.29.0}\n"})
    assert instead(impact(run, tree, "app/values.yaml", "image.tag")) == {(IMAGE, "app/kustomization.yaml", 8)}
    assert decides(impact(run, tree, "app/kustomization.yaml:8")) == [("app", IMAGE)]


def test_a_boolean_names_what_comes_and_goes(run: Run, tree: Tree) -> None:
    tree.write(chart_app("sidecar: true\nservice: false\n"))
    service = "{{ if .Values.service }}apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n{{ end }}\n"
    tree.write({"charts/web/templates/service.yaml": service})
    assert decides(impact(run, tree, "app/values.yaml", "sidecar")) == [
        ("app", "Deployment/web spec.template.spec.containers[sidecar] (gone)")
    ]
    assert decides(impact(run, tree, "app/values.yaml", "service")) == [("app", "Service/web (new)")]
    tree.replace("app/values.yaml", "service: false", "service: true")
    assert decides(impact(run, tree, "app/values.yaml", "service")) == [("app", "Service/web (gone)")]


def test_an_item_that_goes_does_not_change_those_behind_it(run: Run, tree: Tree) -> None:
    tree.write(chart_app("first: true\n"))
    template = tree.read("charts/web/templates/deployment.yaml")
    first = "        {{- if .Values.first }}\n        - {name: first, image: x}\n        {{- end }}\n"
    tree.write({"charts/web/templates/deployment.yaml": template.replace("        - name: web\n", f"{first}        - name: web\n")})
    assert decides(impact(run, tree, "app/values.yaml", "first")) == [("app", "Deployment/web spec.template.spec.containers[first] (gone)")]


def test_a_number(run: Run, tree: Tree) -> None:
    tree.write(plain())
    tree.replace("app/web.yaml", "spec:\n  template", "spec:\n  replicas: 3\n  template")
    assert decides(impact(run, tree, "app/web.yaml:6")) == [("app", "Deployment/web spec.replicas")]


def test_a_value_that_a_template_only_asks_for(run: Run, tree: Tree) -> None:
    tree.write(chart_app("name: anything\nport: 1\n"))
    config = "{{ if .Values.name }}apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n{{ end }}\n"
    port = "{{ if gt (int .Values.port) 0 }}apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\n{{ end }}\n"
    tree.write({"charts/web/templates/a.yaml": config, "charts/web/templates/b.yaml": port})
    assert decides(impact(run, tree, "app/values.yaml", "name")) == [("app", "ConfigMap/a (gone)")]
    assert decides(impact(run, tree, "app/values.yaml", "port")) == [("app", "ConfigMap/b (gone)")]


def test_a_value_whose_shape_is_checked(run: Run, tree: Tree) -> None:
    tree.write(chart_app())
    tree.write({"charts/web/values.schema.json": '{"properties": {"image": {"properties": {"tag": {"pattern": "^1[.]28[.][0-9]$"}}}}}'})
    assert decides(impact(run, tree, "app/values.yaml", "image.tag")) == [("app", IMAGE)]


def test_a_value_of_which_no_other_is_taken(run: Run, tree: Tree) -> None:
    tree.write(chart_app())
    tree.write({"charts/web/values.schema.json": '{"properties": {"image": {"properties": {"tag": {"enum": ["1.28.0"]}}}}}'})
    done = run("impact", "app/values.yaml", "image.tag", cwd=tree.root)
    assert done.status == 2
    assert "app does not render with another value: " in done.out


def test_custom_resource_definitions_count(run: Run, tree: Tree) -> None:
    crd = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: x.example.com\nspec:\n  group: {}\n"
    tree.write(chart_app("group: example.com\n"))
    tree.write({"charts/web/templates/crd.yaml": crd.format("{{ .Values.group }}")})
    assert decides(impact(run, tree, "app/values.yaml", "group")) == [("app", "CustomResourceDefinition/x.example.com spec.group")]


def test_a_generated_resource_under_its_new_name(run: Run, tree: Tree) -> None:
    tree.write(plain())
    tree.write({"app/kustomization.yaml": "configMapGenerator:\n  - name: settings\n    literals:\n      - mode=quick\n"})
    row = impact(run, tree, "app/kustomization.yaml:4")
    assert [field.partition(" ")[2] for _, field in decides(row)] == ["data.mode", "metadata.name"]


def test_a_base_that_several_targets_read(run: Run, tree: Tree) -> None:
    tree.write(overlays(deployment("web", "nginx:1.27"), two=f"images:\n  - name: nginx\n    newName: redis\n    digest: {DIGEST}\n"))
    row = impact(run, tree, "base/web.yaml", "spec.template.spec.containers[web].image")
    assert decides(row)[0] == ("one", IMAGE)
    assert decides(impact(run, tree, "two/kustomization.yaml", "images[nginx].digest")) == [("two", IMAGE)]


@pytest.mark.parametrize(
    "key_path",
    [
        "spec.template.spec.containers[web].image",
        "spec.template.spec.containers[0].image",
        "spec.template.spec.containers.0.image",
        "Deployment/web.spec.template.spec.containers[web].image",
    ],
)
def test_a_key_path_by_name_or_number_with_or_without_the_manifest(run: Run, tree: Tree, key_path: str) -> None:
    tree.write(plain())
    tree.write({"app/web.yaml": tree.read("app/web.yaml") + "        - name: second\n          image: nginx:1.27\n"})
    assert decides(impact(run, tree, "app/web.yaml", key_path)) == [("app", IMAGE)]


def test_the_whole_key_path_counts_not_its_end(run: Run, tree: Tree) -> None:
    tree.write(chart_app("image:\n  tag: 1.28.0\nother:\n  image:\n    tag: 1.28.0\n"))
    assert impact(run, tree, "app/values.yaml", "image.tag")["start_line"] == 2


def test_a_patch_in_the_kustomization(run: Run, tree: Tree) -> None:
    tree.write(plain())
    patch = "".join(f"      {line}\n" for line in deployment("web", "nginx:1.28").splitlines())
    tree.write({"app/kustomization.yaml": kustomization("web.yaml", more=f"patches:\n  - patch: |-\n{patch}")})
    line = tree.line("app/kustomization.yaml", "nginx")
    assert decides(impact(run, tree, f"app/kustomization.yaml:{line}")) == [("app", IMAGE)]


def test_documents_with_the_same_key_path_are_all_answered(run: Run, tree: Tree) -> None:
    two = deployment("web", "nginx:1.27") + "---\n" + deployment("proxy", "envoy:1.30")
    tree.write({"app/kustomization.yaml": kustomization("web.yaml"), "app/web.yaml": two})
    done = run("impact", "app/web.yaml", "spec.template.spec.containers[0].image", "--format", "json", cwd=tree.root)
    assert [(row["start_line"], len(row["decides"])) for row in scalars(done)] == [(10, 1), (21, 1)]


def test_a_manifest_that_stands_by_itself(run: Run, tree: Tree) -> None:
    tree.write({"pod.yaml": deployment("web", "nginx:1.27")})
    assert decides(impact(run, tree, "pod.yaml:10")) == [("pod.yaml", IMAGE)]


SECRETS = {
    "a resource": (
        "app/web.yaml:6",
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: token\nstringData:\n  token: hunter2-hunter2\n",
        None,
    ),
    "a generator": ("app/kustomization.yaml:4", None, "secretGenerator:\n  - name: token\n    literals:\n      - token=hunter2-hunter2\n"),
}


@pytest.mark.parametrize("format_", ["text", "json"])
@pytest.mark.parametrize("name", SECRETS)
def test_what_ends_up_in_a_secret_is_never_printed(run: Run, tree: Tree, name: str, format_: str) -> None:
    place, resource, generator = SECRETS[name]
    tree.write(plain())
    tree.write({"app/web.yaml": resource} if resource else {"app/kustomization.yaml": generator or ""})
    done = run("impact", place, "--format", format_, cwd=tree.root)
    assert (done.status, "Secret/token" in done.out) == (0, True)
    assert "hunter2" not in done.out + done.err


def test_nor_is_a_value_that_a_chart_puts_into_one(run: Run, tree: Tree) -> None:
    tree.write(chart_app("password: hunter2-hunter2\n"))
    secret = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: token\ndata:\n  token: {{ .Values.password | b64enc }}\n"
    tree.write({"charts/web/templates/secret.yaml": secret})
    done = run("impact", "app/values.yaml", "password", cwd=tree.root)
    assert "Secret/token data.token" in done.out
    assert "hunter2" not in done.out


LABELLED = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
  # nothing but a comment
  labels:
    app: web
  annotations:
    note: |
      first
      second
    empty: ""
spec:
  hostNetwork: true
"""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("app/web.yaml:5",), "app/web.yaml:5: no value is written on this line"),
        (("app/web.yaml:99",), "app/web.yaml:99: no value is written on this line"),
        (("app/web.yaml:4",), "app/web.yaml:4: Pod/web.metadata.name cannot be tried: renderers match on names, kinds, labels, selectors"),
        (("app/web.yaml", "kind"), "app/web.yaml:2: Pod/web.kind cannot be tried"),
        (("app/web.yaml", "metadata.labels.app"), "app/web.yaml:7: Pod/web.metadata.labels.app cannot be tried"),
        (("app/web.yaml", "metadata.annotations.note"), "spans several lines; only values on one line can be tried"),
        (("app/web.yaml", "metadata.annotations.empty"), "is empty, so there is nothing to change"),
        (("app/web.yaml", "spec.hostNetwrk"), "app/web.yaml has no value spec.hostNetwrk; did you mean spec.hostNetwork?"),
        (("app/kustomization.yaml", "resources[0]"), "resources[0] cannot be tried"),
        (("app/nowhere.yaml", "a"), "there is no such file or folder"),
        (("notes.txt:1",), "notes.txt: no target reads it"),
        (("app/web.yaml",), "name the value: FILE:LINE, or FILE KEY_PATH"),
    ],
)
def test_what_cannot_be_answered_is_said(run: Run, tree: Tree, words: tuple[str, ...], message: str) -> None:
    tree.write(plain())
    tree.write({"app/kustomization.yaml": kustomization("web.yaml"), "app/web.yaml": LABELLED, "notes.txt": "x\n"})
    done = run("impact", *words, cwd=tree.root)
    assert (done.status, done.out) == (2, "")
    assert message in done.err


def test_a_misspelt_key_path_names_near_ones(run: Run, tree: Tree) -> None:
    tree.write(chart_app("controllers:\n  image:\n    tag: 1.28.0\n"))
    assert "did you mean controllers.image.tag?" in run("impact", "app/values.yaml", "controller.image.tag", cwd=tree.root).err
    assert "did you mean controllers.image.tag?" in run("impact", "app/values.yaml", "image.tag", cwd=tree.root).err


def test_a_target_that_does_not_render_is_said(run: Run, tree: Tree) -> None:
    tree.write(overlays(deployment("web", "nginx:1.27"), two="components: [missing]\n"))
    done = run("impact", "base/web.yaml:10", cwd=tree.root)
    assert done.status == 2
    assert f"decides, in one:\n    {IMAGE}" in done.out
    assert "two/kustomization.yaml:4: not checked: two: " in done.err
    tree.write({"one/kustomization.yaml": tree.read("two/kustomization.yaml")})
    done = run("impact", "base/web.yaml:10", cwd=tree.root)
    assert (done.status, done.out) == (2, "")


def test_from_a_subfolder_and_from_outside(run: Run, tree: Tree, tmp_path: Path) -> None:
    tree.write(chart_app())
    here = run("impact", "app/values.yaml", "image.tag", cwd=tree.root)
    inside = run("impact", "values.yaml", "image.tag", cwd=tree.root / "app")
    beside = run("impact", "../app/values.yaml:2", cwd=tree.root / "charts")
    outside = run("impact", tree.root / "app/values.yaml", "image.tag", cwd=tmp_path)
    assert here.out.startswith("app/values.yaml:2:")
    assert inside.out == here.out.replace("app/values", "values")
    assert beside.out == here.out.replace("app/values", "../app/values")
    assert outside.out == here.out.replace("app/values", f"{tree.root.relative_to(tmp_path)}/app/values")


# The real repository: two values with one text, of which only one counts.

VALUES = "argocd/applications/agents/values.yaml"


def lab_impact(run: Run, lab: Path, *words: str) -> dict[str, Any]:
    done = run("impact", *words, "--format", "json", cwd=lab)
    assert done.status == 0, done.err
    return scalars(done)[0]


def test_the_root_digest_of_agents_decides_nothing(run: Run, lab: Path) -> None:
    row = lab_impact(run, lab, VALUES, "image.digest")
    assert decides(row) == []
    assert {tuple(each["decided_by"]["key_path"]) for each in row["instead"]} == {("controllers", "image", "digest")}
    assert len(row["instead"]) == 3


def test_the_digest_of_its_controllers_decides_three_fields(run: Run, lab: Path) -> None:
    row = lab_impact(run, lab, VALUES, "controllers.image.digest")
    owner = "Deployment/agents-controllers spec.template.spec.containers[agents-controllers]"
    assert {field for _, field in decides(row)} == {
        f"{owner}.image",
        f"{owner}.env[AGENTS_IMAGE].value",
        f"{owner}.env[AGENTS_RUNTIME_IMAGE].value",
    }
