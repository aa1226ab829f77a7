"""A glob of `exclude`, or of what a rule allows, that matches nothing here is told, with the nearest that is here."""

from __future__ import annotations

import json

import pytest

from tests.suppress.command_in_process import Done, Run, Tree

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry.example.com/shop/web:1.0.0@sha256:DIGEST'}
""".replace("DIGEST", "1" * 64)


def allowing(rule: str, *globs: str, option: str = "allow") -> str:
    entries = ", ".join(f'{{ match = "{glob}", reason = "known" }}' for glob in globs)
    return f"[rules.{rule}]\n{option} = [{entries}]\n"


def noted(done: Done) -> list[str]:
    return [note for note in json.loads(done.out)["notes"] if " matches " in note]


NEEDLESS = {
    "exclude": ('exclude = ["envs/prod/", "archive/"]\n', ["1: exclude: no path matches 'envs/prod/'; did you mean 'envs/production'?"]),
    "exclude a file": ('exclude = [\n  "*.jsonnet",\n]\n', ["2: exclude: no path matches '*.jsonnet'; did you mean 'x/y.jsonx'?"]),
    "exclude, but not": (
        'exclude = ["old/", "!old/keeep.yaml"]\n',
        ["1: exclude: no path matches '!old/keeep.yaml'; did you mean 'old/keep.yaml'?"],
    ),
    "allow of require-digest": (
        allowing("require-digest", "registry.example.com/shpo/*"),
        ["2: allow of require-digest: no name matches 'registry.example.com/shpo/*'; did you mean 'registry.example.com/shop/web'?"],
    ),
    "one of several": (
        allowing("require-digest", "registry.example.com/*", "quay.io/acme/*"),
        ["2: allow of require-digest: no name matches 'quay.io/acme/*'"],
    ),
    "allow of one-tag-one-digest": (
        allowing("one-tag-one-digest", "quay.io/*"),
        ["2: allow of one-tag-one-digest: no name matches 'quay.io/*'"],
    ),
    "allow of image-lockstep": (allowing("image-lockstep", "quay.io/*"), ["2: allow of image-lockstep: no name matches 'quay.io/*'"]),
    "allow of mixed-image-source": (
        allowing("mixed-image-source", "quay.io/*"),
        ["2: allow of mixed-image-source: no name matches 'quay.io/*'"],
    ),
    "accounts of pull-secrets": (
        allowing("pull-secrets", "biulder", option="accounts"),
        ["2: accounts of pull-secrets: no name matches 'biulder'; did you mean 'builder'?"],
    ),
    "external of pull-secrets": (
        allowing("pull-secrets", "regcredd", option="external"),
        ["2: external of pull-secrets: no name matches 'regcredd'; did you mean 'regcred'?"],
    ),
    "allow of image-claims": (
        allowing("image-claims", "IMAGE_TGA"),
        ["2: allow of image-claims: no name matches 'IMAGE_TGA'; did you mean 'IMAGE_TAG'?"],
    ),
    "external of secret-refs": (
        allowing("secret-refs", "databsae", option="external"),
        ["2: external of secret-refs: no Secret matches 'databsae'; did you mean 'database'?"],
    ),
    "allow of secret-refs": (
        allowing("secret-refs", "IMAGE_TGA"),
        ["2: allow of secret-refs: no variable matches 'IMAGE_TGA'; did you mean 'IMAGE_TAG'?"],
    ),
    "allow of namespaced-reconciliation, without any role": (
        allowing("namespaced-reconciliation", "system:*"),
        ["2: allow of namespaced-reconciliation: no ClusterRole matches 'system:*'"],
    ),
    "cluster-resources of namespaced-reconciliation": (
        '[rules.namespaced-reconciliation]\ncluster-resources = ["nodes"]\n',
        ["2: cluster-resources of namespaced-reconciliation: no resource matches 'nodes'"],
    ),
    "allow of chart-version-pin, without any chart": (
        allowing("chart-version-pin", "redis"),
        ["2: allow of chart-version-pin: no chart matches 'redis'"],
    ),
    "external of chart-version-pin, without any chart": (
        allowing("chart-version-pin", "*.acme.io", option="external"),
        ["2: external of chart-version-pin: no name matches '*.acme.io'"],
    ),
    "allow of merged-images": (allowing("merged-images", "quay.io/*"), ["2: allow of merged-images: no name matches 'quay.io/*'"]),
    "moving of one-tag-one-digest": (
        '[rules.one-tag-one-digest]\nmoving = ["1.0.0", "lastest"]\n',
        ["2: moving of one-tag-one-digest: no tag matches 'lastest'"],
    ),
    "private of pull-secrets": (
        '[rules.pull-secrets]\nprivate = ["ghcr.io/acme/*"]\n',
        ["2: private of pull-secrets: no repository matches 'ghcr.io/acme/*'"],
    ),
    "ignore of inert-override": (
        '[rules.inert-override]\nignore = ["*.replicas"]\n',
        ["2: ignore of inert-override: no setting matches '*.replicas'"],
    ),
}
NEEDED = {
    "exclude": 'exclude = ["archive/", "/old", "*.jsonx", "!old/keep.yaml", "ignored/"]\n',
    "allow of an image with a digest": allowing("require-digest", "registry.example.com/shop/pinned"),
    "allow by a short name": allowing("require-digest", "docker.io/library/nginx"),
    "allow of what is in no group": allowing("image-lockstep", "registry.example.com/shop/*"),
    "allow of a rule about changes": allowing("crd-compat", "agents.example.com"),
    "allow of a variable that holds no credential": allowing("secret-refs", "IMAGE_*"),
    "external of a Secret that no variable must come from": allowing("secret-refs", "data*", option="external"),
    "tags that can move: that nothing runs one is the aim": '[rules.mutable-tag]\ntags = ["*-snapshot"]\n',
    "the defaults of options": "[rules.one-tag-one-digest]\nallow = []\n",
    "a rule that is off": '[rules.require-digest]\nlevel = "off"\nallow = [{ match = "quay.io/*", reason = "known" }]\n',
}
WORKLOAD = """\
apiVersion: v1
kind: Pod
metadata: {name: more}
spec:
  serviceAccountName: builder
  imagePullSecrets: [{name: regcred}]
  containers:
  - name: web
    image: nginx:1.0.0
    env: [{name: IMAGE_TAG, value: 1.0.0}, {name: URL, valueFrom: {secretKeyRef: {name: database, key: url}}}]
  - {name: pinned, image: 'registry.example.com/shop/pinned@sha256:DIGEST'}
