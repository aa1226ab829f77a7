"""Failures of kustomize around patches, generators, replacements, transformers, and objects in one file."""

from __future__ import annotations

from broken import Broken, config_map, kustomization
from broken_kustomizations import COMPONENT, DEPLOYMENT
from render_tree import HELM_APP

WEB = "namespace: shop\nresources:\n- web.yaml\n"
TO_WEB = "patches:\n- target: {kind: Deployment}\n"
IN_FILE = TO_WEB + "  path: p.yaml\n"
JSON_FILE = "patchesJson6902:\n- target: {group: apps, version: v1, kind: Deployment, name: web}\n  path: p.json\n"
SOURCE = "source: {kind: Deployment, name: web, fieldPath: metadata.name}\n"
REPLACED = SOURCE + "targets:\n- select: {kind: Deployment}\n  fieldPaths:\n  - %s\n"
INDEX = "name, options: {delimiter: '-', index: 4}}"
RELEASE = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web}\nspec:\n  values:\n    a: hunter2\n    b: %s\n"
MAP = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}"
HEAD = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"


def web(text: str, **files: str) -> dict[str, str | bytes]:
    return kustomization(WEB + text, **{"web": DEPLOYMENT, **files})


OPERATIONS = {
    "operation on a missing path": Broken(
        web(TO_WEB + "  patch: |-\n    - op: add\n      path: /spec/a\n      value: 1\n    - {op: replace, path: /spec/b/c, value: 1}\n"),
        "replace operation does not apply: doc is missing path: /spec/b/c: missing value",
        "app/kustomization.yaml:10 /spec/b/c",
    ),
    "operation on a missing path in a quoted line": Broken(
        web(TO_WEB + '  patch: \'[{"op": "remove", "path": "/spec/gone"}]\'\n'),
        "error in remove for path: '/spec/gone': Unable to remove nonexistent key: gone: missing value",
        "app/kustomization.yaml:6 /spec/gone",
    ),
    "operation of a file": Broken(
        web(IN_FILE, p="- op: test\n  path: /spec/replicas\n  value: 1\n- op: replace\n  path: /spec/x/y\n  value: 1\n"),
        "replace operation does not apply: doc is missing path: /spec/x/y: missing value",
        "app/p.yaml:5 /spec/x/y",
    ),
    "operation of a JSON file": Broken(
        {**web(JSON_FILE), "app/p.json": '[\n  {"op": "test", "path": "/spec/replicas", "value": 3}\n]\n'},
        "testing value /spec/replicas failed: test failed",
        "app/p.json:2 /spec/replicas",
    ),
    "operation that moves from nowhere": Broken(
        web(IN_FILE, p="- {op: move, from: /spec/gone/x, path: /spec/replicas}\n"),
        "move operation does not apply: doc is missing from path: /spec/gone",
        "app/p.yaml:1 /spec/gone/x",
    ),
    "operation that nobody knows": Broken(
        web(IN_FILE, p="- op: remplace\n  path: /spec/replicas\n  value: 1\n"), "Unexpected kind: remplace", "app/p.yaml:1 remplace"
    ),
    "operation without a path": Broken(
        web(IN_FILE, p="- {op: test, path: /spec/replicas, value: 1}\n- {op: add, value: 1}\n"),
        "add operation failed to decode path: missing value",
        "app/p.yaml:2 add",
    ),
    "operation of a component": Broken(
        {
            **web("components: [../extras]\n"),
            "extras/kustomization.yaml": COMPONENT + IN_FILE,
            "extras/p.yaml": "- {op: remove, path: /spec/gone}\n",
        },
        "error in remove for path: '/spec/gone'",
        "extras/p.yaml:1 /spec/gone",
    ),
}
PATCHES = {
    "patch of a component that matches nothing": Broken(
        {
            **web("components: [../extras]\n"),
            "extras/kustomization.yaml": COMPONENT + "patches:\n- path: p.yaml\n",
            "extras/p.yaml": DEPLOYMENT.replace("name: web", "name: gone"),
        },
        'no resource matches strategic merge patch "Deployment.v1.apps/gone.[noNs]"',
        "extras/p.yaml:4 gone",
    ),
    "patch with another shape": Broken(
        web("patches:\n- path: p.yaml\n", web=DEPLOYMENT + "  template: {spec: {}}\n", p=HEAD + "spec:\n  template: hunter2\n"),
        "a patch has a single value where a mapping belongs",
        "app/p.yaml:5 hunter2",
    ),
    "patch with an unknown strategy": Broken(
        web("patches:\n- path: p.yaml\n", p=HEAD + "spec: {$patch: explode}\n"), "unknown patch strategy 'explode'", "app/p.yaml:4 explode"
    ),
}
GENERATORS = {
    "literal that repeats its key": Broken(
        web("configMapGenerator:\n- name: a\n  literals:\n  - x=1\n  - y=1\n  - x=2\n"),
        "configmap a illegally repeats the key `x`",
        "app/kustomization.yaml:9 x=2",
        ("app/kustomization.yaml:7 x=1",),
    ),
    "literal that repeats the key of a file": Broken(
        web("secretGenerator:\n- name: a\n  files: [web.yaml]\n  literals: [web.yaml=hunter2]\n"),
        "configmap a illegally repeats the key `web.yaml`",
        "app/kustomization.yaml:7 web.yaml=hunter2",
        ("app/kustomization.yaml:6 web.yaml",),
    ),
    "line that repeats its key": Broken(
        web("configMapGenerator:\n- name: a\n  envs: [a.env]\n") | {"app/a.env": "# two\nx=1\nx=2\n"},
        "configmap a illegally repeats the key `x`",
        "app/a.env:3 x=2",
        ("app/a.env:2 x=1",),
    ),
    "generator without a name": Broken(
        web("configMapGenerator:\n- name: a\n  literals: [a=b]\n- literals: [a=b]\n"),
        "a configmap must have a name",
        "app/kustomization.yaml:7 - literals: [a=b]",
    ),
    "generator with nothing to merge with": Broken(
        web("configMapGenerator:\n- name: gone\n  behavior: merge\n  literals: [a=b]\n"),
        "ConfigMap/gone does not exist; a generator cannot merge with it or replace it",
        "app/kustomization.yaml:5 gone",
    ),
    "generator of a plugin": Broken(
        web("generators: [g.yaml]\n", g="apiVersion: acme.example.com/v1\nkind: Robot\nmetadata: {name: a}\n"),
        "failed to load generator: external plugins disabled; unable to load external plugin 'Robot'",
        "app/g.yaml:2 Robot",
    ),
}
BUILTIN = "apiVersion: builtin\nkind: {}\nmetadata: {{name: a}}\n"
GONE_VALUES = "name: web\nchartHome: ../charts\nvaluesFile: gone.yaml\n"
NAMED_FILES = {
    "file of a generator in a file": Broken(
        web("generators: [gen/g.yaml]\n") | {"app/gen/g.yaml": BUILTIN.format("ConfigMapGenerator") + "files:\n- key=gone.txt\n"},
        "app/gone.txt: no such file or directory",
        "app/gen/g.yaml:5 key=gone.txt",
    ),
    "values of a chart of a generator in a file": Broken(
        HELM_APP | web("generators: [g.yaml]\n", g=f"{BUILTIN.format('HelmChartInflationGenerator')}{GONE_VALUES}"),
        "app/gone.yaml: no such file or directory",
        "app/g.yaml:6 gone.yaml",
    ),
    "lines of a generator in place": Broken(
        web("generators:\n- |-\n  apiVersion: builtin\n  kind: SecretGenerator\n  metadata: {name: a}\n  envs: [gone.env]\n"),
        "app/gone.env: no such file or directory",
        "app/kustomization.yaml:9 gone.env",
    ),
    "path of a transformer in a file": Broken(
        web("transformers: [t.yaml]\n", t=BUILTIN.format("PatchTransformer") + "path: gone.yaml\ntarget: {kind: Deployment}\n"),
        "app/gone.yaml: no such file or directory",
        "app/t.yaml:4 gone.yaml",
    ),
    "field of a replacement": Broken(
        web("replacements:\n- path: r.yaml\n", r=REPLACED % "spec.gone.a"),
        'unable to find field "spec.gone.a" in replacement target',
        "app/r.yaml:5 spec.gone.a",
    ),
    "source field of a replacement": Broken(
        web("replacements:\n- path: r.yaml\n", r=(REPLACED % "spec.a").replace("metadata.name", "data.a")),
        "fieldPath `data.a` is missing for replacement source",
        "app/r.yaml:1 data.a",
    ),
    "index of a replacement": Broken(
        web("replacements:\n- path: r.yaml\n", r=(REPLACED % "spec.replicas").replace("name}", INDEX)),
        "options.index 4 is out of bounds for value web",
        "app/r.yaml:1 4",
    ),
    "unknown transformer": Broken(
        web("transformers:\n- t.yaml\n", t="apiVersion: builtin\nkind: NoneTransformer\nmetadata: {name: a}\n"),
        "unable to load builtin NoneTransformer.builtin.[noGrp]",
        "app/t.yaml:2 NoneTransformer",
    ),
    "transformer in place": Broken(
        web("transformers:\n- |-\n  apiVersion: builtin\n  kind: PrefixSuffixTransformer\n  metadata: {name: a}\n  prefix: [a]\n"),
        "plugin PrefixSuffixTransformer.builtin.[noGrp]/a.[noNs] fails configuration",
        "app/kustomization.yaml:7 PrefixSuffixTransformer",
    ),
    "configuration": Broken(
        web("configurations: [c.yaml]\n", c="namePrefix: [a]\n"), "namePrefix: a text where a mapping belongs", "app/c.yaml:1 a"
    ),
}
OBJECTS = {
    "object that a List holds twice": Broken(
        kustomization("# first\nresources:\n- l.yaml\n", l=f"apiVersion: v1\nkind: List\nitems:\n- {MAP}\n- {MAP}\n"),
        "ConfigMap/a is there twice",
        f"app/l.yaml:5 - {MAP}",
        (f"app/l.yaml:4 - {MAP}",),
    ),
    "object that a file holds twice": Broken(
        kustomization("# first\nresources:\n- m.yaml\n", m=config_map("a") + "---\n" + config_map("a")),
        "ConfigMap/a is there twice",
        "app/m.yaml:9 name: a",
        ("app/m.yaml:4 name: a",),
    ),
    "no number in values": Broken(
        kustomization("# first\nresources: [r.yaml]\nnamePrefix: a-\n", r=RELEASE % ".nan"),
        "HelmRelease/a-web: NaN is no number that JSON has",
        "app/r.yaml:7 .nan",
    ),
    "infinity in values": Broken(
        kustomization("# first\nresources: [r.yaml]\nnamePrefix: a-\n", r=RELEASE % "-.INF"),
        "HelmRelease/a-web: -Inf is no number that JSON has",
        "app/r.yaml:7 -.INF",
    ),
    "no number in a patch": Broken(
        web(TO_WEB + "  patch: |-\n    - {op: replace, path: /spec/replicas, value: .NaN}\n"),
        "unable to parse SM or JSON patch",
        "app/kustomization.yaml:7 .NaN",
    ),
}
