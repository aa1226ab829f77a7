"""Kustomizations and HelmReleases of Flux make targets: findings lie on the line that decides, and nothing open is green."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.suppress.command_in_process import Done, Run, Tree

DIGEST = "sha256:" + "1" * 64
IMAGE = "registry.example.com/shop/web"
SOURCE = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: fleet, namespace: flux-system}
spec: {interval: 1m, url: 'https://git.example.com/shop/fleet', ref: {branch: main}}
"""
CONFIG = '[deploy]\nrepositories = ["https://git.example.com/shop/fleet"]\nbranches = ["main"]\n'
BASE = {
    ".agentslint.toml": CONFIG,
    "clusters/sources.yaml": SOURCE,
    "apps/web/kustomization.yaml": "resources: [web.yaml]\n",
    "apps/web/web.yaml": (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n"
        f"      containers:\n      - name: web\n        image: {IMAGE}:1.0.0@{DIGEST}\n"
    ),
}
OPEN = BASE | {"apps/web/web.yaml": BASE["apps/web/web.yaml"].replace(f":1.0.0@{DIGEST}", ":${tag}")}


def kustomization(spec: str = "", *, name: str = "web", path: str = "./apps/web") -> str:
    """A Kustomization whose own part of the spec begins on line 8."""
    return (
        f"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}, namespace: flux-system}}\nspec:\n"
        f"  sourceRef: {{kind: GitRepository, name: fleet}}\n  path: {path}\n  prune: true\n{spec}"
    )


def release(spec: str = "", *, chart: str = "./charts/web", kind: str = "GitRepository", source: str = "fleet") -> str:
    """A HelmRelease whose own part of the spec begins on line 7."""
    return (
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web, namespace: flux-system}\nspec:\n  interval: 10m\n"
        f"  chart: {{spec: {{chart: {chart}, sourceRef: {{kind: {kind}, name: {source}}}}}}}\n{spec}"
    )


CHART = {
    ".agentslint.toml": CONFIG,
    "clusters/sources.yaml": SOURCE,
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n",
    "charts/web/values.yaml": f"image: {{repository: {IMAGE}, tag: 1.0.0, digest: '{DIGEST}'}}\n",
    "charts/web/templates/web.yaml": (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: '{{ .Release.Name }}'}\nspec:\n  template:\n    spec:\n      containers:\n"
        "      - name: web\n        image: '{{ .Values.image.repository }}:{{ .Values.image.tag }}"
        "{{ with .Values.image.digest }}@{{ . }}{{ end }}'\n"
    ),
}


def report(done: Done) -> Any:
    return json.loads(done.out)


def unpinned(done: Done) -> list[tuple[str, int]]:
    rows = [row["location"] for row in report(done)["results"] if row["rule"] == "require-digest"]
    return sorted((row["path"], row["start_line"]) for row in rows)


def names(done: Done) -> list[str]:
    return sorted({name for row in report(done)["results"] for name in row["targets"]})


def left(done: Done) -> list[tuple[str, str, str]]:
    return [(row["kind"], row["name"], row["reason"]) for row in report(done)["skipped"]]


IN_LIST = "apiVersion: v1\nkind: List\nitems:\n- " + kustomization(f"  images:\n  - name: {IMAGE}\n    newTag: latest\n").replace(
    "\n", "\n  "
)
OVERLAYS = {
    "a tag": (kustomization(f"  images:\n  - name: {IMAGE}\n    newTag: latest\n"), 10),
    "flow style": (kustomization(f"  images: [{{name: {IMAGE}, newTag: latest}}]\n"), 8),
    "in a List": (IN_LIST, 13),
    "a patch": (
        kustomization(
            "  patches:\n  - patch: |\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: {name: web}\n      spec:\n"
            f"        template:\n          spec:\n            containers:\n            - name: web\n              image: {IMAGE}:latest\n"
        ),
        18,
    ),
    "operations": (
        kustomization(
            "  patches:\n  - target: {kind: Deployment}\n    patch: |\n"
            f"      - {{op: replace, path: /spec/template/spec/containers/0/image, value: '{IMAGE}:latest'}}\n"
        ),
        11,
    ),
    "a patch of v1beta2": (
        kustomization(
            "  patchesStrategicMerge:\n  - apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: web}\n"
            f"    spec:\n      template:\n        spec:\n          containers:\n          - name: web\n            image: {IMAGE}:latest\n"
        ).replace("/v1\n", "/v1beta2\n", 1),
        17,
    ),
}


