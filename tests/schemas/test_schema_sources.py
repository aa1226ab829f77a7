"""Where schemas come from, and what is said of those that are not there: over the real command line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agentslint.cel import is_installed
from agentslint.schemas import built_in
from tests.suppress.command_in_process import Done, Run, Tree

KUSTOMIZATION = "resources: [all.yaml]\n"
AGENT = "apiVersion: example.com/v1\nkind: Agent\nmetadata: {name: web}\nspec: "
BUILT_IN = "[rules.schema-violation]\nbuiltin = true\n"
needs_package = pytest.mark.skipif(not built_in.releases(), reason="needs kubernetes-validate")


def definition(spec: Any) -> str:
    schema = json.dumps({"openAPIV3Schema": {"type": "object", "properties": {"spec": spec}}})
    rows = f"  - {{name: v1, served: true, storage: true, schema: {schema}}}\n"
    return (
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: agents.example.com\n"
        f"spec:\n  group: example.com\n  names: {{kind: Agent, plural: agents}}\n  scope: Namespaced\n  versions:\n{rows}---\n"
    )


def lint(run: Run, tree: Tree, *more: str) -> Done:
    return run("lint", ".", "--offline", "-f", "json", "--select", "schema-violation", *more, cwd=tree.root)


def notes(done: Done) -> str:
    return "\n".join(json.loads(done.out)["notes"])


SIZE = {"type": "object", "properties": {"size": {"type": "integer"}}}


def test_a_kind_without_a_schema_is_counted_and_named(run: Run, tree: Tree) -> None:
    tree.write({"app/kustomization.yaml": KUSTOMIZATION, "app/all.yaml": AGENT + "{size: x}\n"})
    done = lint(run, tree)
    assert done.results == []
    assert "no schema for 1 resource of 1 kind: example.com/v1 Agent (1)" in notes(done)
    text = run("lint", ".", "--offline", "--select", "schema-violation", cwd=tree.root)
    assert "no schema" not in text.out + text.err
    text = run("lint", ".", "--offline", "--select", "schema-violation", "-v", cwd=tree.root)
    assert "no schema for 1 resource" in text.out + text.err


@pytest.mark.parametrize("config", ['[schemas]\npaths = ["schemas"]\n', BUILT_IN, '[rules.schema-violation]\nrequired = ["example.com"]\n'])
def test_the_count_is_in_every_report_for_people_where_schemas_are_asked_for(config: str, run: Run, tree: Tree) -> None:
    tree.write({"app/kustomization.yaml": KUSTOMIZATION, "app/all.yaml": AGENT + "{size: x}\n", ".agentslint.toml": config})
    tree.write({"schemas/widget-example-v1.json": "{}"})
    said = run("lint", ".", "--offline", "--select", "schema-violation", cwd=tree.root)
    assert "note: no schema for 1 resource of 1 kind (--verbose names them)\n" in said.out
    assert run("lint", ".", "--offline", "--select", "schema-violation", "-v", cwd=tree.root).out.count("no schema for") == 1


def test_malformed_parts_of_a_definition_are_named_with_its_file(run: Run, tree: Tree) -> None:
    odd = definition({"type": "object", "required": [], "properties": {"size": 5, "name": {"type": "txt"}, "old": {"enum": None}}})
    files = {"app/kustomization.yaml": KUSTOMIZATION, "app/all.yaml": AGENT + "{size: x, name: 1}\n"}
    tree.write({**files, "crds/agents.yaml": "# ours\n---\n" + odd, ".agentslint.toml": '[schemas]\npaths = ["crds"]\n'})
    done = lint(run, tree)
    parts = [f"properties.spec.properties.{each} of v1 (agents.example.com, crds/agents.yaml:3)" for each in ("size", "name.type")]
    assert f"not evaluated: malformed parts of schemas: an API server refuses the definition: {', '.join(parts)}" in notes(done)
    tree.write({"app/all.yaml": odd + AGENT + "{size: x}\n", ".agentslint.toml": ""})
    assert "properties.spec.properties.size of v1 (agents.example.com)" in notes(lint(run, tree))


def test_a_json_schema_of_a_later_draft_is_not_malformed(run: Run, tree: Tree) -> None:
    schema = {"type": "object", "required": [], "properties": {"spec": True, "kind": {"type": ["string", "null"]}}}
    tree.write({"app/kustomization.yaml": KUSTOMIZATION, "app/all.yaml": AGENT + "{size: x}\n"})
    tree.write({"schemas/agent-example-v1.json": json.dumps(schema), ".agentslint.toml": '[schemas]\npaths = ["schemas"]\n'})
    assert "malformed" not in notes(lint(run, tree))


SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: web}\ndata:\n"


@needs_package
@pytest.mark.parametrize(("value", "found"), [
    ("'%%%'", True), ("hunter2!", True), ("aGk", True), ("aGk=\n", False), ("''", False), ("aHVudGVyMg==", False),
    ("|\n    aHVu\n    dGVyMg==\n", False), ("'ENC[AES256_GCM,data:x,type:str]'", False), ("<path:secret/data/web#password>", False),
    ("'{{ .password }}'", False), (f"'{'A' * 40_000}'", False), (f"'{'A' * 40_001}'", True), ("|\n    aGk\n    ?\n", True),
])  # fmt: skip
def test_the_data_of_a_secret_is_base64(value: str, found: bool, run: Run, tree: Tree) -> None:
    tree.write({"app/kustomization.yaml": KUSTOMIZATION, "app/all.yaml": SECRET + f"  key: {value}\n", ".agentslint.toml": BUILT_IN})
    done = lint(run, tree)
    assert [row["message"] for row in done.results] == ["data.key of Secret/web must have the format base64 (RFC 4648)"] * found
    assert "hunter2" not in done.out


def test_the_definition_may_be_in_another_target(run: Run, tree: Tree) -> None:
    tree.write({
        "app/kustomization.yaml": KUSTOMIZATION, "app/all.yaml": AGENT + "{size: x}\n",
        "crds/kustomization.yaml": KUSTOMIZATION, "crds/all.yaml": definition(SIZE),
    })  # fmt: skip
    assert lint(run, tree).places() == [("schema-violation", "app/all.yaml", 4)]


def test_of_several_definitions_elsewhere_only_what_breaks_all_is_found(run: Run, tree: Tree) -> None:
    other = {"type": "object", "properties": {"size": {"type": "string"}, "name": {"type": "integer"}}}
    both = {"type": "object", "properties": {"size": {"type": "integer"}, "name": {"type": "integer"}}}
    tree.write({
        "app/kustomization.yaml": KUSTOMIZATION, "app/all.yaml": AGENT + "\n  size: x\n  name: y\n",
        "one/kustomization.yaml": KUSTOMIZATION, "one/all.yaml": definition(other),
        "two/kustomization.yaml": KUSTOMIZATION, "two/all.yaml": definition(both),
    })  # fmt: skip
    assert lint(run, tree).places() == [("schema-violation", "app/all.yaml", 6)]


def test_the_definition_of_the_cluster_wins_over_that_of_another(run: Run, tree: Tree) -> None:
    head = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: NAME, namespace: argocd}\nspec:\n  project: default\n"
    source = "  source: {repoURL: 'https://git.example.com/acme/gitops.git', path: NAME}\n  destination: {name: CLUSTER, namespace: web}\n"
    text = {"type": "object", "properties": {"size": {"type": "string"}}}
    tree.write({
        ".agentslint.toml": '[deploy]\nrepositories = ["https://git.example.com/acme/gitops.git"]\n',
        **{
            f"argocd/{name}.yaml": (head + source).replace("NAME", name).replace("CLUSTER", cluster)
            for name, cluster in (("app", "west"), ("west", "west"), ("east", "east"))
        },
        "app/all.yaml": AGENT + "\n  size: x\n", "west/all.yaml": definition(SIZE), "east/all.yaml": definition(text),
    })  # fmt: skip
    assert lint(run, tree).places() == [("schema-violation", "app/all.yaml", 5)]


@needs_package
def test_built_in_kinds_have_the_schemas_of_the_nearest_release(run: Run, tree: Tree) -> None:
    map_ = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n  port: 80\n"
    tree.write(
        {
            "app/kustomization.yaml": KUSTOMIZATION,
            "app/all.yaml": map_,
            ".agentslint.toml": '[render]\nkube-version = "1.99.3"\n' + BUILT_IN,
        }
    )
    done = lint(run, tree)
    assert done.messages("schema-violation") == ["data.port of ConfigMap/web must be a text, not the number 80: put it in quotes"]
    assert "there are no schemas for Kubernetes 1.99: those of 1." in notes(done)
    tree.write({".agentslint.toml": ""})
    done = lint(run, tree)
    assert done.results == []
    assert "ConfigMap" not in notes(done)
    definition = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a.example.com}\n"
    tree.write({"crds/a.yaml": definition, ".agentslint.toml": '[schemas]\npaths = ["crds"]\n'})
    assert "v1 ConfigMap (1)" in notes(lint(run, tree))


def test_built_in_kinds_without_the_package_are_not_checked(run: Run, tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agentslint.schemas.built_in.releases", dict)
    tree.write({"app/kustomization.yaml": KUSTOMIZATION, "app/all.yaml": AGENT + "{}\n", ".agentslint.toml": BUILT_IN})
    done = lint(run, tree)
    assert done.status == 2
    assert ["install agentslint-gitops[schemas]" in row["message"] for row in json.loads(done.out)["failures"]] == [True]


@needs_package
def test_no_message_holds_a_value_of_a_secret(run: Run, tree: Tree) -> None:
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: web}\nstringData:\n  password: 73021\n"
    tree.write({"app/kustomization.yaml": KUSTOMIZATION, "app/all.yaml": secret, ".agentslint.toml": BUILT_IN})
    done = lint(run, tree)
    assert done.messages("schema-violation") == ["stringData.password of Secret/web must be a text, not a number: put it in quotes"]
    assert "73021" not in done.out + done.err


@pytest.mark.parametrize(
    ("paths", "complaint"),
    [
        ('["crd"]', "no file matches 'crd'; did you mean 'crds'?"),
        ('["https://example.com/schemas"]', "'https://example.com/schemas' is an address; only files in the repository are read"),
        ('["../elsewhere"]', "'../elsewhere' leads out of the repository; put the schemas into it"),
        ('["/etc"]', "'/etc' leads out of the repository; put the schemas into it"),
        ('["docs"]', "docs holds neither YAML nor JSON files"),
        ('["a.yaml"]', "a.yaml holds neither CustomResourceDefinitions nor JSON schemas"),
        ('["broken"]', "broken holds neither CustomResourceDefinitions nor JSON schemas"),
    ],
)
def test_a_path_without_schemas_is_an_error_of_the_configuration(run: Run, tree: Tree, paths: str, complaint: str) -> None:
    tree.write(
        {
            "docs/a.md": "a",
            "crds": "x",
            "broken/a.yaml": "a: [",
            "a.yaml": AGENT + "{}\n",
            ".agentslint.toml": f"[schemas]\npaths = {paths}\n",
        }
    )
    done = lint(run, tree)
    assert done.status == 2
    assert f".agentslint.toml:2: schemas.paths: {complaint}" in done.err


@pytest.mark.parametrize("text", ["{", "[]", '{"a": ' * 2000 + "1" + "}" * 2000])
def test_a_schema_that_cannot_be_read_is_not_checked(run: Run, tree: Tree, text: str) -> None:
    tree.write({
        "app/kustomization.yaml": KUSTOMIZATION, "app/all.yaml": AGENT + "{}\n",
        "schemas/agent-example-v1.json": text, ".agentslint.toml": '[schemas]\npaths = ["schemas"]\n',
    })  # fmt: skip
    done = lint(run, tree)
    assert done.status == 2
    failures = json.loads(done.out)["failures"]
    assert ["schemas/agent-example-v1.json cannot be read" in row["message"] for row in failures] == [True]


def test_schemas_of_the_layout_of_kubeconform_have_their_release(run: Run, tree: Tree) -> None:
    def schema(kind: str) -> str:
        part = {"type": "object", "properties": {"size": {"type": kind}}, "additionalProperties": False}
        return json.dumps({"type": "object", "properties": {"spec": {"$ref": "_definitions.json#/definitions/spec"}}, "definitions": part})

    folders = {"v1.29.0-standalone-strict": "string", "v1.31.0-standalone-strict": "integer", "v1.31.0-standalone": "boolean"}
    tree.write({
        "app/kustomization.yaml": KUSTOMIZATION, "app/all.yaml": AGENT + "{size: 1}\n",
        ".agentslint.toml": '[render]\nkube-version = "1.30"\n[schemas]\npaths = ["schemas/**"]\n',
        **{f"schemas/{folder}/agent-example-v1.json": schema(kind) for folder, kind in folders.items()},
        **{
            f"schemas/{folder}/_definitions.json": json.dumps({"definitions": {"spec": {"properties": {"size": {"type": kind}}}}})
            for folder, kind in folders.items()
        },
    })  # fmt: skip
    assert lint(run, tree).messages("schema-violation") == ["spec.size of Agent/web must be a text, not the number 1: put it in quotes"]
    tree.write({".agentslint.toml": '[render]\nkube-version = "1.32"\n[schemas]\npaths = ["schemas/**"]\n'})
    assert lint(run, tree).results == []


RULES = {
    "type": "object",
    "properties": {"size": {"type": "integer"}},
    "x-kubernetes-validations": [{"rule": "self.size > 1", "fieldPath": ".size"}],
}


@pytest.mark.skipif(not is_installed(), reason="needs cel-expr-python")
def test_rules_are_asked_and_place_their_finding(run: Run, tree: Tree) -> None:
    tree.write({"app/kustomization.yaml": KUSTOMIZATION, "app/all.yaml": definition(RULES) + AGENT + "\n  size: 1\n"})
    done = lint(run, tree)
    assert done.messages("schema-violation") == ["spec.size of Agent/web breaks a rule of its definition: the rule self.size > 1"]
    assert [line for _, _, line in done.places()] == [len((definition(RULES) + AGENT).splitlines()) + 1]


def test_rules_without_the_library_are_counted(run: Run, tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agentslint.schemas.validation_rules.is_installed", lambda: False)
    tree.write({"app/kustomization.yaml": KUSTOMIZATION, "app/all.yaml": definition(RULES) + AGENT + "\n  size: 1\n"})
    done = lint(run, tree)
    assert done.results == []
    assert "for which cel-expr-python is missing: install agentslint-gitops[cel]: 1 time" in notes(done)


def test_a_pattern_that_takes_too_long_is_counted_and_ends(run: Run, tree: Tree) -> None:
    slow = {"type": "object", "properties": {"a": {"type": "string", "pattern": "(x+x+)+y"}}}
    tree.write({"app/kustomization.yaml": KUSTOMIZATION, "app/all.yaml": definition(slow) + AGENT + f"{{a: {'x' * 3000}}}\n"})
    done = lint(run, tree)
    assert done.results == []
    assert "patterns that cannot be evaluated here: 1 time" in notes(done)


def test_many_faults_of_one_object_are_summed_up(run: Run, tree: Tree) -> None:
    numbers = {"type": "object", "additionalProperties": {"type": "integer"}}
    values = "".join(f"\n  k{number}: x" for number in range(40))
    tree.write({"app/kustomization.yaml": KUSTOMIZATION, "app/all.yaml": definition(numbers) + AGENT + values + "\n"})
    messages = lint(run, tree).messages("schema-violation")
    assert len(messages) == 26
    assert "kind of Agent/web breaks the schema of its kind in 15 more places" in messages


def test_a_schema_that_contains_itself_is_followed_as_deep_as_the_object(run: Run, tree: Tree) -> None:
    schema = {"type": "object", "properties": {"spec": {"$ref": "#/$defs/tree"}}}
    node = {"type": "object", "properties": {"left": {"$ref": "#/$defs/tree"}, "size": {"type": "integer"}}, "additionalProperties": False}
    tree.write({
        "app/kustomization.yaml": KUSTOMIZATION, "app/all.yaml": AGENT + "{left: {left: {size: x, right: 1}}}\n",
        "agent-example-v1.json": json.dumps({**schema, "$defs": {"tree": node}}), ".agentslint.toml": '[schemas]\npaths = ["*.json"]\n',
    })  # fmt: skip
    assert sorted(lint(run, tree).messages("schema-violation")) == [
        "Agent/web has the unknown field spec.left.left.right, which the API server drops: remove it",
        "spec.left.left.size of Agent/web must be an integer, not the text 'x'",
    ]


def test_references_are_followed_from_the_file_that_they_are_in(run: Run, tree: Tree) -> None:
    parts = {"agent": {"properties": {"spec": {"$ref": "#/definitions/spec"}}}, "spec": {"properties": {"size": {"type": "integer"}}}}
    tree.write({
        "app/kustomization.yaml": KUSTOMIZATION, "app/all.yaml": AGENT + "{size: x}\n",
        "agent-example-v1.json": json.dumps({"$ref": "_definitions.json#/definitions/agent"}),
        "_definitions.json": json.dumps({"definitions": parts}), ".agentslint.toml": '[schemas]\npaths = ["*.json"]\n',
    })  # fmt: skip
    assert lint(run, tree).messages("schema-violation") == ["spec.size of Agent/web must be an integer, not the text 'x'"]


@needs_package
@pytest.mark.parametrize("key", ["y", "yes", "on", "n", "Off", "'y'", "debug"])
def test_a_boolean_under_a_key_that_reads_like_one_has_its_line(key: str, run: Run, tree: Tree) -> None:
    body = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: web}}\ndata:\n  other: 'true'\n  {key}: true\n"
    tree.write({"app/kustomization.yaml": KUSTOMIZATION, "app/all.yaml": body, ".agentslint.toml": BUILT_IN})
    assert lint(run, tree).places() == [("schema-violation", "app/all.yaml", 6)]
