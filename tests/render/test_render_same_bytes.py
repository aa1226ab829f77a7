"""What is linted is byte for byte what `kustomize build --enable-helm` prints for the folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from chart_server import index, package, serve, write_chart
from render_tree import HELM_APP, targets, the_target, write

from agentslint.model import RenderFailure, Rendering, Target, TargetKind
from agentslint.render import KustomizeRenderer, RenderOptions

EXAMPLES = Path(__file__).parents[2] / "examples"


def bare(kustomize: Path, helm: Path, folder: Path, *options: str) -> subprocess.CompletedProcess[bytes]:
    """Build a folder as a person does it, with helm on PATH."""
    environ = {**os.environ, "PATH": f"{helm.parent}{os.pathsep}{os.environ['PATH']}"}
    command = [str(kustomize), "build", "--enable-helm", "--helm-command", helm.name, *options, str(folder)]
    return subprocess.run(command, env=environ, capture_output=True)


def assert_same(renderer: KustomizeRenderer, kustomize: Path, helm: Path, target: Target) -> bool:
    """Compare a target with the bare build; tells whether it renders."""
    wanted = bare(kustomize, helm, target.folder)
    outcome = renderer.render(target, RenderOptions())
    if wanted.returncode:
        assert isinstance(outcome, RenderFailure), f"{target.name} fails in the bare build: {wanted.stderr.decode()}"
        return False
    assert isinstance(outcome, Rendering), f"{target.name} renders in the bare build: {outcome}"
    assert outcome.stream == wanted.stdout
    return True


def kustomizations(root: Path, *paths: str) -> list[Target]:
    return [target for target in targets(root, *paths).values() if target.kind is TargetKind.KUSTOMIZATION]


def test_every_target_of_the_examples(renderer: KustomizeRenderer, kustomize: Path, helm: Path) -> None:
    rendered = {target.name for target in kustomizations(EXAMPLES) if assert_same(renderer, kustomize, helm, target)}

    assert rendered >= {"argocd/applications/agents", "argocd/applications/storefront"}


def test_every_target_of_the_lab(renderer: KustomizeRenderer, kustomize: Path, helm: Path, lab: Path, tmp_path: Path) -> None:
    copy = tmp_path / "lab"  # the bare build would pull charts into the tree
    shutil.copytree(lab, copy, symlinks=True)
    found = kustomizations(copy.resolve(), "argocd")
    remote = [target for target in found if target.closure.remotes or any(chart.repo for chart in target.closure.charts)]

    rendered = [target.name for target in found if target not in remote and assert_same(renderer, kustomize, helm, target)]

    assert len(rendered) == len(found) - len(remote)
    assert "argocd/applications/agents" in rendered


PITFALLS = {
    # What a build that wraps or annotates the target prints differently.
    "managed-by label": "buildMetadata: [managedByLabel]\nresources: [b.yaml, a.yaml]\n",
    "origins": "buildMetadata: [originAnnotations, transformerAnnotations]\nresources: [b.yaml, a.yaml]\nnamePrefix: x-\n",
    "first in, first out": "sortOptions:\n  order: fifo\nresources: [b.yaml, a.yaml]\n",
    "component as the root": (
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [b.yaml, a.yaml]\nnameSuffix: -x\n"
    ),
    "hashes": "configMapGenerator:\n  - name: c\n    literals: [a=b]\nresources: [b.yaml, a.yaml]\n",
}


@pytest.mark.parametrize("name", PITFALLS)
def test_what_a_wrapper_would_change(name: str, renderer: KustomizeRenderer, kustomize: Path, helm: Path, tmp_path: Path) -> None:
    files = {
        f"app/{letter}.yaml": f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {letter}\n  annotations:\n    note: kept\n"
        for letter in "ab"
    }
    root = write(tmp_path, {**files, "app/kustomization.yaml": PITFALLS[name]})

    assert assert_same(renderer, kustomize, helm, the_target(root))


def test_a_build_that_fails_is_not_made_green(renderer: KustomizeRenderer, kustomize: Path, helm: Path, tmp_path: Path) -> None:
    replacement = (
        "resources: [a.yaml]\nreplacements:\n"
        "  - source: {kind: ConfigMap, name: a, fieldPath: metadata.annotations.[config.kubernetes.io/origin]}\n"
        "    targets:\n      - select: {kind: ConfigMap}\n        fieldPaths: [data.a]\n"
    )
    files = {"app/kustomization.yaml": replacement, "app/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  a: b\n"}

    assert not assert_same(renderer, kustomize, helm, the_target(write(tmp_path, files)))


def test_a_target_whose_chart_is_pulled(renderer: KustomizeRenderer, kustomize: Path, helm: Path, tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    package(helm, write_chart(tmp_path / "source", "cache"), repository)
    index(helm, repository)
    with serve(repository) as charts:
        remote = f"  - name: cache\n    repo: {charts.url}\n    version: 1.0.0\n    releaseName: cache\n    valuesFile: cache.yaml\n"
        app = HELM_APP["app/kustomization.yaml"] + remote + "buildMetadata: [originAnnotations]\nresources: [../base]\n"
        files = {
            **HELM_APP,
            "app/kustomization.yaml": app,
            "app/cache.yaml": "image: redis\n",
            "base/kustomization.yaml": "resources: [map.yaml]\n",
            "base/map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: base\n",
        }
        ours, theirs = (write(tmp_path / name, files) for name in ("ours", "theirs"))

        outcome = renderer.render(the_target(ours), RenderOptions())

        wanted = bare(kustomize, helm, theirs / "app")
        assert wanted.returncode == 0
        assert isinstance(outcome, Rendering)
        assert outcome.stream == wanted.stdout


def test_the_options_are_those_of_kustomize(renderer: KustomizeRenderer, kustomize: Path, helm: Path, tmp_path: Path) -> None:
    template = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: versions\ndata:\n  kube: {{ .Capabilities.KubeVersion }}\n"
        '  route: "{{ .Capabilities.APIVersions.Has "route.openshift.io/v1" }}"\n'
    )
    app = HELM_APP["app/kustomization.yaml"] + "resources: [../shared.yaml]\n"
    files = {"charts/web/templates/versions.yaml": template, "app/kustomization.yaml": app}
    root = write(tmp_path, {**HELM_APP, **files, "shared.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shared\n"})
    options = RenderOptions(("--load-restrictor", "LoadRestrictionsNone"), "1.29.3", ("route.openshift.io/v1",))

    outcome = renderer.render(the_target(root), options)

    wanted = bare(kustomize, helm, root / "app", *options.arguments)
    assert isinstance(outcome, Rendering)
    assert outcome.stream == wanted.stdout
    assert b"kube: v1.29.3" in outcome.stream
    assert b'route: "true"' in outcome.stream


@pytest.mark.parametrize("option", ["-o", "-ofile", "--output=file", "--helm-command", "--enable-helm=false"])
def test_options_that_are_ours_are_refused(option: str, renderer: KustomizeRenderer, tmp_path: Path) -> None:
    outcome = renderer.render(the_target(write(tmp_path, HELM_APP)), RenderOptions((option, "file")))

    assert isinstance(outcome, RenderFailure)
    assert outcome.message == f"render.build-options: {option} cannot be passed on"