@pytest.mark.parametrize("name", OVERLAYS)
def test_what_a_kustomization_lays_over_a_folder_is_judged_at_its_line(name: str, run: Run, tree: Tree) -> None:
    text, line = OVERLAYS[name]
    done = run("lint", ".", "-f", "json", cwd=tree.write({**BASE, "clusters/web.yaml": text}))
    assert (unpinned(done), names(done), left(done)) == ([("clusters/web.yaml", line)], ["flux-system/web"], [])


def test_json_is_read_too(run: Run, tree: Tree) -> None:
    body = {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": "web", "namespace": "flux-system"},
        "spec": {
            "path": "apps/web",
            "sourceRef": {"kind": "GitRepository", "name": "fleet"},
            "images": [{"name": IMAGE, "newTag": "latest"}],
        },
    }
    done = run("lint", ".", "-f", "json", cwd=tree.write({**BASE, "clusters/web.json": json.dumps(body, indent=1)}))
    assert [path for path, _ in unpinned(done)] == ["clusters/web.json"]


VARIABLES = {
    "of its own": (kustomization("  postBuild:\n    substitute:\n      tag: 1.2.3\n"), {}, ("clusters/web.yaml", 10)),
    "of a ConfigMap": (
        kustomization("  postBuild:\n    substituteFrom: [{kind: ConfigMap, name: vars}]\n"),
        {"clusters/vars.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: vars, namespace: flux-system}\ndata:\n  tag: 1.2.3\n"},
        ("clusters/vars.yaml", 5),
    ),
    "of a ConfigMap that a kustomization makes": (
        kustomization("  postBuild:\n    substituteFrom: [{kind: ConfigMap, name: vars}]\n"),
        {
            "vars/kustomization.yaml": (
                "namespace: flux-system\nconfigMapGenerator:\n- name: vars\n  literals:\n  - tag=1.2.3\n"
                "generatorOptions: {disableNameSuffixHash: true}\n"
            )
        },
        ("vars/kustomization.yaml", 5),
    ),
    "of a Secret": (
        kustomization("  postBuild:\n    substituteFrom: [{kind: Secret, name: vars}]\n"),
        {"clusters/vars.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: vars, namespace: flux-system}\nstringData:\n  tag: 1.2.3\n"},
        ("clusters/vars.yaml", 5),
    ),
}


@pytest.mark.parametrize("name", VARIABLES)
def test_a_variable_is_filled_in_and_judged_where_it_is_set(name: str, run: Run, tree: Tree) -> None:
    text, more, place = VARIABLES[name]
    done = run("lint", ".", "-f", "json", cwd=tree.write({**OPEN, **more, "clusters/web.yaml": text}))
    assert (unpinned(done), left(done)) == ([place], [])


def test_a_pinned_variable_is_no_finding(run: Run, tree: Tree) -> None:
    text = kustomization(f"  postBuild:\n    substitute: {{tag: '1.2.3@{DIGEST}'}}\n")
    assert "All good" in run("lint", ".", cwd=tree.write({**OPEN, "clusters/web.yaml": text})).out


@pytest.mark.parametrize("optional", ["", ", optional: true"])
def test_a_variable_that_is_set_elsewhere_is_named_and_not_judged(optional: str, run: Run, tree: Tree) -> None:
    text = kustomization(f"  postBuild:\n    substitute: {{other: a}}\n    substituteFrom: [{{kind: Secret, name: vars{optional}}}]\n")
    root = tree.write({**OPEN, "clusters/web.yaml": text})
    done = run("lint", ".", "-f", "json", cwd=root)
    assert (done.status, report(done)["results"]) == (0, [])
    assert left(done) == [("variable", "${tag}", "Secret/vars of Kustomization/web")]
    said = run("lint", ".", cwd=root).out
    assert "All good" not in said
    assert "1 variable not filled in" in said
    (root / ".agentslint.toml").write_text(f"{CONFIG}require-judged = true\n")
    assert run("lint", ".", cwd=root).status == 2


