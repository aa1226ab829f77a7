"""Elements, parameters and fields of expanded ApplicationSets are pointed at where people wrote them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from agentslint.deploy.sets import Cluster, Expansion, Helm, SetPlace, Surroundings, expand
from agentslint.deploy.sets import filling as filling_module
from agentslint.yamlread import compose, value
from tests.suppress.command_in_process import Run, Tree

OURS = "https://git.example.com/acme/gitops.git"


def made(
    spec: str, tmp_path: Path, *, helm: Path | None = None, tree: dict[str, str] | None = None, clusters: Sequence[Cluster] = ()
) -> Expansion:
    for path, text in (tree or {}).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    body: dict[str, Any] = value(
        compose(f"metadata: {{name: set, namespace: argocd}}\nspec:\n{textwrap.indent(textwrap.dedent(spec), '  ')}")[0]
    )
    return expand(body, Surroundings(tmp_path, sorted(tree or {}), clusters=clusters, helm=Helm(helm) if helm else None))


TEMPLATE = """
template:
  metadata: {name: '{{.name}}'}
  spec:
    project: default
    source: {repoURL: x, path: 'apps/{{.name}}', targetRevision: main}
    destination: {server: x}
"""


def test_a_list_element_and_its_parameters(tmp_path: Path) -> None:
    found = made(f"goTemplate: true\ngenerators:\n- list: {{elements: [{{name: a}}, {{name: b, image: {{tag: v1}}}}]}}{TEMPLATE}", tmp_path)
    second = found.elements[1]
    at = ("spec", "generators", 0, "list", "elements", 1)
    assert second.place == SetPlace("", at)
    assert second.place_of(("image", "tag")) == SetPlace("", (*at, "image", "tag"))
    origin = second.made_from(("spec", "source", "path"))
    assert origin is not None
    assert origin.template == SetPlace("", ("spec", "template", "spec", "source", "path"))
    assert origin.parameters == {("name",): SetPlace("", (*at, "name"))}
    fixed = second.made_from(("spec", "source", "targetRevision"))
    assert fixed is not None
    assert (fixed.template.pointer, fixed.parameters) == (("spec", "template", "spec", "source", "targetRevision"), {})


def test_an_element_of_elements_yaml_stands_inside_of_the_text(tmp_path: Path) -> None:
    found = made(f"goTemplate: true\ngenerators:\n- list:\n    elements: []\n    elementsYaml: |\n      - name: a{TEMPLATE}", tmp_path)
    pointer = ("spec", "generators", 0, "list", "elementsYaml")
    assert found.elements[0].place_of(("name",)) == SetPlace("", pointer, 0, (0, "name"))


def test_a_file_and_a_mapping_in_a_list_of_a_file(tmp_path: Path) -> None:
    tree = {"teams/one.yaml": "name: one\nimage: {tag: v1}\n", "teams/two.json": '[{"name": "two"}, {"name": "three"}]'}
    spec = f"goTemplate: true\ngenerators:\n- git: {{repoURL: {OURS}, revision: HEAD, files: [{{path: '*'}}], values: {{v: w}}}}{TEMPLATE}"
    one, _two, three = made(spec, tmp_path, tree=tree).elements
    assert one.place == SetPlace("teams/one.yaml")
    assert one.place_of(("image", "tag")) == SetPlace("teams/one.yaml", ("image", "tag"))
    assert one.place_of(("path", "basename")) == SetPlace("teams/one.yaml", ("basename",)) or one.place_of(("path", "basename")).file
    assert three.place_of(("name",)) == SetPlace("teams/two.json", (1, "name"))
    assert three.place_of(("values", "v")) == SetPlace("", ("spec", "generators", 0, "git", "values", "v"))


@pytest.mark.parametrize(
    ("text", "words"), [("a: [", "t.yaml is no YAML"), ("just text", "t.yaml must be a mapping or a list of mappings")]
)
def test_a_file_that_git_generators_cannot_use_is_pointed_at(text: str, words: str, tmp_path: Path) -> None:
    spec = f"goTemplate: true\ngenerators:\n- git: {{repoURL: {OURS}, files: [{{path: t.yaml}}]}}{TEMPLATE}"
    found = made(spec, tmp_path, tree={"t.yaml": text})
    assert [(each.message.startswith(words), each.place) for each in found.faults] == [(True, SetPlace("t.yaml"))]


def test_a_folder(tmp_path: Path) -> None:
    spec = (
        f"goTemplate: true\ngenerators:\n- git: {{repoURL: {OURS}, revision: HEAD, directories: [{{path: 'apps/*'}}]}}"
        + TEMPLATE.replace(".name", ".path.basename")
    )
    found = made(spec, tmp_path, tree={"apps/web/kustomization.yaml": ""})
    assert found.elements[0].place == SetPlace("apps/web/")


def test_flat_parameters_point_at_what_they_were_nested_in(tmp_path: Path) -> None:
    tree = {"c.yaml": "name: one\nimage: {tag: v1}\n"}
    spec = f"generators:\n- git: {{repoURL: {OURS}, revision: HEAD, files: [{{path: c.yaml}}]}}" + TEMPLATE.replace("{{.", "{{")
    element = made(spec, tmp_path, tree=tree).elements[0]
    assert element.place_of(("image.tag",)) == SetPlace("c.yaml", ("image", "tag"))
    origin = element.made_from(("metadata", "name"))
    assert origin is not None
    assert origin.parameters == {("name",): SetPlace("c.yaml", ("name",))}


def test_a_cluster(tmp_path: Path) -> None:
    place = SetPlace(".agentslint.toml", ("deploy", "clusters", 0))
    cluster = Cluster("prod", "https://prod", labels={"env": "prod"}, place=place)
    spec = "goTemplate: true\ngenerators:\n- clusters: {selector: {matchLabels: {env: prod}}}" + TEMPLATE
    element = made(spec, tmp_path, clusters=[cluster]).elements[0]
    assert element.place == place
    assert element.place_of(("metadata", "labels", "env")) == place.below("labels", "env")


def test_a_matrix_keeps_the_places_of_both(tmp_path: Path) -> None:
    spec = """
    goTemplate: true
    generators:
    - matrix:
        generators:
        - list: {elements: [{cluster: in}]}
        - list: {elements: [{name: '{{.cluster}}-a', deep: {x: y}}]}
    """
    element = made(textwrap.dedent(spec) + TEMPLATE, tmp_path).elements[0]
    inner = ("spec", "generators", 0, "matrix", "generators")
    assert element.parameters["name"] == "in-a"
    assert element.place == SetPlace("", (*inner, 1, "list", "elements", 0))
    assert element.place_of(("cluster",)) == SetPlace("", (*inner, 0, "list", "elements", 0, "cluster"))
    assert element.place_of(("deep", "x")) == SetPlace("", (*inner, 1, "list", "elements", 0, "deep", "x"))


def test_a_generators_own_template_and_the_patch(tmp_path: Path, helm: Path) -> None:
    spec = f"""
    goTemplate: true
    goTemplateOptions: [missingkey=error]
    generators:
    - list:
        elements: [{{name: a}}]
        template: {{metadata: {{}}, spec: {{source: {{path: 'own/{{{{.name}}}}'}}}}}}
    templatePatch: |
      metadata:
        labels:
          {{{{ .name }}}}: {{{{ upper .name }}}}
    {textwrap.indent(TEMPLATE.strip(), "    ").strip()}
    """
    element = made(spec, tmp_path, helm=helm).elements[0]
    assert element.application is not None
    assert element.application["metadata"]["labels"] == {"a": "A"}
    own, project, label = (element.made_from(at) for at in (("spec", "source", "path"), ("spec", "project"), ("metadata", "labels", "a")))
    assert own is not None
    assert own.template.pointer == ("spec", "generators", 0, "list", "template", "spec", "source", "path")
    assert project is not None
    assert project.template.pointer == ("spec", "template", "spec", "project")
    assert label is not None
    assert label.template == SetPlace("", ("spec", "templatePatch"), 0, ("metadata", "labels", "a"))
    assert ("name",) in label.parameters


def test_a_fault_names_the_template_and_the_element(tmp_path: Path) -> None:
    spec = "goTemplate: true\ngoTemplateOptions: [missingkey=error]\ngenerators:\n- list: {elements: [{name: a}, {nam: b}]}" + TEMPLATE
    found = made(spec, tmp_path)
    assert [element.application is None for element in found.elements] == [False, True]
    fault = found.faults[0]
    assert fault.message == "{{.name}}: the key name is missing; give it to the element, or ask for it with hasKey"
    assert fault.place == SetPlace("", ("spec", "template", "metadata", "name"))
    assert fault.element == SetPlace("", ("spec", "generators", 0, "list", "elements", 1))


def test_what_a_selector_leaves_out_is_listed(tmp_path: Path) -> None:
    spec = (
        "goTemplate: true\ngenerators:\n- list: {elements: [{name: a, on: 'false'}]}\n  selector: {matchLabels: {true: 'true'}}" + TEMPLATE
    )
    found = made(spec, tmp_path)
    assert not found.elements
    assert [each.place.pointer[-1] for each in found.switched_off] == [0]


def test_a_missing_key_without_the_option_is_said(tmp_path: Path, helm: Path) -> None:
    spec = "goTemplate: true\ngenerators:\n- list: {elements: [{name: a}]}" + TEMPLATE.replace("main", "'{{.rev}}'")
    found = made(spec, tmp_path, helm=helm)
    assert found.applications[0]["spec"]["source"]["targetRevision"] == "<no value>"
    assert [each.template for each in found.unfilled] == ["{{.rev}}"]


def test_without_helm_what_needs_it_is_not_judged(tmp_path: Path) -> None:
    spec = "goTemplate: true\ngenerators:\n- list: {elements: [{name: a}]}" + TEMPLATE.replace("main", "'{{ upper .name }}'")
    found = made(spec, tmp_path)
    assert not found.applications
    assert "no helm" in found.not_judged[0].reason


@pytest.mark.parametrize("kind", ["scmProvider", "pullRequest", "plugin", "clusterDecisionResource"])
def test_generators_of_services_are_named(kind: str, tmp_path: Path) -> None:
    nested = f"goTemplate: true\ngenerators:\n- matrix:\n    generators: [{{{kind}: {{}}}}, {{list: {{elements: [{{name: a}}]}}}}]"
    for spec, at in ((f"goTemplate: true\ngenerators:\n- {kind}: {{}}", (0, kind)), (nested, (0, "matrix", "generators", 0, kind))):
        found = made(spec + TEMPLATE, tmp_path)
        assert not found.faults
        assert [each.place.pointer[2:] for each in found.not_judged] == [at]


def test_one_call_of_helm_fills_in_a_set(tmp_path: Path, helm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    real = filling_module.fill

    def counted(*given: Any) -> Any:
        calls.append(len(given[2]))
        return real(*given)

    monkeypatch.setattr(filling_module, "fill", counted)
    elements = ", ".join(f"{{name: n{number}}}" for number in range(40))
    spec = f"goTemplate: true\ngenerators:\n- list: {{elements: [{elements}]}}" + TEMPLATE.replace("main", "'{{ upper .name }}'")
    assert len(made(spec, tmp_path, helm=helm).applications) == 40
    assert calls == [40]


def test_after_five_failures_the_rest_is_not_judged(tmp_path: Path, helm: Path) -> None:
    elements = ", ".join(f"{{name: n{number}, x: {number}}}" for number in range(9))
    spec = f"goTemplate: true\ngenerators:\n- list: {{elements: [{elements}]}}" + TEMPLATE.replace("main", "'{{ upper .x }}'")
    found = made(spec, tmp_path, helm=helm)
    assert len(found.faults) == 6
    assert {each.reason for each in found.not_judged} == {"more than 5 other templates fail"}
    assert len(found.not_judged) == 3


def test_too_many_elements_are_said(tmp_path: Path) -> None:
    elements = ", ".join("{name: a}" for _ in range(5001))
    found = made(f"goTemplate: true\ngenerators:\n- list: {{elements: [{elements}]}}" + TEMPLATE, tmp_path)
    assert not found.elements
    assert "5001 elements" in found.not_judged[0].reason


@pytest.mark.parametrize(
    "spec", ["null", "[]", "text", "{generators: 1}", "{generators: [1, null, []]}", "{template: []}", "{goTemplate: x}"]
)
def test_a_set_of_another_shape_is_a_fault(spec: str, tmp_path: Path) -> None:
    found = expand({"spec": value(compose(spec)[0])}, Surroundings(tmp_path))
    assert found.faults
    assert not found.elements


def test_links_out_of_the_repository_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("name: stolen\n")
    root = tmp_path / "repo"
    (root / ".git").mkdir(parents=True)
    (root / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    spec = f"goTemplate: true\ngenerators:\n- git: {{repoURL: x, files: [{{path: link.yaml}}]}}{TEMPLATE}"
    body = {"spec": value(compose(spec)[0])}
    found = expand(body, Surroundings(root, ["link.yaml"]))
    assert not found.elements
    assert "link.yaml cannot be read" in found.not_judged[0].reason


def test_the_sets_of_a_real_repository(lab: Path, helm: Path) -> None:
    paths = sorted(str(path.relative_to(lab)) for path in lab.rglob("*") if path.is_file())
    counts = {}
    for name in ("platform", "product", "bootstrap", "helm-apps"):
        body = value(compose((lab / "argocd" / "applicationsets" / f"{name}.yaml").read_bytes())[0])
        found = expand(body, Surroundings(lab, paths, helm=Helm(helm)))
        assert not found.faults
        assert not found.not_judged
        counts[name] = len(found.applications)
    assert counts == {"platform": 42, "product": 22, "bootstrap": 10, "helm-apps": 2}


PATCHED = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: web, namespace: argocd}
spec:
  goTemplate: true
  generators:
  - list:
      elements:
      - {name: one, tag: v1}
      - name: two
        whole: shop:v2
  template:
    metadata: {name: '{{ .name }}'}
    spec:
      project: default
      destination: {name: in-cluster}
      source: {repoURL: 'https://git.example.com/shop/gitops.git', path: apps/web, targetRevision: main}
  templatePatch: |
    spec:
      source:
        kustomize:
          ITEMS
"""


