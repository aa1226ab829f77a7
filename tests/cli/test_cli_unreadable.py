"""What cannot be read as it stands is named and counts as not checked, and the targets beside it are judged."""

# ruff: noqa: E501

from __future__ import annotations

import codecs
import os
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_command import Command, Repo, pod

BAD = pod("nginx:1")
ENCODED: dict[str, bytes] = {
    "utf-16 little": codecs.BOM_UTF16_LE + BAD.encode("utf-16-le"),
    "utf-16 big": codecs.BOM_UTF16_BE + BAD.encode("utf-16-be"),
    "utf-16 without a mark": BAD.encode("utf-16-le"),
    "utf-32": codecs.BOM_UTF32_LE + BAD.encode("utf-32-le"),
}
BROKEN_LINES = {"CR": "\r", "NEL": "\x85", "LS": "\u2028", "PS": "\u2029"}


@pytest.mark.parametrize("name", ENCODED)
@pytest.mark.parametrize("way", ["folder", "file", "stdin"])
def test_a_manifest_in_another_encoding_is_not_checked(command: Command, repo: Repo, name: str, way: str) -> None:
    repo.write({"pod.yaml": ENCODED[name], "fine.yaml": BAD})
    path = {"folder": ".", "file": "pod.yaml", "stdin": "-"}[way]
    done = command(path, "--quiet", cwd=repo.root, stdin=ENCODED[name])
    assert (done.status, "not checked" in done.out) == (2, True), done


@pytest.mark.parametrize("name", BROKEN_LINES)
@pytest.mark.parametrize("way", ["folder", "file", "stdin"])
def test_a_manifest_with_other_line_breaks_is_read_as_kustomize_reads_it(command: Command, repo: Repo, name: str, way: str) -> None:
    data = BAD.replace("\n", BROKEN_LINES[name]).encode()
    repo.write({"pod.yaml": data})
    path = {"folder": ".", "file": "pod.yaml", "stdin": "-"}[way]
    done = command(path, "--quiet", "--select", "require-digest", cwd=repo.root, stdin=data)
    assert (done.status, "require-digest" in done.out) == (1, True), done


@pytest.mark.parametrize(
    "text", ['"api\\x56ersion": v1\n"\\u006bind": Pod\n', "? kind\n: Pod\n? apiVersion\n: v1\n", "# c\n{kind: Pod, apiVersion: v1}\n"]
)
def test_other_spellings_of_a_manifest_are_no_hiding_place(command: Command, repo: Repo, text: str) -> None:
    body = BAD.partition("metadata")[1] + BAD.partition("metadata")[2]
    flow = '{"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "a"}, "spec": {"containers": [{"name": "a", "image": "nginx:1"}]}}\n'
    repo.write({"pod.yaml": text.partition("{")[0] + flow if "{" in text else text + body})
    assert command(".", "--quiet", "--select", "require-digest", cwd=repo.root).status == 1


def test_an_indented_manifest_is_read(command: Command, repo: Repo) -> None:
    repo.write({"pod.yaml": "".join(f"  {line}\n" for line in BAD.splitlines())})
    assert command(".", "--quiet", "--select", "require-digest", cwd=repo.root).status == 1


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
def test_a_kustomization_in_utf_16_is_named(command: Command, repo: Repo, name: str) -> None:
    mark = codecs.BOM_UTF16_LE if name.endswith("le") else codecs.BOM_UTF16_BE
    repo.write({"app/kustomization.yaml": mark + "resources: [pod.yaml]\n".encode(name), "app/pod.yaml": pod()}).kustomization(
        "fine", ["nginx:1"]
    )
    done = command(".", "--quiet", cwd=repo.root)
    assert (done.status, "app/kustomization.yaml is UTF-16" in done.out, "fine/pod-0.yaml:8" in done.out) == (2, True, True), done.out


NUL_FIELDS = [
    'resources: ["a\\0b"]', 'bases: ["a\\x00b"]', 'components: ["a\\u0000b"]', 'patches: [{path: "a\\0b"}]', 'patchesStrategicMerge: ["a\\0b"]',
    'patchesJson6902: [{target: {kind: Pod, name: a}, path: "a\\0b"}]', 'configMapGenerator: [{name: a, files: ["a\\0b"]}]',
    'configMapGenerator: [{name: a, envs: ["a\\0b"]}]', 'configMapGenerator: [{name: a, env: "a\\0b"}]',
    'secretGenerator: [{name: a, files: ["k=a\\0b"]}]', 'helmCharts: [{name: "a\\0b"}]', 'helmCharts: [{name: a, valuesFile: "a\\0b"}]',
    'helmCharts: [{name: a, additionalValuesFiles: ["a\\0b"]}]', 'helmCharts: [{name: a, repo: "https://a\\0b", version: 1.0.0}]',
    'helmCharts: [{name: a, repo: "https://127.0.0.1:9", version: "1\\0"}]', 'helmCharts: [{name: a, chartHome: "a\\0b"}]',
    'helmGlobals: {chartHome: "a\\0b"}\nhelmCharts: [{name: a}]', 'generators: ["a\\0b"]', 'transformers: ["a\\0b"]', 'validators: ["a\\0b"]',
    'configurations: ["a\\0b"]', 'openapi: {path: "a\\0b"}', 'crds: ["a\\0b"]', 'replacements: [{path: "a\\0b"}]',
    'helmChartInflationGenerator: [{chartName: "a\\0b"}]', 'helmChartInflationGenerator: [{chartName: a, values: "a\\0b"}]',
]  # fmt: skip