def test_an_encrypted_secret_sets_its_variables_elsewhere(run: Run, tree: Tree) -> None:
    secret = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: vars, namespace: flux-system}\nstringData: {tag: 'ENC[AES256]'}\nsops: {mac: x}\n"
    )
    text = kustomization("  postBuild:\n    substituteFrom: [{kind: Secret, name: vars}]\n")
    done = run("lint", ".", "-f", "json", cwd=tree.write({**OPEN, "clusters/web.yaml": text, "clusters/vars.yaml": secret}))
    assert [kind for kind, _, _ in left(done)] == ["variable"]


@pytest.mark.parametrize("form", ["${tag-1}", "${tag", "${{ tag }}"])
def test_a_form_that_flux_cannot_read_is_a_failure(form: str, run: Run, tree: Tree) -> None:
    files = BASE | {"apps/web/web.yaml": BASE["apps/web/web.yaml"].replace(f":1.0.0@{DIGEST}", f":{form}")}
    text = kustomization("  postBuild: {substitute: {tag: a}}\n")
    done = run("lint", ".", "-f", "json", cwd=tree.write({**files, "clusters/web.yaml": text}))
    assert done.status == 2
    assert any("postBuild fails for Deployment/web" in row["message"] for row in (*report(done)["failures"], *report(done)["results"]))


def test_a_suspended_kustomization_leaves_its_folder_bare(run: Run, tree: Tree) -> None:
    text = kustomization(f"  suspend: true\n  images: [{{name: {IMAGE}, newTag: latest}}]\n")
    done = run("lint", ".", "-f", "json", cwd=tree.write({**BASE, "clusters/web.yaml": text}))
    # Where nothing is judged as it is deployed, an object that is switched off is named, too.
    assert (done.status, report(done)["results"]) == (0, [])
    assert [row["reason"] for row in report(done)["skipped"]] == ["switched off (suspend)"]


