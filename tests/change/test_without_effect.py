"""Edits without effect: each one is judged by renders, whatever stands elsewhere in the stream, or it is said that it is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from change_run import compared
from story import Story

from agentslint.deploy.value_files import reads_beside
from agentslint.model import Manifest, ManifestHead, Target, TargetKind
from agentslint.yamlread import load_trusted

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec: {containers: [{name: main, image: 'registry.example.com/shop/%s:%s'}]}\n"


def chart(keys: Sequence[str]) -> dict[str, str | None]:
    pods = "---\n".join(POD % (key, key, f"{{{{ .Values.{key}.image.tag }}}}") for key in keys)
    entry = "helmCharts:\n  - {name: all, releaseName: all, valuesFile: common.yaml, additionalValuesFiles: [prod.yaml]}\n"
    meta = "apiVersion: v2\nname: all\nversion: 1.0.0\n"
    return {"app/kustomization.yaml": entry, "app/charts/all/Chart.yaml": meta, "app/charts/all/templates/pods.yaml": pods}


def values(tags: Mapping[str, str]) -> str:
    return "".join(f"{key}:\n  image:\n    tag: {tag}\n" for key, tag in tags.items()) or "{}\n"


def layered(story: Story, before: Mapping[str, str], after: Mapping[str, str], shadowed: Sequence[str]) -> Story:
    """A chart with `common.yaml`, of which `prod.yaml` sets some tags again."""
    prod = values({key: before[key] for key in shadowed})
    story.commit("first", {**chart(list(before)), "app/common.yaml": values(before), "app/prod.yaml": prod})
    return story.write({"app/common.yaml": values(after)})


def judged(story: Story, **options: Any) -> tuple[set[str], set[str], int]:
    """The edits without effect, those not judged, and the number of extra renders."""
    with compared(story, **options) as (_, change):
        edits = change.edits_without_effect
        idle, unknown = (
            {str(scalar.key_path[0]) for edit in edits if bool(edit.unknown) is is_unknown for scalar in edit.scalars}
            for is_unknown in (False, True)
        )
        return idle, unknown, sum(each.head.renders.count for each in change.targets if each.head)


KEYS = [f"part{number}" for number in range(11)]
OLD = {key: f"1.0.{number}" for number, key in enumerate(KEYS)}


@pytest.mark.parametrize("number", [1, 8, 10])
def test_the_same_new_tag_elsewhere_proves_nothing(story: Story, number: int) -> None:
    shadowed = KEYS[:number]
    layered(story, dict.fromkeys(KEYS, "1.0.0"), dict.fromkeys(KEYS, "2.0.0"), shadowed)
    idle, unknown, renders = judged(story)
    assert (idle, unknown) == (set(shadowed), set())
    assert renders <= 4


@pytest.mark.parametrize("shadowed", [["part1"], KEYS[:10], KEYS[1:], ["part0", "part5", "part10"]])
def test_a_longer_tag_in_the_stream_proves_nothing(story: Story, shadowed: list[str]) -> None:
    layered(story, OLD, {key: f"2.0.{number}" for number, key in enumerate(KEYS)}, shadowed)
    assert judged(story)[:2] == (set(shadowed), set())


def test_all_have_an_effect(story: Story) -> None:
    layered(story, OLD, {key: f"2.0.{number}" for number, key in enumerate(KEYS)}, [])
    assert judged(story)[:2] == (set(), set())


@pytest.mark.parametrize("limits", [{"trace_timeout": 0}, {"trace": False}])
def test_without_renders_several_edits_are_not_judged(story: Story, limits: dict[str, Any]) -> None:
    layered(story, OLD, {key: f"2.0.{number}" for number, key in enumerate(KEYS)}, KEYS[:10])
    assert judged(story, **limits) == (set(), set(KEYS[:10]), 0)


def test_one_edit_needs_no_render(story: Story) -> None:
    layered(story, OLD, {**OLD, "part3": "2.0.0"}, [])
    assert judged(story, trace_timeout=0) == (set(), set(), 0)


@pytest.mark.parametrize(("most", "idle", "unknown"), [(64, {"part4"}, set()), (3, set(), set(KEYS))])
def test_edits_that_decide_no_image(story: Story, monkeypatch: pytest.MonkeyPatch, most: int, idle: set[str], unknown: set[str]) -> None:
    monkeypatch.setattr("agentslint.experiment.undone.MOST", most)
    layered(story, OLD, {key: f"2.0.{number}" for number, key in enumerate(KEYS)}, ["part4"])
    labels = "".join(f"  {key}: {{{{ .Values.{key}.image.tag }}}}\n" for key in KEYS)
    story.write({"app/charts/all/templates/pods.yaml": f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n{labels}"})
    found = judged(story)
    assert found[:2] == (idle, unknown)
    assert found[2] <= most + 1


def test_distinct_texts_that_came_out_need_no_render(story: Story) -> None:
    layered(story, OLD, {**OLD, "part3": "2.0.0", "part4": "3.0.0"}, [])
    assert judged(story, trace_timeout=0) == (set(), set(), 0)


def test_a_text_that_another_file_says_is_no_proof(story: Story) -> None:
    """The tag of `prod.yaml` comes out because the digest went, not because `common.yaml` says the same."""
    pod = POD % (
        "a",
        "a",
        '{{ if eq .Values.a.image.digest "none" }}{{ .Values.a.image.tag }}{{ else }}{{ .Values.a.image.digest }}{{ end }}',
    )
    common = "a:\n  image:\n    tag: %s\n    digest: %s\n"
    files = {**chart(["a"]), "app/charts/all/templates/pods.yaml": pod, "app/prod.yaml": "a: {image: {tag: 2.0.0}}\n"}
    story.commit("first", {**files, "app/common.yaml": common % ("1.0.0", "abc1234")})
    story.write({"app/common.yaml": common % ("2.0.0", "none")})
    with compared(story) as (_, change):
        assert [scalar.key for edit in change.edits_without_effect for scalar in edit.scalars] == ["tag"]


def test_an_edit_without_which_nothing_renders_is_not_judged(story: Story) -> None:
    layered(story, OLD, {**OLD, "part3": "2.0.0"}, [])
    template = story.root / "app/charts/all/templates/pods.yaml"
    refusal = '{{ if eq .Values.part3.image.tag "1.0.3" }}{{ fail "too old" }}{{ end }}\n'
    template.write_text(refusal + template.read_text())
    assert judged(story)[:2] == (set(), {"part3"})


@pytest.mark.parametrize(("base", "found"), [("image: {tag: 1.0.0}\n", {"idle"}), ("image: {tag: 1.0.0\n", {"unknown"}), (None, {"idle"})])
def test_a_file_that_no_target_reads_and_its_base(story: Story, base: str | None, found: set[str]) -> None:
    files = {**chart(["one"]), "app/common.yaml": values({"one": "1.0.0"}), "app/prod.yaml": "{}\n"}
    story.commit("first", files if base is None else {**files, "app/values-new.yaml": base})
    story.write({"app/values-new.yaml": "image: {tag: 2.0.0}\n"})
    with compared(story) as (_, change):
        assert {"unknown" if edit.unknown else "idle" for edit in change.edits_without_effect} == found


HELM = "{path: apps/web, helm: {valueFiles: [%s]}}"
SOURCE, RELEASE = "source: " + HELM, "chart: {spec: {chart: web, valuesFiles: [%s]}}"


@pytest.mark.parametrize(
    ("kind", "spec", "path", "named"),
    [
        ("Application", SOURCE % "../other/values.yaml", "apps/other/values.yaml", True),
        ("Application", SOURCE % "../other/values.yaml", "apps/web/values.yaml", False),
        ("Application", SOURCE % "web-values-new.yaml", "apps/web/values-new.yaml", False),
        ("Application", SOURCE % "./values-new.yaml", "apps/web/values-new.yaml", True),
        ("Application", SOURCE % "values-new.yaml", "apps/api/values-new.yaml", False),
        ("Application", SOURCE % "/envs/prod.yaml", "envs/prod.yaml", True),
        ("Application", SOURCE % "'*.yaml'", "apps/web/prod.yaml", True),
        ("Application", "source: {path: apps/web, helm: {fileParameters: [{name: a, path: more.yaml}]}}", "apps/web/more.yaml", True),
        ("Application", "sourceHydrator: {drySource: %s}" % (HELM % "v.yaml"), "apps/web/v.yaml", True),
        ("Application", "sources: [{chart: web, helm: {valueFiles: [$own/envs/prod.yaml]}}, {ref: own}]", "envs/prod.yaml", True),
        ("Application", "sources: [{chart: web, helm: {valueFiles: [$own/envs/prod.yaml]}}, {ref: own}]", "other/envs/prod.yaml", False),
        ("Application", "sources: [%s, {path: apps/api}]" % (HELM % "v.yaml"), "apps/api/v.yaml", False),
        ("Application", "source: {path: apps/web, plugin: {env: [{value: '-f=prod.yaml -f ../all.yaml'}]}}", "apps/all.yaml", True),
        ("ApplicationSet", "template: {spec: {source: {path: 'apps/{{name}}', helm: {valueFiles: [v.yaml]}}}}", "apps/web/v.yaml", True),
        ("ApplicationSet", "template: {spec: {source: {path: 'apps/{{name}}', helm: {valueFiles: [v.yaml]}}}}", "other/web/v.yaml", False),
        ("ApplicationSet", "template: {spec: {source: {path: '{{ .path.path }}', helm: {valueFiles: [../v.yaml]}}}}", "a/b/v.yaml", True),
        ("ApplicationSet", "template: {spec: %s}" % ("{source: %s}" % (HELM % "'values-{{env}}.yaml'")), "apps/web/values-prod.yaml", True),
        ("ApplicationSet", "template: {spec: %s}" % ("{source: %s}" % (HELM % "'values-{{env}}.yaml'")), "apps/web/new.yaml", False),
        ("ApplicationSet", "generators: [{git: {files: [{path: 'envs/*/config.yaml'}]}}]", "envs/prod/config.yaml", True),
        ("ApplicationSet", "generators: [{git: {files: [{path: 'envs/**/config.yaml'}]}}]", "apps/prod/config.yaml", False),
        ("ApplicationSet", "templatePatch: 'helm: {valueFiles: [new.yaml]}'", "apps/web/new.yaml", True),
        ("ApplicationSet", "templatePatch: 'helm: {valueFiles: [new.yaml]}'", "apps/web/values-new.yaml", False),
        ("HelmRelease", RELEASE % "charts/web/values-prod.yaml", "charts/web/values-prod.yaml", True),
        ("HelmRelease", RELEASE % "charts/web/values-prod.yaml", "app/charts/web/values-prod.yaml", False),
        ("HelmChart", "chart: web\n  valuesFiles: [./web/prod.yaml]", "web/prod.yaml", True),
        ("ConfigMap", SOURCE % "values.yaml", "apps/web/values.yaml", False),
    ],
)  # fmt: skip
def test_files_that_a_deployer_reads(kind: str, spec: str, path: str, named: bool) -> None:
    body = load_trusted(f"kind: {kind}\nspec:\n  {spec}\n")
    target = Target("a", TargetKind.MANIFESTS, Path(), "a.yaml")
    assert reads_beside(Manifest(target, 0, "", 1, head=ManifestHead(kind=kind), body=body), path) is named


@pytest.mark.parametrize(
    ("named", "silent"), [("../other/values-new.yaml", False), ("web-values-new.yaml", False), ("values-new.yaml", True)]
)
def test_one_application_silences_its_own_files_only(story: Story, named: str, silent: bool) -> None:
    spec = f"{{source: {{repoURL: https://git.example.com/x, path: app, helm: {{valueFiles: [{named}]}}}}}}"
    application = f"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: web}}\nspec: {spec}\n"
    files = {**chart(["one"]), "app/common.yaml": values({"one": "1.0.0"}), "app/prod.yaml": "{}\n"}
    deployed = {"argocd/kustomization.yaml": "resources: [app.yaml]\n", "argocd/app.yaml": application}
    story.commit("first", {**files, **deployed, "app/values-new.yaml": "image: {tag: 1.0.0}\n"})
    story.write({"app/values-new.yaml": "image: {tag: 2.0.0}\n", "argocd/kustomization.yaml": "namePrefix: a-\nresources: [app.yaml]\n"})
    with compared(story) as (_, change):
        assert (change.edits_without_effect == ()) is silent
