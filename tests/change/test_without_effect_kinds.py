"""The kinds of edits without effect, one small repository each: `lint --base` and `diff` say the same of it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from story import QUIET, Story

from tests import warm

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: ctl}\nspec: {containers: [{name: main, image: '%s'}]}\n"
IMAGE = "registry.example.com/shop/ctl"
PLAIN = POD % f"{IMAGE}:1.0.0"
TAG = "{{ .Values.image.tag }}"
RELEASED = (POD % f"{IMAGE}:{TAG}").replace("name: ctl", "name: '{{ .Release.Name }}'")
LISTED = "resources: [pod.yaml]\n"
ENTRY = "helmCharts:\n- {name: ctl, releaseName: ctl, valuesFile: %s}\n"
TWO = "helmCharts:\n- {name: ctl, releaseName: ctl, valuesFile: a.yaml, additionalValuesFiles: [b.yaml]}\n"
INLINE = (
    "helmCharts:\n- name: ctl\n  releaseName: ctl\n  valuesInline:\n    image: {tag: %s}\nimages:\n- {name: " + IMAGE + ", newTag: 3.0.0}\n"
)
ENTRIES = f"resources: [pod.yaml]\nimages:\n- name: {IMAGE}\n  newTag: %s\n- name: registry.example.com/shop/gone\n  newTag: %s\n"
VALUES = "image: {tag: %s}\n"
META = "apiVersion: v2\nname: ctl\nversion: 0.1.0\nappVersion: %s\n"
DIGEST = f"sha256:{'1' * 64}"
PINNED = "image:\n  tag: %s\n  digest: " + DIGEST + "\n"
DIGEST_FIRST = f"{IMAGE}{{{{ with .Values.image.digest }}}}@{{{{ . }}}}{{{{ else }}}}:{TAG}{{{{ end }}}}"
PATCH = "- {op: replace, path: /spec/containers/0/image, value: '%s'}\n"
PATCHED = "resources: [pod.yaml]\npatches:\n- target: {kind: Pod}\n  patch: |-\n    " + PATCH % f"{IMAGE}:3.0.0"
APPLICATION = (
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: ctl}\n"
    "spec: {source: {repoURL: https://git.example.com/x, path: app/charts/ctl, helm: {valueFiles: [../../%s]}}}\n"
)
RELEASES = (
    "helmCharts:\n- name: ctl\n  releaseName: one\n  valuesInline: {image: {tag: 1.0.0}, img: {tag: %s}}\n"
    "- name: ctl\n  releaseName: two\n  namespace: b\n  valuesInline: {image: {tag: 1.1.0}, img: {tag: %s}}\n"
)
Files = dict[str, str | None]


def chart(image: str = f"{IMAGE}:{TAG}", values: str = VALUES % "0.1.0", folder: str = "app/charts/ctl") -> Files:
    return {f"{folder}/Chart.yaml": META % "1.0.0", f"{folder}/values.yaml": values, f"{folder}/templates/pod.yaml": POD % image}


def entry(values: str = "v.yaml", **files: str) -> Files:
    return {"app/kustomization.yaml": ENTRY % values, **{f"app/{name}.yaml": text for name, text in files.items()}}


def two(first: str, second: str) -> Files:
    return {"app/kustomization.yaml": TWO, "app/a.yaml": first, "app/b.yaml": second}


VAIN: dict[str, tuple[Files, Files, str]] = {
    "a chart's default": (
        {**chart(), **entry(v=VALUES % "1.0.0")},
        {"app/charts/ctl/values.yaml": VALUES % "0.2.0"},
        "app/charts/ctl/values.yaml:1 image.tag changes without effect: app/v.yaml:1 takes precedence",
    ),
    "appVersion below a tag": (
        {**chart(f"{IMAGE}:{{{{ .Values.image.tag | default .Chart.AppVersion }}}}", "image: {tag: ''}\n"), **entry(v=VALUES % "1.0.0")},
        {"app/charts/ctl/Chart.yaml": META % "2.0.0"},
        "app/charts/ctl/Chart.yaml:4 appVersion changes without effect: app/v.yaml:1 takes precedence",
    ),
    "a new key that another file sets": (
        {**chart(), **two("replicas: 1\n", VALUES % "1.0.0")},
        {"app/a.yaml": "replicas: 1\n" + VALUES % "2.0.0"},
        "app/a.yaml:2 image.tag changes without effect: app/b.yaml:1 takes precedence",
    ),
    "a new file that another one overrides": (
        {**chart(), **entry("b.yaml", b=VALUES % "1.0.0")},
        {"app/a.yaml": VALUES % "2.0.0", "app/kustomization.yaml": TWO},
        "app/a.yaml:1 image.tag changes without effect: app/b.yaml:1 takes precedence",
    ),
    "a new key of an entry that matches nothing": (
        {"app/pod.yaml": PLAIN, "app/kustomization.yaml": ENTRIES % ("1.0.0", "1.0.0")},
        {"app/kustomization.yaml": ENTRIES % ("1.0.0", "1.0.0") + f"  digest: {DIGEST}\n"},
        "app/kustomization.yaml:7 images[registry.example.com/shop/gone].digest changes without effect: every target renders the same",
    ),
    "a tag beside a digest": (
        {**chart(DIGEST_FIRST), **entry(v=PINNED % "1.0.0")},
        {"app/v.yaml": PINNED % "2.0.0"},
        "app/v.yaml:2 image.tag changes without effect: image.digest (app/v.yaml:3) takes precedence",
    ),
    "a key below a global one in the same file": (
        {**chart(f"{IMAGE}:{{{{ .Values.global.tag | default .Values.image.tag }}}}"), **entry(v="global: {tag: 1.0.0}\n" + VALUES % "1")},
        {"app/v.yaml": "global: {tag: 1.0.0}\n" + VALUES % "2.0.0"},
        "app/v.yaml:2 image.tag changes without effect: global.tag (app/v.yaml:1) takes precedence",
    ),
    "inline values below an entry of the same file": (
        {**chart(), "app/kustomization.yaml": INLINE % "1.0.0"},
        {"app/kustomization.yaml": INLINE % "2.0.0"},
        f"app/kustomization.yaml:5 image.tag changes without effect: images[{IMAGE}].newTag (app/kustomization.yaml:7) takes precedence",
    ),
    "an image below a JSON patch": (
        {"app/pod.yaml": PLAIN, "app/kustomization.yaml": PATCHED},
        {"app/pod.yaml": POD % f"{IMAGE}:2.0.0"},
        "app/pod.yaml:4 Pod/ctl.spec.containers[main].image changes without effect: app/kustomization.yaml:5 takes precedence",
    ),
    "values without the word, beside a target without charts": (
        {"app/pod.yaml": PLAIN, "app/kustomization.yaml": LISTED, "app/prod.yaml": VALUES % "1.0.0"},
        {"app/prod.yaml": VALUES % "2.0.0"},
        "app/prod.yaml:1 image.tag changes, but no target reads app/prod.yaml",
    ),
    "values outside of the target": (
        {**chart(), **entry(v=VALUES % "1.0.0"), "promoted/ctl.json": '{"image": {"tag": "1.0.0"}}\n'},
        {"promoted/ctl.json": '{"image": {"tag": "2.0.0"}}\n'},
        "promoted/ctl.json:1 image.tag changes, but no target reads promoted/ctl.json",
    ),
    "values in the folder of the chart": (
        {**chart(), **entry(v=VALUES % "1.0.0"), "app/charts/ctl/values-prod.yaml": VALUES % "1.0.0"},
        {"app/charts/ctl/values-prod.yaml": VALUES % "2.0.0"},
        "app/charts/ctl/values-prod.yaml:1 image.tag changes, but no target reads app/charts/ctl/values-prod.yaml",
    ),
    "a patch that is not listed": (
        {"app/pod.yaml": PLAIN, "app/kustomization.yaml": LISTED, "app/patches/one.yaml": PATCH % f"{IMAGE}:1.0.0"},
        {"app/patches/one.yaml": PATCH % f"{IMAGE}:2.0.0"},
        "app/patches/one.yaml:1 [/spec/containers/0/image].value changes, but no target reads app/patches/one.yaml",
    ),
    "two releases of one chart": (
        {**chart(), "app/kustomization.yaml": RELEASES % ("1", "1"), "app/charts/ctl/templates/pod.yaml": RELEASED},
        {"app/kustomization.yaml": RELEASES % ("2.0.0", "2.0.0")},
        "app/kustomization.yaml:4 img.tag (app/kustomization.yaml:4) and img.tag (app/kustomization.yaml:8) change without effect: every",
    ),
    "a file that no Application names": (
        {**chart(), **entry(v=VALUES % "1.0.0"), "app/values-new.yaml": VALUES % "1.0.0", "argocd/a.yaml": APPLICATION % "v.yaml"},
        {"app/values-new.yaml": VALUES % "2.0.0"},
        "app/values-new.yaml:1 image.tag changes, but no target reads app/values-new.yaml",
    ),
}
GENERATED = {
    "argocd/kustomization.yaml": ENTRY % "v.yaml",
    "argocd/v.yaml": "file: values-new.yaml\n",
    "argocd/charts/ctl/Chart.yaml": META % "1.0.0",
    "argocd/charts/ctl/templates/a.yaml": APPLICATION % "{{ .Values.file }}",
}
EFFECTIVE: dict[str, tuple[Files, Files]] = {
    "a default that follows the value": (
        {**chart(), **entry(v=VALUES % "1.0.0")},
        {"app/charts/ctl/values.yaml": VALUES % "2.0.0", "app/v.yaml": VALUES % "2.0.0"},
    ),
    "two files promoted alike": ({**chart(), **two(VALUES % "1.0.0", VALUES % "1.0.0")}, two(VALUES % "2.0.0", VALUES % "2.0.0")),
    "another version of a chart": (
        {**chart(), **entry(v=VALUES % "1.0.0")},
        {**chart(f"{IMAGE}:{TAG}-alpine", VALUES % "2.0.0"), "app/charts/ctl/Chart.yaml": META % "2.0.0"},
    ),
    "appVersion that only describes": ({**chart(), **entry(v=VALUES % "1.0.0")}, {"app/charts/ctl/Chart.yaml": META % "2.0.0"}),
    "a new key that decides": ({**chart(), **two("a: b\n", "c: d\n")}, {"app/a.yaml": VALUES % "2.0.0"}),
    "a new key that repeats the default": ({**chart(), **two("a: b\n", "c: d\n")}, {"app/a.yaml": VALUES % "0.1.0"}),
    "a common file that comes with its overrides": ({**chart(), **entry(v="{}\n")}, two(VALUES % "1.0.0", VALUES % "2.0.0")),
    "a new resource below an entry": (
        {"app/pod.yaml": PLAIN, "app/kustomization.yaml": "resources: [pod.yaml]\n"},
        {"app/new.yaml": PLAIN.replace("name: ctl", "name: two"),
         "app/kustomization.yaml": f"resources: [pod.yaml, new.yaml]\nimages: [{{name: {IMAGE}, newTag: 3.0.0}}]\n"},
    ),
    "a file that an Application names": (
        {**chart(), **entry(v=VALUES % "1.0.0"), "app/values-new.yaml": VALUES % "1.0.0",
         "argocd/kustomization.yaml": "resources: [a.yaml]\n", "argocd/a.yaml": APPLICATION % "values-new.yaml"},
        {"app/values-new.yaml": VALUES % "2.0.0"},
    ),
    "a file that an Application names which nothing renders": (
        {**chart(), **entry(v=VALUES % "1.0.0"), "app/values-new.yaml": VALUES % "1.0.0",
         "argocd/kustomization.yaml": "resources: []\n", "argocd/a.yaml": APPLICATION % "values-new.yaml"},
        {"app/values-new.yaml": VALUES % "2.0.0"},
    ),
    "a file that a chart's Application names": (
        {**chart(), **entry(v=VALUES % "1.0.0"), "app/values-new.yaml": VALUES % "1.0.0", **GENERATED},
        {"app/values-new.yaml": VALUES % "2.0.0"},
    ),
    "values with keys that no chart has": (
        {**chart(), **entry(v=VALUES % "1.0.0"), "ansible/vars.yaml": "proxy: {tag: 1.0.0}\n"},
        {"ansible/vars.yaml": "proxy: {tag: 2.0.0}\n"},
    ),
    "values for tests of the chart": (
        {**chart(), **entry(v=VALUES % "1.0.0"), "app/charts/ctl/ci/a-values.yaml": VALUES % "1.0.0"},
        {"app/charts/ctl/ci/a-values.yaml": VALUES % "2.0.0"},
    ),
}  # fmt: skip


def said(story: Story, *words: str) -> list[str]:
    """What the rule says, with file and line, and what is not checked."""
    done = warm.run_text([*words, "--base", "HEAD", "--format", "json"], story.root, {**os.environ, **QUIET})
    report: Any = json.loads(done.stdout)
    results = [
        each for each in report.get("results", report.get("policy", {}).get("results", ())) if each["rule"] == "change-without-effect"
    ]
    places = [f"{each['location']['path']}:{each['location']['start_line']} {each['message']}" for each in results]
    return sorted([*places, *(f"not checked: {failure['message']}" for failure in report["failures"])])


@pytest.fixture
def empty(tmp_path: Path) -> Story:
    """A repository with nothing in it."""
    return Story.begin(tmp_path / "repo")


@pytest.mark.sample(4)
@pytest.mark.parametrize("name", VAIN)
def test_it_is_said_at_the_edit(empty: Story, name: str) -> None:
    before, after, expected = VAIN[name]
    empty.commit("first", before)
    empty.write(after)
    found = said(empty, "lint", ".")
    assert [each[: len(expected)] for each in found] == [expected]
    assert said(empty, "diff") == found


@pytest.mark.sample(3)
@pytest.mark.parametrize("name", EFFECTIVE)
def test_nothing_is_said(empty: Story, name: str) -> None:
    before, after = EFFECTIVE[name]
    empty.commit("first", before)
    empty.write(after)
    assert said(empty, "lint", ".") == said(empty, "diff") == []


def test_a_run_about_one_folder_knows_what_the_others_read(empty: Story) -> None:
    before, after = EFFECTIVE["a file that a chart's Application names"]
    empty.commit("first", before)
    empty.write(after)
    assert said(empty, "lint", "app") == []


def test_without_renders_a_new_key_is_not_judged(empty: Story) -> None:
    before, after, _ = VAIN["a new key that another file sets"]
    empty.commit("first", before)
    empty.write({**after, "app/b.yaml": VALUES % "1.0.0" + "more: true\n"})
    assert any("cannot tell whether the change of image.tag has an effect" in each for each in said(empty, "lint", ".", "--no-trace"))


@pytest.mark.parametrize(
    ("edits", "note"),
    [
        ({"other/values.yaml": VALUES % "2.0.0"}, "not rendered: 1 Helm chart that no kustomization here inflates: other"),
        ({"app/values-more.yaml": "replicas: 3\n"}, "no target reads 1 changed file: app/values-more.yaml"),
        ({"app/left.yaml": PLAIN}, "not rendered: 1 manifest that no kustomization here reads: app/left.yaml"),
        ({"app/pod.yaml": POD % f"{IMAGE}:2.0.0"}, ""),
    ],
)
def test_a_difference_names_changed_files_that_nothing_renders(empty: Story, edits: Files, note: str) -> None:
    empty.commit("first", {**chart(folder="other"), "app/pod.yaml": PLAIN, "app/kustomization.yaml": LISTED})
    empty.write(edits)
    done = warm.run_text(["diff", "--base", "HEAD", "--format", "json"], empty.root, {**os.environ, **QUIET})
    assert json.loads(done.stdout)["notes"] == ([note] if note else [])


def test_a_setting_without_effect_is_shown_once(empty: Story) -> None:
    before, after, _ = VAIN["a key below a global one in the same file"]
    empty.commit("first", before)
    empty.write(after)
    done = warm.run_text(["lint", ".", "--base", "HEAD"], empty.root, {**os.environ, **QUIET})
    assert [line for line in done.stdout.split("\n") if line.startswith("app/v.yaml:2:")] == [
        "app/v.yaml:2:14 warning[change-without-effect, inert-override] "
        "image.tag changes without effect: global.tag (app/v.yaml:1) takes precedence"
    ]