def test_a_nul_in_any_path_is_that_targets_failure(command: Command, repo: Repo) -> None:
    for number, field in enumerate(NUL_FIELDS):
        repo.write({f"nul-{number}/kustomization.yaml": f"\n{field}\n"})
    inline = 'transformers:\n- |\n  apiVersion: builtin\n  kind: PatchTransformer\n  metadata: {name: a}\n  path: "a\\0b"\n'
    repo.write({"inline/kustomization.yaml": inline}).kustomization("fine", ["nginx:1"])
    done = command(".", "--quiet", cwd=repo.root)
    assert (done.status, "fine/pod-0.yaml:8:14" in done.out) == (2, True), done
    told = {line.partition("/")[0] for line in done.lines if "NUL character" in line}
    assert {f"nul-{number}" for number in range(len(NUL_FIELDS))} - told == set(), done.out
    assert "inline/kustomization.yaml:" in done.out


def fifo(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


def bound_socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(path.name)
    finally:
        os.chdir(here)


@pytest.mark.parametrize("make", [fifo, device, folder, bound_socket])
@pytest.mark.parametrize(
    "name", [".agentslint.toml", "app/kustomization.yaml", "app/pod.yaml", "app/values.yaml", "plain.yaml", "base.json"]
)
def test_what_is_no_file_is_named_and_never_waited_for(command: Command, repo: Repo, make: Callable[[Path], None], name: str) -> None:
    repo.write({"app/charts/t/Chart.yaml": "apiVersion: v2\nname: t\nversion: 1.0.0\n", "app/charts/t/templates/pod.yaml": pod()})
    repo.write({"app/kustomization.yaml": "resources: [pod.yaml]\nhelmCharts: [{name: t, valuesFile: values.yaml}]\n"})
    repo.write({"app/pod.yaml": pod(name="a"), "app/values.yaml": "a: b\n"})
    if name == "base.json":
        repo.write({".agentslint.toml": 'baseline = "base.json"\n'})
    repo.write({"plain.yaml": BAD, **({name: "{}"} if name == "base.json" else {})})
    # git lists no pipe that it does not know.
    subprocess.run(["git", "add", "--all"], cwd=repo.root, check=True)
    (repo.root / name).unlink(missing_ok=True)
    make(repo.root / name)
    done = command(".", cwd=repo.root)
    if (name, make) == ("plain.yaml", folder):
        return
    said = done.out + done.err
    kinds = {fifo: "named pipe", device: "/dev/zero", folder: "folder", bound_socket: "socket"}
    assert kinds[make] in said or "directory" in said, done
    assert done.status == 2 or (name, make) == ("plain.yaml", device), done


@pytest.mark.parametrize(
    "text",
    ["[1, 2]\n", "a\n", "null\n", "1: 2\nkind: A\napiVersion: v1\n", "apiVersion: v1\nkind: A\nmetadata: []\n", "apiVersion: v1\nkind: [x]\n",
     "apiVersion: v1\nkind: Deployment\nmetadata: {name: [a]}\nspec: []\n", "apiVersion: v1\nkind: List\nitems: {}\n"],
)  # fmt: skip
def test_odd_documents_break_no_rule(command: Command, repo: Repo, text: str) -> None:
    repo.write({"odd.yaml": f"{BAD}---\n{text}"})
    done = command("odd.yaml", "--quiet", cwd=repo.root)
    assert "failed: " not in done.out + done.err, done
    assert "odd.yaml:8:" in done.out


def test_a_report_is_not_written_through_a_link_out(command: Command, repo: Repo, tmp_path: Path) -> None:
    keys = tmp_path / "authorized_keys"
    keys.write_text("mine\n")
    repo.write({"pod.yaml": BAD})
    for name in ("r.sarif", ".agentslint-baseline.json"):
        (repo.root / name).symlink_to(keys)
    command(".", "--format", "sarif", "--output", "r.sarif", cwd=repo.root).complains("r.sarif is a link out of the repository, to ")
    assert command("baseline", cwd=repo.root).status == 2
    assert keys.read_text() == "mine\n"
    assert command(".", "--format", "json", "--output", "/dev/stdout", cwd=repo.root).out.startswith("{")


def test_a_list_document_does_not_hide_what_changes_in_definitions(command: Command, repo: Repo) -> None:
    crd = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: runs.a.b}\nspec: {versions: []}\n"
    repo.write({".agentslint.toml": '[[groups]]\nname = "agents"\nimages = ["nginx"]\n', "odd.yaml": f"{BAD}---\n{crd}"})
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run([*git, "add", "--all"], cwd=repo.root, check=True)
    subprocess.run([*git, "commit", "-qm", "a"], cwd=repo.root, check=True)
    repo.write({"odd.yaml": f"{pod('nginx:2')}---\n[1, 2]\n"})
    done = command("odd.yaml", "--quiet", "--base", "HEAD", cwd=repo.root)
    assert (done.status, "ValueError" in done.out + done.err) == (2, False), done