@pytest.mark.parametrize(
    ("items", "one", "two"),
    [
        ("images:\n- other:{{ .name }}\n- shop:{{ .name }}\n", "- shop:", "- shop:"),
        ("images: ['other:{{ .name }}', 'shop=acme/shop:{{ .name | upper }}'] # why\n", "images: [", "images: ["),
        ("images:\n{{- if .tag }}\n- shop:{{ .tag }}-x\n{{- else }}\n- {{ .whole }}\n{{- end }}\n", "tag: v1", "whole: shop:v2"),
        ("images:\n{{- if .tag }}\n- shop={{ .name }}:a\n{{- else }}\n- 'shop={{ .name }}:b'\n{{- end }}\n", "}}:a", "}}:b"),
    ],
)
def test_an_image_of_a_template_patch_is_where_its_text_is_written(items: str, one: str, two: str, run: Run, tree: Tree) -> None:
    """On the element that the whole text comes from, else on the line of the patch."""
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: p, image: shop}]}\n"
    manifest = PATCHED.replace("ITEMS\n", textwrap.indent(items, " " * 10).lstrip())
    tree.write({"argo/web.yaml": manifest, "apps/web/pod.yaml": pod, "apps/web/kustomization.yaml": "resources: [pod.yaml]\n"})
    lines = {tree.line("argo/web.yaml", part) for part in (one, two)}

    done = run("lint", ".", "--select", "require-digest", "--offline", "-f", "json", cwd=tree.root)

    assert {place for place in done.places() if place[1] == "argo/web.yaml"} == {
        ("require-digest", "argo/web.yaml", line) for line in lines
    }
