"""Spellings of a remote base, chart, patch or file: without network, no packet leaves."""

from __future__ import annotations

from collections.abc import Callable

from tests.hostile.attack import UNCHECKED, Build, Manner, attack, family
from tests.hostile.scene import Scene, pod

PLUGIN = "apiVersion: builtin\nkind: {kind}\nmetadata: {{name: a}}\n{rest}\n"
KINDS = {
    "patch": ("transformers", "PatchTransformer", "path: {url}/p.yaml"),
    "json_patch": ("transformers", "PatchJson6902Transformer", "target: {{kind: Pod, name: web, version: v1}}\npath: {url}/p.yaml"),
    "merge_patch": ("transformers", "PatchStrategicMergeTransformer", "paths: [{url}/p.yaml]"),
    "replacement": ("transformers", "ReplacementTransformer", "replacements: [{{path: {url}/r.yaml}}]"),
    "config_map": ("generators", "ConfigMapGenerator", "files: [a={url}/f.txt]"),
    "config_map_of_variables": ("generators", "ConfigMapGenerator", "envs: [{url}/f.env]"),
    "secret": ("generators", "SecretGenerator", "files: [a={url}/f.txt]"),
    "chart": ("generators", "HelmChartInflationGenerator", "name: a\nversion: 1.0.0\nrepo: {url}"),
    "chart_values": ("generators", "HelmChartInflationGenerator", "name: web\nvaluesFile: {url}/v.yaml"),
}
"""Builtin plugins with a URL in their configuration."""

FIELDS = {
    "resource": "resources: [{url}/a.yaml]",
    "base_of_git": "resources: ['git::{url}/r.git?ref=main']",
    "base_with_a_folder": "resources: ['{url}/r.git//apps?ref=main']",
    "old_bases": "bases: ['{url}/r.git//apps?ref=main']",
    "component": "components: ['{url}/r.git//apps?ref=main']",
    "definitions": "crds: [{url}/a.yaml]\nresources: [web.yaml]",
    "configurations": "configurations: [{url}/a.yaml]\nresources: [web.yaml]",
    "generators": "generators: [{url}/a.yaml]\nresources: [web.yaml]",
    "generators_of_git": "generators: ['{url}/r.git//apps?ref=main']\nresources: [web.yaml]",
    "transformers": "transformers: [{url}/a.yaml]\nresources: [web.yaml]",
    "transformers_of_git": "transformers: ['{url}/r.git//apps?ref=main']\nresources: [web.yaml]",
    "validators": "validators: [{url}/a.yaml]\nresources: [web.yaml]",
    "openapi": "openapi: {{path: {url}/a.json}}\nresources: [web.yaml]",
    "patches": "patches: [{{path: {url}/a.yaml}}]\nresources: [web.yaml]",
    "merge_patches": "patchesStrategicMerge: [{url}/a.yaml]\nresources: [web.yaml]",
    "json_patches": "patchesJson6902: [{{path: {url}/a.yaml, target: {{kind: Pod, name: web, version: v1}}}}]\nresources: [web.yaml]",
    "replacements": "replacements: [{{path: {url}/a.yaml}}]\nresources: [web.yaml]",
    "config_map_files": "configMapGenerator: [{{name: a, files: ['a={url}/f.txt']}}]",
    "config_map_envs": "configMapGenerator: [{{name: a, envs: ['{url}/f.env']}}]",
    "secret_files": "secretGenerator: [{{name: a, files: ['a={url}/f.txt']}}]",
    "chart": "helmCharts: [{{name: a, version: 1.0.0, repo: '{url}'}}]",
    "chart_without_version": "helmCharts: [{{name: a, repo: '{url}'}}]",
    "chart_of_a_registry": "helmCharts: [{{name: a, version: 1.0.0, repo: 'oci://{door}/charts'}}]",
    "values_file": "helmCharts: [{{name: web, valuesFile: '{url}/v.yaml'}}]",
    "more_values": "helmCharts: [{{name: web, additionalValuesFiles: ['{url}/v.yaml']}}]",
    "old_chart": "helmChartInflationGenerator: [{{chartName: a, chartVersion: 1.0.0, chartRepoUrl: '{url}'}}]",
    "chart_named_by_url": "helmCharts: [{{name: '{url}/a.tgz'}}]",
    "upper_case_key": "RESOURCES: [{url}/a.yaml]",
    "upper_case_scheme": "resources: ['HTTP://{door}/a.yaml']",
    "key_in_quotes": '"resources": ["{url}/a.yaml"]',
    "escaped": 'resources: ["http:\\x2f\\x2f{door}\\x2fa.yaml"]',
    "over_two_lines": 'resources:\n- "http://{door}/\\\n  a.yaml"',
    "anchored": "x: &u {url}/a.yaml\nresources: [*u]",
    "merged": "x: &u {{resources: [{url}/a.yaml]}}\n<<: *u",
    "twice": "resources: [web.yaml]\nresources: [{url}/a.yaml]",
    "git_with_a_user": "resources: ['git::http://user@{door}/r.git?ref=main']",
    "git_protocol": "resources: ['git://{door}/r.git?ref=main']",
    "remote_shell": "resources: ['ssh://git@127.0.0.1:9/r.git?ref=main']",
    "remote_shell_like_a_path": "resources: ['git@127.0.0.1:acme/r.git?ref=main']",
    "well_known_host": "resources: ['github.com/acme/r?ref=main']",
    "host_by_name": "resources: ['https://charts.invalid/a.yaml']",
    "chart_of_a_host_by_name": "helmCharts: [{{name: a, version: 1.0.0, repo: 'https://charts.invalid'}}]",
    "block_text": "resources:\n- |-\n  {url}/a.yaml",
    "tagged": "resources: [!!str {url}/a.yaml]",
    "second_item": "resources: [web.yaml, ../base, {url}/a.yaml]",
}
"""Everything in a kustomization that fetches."""


