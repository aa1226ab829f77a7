"""Failures of kustomize: resources, YAML and fields of kustomizations."""

from __future__ import annotations

from broken import Broken, config_map, kustomization

DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 1\n"
COMPONENT = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"

RESOURCES = {
    "missing resource": Broken(
        kustomization("resources:\n  - there.yaml\n  - gone.yaml\n", there=config_map("a")),
        "app/gone.yaml: no such file or directory",
        "app/kustomization.yaml:3 gone.yaml",
    ),
    "missing resource of a base": Broken(
        {**kustomization("resources:\n  - ../base\n"), "base/kustomization.yaml": "resources:\n  - gone.yaml\n"},
        "base/gone.yaml: no such file or directory",
        "base/kustomization.yaml:2 gone.yaml",
    ),
    "missing base": Broken(
        kustomization("resources:\n  - ../base\n"), "base: no such file or directory", "app/kustomization.yaml:2 ../base"
    ),
    "base without a kustomization": Broken(
        {**kustomization("resources:\n  - ../base\n"), "base/deployment.yaml": DEPLOYMENT},
        "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory 'base'",
        "app/kustomization.yaml:2 ../base",
    ),
    "missing component": Broken(
        kustomization("components:\n  - ../extras\n"), "extras: no such file or directory", "app/kustomization.yaml:2 ../extras"
    ),
    "missing resource of a component": Broken(
        {**kustomization("components:\n  - ../extras\n"), "extras/kustomization.yaml": COMPONENT + "resources:\n  - gone.yaml\n"},
        "extras/gone.yaml: no such file or directory",
        "extras/kustomization.yaml:4 gone.yaml",
    ),
    "base in place of a component": Broken(
        {
            **kustomization("components:\n  - ../base\n"),
            "base/kustomization.yaml": "resources:\n  - map.yaml\n",
            "base/map.yaml": config_map("a"),
        },
        "expected kind 'Component' for path 'base' but got 'Kustomization'",
        "app/kustomization.yaml:2 ../base",
    ),
    "circular bases": Broken(
        {**kustomization("resources:\n  - ../base\n"), "base/kustomization.yaml": "resources:\n  - ../app\n"},
        "cycle detected: candidate root 'app' contains visited root 'app'",
        "base/kustomization.yaml:2 ../app",
    ),
    "resource outside of the folder": Broken(
        {**kustomization("resources:\n  - ../shared.yaml\n"), "shared.yaml": config_map("a")},
        "security; file 'shared.yaml' is not in or below 'app'",
        "app/kustomization.yaml:2 ../shared.yaml",
    ),
    "resource that is there twice": Broken(
        kustomization("resources:\n  - one.yaml\n  - two.yaml\n", one=config_map("same"), two=config_map("same")),
        "ConfigMap/same is there twice",
        "app/two.yaml:4 name: same",
        ("app/one.yaml:4 name: same",),
    ),
    "object without a kind": Broken(
        kustomization("resources:\n  - bad.yaml\n", bad=config_map("good") + "---\napiVersion: v1\nmetadata:\n  name: odd\n"),
        "missing kind in the object v1 odd",
        "app/bad.yaml:8 name: odd",
    ),
    "hook without a name": Broken(
        kustomization(
            "resources:\n  - bad.yaml\n", bad=config_map("good") + "---\napiVersion: v1\nkind: Pod\nmetadata:\n  generateName: a-\n"
        ),
        "missing metadata.name in the object v1 Pod",
        "app/bad.yaml:9 generateName: a-",
    ),
    "object without a name in a list": Broken(
        kustomization("resources:\n  - bad.yaml\n", bad="apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret}\n"),
        "missing metadata.name in the object v1 Secret",
        "app/bad.yaml:4 - {apiVersion: v1, kind: Secret}",
    ),
    "no object at all": Broken(
        kustomization("resources:\n  - bad.yaml\n", bad="# a list\n- one\n"),
        "no Kubernetes object (missing Resource metadata)",
        "app/bad.yaml:2 - one",
    ),
    "dangling link": Broken(
        {**kustomization("resources:\n  - dangling.yaml\n"), "app/dangling.yaml -> ../gone.yaml": ""},
        "app/dangling.yaml: no such file or directory",
        "app/kustomization.yaml:2 dangling.yaml",
    ),
    "link to itself": Broken(
        {**kustomization("resources:\n  - loop.yaml\n"), "app/loop.yaml -> loop.yaml": ""},
        "app/loop.yaml: too many links",
        "app/kustomization.yaml:2 loop.yaml",
    ),
    "two objects that a namespace makes one": Broken(
        kustomization(
            "resources:\n  - secrets.yaml\nnamespace: one\n",
            secrets="".join(
                f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: token\n  namespace: {name}\nstringData:\n  token: hunter2\n---\n"
                for name in ("a", "b")
            ),
        ),
        "namespace transformation produces ID conflict: Secret/token, Secret/token",
        "app/kustomization.yaml:1 resources:",
    ),
}