""".replace("DIGEST", "1" * 64)


def with_more(config: str) -> dict[str, str]:
    pods = {f"envs/{name}/pod.yaml": POD for name in ("staging", "production")}
    listed = {"envs/staging/kustomization.yaml": "resources: [pod.yaml]\n"}
    listed["envs/production/kustomization.yaml"] = "resources: [pod.yaml, more.yaml]\n"
    more = {"envs/production/more.yaml": WORKLOAD, "archive/a.yaml": "a: b\n", "old/keep.yaml": "a: b\n", "x/y.jsonx": "{}\n"}
    return {".agentslint.toml": config, **pods, **more, **listed, ".gitignore": "ignored/\n", "ignored/a.yaml": "a: b\n"}


@pytest.mark.parametrize("name", NEEDLESS)
def test_a_glob_that_accepts_nothing_is_told(name: str, run: Run, tree: Tree) -> None:
    config, told = NEEDLESS[name]
    done = run("lint", ".", "-f", "json", cwd=tree.write(with_more(config)))
    assert noted(done) == [f".agentslint.toml:{each}" for each in told]


@pytest.mark.parametrize("name", NEEDED)
def test_a_glob_that_matches_what_is_here_is_not_told(name: str, run: Run, tree: Tree) -> None:
    assert noted(run("lint", ".", "-f", "json", cwd=tree.write(with_more(NEEDED[name])))) == []


def test_a_run_over_a_part_tells_no_glob(run: Run, tree: Tree) -> None:
    config = 'exclude = ["gone/"]\n' + allowing("require-digest", "quay.io/*")
    assert noted(run("lint", "envs/production", "-f", "json", cwd=tree.write(with_more(config)))) == []


UNCHECKED = {
    "variables of secret-refs": (
        '[rules.secret-refs]\nvariables = [\n  { match = "IMAGE_TAG" },\n  { match = "URLL" },\n]\n',
        "4: variables of secret-refs: no variable matches 'URLL'; did you mean 'URL'?",
    ),
    "a table of variables": (
        '[[rules.secret-refs.variables]]\nmatch = "URL"\n[[rules.secret-refs.variables]]\nmatch = "DATABASE_*"\n',
        "4: variables of secret-refs: no variable matches 'DATABASE_*'",
    ),
    "variables of namespaced-reconciliation": (
        '[rules.namespaced-reconciliation]\nvariables = ["WATCH_NS"]\n',
        "2: variables of namespaced-reconciliation: no variable matches 'WATCH_NS'",
    ),
    "the chart of a switch": (
        '[rules.namespaced-reconciliation]\nswitches = [{ switch = "scoped", chart = "oprator" }]\n',
        "2: switches of namespaced-reconciliation: no chart matches 'oprator'",
    ),
    "keys of inert-override": (
        '[rules.inert-override]\nkeys = ["*.replicas"]\n',
        "2: keys of inert-override: no setting matches '*.replicas'",
    ),
    "required of schema-violation": (
        '[rules.schema-violation]\nrequired = ["*.acme.io"]\n',
        "2: required of schema-violation: no API group matches '*.acme.io'",
    ),
}


@pytest.mark.parametrize("name", UNCHECKED)
def test_a_glob_that_leaves_something_unchecked_ends_with_2(name: str, run: Run, tree: Tree) -> None:
    config, told = UNCHECKED[name]
    done = run("lint", ".", cwd=tree.write(with_more(config)))
    assert done.status == 2
    line, message = told.split(": ", 1)
    assert f".agentslint.toml:{line}:1 not checked: {message}\n" in done.out


def test_a_glob_that_a_preset_brings_is_told_where_it_stands(run: Run, tree: Tree) -> None:
    files = {"policy.toml": allowing("secret-refs", "TOKEN")} | with_more('extends = ["./policy.toml"]\n')
    assert noted(run("lint", ".", "-f", "json", cwd=tree.write(files))) == [
        "policy.toml:2: allow of secret-refs: no variable matches 'TOKEN'"
    ]
