"""Kustomizations: bases, components, patches, generators, charts, images, plugins."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.fuzz.case import SECRET
from tests.fuzz.charts import entries
from tests.fuzz.texts import ANY, IMAGES, NAMES, SCALARS, chance

PATCHES: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(
        lambda image: {
            "target": {"kind": "Deployment"},
            "patch": f"- op: replace\n  path: /spec/template/spec/containers/0/image\n  value: {image}\n",
        },
        IMAGES,
    ),
    st.builds(
        lambda name: {"patch": f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec: {{replicas: 2}}\n"},
        st.sampled_from(["web", "none"]),
    ),
    st.just({"path": "patch.yaml"}),
    st.builds(lambda body: {"patch": str(body)}, ANY),
)  # fmt: skip
PLUGIN = "apiVersion: builtin\nkind: {kind}\nmetadata: {{name: a}}\n{rest}\n"
PLUGINS = st.sampled_from(
    [
        PLUGIN.format(kind="ImageTagTransformer", rest="imageTag: {name: nginx, newTag: '9'}"),
        PLUGIN.format(kind="PrefixTransformer", rest="prefix: a-\nfieldSpecs: [{path: metadata/name}]"),
        PLUGIN.format(kind="PatchTransformer", rest="patch: '[]'"),
        PLUGIN.format(kind="NoSuchTransformer", rest=""),
        "apiVersion: example.com/v1\nkind: Mine\nmetadata: {name: a}\n",
        "plugin.yaml",
    ]
)
IMAGE_ENTRIES = st.fixed_dictionaries(
    {"name": st.sampled_from(["nginx", "ghcr.io/acme/web", "*", ""])},
    optional={"newTag": SCALARS, "newName": IMAGES, "digest": st.sampled_from(["sha256:" + "3d" * 32, "", "sha256:0", "x"])},
)
SECRETS = st.sampled_from(
    [
        {"name": "s", "literals": [f"token={SECRET}"]},
        {"name": "s", "literals": [SECRET]},
        {"name": "s", "files": ["secret.txt"]},
        {"name": "s", "envs": ["secret.env"]},
    ]
)  # fmt: skip
MAPS = st.one_of(
    st.builds(lambda value: {"name": "c", "literals": [f"image={value}"]}, IMAGES),
    st.sampled_from([{"name": "c", "files": ["web-0.yaml"]}, {"name": "c", "envs": ["none"]}])
)  # fmt: skip
REPLACEMENT = {
    "source": {"kind": "ConfigMap", "fieldPath": "data.image"},
    "targets": [{"select": {"kind": "Deployment"}, "fieldPaths": ["spec.template.spec.containers.0.image"]}],
}
RARE: dict[str, st.SearchStrategy[Any]] = {
    "namePrefix": NAMES,
    "nameSuffix": NAMES,
    "namespace": NAMES,
    "labels": st.builds(lambda pairs: [{"pairs": pairs, "includeSelectors": True}], st.dictionaries(NAMES, NAMES, max_size=2)),
    "commonAnnotations": st.dictionaries(NAMES, SCALARS, max_size=2),
    "replicas": st.builds(lambda count: [{"name": "web", "count": count}], SCALARS),
    "replacements": st.just([REPLACEMENT]),
    "transformers": st.lists(PLUGINS, max_size=2),
    "generators": st.lists(PLUGINS, max_size=1),
    "validators": st.lists(PLUGINS, max_size=1),
    "configurations": st.just(["web-0.yaml"]),
    "crds": st.just(["web-0.yaml"]),
    "openapi": st.just({"path": "web-0.yaml"}),
    "generatorOptions": st.just({"disableNameSuffixHash": True}),
    "sortOptions": st.sampled_from([{"order": "fifo"}, {"order": "none"}]),
    "buildMetadata": st.just(["originAnnotations", "transformerAnnotations"]),
    "patchesStrategicMerge": st.just(["patch.yaml"]),
    "vars": st.just([{"name": "A", "objref": {"kind": "ConfigMap", "name": "c", "apiVersion": "v1"}}]),
    "helmGlobals": st.builds(lambda home: {"chartHome": home}, st.sampled_from(["charts", "none", "../app/charts", "/none"])),
    "unknownField": ANY,
    "kind": st.sampled_from(["Kustomization", "Component", "Other"]),
    "Resources": st.just(["web-0.yaml"]),
}


@st.composite
def kustomizations(draw: st.DrawFn, names: list[str], bases: list[str], components: list[str], chart: bool) -> dict[str, Any]:
    """A kustomization over manifests of these names, with these bases and components."""
    body: dict[str, Any] = {"resources": [*names, *bases]}
    if components:
        body["components"] = components
    if chart:
        body["helmCharts"] = [draw(entries())]
    for field, strategy, often in (
        ("images", IMAGE_ENTRIES, 0.4),
        ("patches", PATCHES, 0.3),
        ("configMapGenerator", MAPS, 0.2),
        ("secretGenerator", SECRETS, 0.2),
    ):
        if draw(chance(often)):
            body[field] = draw(st.lists(strategy, min_size=1, max_size=2))
    if draw(chance(0.35)):
        for field in draw(st.lists(st.sampled_from(sorted(RARE)), min_size=1, max_size=2)):
            body[field] = draw(RARE[field])
    if draw(chance(0.04)):
        body[draw(st.sampled_from(sorted(body)))] = draw(ANY)
    return body