YAML = {
    "kustomization is no YAML": Broken(
        kustomization("resources:\n  - a.yaml\n images: [\n"),
        "invalid Kustomization: did not find expected key",
        "app/kustomization.yaml:3 images: [",
    ),
    "kustomization of a base is no YAML": Broken(
        {**kustomization("resources:\n  - ../base\n"), "base/kustomization.yaml": "# the base\nresources: [a\n"},
        "invalid Kustomization: did not find expected ',' or ']'",
        "base/kustomization.yaml:2 resources: [a",
    ),
    "tab in a kustomization": Broken(
        kustomization("resources:\n\t- a.yaml\n"),
        "invalid Kustomization: found character that cannot start any token",
        "app/kustomization.yaml:2 \t- a.yaml",
    ),
    "resource is no YAML in its second document": Broken(
        kustomization("resources:\n  - bad.yaml\n", bad=config_map("a") + "---\nkind: Job\nmetadata: name: x\n"),
        "bad.yaml: mapping values are not allowed in this context",
        "app/bad.yaml:7 : x",
    ),
    "tab in a resource": Broken(
        kustomization("resources:\n  - bad.yaml\n", bad="apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: a\n"),
        "bad.yaml: found character that cannot start any token",
        "app/bad.yaml:4 \tname: a",
    ),
    "resource of a base is no YAML": Broken(
        {
            **kustomization("resources:\n  - ../base\n"),
            "base/kustomization.yaml": "resources:\n  - bad.yaml\n",
            "base/bad.yaml": "kind: Job\nmetadata: name: x\n",
        },
        "bad.yaml: mapping values are not allowed in this context",
        "base/bad.yaml:2 : x",
    ),
    "resource is no UTF-8": Broken(
        kustomization("resources:\n  - bad.yaml\n", bad=config_map("a").encode() + b"data:\n  a: caf\xe9\n"),
        "bad.yaml: incomplete UTF-8 octet sequence",
        "app/bad.yaml:6 \ufffd",
    ),
    "duplicate keys in a resource": Broken(
        kustomization("resources:\n  - good.yaml\n  - bad.yaml\n", good=config_map("a"), bad=config_map("b") + "  name: c\n"),
        'mapping key "name" already defined',
        "app/bad.yaml:5 name: c",
    ),
}