ELSEWHERE = {
    "a tag": (SOURCE.replace("branch: main", "tag: v1.0.0"), "pinned to the tag v1.0.0"),
    "a range": (SOURCE.replace("branch: main", "semver: '>=1.0.0'"), "pinned to the range >=1.0.0"),
    "a version as range": (SOURCE.replace("branch: main", "semver: 1.0.0"), "pinned to the range 1.0.0"),
    "a commit beside a branch": (
        SOURCE.replace("branch: main", "branch: main, commit: 0123456789abcdef0123456789abcdef01234567"),
        "pinned to commit 0123456789ab",
    ),
    "another branch": (SOURCE.replace("branch: main", "branch: next"), "deployed from branch next, which is not in [deploy] branches"),
    "artifacts": (SOURCE.replace("GitRepository", "OCIRepository"), "deployed from OCIRepository/fleet"),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_another_tree_is_named_and_its_folder_is_judged_bare(name: str, run: Run, tree: Tree) -> None:
    source, reason = ELSEWHERE[name]
    text = kustomization(f"  images: [{{name: {IMAGE}, newTag: latest}}]\n")
    text = text.replace("kind: GitRepository", "kind: OCIRepository") if name == "artifacts" else text
    root = tree.write({**BASE, "clusters/sources.yaml": source, "clusters/web.yaml": text})
    done = run("lint", ".", "-f", "json", cwd=root)
    assert (unpinned(done), left(done)) == ([], [("flux-kustomization", "Kustomization/web", reason)])
    assert "All good" not in run("lint", ".", cwd=root).out


def test_another_repository_is_named_and_its_folder_is_judged_bare(run: Run, tree: Tree) -> None:
    other = SOURCE.replace("name: fleet", "name: other").replace("shop/fleet", "other/fleet")
    text = kustomization(f"  images: [{{name: {IMAGE}, newTag: latest}}]\n", name="other").replace("name: fleet", "name: other")
    files = {**BASE, "clusters/other.yaml": f"{other}---\n{text}", "clusters/web.yaml": kustomization()}
    done = run("lint", ".", "-f", "json", cwd=tree.write(files))
    reason = "deployed from another repository (https://git.example.com/other/fleet)"
    assert (unpinned(done), left(done)) == ([], [("flux-kustomization", "Kustomization/other", reason)])


REFUSED = {
    "a path that is not there": (kustomization(path="./apps/api"), "path apps/api is not in the repository", 6),
    "a number for text": (kustomization("  postBuild:\n    substitute:\n      tag: 1\n"), "where Flux expects text", 10),
    "a component from the network": (kustomization("  components:\n  - https://github.com/acme/a\n"), "is no relative path", 9),
    "a component out of the repository": (kustomization("  components:\n  - ../../../a\n"), "leads out of the repository", 9),
    "a list for a mapping": (kustomization("  images: {a: b}\n"), "where Flux expects a list", 8),
    "no source": (kustomization().replace("  sourceRef: {kind: GitRepository, name: fleet}\n", ""), "it names no source", 0),
    "a spec that is none": ("apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web}\nspec: [a]\n", "a mapping", 4),
    "a release without chart": (release().replace("  chart: {spec: {", "  other: {spec: {"), "it names no chart", 0),
    "a chart that is none": (release(chart="./apps/web"), "path apps/web is no chart", 6),
    "a values file that is not there": (
        release(chart="./apps/chart").replace("}}}\n", "}, valuesFiles: [apps/chart/absent.yaml]}}\n"),
        "value file apps/chart/absent.yaml does not exist",
        6,
    ),
    "a variable with a sign": (kustomization("  postBuild: {substitute: {a-b: c}}\n"), "cannot be the name of a variable", 0),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_object_that_flux_refuses_is_said_at_its_line(name: str, run: Run, tree: Tree) -> None:
    text, message, line = REFUSED[name]
    chart = {"apps/chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 0.1.0\n"}
    done = run("lint", ".", "-f", "json", cwd=tree.write({**BASE, **chart, "clusters/web.yaml": text}))
    rows = [row for row in (*report(done)["failures"], *report(done)["results"]) if message in row["message"]]
    assert [row["location"]["path"] for row in rows] == ["clusters/web.yaml"]
    assert not line or [row["location"]["start_line"] for row in rows] == [line]
    assert done.status


def test_charts_of_a_kustomization_are_not_inflated_by_flux(run: Run, tree: Tree) -> None:
    files = BASE | {
        **CHART,
        "apps/web/kustomization.yaml": "helmGlobals: {chartHome: ../../charts}\nhelmCharts: [{name: web, releaseName: a}]\n",
    }
    done = run("lint", ".", "-f", "json", cwd=tree.write({**files, "clusters/web.yaml": kustomization()}))
    assert done.status == 2
    assert any("must specify --enable-helm" in row["message"] for row in (*report(done)["failures"], *report(done)["results"]))


def test_a_folder_without_kustomization_is_taken_whole(run: Run, tree: Tree) -> None:
    files = {path: text for path, text in BASE.items() if path != "apps/web/kustomization.yaml"}
    files["apps/web/web.yaml"] = files["apps/web/web.yaml"].replace(f"@{DIGEST}", "")
    files["apps/web/notes.txt"] = "no manifest"
    root = tree.write({**files, "clusters/web.yaml": kustomization("  targetNamespace: shop\n")})
    done = run("lint", ".", "-f", "json", cwd=root)
    assert (unpinned(done), names(done), left(done)) == ([("apps/web/web.yaml", 9)], ["flux-system/web"], [])


def test_a_path_below_the_folder_of_a_kustomization_stands_for_it(run: Run, tree: Tree) -> None:
    files = {**BASE, "clusters/all.yaml": kustomization(f"  images: [{{name: {IMAGE}, newTag: latest}}]\n", path="./apps")}
    for path in ("apps/web", "apps/web/web.yaml", "clusters", "clusters/all.yaml", "apps"):
        assert unpinned(run("lint", path, "-f", "json", cwd=tree.write(files))) == [("clusters/all.yaml", 8)], path


def test_kustomizations_that_come_out_of_a_render_are_followed(run: Run, tree: Tree) -> None:
    files = {
        **OPEN,
        "clusters/one/flux-system/kustomization.yaml": "resources: [sync.yaml]\n",
        "clusters/one/flux-system/sync.yaml": kustomization(
            "  postBuild: {substitute: {folder: web, tag_of_web: 1.2.3}}\n", name="flux-system", path="./clusters/one"
        ),
        "clusters/one/apps.yaml": kustomization("  postBuild:\n    substitute: {tag: '${tag_of_web}'}\n", path="'./apps/${folder}'"),
    }
    done = run("lint", ".", "-f", "json", cwd=tree.write(files))
    assert unpinned(done) == [("clusters/one/flux-system/sync.yaml", 8)]
    assert (names(done), report(done)["failures"], left(done)) == (["flux-system/web"], [], [])


def test_two_clusters_may_share_all_names(run: Run, tree: Tree) -> None:
    files = {**OPEN}
    for cluster, tag in (("blue", "1.1.1"), ("green", "2.2.2")):
        files[f"clusters/{cluster}/web.yaml"] = kustomization("  postBuild:\n    substituteFrom: [{kind: ConfigMap, name: vars}]\n")
        files[f"clusters/{cluster}/vars.yaml"] = (
            f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: vars, namespace: flux-system}}\ndata: {{tag: {tag}}}\n"
        )
    done = run("lint", ".", "-f", "json", cwd=tree.write(files))
    assert unpinned(done) == [("clusters/blue/vars.yaml", 4), ("clusters/green/vars.yaml", 4)]
    assert names(done) == ["flux-system/web", "flux-system/web@clusters/green"]


