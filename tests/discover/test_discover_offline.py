"""Whatever the real kustomize asks the network for is named before it is started: each spelling is tried on it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from discover_tree import CONFIG_MAP, Tree
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from network import Network, network

from agentslint.model import Target

URL = "http://evil.example.com/x.yaml"
GIT = "git::https://evil.example.com/org/repo"
HEAD = "apiVersion: builtin\nmetadata: {name: x}\n"
CHART = "apiVersion: v2\nname: web\nversion: 1.0.0\n"
Files = Mapping[str, "str | bytes"]
ITEM = {"apiVersion": "builtin", "kind": "PatchTransformer", "metadata": {"name": "x"}, "path": URL}
NOTES = f"{HEAD}kind: AnnotationsTransformer\nannotations: {{a: 'http://a.b/c'}}\n"

PLUGINS = {
    "patch": f"{HEAD}kind: PatchTransformer\npath: {URL}\ntarget: {{kind: ConfigMap}}\n",
    "patch in capitals": f"{HEAD}kind: PatchTransformer\nPATH: {URL}\n",
    "patches": f"{HEAD}kind: PatchStrategicMergeTransformer\npaths: [{URL}]\n",
    "json patch": f"{HEAD}kind: PatchJson6902Transformer\npath: {URL}\ntarget: {{kind: ConfigMap, name: settings, version: v1}}\n",
    "replacement": f"{HEAD}kind: ReplacementTransformer\nreplacements:\n- path: {URL}\n",
    "value": f"{HEAD}kind: ValueAddTransformer\ntargetFilePath: {URL}\n",
    "named twice": f"{HEAD}kind: PatchTransformer\nPath: no.yaml\npath: {URL}\n",
    "in a list": f"apiVersion: v1\nkind: List\nitems:\n- {json.dumps(ITEM)}\n",
    "in a typed list": json.dumps({"apiVersion": "v1", "kind": "PatchTransformerList", "items": [ITEM]}),
    "anchored": f"{HEAD}kind: PatchTransformer\nx: &u {URL}\npath: *u\n",
    "folded": f"{HEAD}kind: PatchTransformer\npath: >-\n  {URL}\n",
    "escaped": f'{HEAD}kind: PatchTransformer\npath: "\\x68ttp://evil.example.com/x.yaml"\n',
    "in flow": f"{{apiVersion: builtin, kind: PatchTransformer, metadata: {{name: x}}, path: '{URL}'}}\n",
    "second document": f"{HEAD}kind: LabelTransformer\nlabels: {{a: b}}\n---\n{HEAD}kind: PatchTransformer\npath: {URL}\n",
    "map file": f"{HEAD}kind: ConfigMapGenerator\nfiles: [{URL}]\n",
    "map file with its key": f"{HEAD}kind: ConfigMapGenerator\nfiles: ['a={URL}']\n",
    "map environment": f"{HEAD}kind: ConfigMapGenerator\nenvs: [{URL}]\n",
    "secret": f"{HEAD}kind: SecretGenerator\nfiles: [{URL}]\n",
    "chart": f"{HEAD}kind: HelmChartInflationGenerator\nname: web\nadditionalValuesFiles: [{URL}]\n",
    "chart values": f"{HEAD}kind: HelmChartInflationGenerator\nname: web\nvaluesFile: {URL}\n",
}  # fmt: skip
GENERATING = ("map", "secret", "chart")


def indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


def plugged(name: str, content: str) -> Iterator[tuple[str, Files]]:
    """A plugin in every place in which kustomize takes one."""
    field = "generators" if name.startswith(GENERATING) else "transformers"
    cm = {"app/cm.yaml": CONFIG_MAP}
    top = "resources: [cm.yaml]\n"
    yield "inline", {**cm, "app/kustomization.yaml": f"{top}{field}:\n- |\n{indented(content)}"}
    yield "file", {**cm, "app/kustomization.yaml": f"{top}{field}: [p.yaml]\n", "app/p.yaml": content}
    folder = {"app/p/kustomization.yaml": "resources: [p.yaml]\n", "app/p/p.yaml": content}
    yield "folder", {**cm, "app/kustomization.yaml": f"{top}{field}: [p]\n", **folder}
    component = f"apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n{field}: [p.yaml]\n"
    yield (
        "component",
        {
            **cm,
            "app/kustomization.yaml": f"{top}components: [../part]\n",
            "part/kustomization.yaml": component,
            "part/p.yaml": content,
        },
    )
    yield (
        "base",
        {
            "app/kustomization.yaml": "resources: [../base]\n",
            "base/kustomization.yaml": f"{top}{field}: [p.yaml]\n",
            "base/cm.yaml": CONFIG_MAP,
            "base/p.yaml": content,
        },
    )
    if field == "transformers":
        yield "validator", {**cm, "app/kustomization.yaml": f"{top}validators: [p.yaml]\n", "app/p.yaml": content}


def kustomization(text: str, **files: str) -> Files:
    named = {f"app/{name.replace('_', '.')}": content for name, content in files.items()}
    return {"app/kustomization.yaml": text, "app/cm.yaml": CONFIG_MAP, **named}


PATCHED = f"{HEAD}kind: PatchTransformer\npath: no.yaml\ntarget: {{kind: ConfigMap}}\n"
B64 = base64.b64encode(URL.encode()).decode()
TREES: dict[str, Files] = {
    "resource": kustomization(f"resources: [{URL}]\n"),
    "base": kustomization(f"bases: ['{GIT}']\n"),
    "component": kustomization(f"components: ['{GIT}']\n"),
    "crd": kustomization(f"resources: [cm.yaml]\ncrds: [{URL}]\n"),
    "configuration": kustomization(f"resources: [cm.yaml]\nconfigurations: [{URL}]\n"),
    "schema": kustomization(f"resources: [cm.yaml]\nopenapi: {{path: '{URL}'}}\n"),
    "schema of a base": {
        "app/kustomization.yaml": "resources: [../base]\n",
        "base/kustomization.yaml": f"resources: [cm.yaml]\nopenapi: {{path: '{URL}'}}\n",
        "base/cm.yaml": CONFIG_MAP,
    },
    "patch": kustomization(f"resources: [cm.yaml]\npatches:\n- path: {URL}\n"),
    "merge patch": kustomization(f"resources: [cm.yaml]\npatchesStrategicMerge: [{URL}]\n"),
    "json patch": kustomization(
        f"resources: [cm.yaml]\npatchesJson6902:\n- path: {URL}\n  target: {{kind: ConfigMap, name: settings, version: v1}}\n"
    ),
    "replacement": kustomization(f"resources: [cm.yaml]\nreplacements:\n- path: {URL}\n"),
    "map": kustomization(f"configMapGenerator:\n- name: a\n  files: ['k={URL}']\n"),
    "map environment": kustomization(f"configMapGenerator:\n- name: a\n  env: {URL}\n"),
    "secret": kustomization(f"secretGenerator:\n- name: a\n  envs: [{URL}]\n"),
    "chart": kustomization(f"helmCharts:\n- name: web\n  additionalValuesFiles: [{URL}]\n"),
    "chart values": kustomization(f"helmCharts:\n- name: web\n  valuesFile: {URL}\n"),
    "old chart": kustomization(f"helmChartInflationGenerator:\n- chartName: web\n  values: {URL}\n"),
    "generator": kustomization(f"generators: [{URL}]\n"),
    "transformer": kustomization(f"resources: [cm.yaml]\ntransformers: ['{GIT}']\n"),
    "validator": kustomization(f"resources: [cm.yaml]\nvalidators: [{URL}]\n"),
    "capitals": kustomization("RESOURCES: [HTTP://EVIL.EXAMPLE.COM/x.yaml]\n"),
    "duplicate": kustomization(f"Resources: [cm.yaml]\nresources: ['{GIT}']\n"),
    "folded": kustomization(f"resources:\n- >-\n  {URL}\n"),
    "anchored": kustomization(f"resources:\n- &a {URL}\n"),
    "escaped": kustomization('resources:\n- "\\u0068ttp://evil.example.com/x.yaml"\n'),
    "binary": kustomization(f"resources:\n- !!binary {B64}\n"),
    "binary key": kustomization(f"!!binary {base64.b64encode(b'resources').decode()}: [{URL}]\n"),
    "merged": kustomization(f"<<: {{resources: ['{URL}']}}\n"),
    "merged by tag": kustomization(f"!!merge <<: {{resources: ['{URL}']}}\n"),
    "tagged": kustomization(f"resources: !!seq [!!str '{URL}']\n"),
    "json": kustomization(json.dumps({"resources": [URL]})),
    "later document broken": kustomization(f"resources: [{URL}]\n---\n: : [ ]]\n"),
    "another version": kustomization(f"%YAML 1.1\n---\nresources: [{URL}]\n"),
    "no suffix": {"app/Kustomization": f"resources: [{URL}]\n"},
    "yml": {"app/kustomization.yml": f"resources: ['{GIT}']\n"},
    "bom": {"app/kustomization.yaml": f"\ufeffresources: ['{GIT}']\n".encode()},
    "utf-16": {"app/kustomization.yaml": f"resources: ['{GIT}']\n".encode("utf-16")},
    "utf-16, the other": {"app/kustomization.yaml": b"\xfe\xff" + f"resources: ['{GIT}']\n".encode("utf-16-be")},
    "plugin in utf-16": {
        **kustomization("resources: [cm.yaml]\ntransformers: [p.yaml]\n"),
        "app/p.yaml": PLUGINS["patch"].encode("utf-16"),
    },
    "cr only": kustomization(f"resources:\r- cm.yaml\r- {URL}\r"),
    "deep": kustomization(f"helmCharts:\n- name: web\n  valuesFile: {URL}\n  valuesInline: {{a: {'{a: ' * 220}1{'}' * 220}}}\n"),
    "broken file of a repository's name": {
        "app/kustomization.yaml": "resources: [github.com/evil/example.com]\n",
        "app/github.com/evil/example.com": "a: [\n",
    },
    "linked file of a repository's name": {
        "app/kustomization.yaml": "resources: [github.com/evil/example.com]\n",
        "app/github.com/evil/example.com": "kind: ConfigMap\n",
    },
    "plugin changed by its folder": {
        **kustomization("resources: [cm.yaml]\ntransformers: [p]\n"),
        "app/p/kustomization.yaml": f"resources: [p.yaml]\npatches:\n- target: {{kind: PatchTransformer}}\n"
        f"  patch: '[{{\"op\": \"replace\", \"path\": \"/path\", \"value\": \"{URL}\"}}]'\n",
        "app/p/p.yaml": PATCHED,
    },
    "plugin changed by a file": {
        **kustomization("resources: [cm.yaml]\ntransformers: [p]\n"),
        "app/p/kustomization.yaml": "resources: [p.yaml]\npatches:\n- target: {kind: PatchTransformer}\n  path: c.yaml\n",
        "app/p/p.yaml": PATCHED,
        "app/p/c.yaml": f"- op: replace\n  path: /path\n  value: {URL}\n",
    },
    "inline on one line": kustomization(
        f"resources: [cm.yaml]\ntransformers:\n- '!!map {json.dumps(ITEM)}'\n"
    ),
}  # fmt: skip
TREES |= {f"{name}, {place}": files for name, content in PLUGINS.items() for place, files in plugged(name, content)}


@pytest.fixture(scope="module")
def asking(kustomize: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    with network(kustomize, tmp_path_factory.mktemp("network")) as found:
        yield found


def named(target: Target) -> str:
    """All for which an offline run refuses a target: addresses, and files in which there may be some."""
    unclear = (each.path for each in target.closure.unclear if each.may_name_addresses)
    unread = (each.path for each in target.closure.unread if each.fatal)
    return " ".join([*(remote.url.lower() for remote in target.closure.remotes), *unclear, *unread])


@pytest.mark.sample(60)
@pytest.mark.parametrize("name", TREES)
def test_what_kustomize_asks_for_is_named(tree: Tree, asking: Network, name: str) -> None:
    tree.write({**TREES[name], **{f"{folder}/charts/web/Chart.yaml": CHART for folder in ("app", "base", "part")}})
    asked = asking.asked(tree.root / "app")
    told = named(tree.target("app"))
    assert asked, "this tree was meant to ask for something"
    assert "evil" in told or "app/kustomization.yaml" in told


PARTS = ["git::", "GIT::", "https://", "HTTP://", "ssh://", "file://", "git@", "u-1@", "evil.example.com", "github.com", "GitHub.com"]
SPELLINGS = st.builds(
    lambda prefix, parts: prefix + "".join(parts),
    st.sampled_from(["", "git::", "https://", "HTTPS://", "ssh://", "http://", "file://", "git@", "github.com/", "gİthub.com/"]),
    st.lists(st.sampled_from([*PARTS, "/", "//", ":", ".git", "_git/", "a", "..", "?ref=x", "=", "%zz", "&", " ", "1"]), max_size=7),
)


@given(spelling=SPELLINGS, field=st.sampled_from(["resources", "components", "bases", "configurations", "crds", "transformers"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_spelling_asks_unnoticed(tmp_path_factory: pytest.TempPathFactory, asking: Network, spelling: str, field: str) -> None:
    tree = Tree(tmp_path_factory.mktemp("spelling"))
    tree.write({"app/kustomization.yaml": json.dumps({field: [spelling]})})
    asked = asking.asked(tree.root / "app")
    remotes = tree.target("app").closure.remotes
    assert remotes or not asked, asked


@pytest.mark.parametrize(
    "text",
    [
        "resources: [cm.yaml]\n# see https://example.com\nmetadata: {annotations: {a: 'https://example.com'}}\n",
        f"resources: [cm.yaml]\ntransformers:\n- |\n{indented(NOTES)}",
        "resources: [cm.yaml]\npatches:\n- patch: '[{op: add, path: /data, value: {a: https://example.com}}]'\n",
        "configMapGenerator:\n- name: a\n  literals: ['a=https://example.com']\n",
    ],
)
def test_an_address_that_is_only_text_is_not_fetched(tree: Tree, asking: Network, text: str) -> None:
    tree.write(kustomization(text))
    assert asking.asked(tree.root / "app") == []
    closure = tree.target("app").closure
    assert (closure.remotes, closure.unread, [each for each in closure.unclear if each.may_name_addresses]) == ((), (), [])