FIELDS = {
    "unknown field": Broken(
        kustomization("resources: []\nresource:\n  - a.yaml\n"),
        'invalid Kustomization: unknown field "resource"',
        "app/kustomization.yaml:2 resource",
    ),
    "unknown field of an entry": Broken(
        kustomization("resources:\n  - map.yaml\nimages:\n  - name: nginx\n    tag: v1\n", map=config_map("a")),
        'invalid Kustomization: unknown field "tag"',
        "app/kustomization.yaml:5 tag",
    ),
    "number for a tag": Broken(
        kustomization("images:\n  - name: one\n    newTag: v1\n  - name: two\n    newTag: 123456\n"),
        "invalid Kustomization: images.newTag: a number where a text belongs",
        "app/kustomization.yaml:5 123456",
    ),
    "text for a list": Broken(
        kustomization("resources: a.yaml\n"),
        "invalid Kustomization: resources: a text where a list belongs",
        "app/kustomization.yaml:1 a.yaml",
    ),
    "unknown choice": Broken(
        kustomization("resources:\n  - map.yaml\nsortOptions:\n  order: random\n", map=config_map("a")),
        "the field 'sortOptions.order' must be one of [fifo, legacy]",
        "app/kustomization.yaml:4 random",
    ),
    "nothing in the kustomization": Broken(kustomization(""), "kustomization.yaml is empty", "app/kustomization.yaml:1 "),
    "two kustomization files": Broken(
        {**kustomization("resources: []\n"), "app/kustomization.yml": "resources: []\n"},
        "Found multiple kustomization files under: app",
        "app/kustomization.yaml:1 resources: []",
    ),
    "patch that matches nothing": Broken(
        kustomization(
            "resources:\n  - web.yaml\npatches:\n  - path: patch.yaml\n", web=DEPLOYMENT, patch=DEPLOYMENT.replace("name: web", "name: api")
        ),
        'no resource matches strategic merge patch "Deployment.v1.apps/api.[noNs]"',
        "app/patch.yaml:4 api",
    ),
    "patch in place that matches nothing": Broken(
        kustomization(
            "resources:\n  - web.yaml\npatches:\n  - patch: |-\n      apiVersion: apps/v1\n      kind: Deployment\n"
            "      metadata:\n        name: api\n",
            web=DEPLOYMENT,
        ),
        'no resource matches strategic merge patch "Deployment.v1.apps/api.[noNs]"',
        "app/kustomization.yaml:8 api",
    ),
    "patch that is not there": Broken(
        kustomization("resources:\n  - web.yaml\npatches:\n  - path: gone.yaml\n", web=DEPLOYMENT),
        "app/gone.yaml: no such file or directory",
        "app/kustomization.yaml:4 gone.yaml",
    ),
    "patch that is none": Broken(
        kustomization(
            "resources:\n  - web.yaml\npatches:\n  - target:\n      kind: Deployment\n    patch: |-\n      - op: add\n       path: /spec\n",
            web=DEPLOYMENT,
        ),
        "unable to parse SM or JSON patch",
        "app/kustomization.yaml:6 patch",
    ),
    "replacement without a source": Broken(
        kustomization(
            "resources:\n  - web.yaml\nreplacements:\n  - source:\n      kind: ConfigMap\n      name: versions\n"
            "    targets:\n      - select:\n          kind: Deployment\n        fieldPaths:\n          - spec.replicas\n",
            web=DEPLOYMENT,
        ),
        "nothing selected by ConfigMap.[noVer].[noGrp]/versions.[noNs]",
        "app/kustomization.yaml:6 versions",
    ),
    "replacement of a field that is not there": Broken(
        kustomization(
            "resources:\n  - web.yaml\nreplacements:\n  - source:\n      kind: Deployment\n      name: web\n"
            "    targets:\n      - select:\n          kind: Deployment\n        fieldPaths:\n          - spec.template.image\n",
            web=DEPLOYMENT,
        ),
        'unable to find field "spec.template.image" in replacement target',
        "app/kustomization.yaml:11 spec.template.image",
    ),
    "file of a generator is not there": Broken(
        kustomization("configMapGenerator:\n  - name: settings\n    files:\n      - app.conf=conf/app.conf\n"),
        "app/conf/app.conf: no such file or directory",
        "app/kustomization.yaml:4 app.conf=conf/app.conf",
    ),
    "generated map exists already": Broken(
        kustomization("resources:\n  - map.yaml\nconfigMapGenerator:\n  - name: cfg\n    literals:\n      - a=b\n", map=config_map("cfg")),
        "ConfigMap/cfg is generated, but exists already",
        "app/kustomization.yaml:4 cfg",
    ),
}