VALUES_MAP = (
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: values, namespace: flux-system}\ndata:\n  values.yaml: |\n    image:\n"
    "      tag: 3.0.0\n      digest: ''\n  tag: 4.0.0\n"
)
RELEASES: dict[str, tuple[str, dict[str, str], tuple[str, int]]] = {
    "values": (release("  values:\n    image:\n      tag: 2.0.0\n      digest: ''\n"), {}, ("clusters/web.yaml", 10)),
    "values files": (
        release().replace("}}}\n", "}, valuesFiles: [charts/web/values.yaml, charts/web/prod.yaml]}}\n"),
        {"charts/web/prod.yaml": "image:\n  tag: 2.0.0\n  digest: ''\n"},
        ("charts/web/prod.yaml", 3),
    ),
    "values of a ConfigMap": (
        release("  valuesFrom: [{kind: ConfigMap, name: values}]\n"),
        {"clusters/values.yaml": VALUES_MAP},
        ("clusters/values.yaml", 7),
    ),
    "one value of a ConfigMap": (
        release(
            "  valuesFrom: [{kind: ConfigMap, name: values, valuesKey: tag, targetPath: image.tag}]\n  values: {image: {digest: ''}}\n"
        ),
        {"clusters/values.yaml": VALUES_MAP},
        ("clusters/web.yaml", 8),
    ),
    "images of a post-renderer": (
        release(f"  postRenderers:\n  - kustomize:\n      images:\n      - name: {IMAGE}\n        newTag: 5.0.0\n"),
        {},
        ("clusters/web.yaml", 11),
    ),
    "a patch of a post-renderer": (
        release(
            "  postRenderers:\n  - kustomize:\n      patches:\n      - target: {kind: Deployment}\n        patch: |\n"
            f"          - {{op: replace, path: /spec/template/spec/containers/0/image, value: '{IMAGE}:6.0.0'}}\n"
        ),
        {},
        ("clusters/web.yaml", 12),
    ),
    "in a List": (
        "apiVersion: v1\nkind: List\nitems:\n- " + release("  values:\n    image: {tag: 2.0.0, digest: ''}\n").replace("\n", "\n  "),
        {},
        ("clusters/web.yaml", 11),
    ),
}