def _texts(scene: Scene, template: str) -> str:
    door = scene.environ["HOSTILE_DOOR"]
    return template.format(url=f"http://{door}", door=door)


def _spelling(template: str) -> Build:
    def build(scene: Scene) -> None:
        """A kustomization names something remote."""
        scene.chart()
        scene.write({"app/kustomization.yaml": _texts(scene, template) + "\n"})

    return build


def _plugin(field: str, kind: str, rest: str, write: Callable[[Scene, str, str], None]) -> Build:
    def build(scene: Scene) -> None:
        """The configuration of a builtin plugin names something remote."""
        scene.chart()
        write(scene, field, PLUGIN.format(kind=kind, rest=_texts(scene, rest)))

    return build


def _in_a_file(scene: Scene, field: str, text: str) -> None:
    scene.write({"app/kustomization.yaml": f"resources: [web.yaml]\n{field}: [plugin.yaml]\n", "app/plugin.yaml": text})


def _in_place(scene: Scene, field: str, text: str) -> None:
    indented = "".join(f"  {line}\n" for line in text.splitlines())
    scene.write({"app/kustomization.yaml": f"resources: [web.yaml]\n{field}:\n- |-\n{indented}"})


def _in_a_folder(scene: Scene, field: str, text: str) -> None:
    files = {"app/plugins/kustomization.yaml": "resources: [plugin.yaml]\n", "app/plugins/plugin.yaml": text}
    scene.write({"app/kustomization.yaml": f"resources: [web.yaml]\n{field}: [plugins]\n", **files})


WAYS = {"in_a_file": _in_a_file, "in_place": _in_place, "in_a_folder": _in_a_folder}

family([(f"field_{name}", _spelling(text)) for name, text in FIELDS.items()], Manner.OFFLINE, ends=UNCHECKED, silent=True)
family(
    [(f"plugin_{name}_{way}", _plugin(*plugin, write)) for name, plugin in KINDS.items() for way, write in WAYS.items()],
    Manner.OFFLINE, ends=UNCHECKED, silent=True,
)  # fmt: skip


@attack(Manner.OFFLINE, ends=UNCHECKED, silent=True)
def base_in_utf16(scene: Scene) -> None:
    """A UTF-16 kustomization has a remote base, which no reader of UTF-8 sees."""
    text = _texts(scene, "resources: ['git::{url}/r.git?ref=main']\n")
    scene.write({"app/kustomization.yaml": text.encode("utf-16")})


@attack(Manner.OFFLINE, ends=UNCHECKED, silent=True)
def base_over_carriage_returns(scene: Scene) -> None:
    """A kustomization with carriage returns alone has a remote base."""
    text = _texts(scene, "# a\rresources: ['git::{url}/r.git?ref=main']\r")
    scene.write({"app/kustomization.yaml": text.encode()})


@attack(Manner.OFFLINE, ends=UNCHECKED, silent=True)
def remote_base_of_a_base(scene: Scene) -> None:
    """A base of a base is remote, behind a link."""
    scene.write(
        {
            "far/kustomization.yaml": _texts(scene, "resources: ['git::{url}/r.git?ref=main']\n"),
            "app/kustomization.yaml": "resources: [base]\n",
        }
    )
    scene.link("app/base", "../far")


@attack(Manner.OFFLINE, silent=True)
def name_lookup_of_a_template(scene: Scene) -> None:
    """A template asks for the address of a host."""
    scene.chart(template=pod('nginx:{{ getHostByName "charts.invalid" | default "latest" }}'))


@attack(Manner.OFFLINE, silent=True)
def cluster_of_a_template(scene: Scene) -> None:
    """A template looks into a cluster, which the environment names."""
    scene.chart(template=pod('nginx:{{ (lookup "v1" "Secret" "default" "a").kind | default "latest" }}'))
    server = f"http://{scene.environ['HOSTILE_DOOR']}"
    config = scene.victim(
        "kubeconfig",
        f"apiVersion: v1\nkind: Config\nclusters: [{{name: a, cluster: {{server: '{server}'}}}}]\n"
        f"contexts: [{{name: a, context: {{cluster: a}}}}]\ncurrent-context: a\n",
    )
    scene.environ["KUBECONFIG"] = str(config)


@attack(Manner.OFFLINE, silent=True)
def dependency_of_a_chart(scene: Scene) -> None:
    """A local chart depends on one of a repository."""
    scene.chart()
    dependency = _texts(scene, "dependencies: [{{name: s, version: 1.0.0, repository: '{url}'}}]\n")
    scene.write({"app/charts/web/Chart.yaml": f"apiVersion: v2\nname: web\nversion: 1.0.0\n{dependency}"})


@attack(Manner.OFFLINE, silent=True)
def schema_of_a_chart(scene: Scene) -> None:
    """The schema of a chart's values refers to a URL."""
    scene.chart()
    scene.write({"app/charts/web/values.schema.json": _texts(scene, '{{"$ref": "{url}/schema.json"}}')})


@attack(Manner.OFFLINE, silent=True)
def remote_of_a_submodule(scene: Scene) -> None:
    """A submodule has a remote, and was never fetched."""
    scene.write({".gitmodules": _texts(scene, '[submodule "s"]\n\tpath = s\n\turl = {url}/s.git\n')})
    (scene.root / "s").mkdir()