@pytest.mark.parametrize("name", RELEASES)
def test_a_release_is_judged_at_the_line_that_decides(name: str, run: Run, tree: Tree) -> None:
    text, more, place = RELEASES[name]
    done = run("lint", ".", "-f", "json", cwd=tree.write({**CHART, **more, "clusters/web.yaml": text}))
    assert (unpinned(done), names(done), report(done)["failures"]) == ([place], ["flux-system/web"], [])


LIMITS = {
    "a Secret elsewhere": (
        release("  valuesFrom: [{kind: Secret, name: hidden}]\n"),
        "its values come from Secret/hidden, which is not in the repository",
    ),
    "a repository of charts elsewhere": (
        release(chart="web", kind="HelmRepository", source="charts"),
        "chart web of HelmRepository/charts, which is not in the repository",
    ),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_release_that_cannot_be_rendered_here_is_named(name: str, run: Run, tree: Tree) -> None:
    text, reason = LIMITS[name]
    root = tree.write({**CHART, "clusters/web.yaml": text})
    assert ("helm-release", "HelmRelease/web", reason) in left(run("lint", ".", "-f", "json", cwd=root))
    assert "All good" not in run("lint", ".", cwd=root).out


def test_a_chart_may_be_described_by_an_object_of_its_own(run: Run, tree: Tree) -> None:
    described = (
        "apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmChart\nmetadata: {name: web, namespace: flux-system}\n"
        "spec: {chart: ./charts/web, sourceRef: {kind: GitRepository, name: fleet}}\n"
    )
    text = release("  chartRef: {kind: HelmChart, name: web}\n  values: {image: {digest: ''}}\n").replace(
        "  chart: {spec: {", "  other: {spec: {"
    )
    done = run("lint", ".", "-f", "json", cwd=tree.write({**CHART, "clusters/chart.yaml": described, "clusters/web.yaml": text}))
    assert (names(done), left(done)) == (["flux-system/web"], [])
    assert unpinned(done) == [("clusters/web.yaml", 8)]


def test_a_generated_kustomization_that_does_not_build_is_said_at_its_object(run: Run, tree: Tree) -> None:
    files = {
        **BASE,
        "apps/plain/values.yaml": "image: {tag: 1}\n",
        "clusters/plain.yaml": SOURCE + "---\n" + kustomization(path="./apps/plain"),
    }
    done = run("lint", ".", "-f", "json", cwd=tree.write(files))
    rows = [(row["location"]["path"], row["location"]["start_line"]) for row in report(done)["results"] if row["rule"] == "render-error"]
    assert done.status
    assert rows in ([("clusters/plain.yaml", 6)], [("apps/plain/values.yaml", 1)])


def test_a_chart_of_a_repository_is_pulled(run: Run, tree: Tree) -> None:
    repository = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {name: charts, namespace: flux-system}\n"
    repository += "spec: {url: 'https://charts.invalid'}\n"
    files = {"clusters/charts.yaml": repository, "clusters/web.yaml": release(chart="web", kind="HelmRepository", source="charts")}
    done = run("lint", ".", "-f", "json", "--offline", cwd=tree.write(files))
    assert done.status == 2
    assert any("chart web" in row["message"] for row in (*report(done)["failures"], *report(done)["results"]))


@pytest.mark.parametrize(
    ("spec", "name"),
    [("", "web"), ("  targetNamespace: shop\n", "shop-web"), ("  targetNamespace: shop\n  releaseName: own\n", "own")],
)
def test_a_release_is_named_as_flux_names_it(spec: str, name: str, run: Run, tree: Tree) -> None:
    text = release(f"{spec}  values: {{image: {{digest: ''}}}}\n")
    done = run("lint", ".", "-f", "json", cwd=tree.write({**CHART, "clusters/web.yaml": text}))
    assert any(f"Deployment/{name} " in row["message"] for row in report(done)["results"])
