"""What is judged is what Argo CD deploys: findings lie on the lines of Applications and of the files that override them."""

from __future__ import annotations

import json

import pytest

from tests.suppress.command_in_process import Done, Run, Tree

DIGEST = "sha256:" + "1" * 64
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - {name: web, image: registry.example.com/shop/web}
"""
FOLDER = {
    "apps/web/kustomization.yaml": f"""\
resources: [web.yaml]
images:
- name: registry.example.com/shop/web
  newTag: 1.4.0
  digest: {DIGEST}
""",
    "apps/web/web.yaml": DEPLOYMENT,
}
CHART = {
    "charts/api/Chart.yaml": "apiVersion: v2\nname: api\nversion: 0.1.0\n",
    "charts/api/values.yaml": f"image:\n  repository: registry.example.com/shop/api\n  tag: 1.0.0@{DIGEST}\n",
    "charts/api/templates/api.yaml": DEPLOYMENT.replace("{name: web}", "{name: api}").replace(
        "{name: web, image: registry.example.com/shop/web}",
        "{name: api, image: '{{ .Values.image.repository }}:{{ .Values.image.tag }}'}",
    ),
}
URL = "https://git.example.com/shop/gitops.git"


def application(source: str, name: str = "web", more: str = "") -> str:
    """An Application; the source begins on line 9."""
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd}}
spec:
  project: default
  destination: {{server: https://kubernetes.default.svc, namespace: shop}}
{more}  source:
    repoURL: {URL}
{source}"""


def found(done: Done, *rules: str) -> list[tuple[str, str, int]]:
    rows = [row for row in json.loads(done.out)["results"] if row["rule"] in rules]
    return sorted((row["rule"], row["location"]["path"], row["location"]["start_line"]) for row in rows)


def judged(done: Done) -> list[str]:
    """The targets with an image that is not pinned."""
    return sorted({name for row in json.loads(done.out)["results"] for name in row["targets"] if row["rule"] == "require-digest"})


BARE = {**FOLDER, "apps/web/kustomization.yaml": "resources: [web.yaml]\n"}
"""The same without a digest: its target is known by the finding."""


UNPINNED: dict[str, tuple[dict[str, str], tuple[str, int]]] = {
    "an image": (
        {
            "argocd/web.yaml": application(
                "    path: apps/web\n    kustomize:\n      images:\n      - registry.example.com/shop/web:1.5.0\n"
            )
        },
        ("argocd/web.yaml", 12),
    ),
    "an image in flow style": (
        {
            "argocd/web.yaml": application(
                "    path: apps/web\n    kustomize: {images: ['registry.example.com/shop/web=x.example.com/web:1']}\n"
            )
        },
        ("argocd/web.yaml", 10),
    ),
    "a patch": (
        {
            "argocd/web.yaml": application(
                "    path: apps/web\n    kustomize:\n      patches:\n      - target: {kind: Deployment}\n        patch: |\n"
                "          - op: replace\n            path: /spec/template/spec/containers/0/image\n            value: busybox:1.36\n"
            )
        },
        ("argocd/web.yaml", 16),
    ),
    "an override file": (
        {
            "argocd/web.yaml": application("    path: apps/web\n"),
            "apps/web/.argocd-source-web.yaml": "kustomize:\n  images:\n  - registry.example.com/shop/web:1.6.0\n",
        },
        ("apps/web/.argocd-source-web.yaml", 3),
    ),
    "a parameter": (
        {
            **CHART,
            "argocd/api.yaml": application(
                "    path: charts/api\n    helm:\n      parameters:\n      - name: image.tag\n        value: 2.0.0\n", "api"
            ),
        },
        ("argocd/api.yaml", 13),
    ),
    "values as text": (
        {
            **CHART,
            "argocd/api.yaml": application(
                "    path: charts/api\n    helm:\n      values: |\n        image:\n          tag: 2.0.0\n", "api"
            ),
        },
        ("argocd/api.yaml", 13),
    ),
    "values as an object": (
        {
            **CHART,
            "argocd/api.yaml": application("    path: charts/api\n    helm:\n      valuesObject:\n        image: {tag: 2.0.0}\n", "api"),
        },
        ("argocd/api.yaml", 12),
    ),
    "a values file": (
        {
            **CHART,
            "env/prod.yaml": "image:\n  tag: 2.0.0\n",
            "argocd/api.yaml": application("    path: charts/api\n    helm: {valueFiles: [/env/*.yaml]}\n", "api"),
        },
        ("env/prod.yaml", 2),
    ),
    "a values file of another source": (
        {
            **CHART,
            "env/prod.yaml": "image:\n  tag: 2.0.0\n",
            "argocd/api.yaml": application("    path: x\n", "api").replace(
                f"  source:\n    repoURL: {URL}\n    path: x\n",
                f"  sources:\n  - repoURL: {URL}\n    path: charts/api\n    helm: {{valueFiles: [$env/env/prod.yaml]}}\n"
                f"  - {{repoURL: {URL}, ref: env}}\n",
            ),
        },
        ("env/prod.yaml", 2),
    ),
    "a folder of manifests": (
        {"plain/web.yaml": DEPLOYMENT.replace("shop/web}", "shop/web:1.0.0}"), "argocd/web.yaml": application("    path: plain\n")},
        ("plain/web.yaml", 8),
    ),
}


@pytest.mark.parametrize("name", UNPINNED)
def test_a_digest_that_a_deployer_takes_away_is_missed_at_its_own_line(name: str, run: Run, tree: Tree) -> None:
    files, place = UNPINNED[name]
    done = run("lint", ".", "-f", "json", cwd=tree.write({**FOLDER, **files}))
    assert found(done, "require-digest") == [("require-digest", *place)]
    assert done.status == 1


def test_what_a_deployer_pins_is_pinned(run: Run, tree: Tree) -> None:
    source = f"    path: apps/web\n    kustomize:\n      images: ['registry.example.com/shop/web:2@{DIGEST}']\n"
    files = {**BARE, "argocd/web.yaml": application(source)}
    done = run("lint", ".", "-f", "json", cwd=tree.write(files))
    assert found(done, "require-digest", "mutable-tag") == []


def test_the_same_folder_deployed_twice_is_one_result_that_names_both(run: Run, tree: Tree) -> None:
    files = dict(BARE)
    files |= {f"argocd/{name}.yaml": application("    path: apps/web\n", name) for name in ("blue", "green")}
    done = run("lint", ".", "-f", "json", cwd=tree.write(files))
    (row,) = [row for row in json.loads(done.out)["results"] if row["rule"] == "require-digest"]
    assert row["targets"] == ["argocd/blue", "argocd/green"]
    assert (row["location"]["path"], row["location"]["start_line"]) == ("apps/web/web.yaml", 8)


OURS = {".agentslint.toml": f'[deploy]\nrepositories = ["{URL}"]\n'}


LEFT_ALONE = {
    "a tag": ("    path: apps/web\n    targetRevision: v1.0.*\n", "pinned to the range v1.0.*"),
    "a commit": (f"    path: apps/web\n    targetRevision: {'a' * 40}\n", f"pinned to commit {'a' * 12}"),
    "a plugin": ("    path: apps/web\n    plugin: {name: lovely}\n", "made by plugin lovely"),
}


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_a_folder_that_is_not_judged_as_deployed_is_judged_bare(name: str, run: Run, tree: Tree) -> None:
    source, reason = LEFT_ALONE[name]
    root = tree.write({**BARE, "argocd/web.yaml": application(source)})
    done = run("lint", ".", "-f", "json", cwd=root)
    skipped = [(row["name"], row["reason"]) for row in json.loads(done.out)["skipped"]]
    assert skipped == [("Application/web", reason)]
    assert judged(done) == ["apps/web"]
    assert "All good" not in run("lint", ".", cwd=root).out


def test_a_plugin_may_be_said_to_be_kustomize(run: Run, tree: Tree) -> None:
    files = {**BARE, ".agentslint.toml": '[deploy.plugins]\nlovely = "kustomize"\n'}
    files["argocd/web.yaml"] = application("    path: apps/web\n    plugin: {name: lovely}\n")
    done = run("lint", ".", "-f", "json", cwd=tree.write(files))
    assert judged(done) == ["argocd/web"]
    assert json.loads(done.out)["skipped"] == []


WRONG = {
    "no such folder": ("    path: apps/wbe\n", "path apps/wbe is not in the repository", 9),
    "chart and path": ("    path: apps/web\n    chart: web\n", "either a chart or a path", 9),
    "two types": ("    path: apps/web\n    helm: {releaseName: a}\n    kustomize: {namePrefix: b-}\n", "a source has one type", 8),
    "no values file": ("    path: charts/api\n    helm:\n      valueFiles: [nope.yaml]\n", "value file nope.yaml does not exist", 11),
    "no file of a parameter": (
        "    path: charts/api\n    helm:\n      fileParameters:\n      - {name: a, path: nope.txt}\n",
        "file nope.txt of a parameter does not exist (charts/api/nope.txt); add it, or correct its name",
        12,
    ),
    "no component": (
        "    path: apps/web\n    kustomize:\n      components: [../nope]\n",
        "component ../nope does not exist (apps/nope); add it, correct its name, or set ignoreMissingComponents",
        11,
    ),
    "no file of a patch": (
        "    path: apps/web\n    kustomize:\n      patches:\n      - path: nope.yaml\n        target: {kind: Deployment}\n",
        "patch file nope.yaml does not exist (apps/web/nope.yaml); add it, or correct its name",
        12,
    ),
    "out of the repository": ("    path: ../other\n", "leads out of the repository", 9),
    "values out of the repository": (
        "    path: charts/api\n    helm: {valueFiles: [../../../etc/passwd]}\n",
        "leads out of the repository",
        10,
    ),
    "a number": (
        "    path: charts/api\n    helm:\n      parameters:\n      - {name: a, value: 1}\n",
        "is a number, where Argo CD expects text",
        12,
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_source_that_argo_cd_refuses_is_said_at_its_line(name: str, run: Run, tree: Tree) -> None:
    source, message, line = WRONG[name]
    done = run("lint", ".", "-f", "json", cwd=tree.write({**FOLDER, **CHART, **OURS, "argocd/web.yaml": application(source)}))
    said = json.loads(done.out)
    rows = [row for row in (*said["failures"], *said["results"]) if row["location"]["path"] == "argocd/web.yaml"]
    told = [(row["message"], row["location"]["start_line"]) for row in rows]
    assert any(message in text and line == at for text, at in told), told
    assert done.status


BROKEN_SET = f"""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: broken, namespace: argocd}}
spec:
  goTemplate: true
  goTemplateOptions: ["missingkey=error"]
  generators:
  - list: {{elements: [{{name: web}}]}}
  template:
    metadata: {{name: '{{{{ .name }}}}'}}
    spec:
      project: default
      destination: {{server: https://kubernetes.default.svc, namespace: shop}}
      source:
        repoURL: {URL}
        path: apps/{{{{ .gone }}}}
"""


@pytest.mark.parametrize(
    "folder", [{}, {"sets/kustomization.yaml": "resources: [broken.yaml]\nnamespace: argocd\n"}], ids=["directory", "folder"]
)
def test_a_fault_of_a_set_that_an_application_deploys_has_its_own_line(folder: dict[str, str], run: Run, tree: Tree) -> None:
    files = {**FOLDER, **OURS, **folder, "sets/broken.yaml": BROKEN_SET, "argocd/sets.yaml": application("    path: sets\n", "sets")}
    done = run("lint", ".", "-f", "json", cwd=tree.write(files))
    assert done.places("application-source") == [("application-source", "sets/broken.yaml", 16)]


@pytest.mark.parametrize(("text", "line"), [("{}\n{}\n", 2), ("\n{}  {}", 2), ("{}", 0), ("\n{}\n\n", 0)])
def test_a_json_file_holds_one_object(text: str, line: int, run: Run, tree: Tree) -> None:
    """`findManifests` of Argo CD: "Found multiple objects in ... Only single objects are allowed in JSON files."."""
    config_map = '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}'
    files = {**OURS, "apps/plain/a.json": text.replace("{}", config_map), "argocd/plain.yaml": application("    path: apps/plain\n")}
    done = run("lint", ".", "-f", "json", cwd=tree.write(files))
    places = [(row["location"]["path"], row["location"]["start_line"]) for row in done.results if "several objects" in row["message"]]
    assert places == ([("apps/plain/a.json", line)] if line else [])


def test_of_a_command_that_kustomize_refuses_the_cause_is_said(run: Run, tree: Tree) -> None:
    folder = {**FOLDER, "apps/web/kustomization.yaml": "resources: [web.yaml]\ncommonLabels: {app: web}\n"}
    labelled = application("    path: apps/web\n    kustomize: {commonLabels: {app: other}}\n")
    (failure,) = json.loads(run("lint", ".", "-f", "json", cwd=tree.write({**folder, **OURS, "argocd/web.yaml": labelled})).out)["failures"]
    assert failure["message"] == "kustomize edit: label app already in kustomization file. Use --force to override."


def test_applications_that_come_out_of_a_render_are_judged_with_its_patches(run: Run, tree: Tree) -> None:
    files = {
        **FOLDER,
        "argocd/kustomization.yaml": """\
resources: [web.yaml]
patches:
- target: {kind: Application}
  patch: |
    - op: add
      path: /spec/source/kustomize
      value: {images: ["registry.example.com/shop/web:9.9.9"]}
""",
        "argocd/web.yaml": application("    path: apps/web\n"),
    }
    done = run("lint", ".", "-f", "json", cwd=tree.write(files))
    assert found(done, "require-digest") == [("require-digest", "argocd/kustomization.yaml", 7)]


def test_an_application_of_applications_is_followed(run: Run, tree: Tree) -> None:
    files = {
        **FOLDER,
        "root.yaml": application("    path: parts\n", "root"),
        "parts/Chart.yaml": "apiVersion: v2\nname: parts\nversion: 0.1.0\n",
        "parts/values.yaml": "tag: 7.7.7\n",
        "parts/templates/web.yaml": application(
            "    path: apps/web\n    kustomize: {images: ['registry.example.com/shop/web:{{ .Values.tag }}']}\n"
        ),
    }
    done = run("lint", ".", "-f", "json", cwd=tree.write(files))
    assert judged(done) == ["argocd/web"]
    assert found(done, "require-digest") == [("require-digest", "parts/values.yaml", 1)]


@pytest.mark.parametrize("path", ["argocd/web.yaml", "argocd", "apps/web", "apps/web/web.yaml", "apps/web/.argocd-source.yaml"])
def test_a_path_stands_for_the_application_that_it_decides(path: str, run: Run, tree: Tree) -> None:
    files = {
        **BARE,
        "argocd/web.yaml": application("    path: apps/web\n"),
        "apps/web/.argocd-source.yaml": "kustomize: {namePrefix: a-}\n",
    }
    done = run("lint", path, "-f", "json", cwd=tree.write(files))
    assert judged(done) == ["argocd/web"]


def test_what_is_configured_for_the_folder_is_meant_for_its_application(run: Run, tree: Tree) -> None:
    ignore = '[[ignore]]\nrule = "require-digest"\ntarget = "apps/web"\nreason = "soon"\n'
    source = "    path: apps/web\n    kustomize: {images: ['registry.example.com/shop/web:1']}\n"
    done = run("lint", ".", "-f", "json", cwd=tree.write({**FOLDER, ".agentslint.toml": ignore, "argocd/web.yaml": application(source)}))
    (row,) = [row for row in json.loads(done.out)["results"] if row["rule"] == "require-digest"]
    assert [each["justification"] for each in row["suppressions"]] == ["soon"]


def test_nothing_is_written_into_the_tree(run: Run, tree: Tree) -> None:
    files, _ = UNPINNED["an override file"]
    root = tree.write({**FOLDER, **CHART, **files})
    before = {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
    run("lint", ".", cwd=root)
    assert {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()} == before


CM = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argocd-cm, namespace: argocd}\ndata: {kustomize.buildOptions: %s}\n"


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        ("--load-restrictor LoadRestrictionsNone", 2, "must specify --enable-helm"),
        (
            "--enable-helm --load-restrictor LoadRestrictionsNone --enable-alpha-plugins --enable-exec",
            0,
            "built as kustomize.buildOptions says",
        ),
    ],
)
def test_a_folder_is_built_with_the_options_of_argo_cd(options: str, status: int, said: str, run: Run, tree: Tree) -> None:
    files = {
        **{f"apps/web/{path}": text for path, text in CHART.items()},
        "apps/web/kustomization.yaml": "resources: [../../shared.yaml]\nhelmCharts: [{name: api}]\n",
        "shared.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shared}\n",
        "argocd/web.yaml": application("    path: apps/web\n"),
        "argocd/cm.yaml": CM % options,
    }
    done = run("lint", ".", cwd=tree.write(files))
    assert said in done.out, done.out
    assert done.status == status


def test_a_release_name_is_no_option_to_helm(run: Run, tree: Tree) -> None:
    source = "    path: charts/api\n    helm: {releaseName: '--post-renderer=/bin/false'}\n"
    done = run("lint", ".", cwd=tree.write({**CHART, "argocd/api.yaml": application(source, "api")}))
    assert "--post-renderer=/bin/false is an option to helm, and no name" in done.out


def test_the_file_of_a_parameter_is_read_and_its_change_is_seen(run: Run, tree: Tree) -> None:
    source = "    path: charts/api\n    helm: {fileParameters: [{name: image.tag, path: /conf/tag.txt}]}\n"
    root = tree.write({**CHART, "conf/tag.txt": "2.0.0", "argocd/api.yaml": application(source, "api")})
    assert found(run("lint", ".", "-f", "json", cwd=root), "require-digest")
    assert "argocd/api" in json.dumps(json.loads(run("lint", "conf/tag.txt", "-f", "json", cwd=root).out)["results"])


def test_a_chart_that_depends_on_a_folder_of_links_ends(run: Run, tree: Tree) -> None:
    files = {
        **CHART,
        "charts/dep/Chart.yaml": "apiVersion: v2\nname: dep\nversion: 0.1.0\n",
        "argocd/api.yaml": application("    path: charts/api\n", "api"),
    }
    files["charts/api/Chart.yaml"] += (
        "dependencies:\n- {name: dep, version: 0.1.0, repository: 'file://../dep'}\n- {name: up, version: 0.1.0, repository: 'file://..'}\n"
    )
    root = tree.write(files)
    (root / "charts/dep/a").symlink_to(".")
    (root / "charts/dep/b").symlink_to(".")
    assert run("lint", ".", cwd=root).status in (0, 1, 2)


def test_values_of_a_reference_at_another_revision_are_not_those_of_this_tree(run: Run, tree: Tree) -> None:
    text = application("    path: x\n", "api").replace(
        f"  source:\n    repoURL: {URL}\n    path: x\n",
        f"  sources:\n  - repoURL: {URL}\n    path: charts/api\n    helm: {{valueFiles: [$env/env/prod.yaml]}}\n"
        f"  - {{repoURL: {URL}, ref: env, targetRevision: v1.*}}\n",
    )
    root = tree.write({**CHART, "env/prod.yaml": "image:\n  tag: 2.0.0\n", "argocd/api.yaml": text})
    assert "at another revision" in run("lint", ".", cwd=root).out


@pytest.mark.parametrize(
    ("namespace", "config", "file", "counts"),
    [
        ("argocd", "", ".argocd-source-web.yaml", True),
        ("argocd", "", ".argocd-source-argocd_web.yaml", False),
        ("team", "", ".argocd-source-team_web.yaml", True),
        ("team", "", ".argocd-source-web.yaml", False),
        ("openshift-gitops", 'argocd-namespace = "openshift-gitops"\n', ".argocd-source-web.yaml", True),
        ("argocd", 'argocd-namespace = "openshift-gitops"\n', ".argocd-source-argocd_web.yaml", True),
        ("", 'argocd-namespace = "openshift-gitops"\n', ".argocd-source-web.yaml", True),
    ],
)
def test_a_file_overrides_by_what_argo_cd_calls_the_application(
    namespace: str, config: str, file: str, counts: bool, run: Run, tree: Tree
) -> None:
    """`InstanceName`: outside of Argo CD's own namespace, an application is called by both names."""
    url = "https://git.example.com/acme/gitops.git"
    where = f", namespace: {namespace}" if namespace else ""
    files = {
        ".agentslint.toml": f'[deploy]\nrepositories = ["{url}"]\n{config}',
        "argo/web.yaml": (
            f"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: web{where}}}\nspec:\n  project: default\n"
            f"  destination: {{namespace: web}}\n  source: {{repoURL: '{url}', path: apps/web}}\n"
        ),
        "apps/web/kustomization.yaml": "resources: [pod.yaml]\n",
        "apps/web/pod.yaml": (
            "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: a, image: 'ghcr.io/acme/web:v1'}]}\n"
        ),
        f"apps/web/{file}": "kustomize: {images: ['ghcr.io/acme/web:v2']}\n",
    }
    done = run("images", ".", "-f", "json", cwd=tree.write(files))
    assert ("ghcr.io/acme/web:v2" in done.out) is counts, done.out
    said = run("lint", ".", "--select", "require-tag", cwd=tree.root)
    assert said.status == (0 if counts else 2)
    assert ("set argocd-namespace in [deploy] if Argo CD runs in team" in said.out) is (namespace == "team" and not counts)


@pytest.mark.parametrize(
    ("name", "status", "said"), [("{{ .Release.Name }}-x", 2, "more than 20 steps below"), ("other", 0, "judged once")]
)
def test_applications_that_make_applications_for_ever_are_said(name: str, status: int, said: str, run: Run, tree: Tree) -> None:
    body = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: '%s', namespace: argocd}\nspec:\n  project: default\n"
        f"  destination: {{namespace: web}}\n  source: {{repoURL: '{URL}', path: charts/c, targetRevision: HEAD}}\n"
    )
    files = {
        ".agentslint.toml": f'[deploy]\nrepositories = ["{URL}"]\n',
        "argo/first.yaml": body % "first",
        "charts/c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 0.1.0\n",
        "charts/c/templates/next.yaml": body % name,
    }
    for command in (("lint", "--select", "require-digest"), ("targets",)):
        done = run(*command, ".", cwd=tree.write(files))
        assert (done.status, said in done.out + done.err) == (status, True), done.out + done.err


def test_an_application_that_makes_several_of_itself_ends(run: Run, tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agentslint.engine.read_deployments._NESTED", 3)
    body = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: '%s', namespace: argocd}\nspec:\n  project: default\n"
        f"  destination: {{server: x}}\n  source: {{repoURL: '{URL}', path: charts/c, targetRevision: HEAD}}\n"
    )
    files = {
        ".agentslint.toml": f'[deploy]\nrepositories = ["{URL}"]\n',
        "argo/first.yaml": body % "first",
        "charts/c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 0.1.0\n",
        "charts/c/templates/next.yaml": "---\n".join(body % f"{{{{ .Release.Name }}}}-{number}" for number in range(2)),
    }
    done = run("lint", "--select", "require-digest", ".", cwd=tree.write(files))
    assert done.status == 2
    assert "more than 3 applications come out of their own source" in done.out


@pytest.mark.parametrize("tag", ["rel-$ARGOCD_APP_NAME", "v-$ARGOCD_APP_REVISION_SHORT"])
def test_an_image_with_a_variable_in_its_tag_is_found_at_the_application(tag: str, run: Run, tree: Tree) -> None:
    image = f"registry.example.com/shop/web:{tag}"
    text = application(f"    path: apps/web\n    kustomize:\n      images:\n      - {image}\n")
    other = application(f"    path: apps/web\n    kustomize: {{images: ['{image}']}}\n", "other")
    files = {**FOLDER, "argo/web.yaml": f"{other}---\n{text}", ".agentslint.toml": f'[deploy]\nrepositories = ["{URL}"]\n'}
    done = run("lint", ".", "-f", "json", "--select", "require-digest", cwd=tree.write(files))
    line = next(number for number, each in enumerate(files["argo/web.yaml"].splitlines(), 1) if each == f"      - {image}")
    assert ("require-digest", "argo/web.yaml", line) in done.places()
    assert {path for _, path, _ in done.places()} == {"argo/web.yaml"}


def test_a_registry_artifact_is_never_this_repository(run: Run, tree: Tree) -> None:
    files = {**FOLDER, "argo/web.yaml": application("    path: apps/web\n").replace(URL, "oci://registry.example.com/shop/gitops")}
    done = run("lint", ".", "--offline", cwd=tree.write(files))
    assert "deployed from another repository (oci://registry.example.com/shop/gitops)" in done.out
    assert "All good" not in done.out


def test_settings_of_another_application_in_the_file_are_left_alone(run: Run, tree: Tree) -> None:
    """The file that overrides is that of one application; the other one is refused, and judged by nobody."""
    images = "    path: apps/web\n    kustomize:\n      images:\n      - registry.example.com/shop/web:%s\n"
    refused = application(images % "v3" + "    helm: {releaseName: a}\n", "other")
    files = {
        **FOLDER,
        ".agentslint.toml": f'[deploy]\nrepositories = ["{URL}"]\n',
        "argo/web.yaml": application(images % "v1") + "---\n" + refused,
        "apps/web/.argocd-source-web.yaml": "kustomize: {images: ['registry.example.com/shop/web:v2']}\n",
    }
    done = run("lint", ".", "-f", "json", cwd=tree.write(files))
    found = [line for _, path, line in done.places("inert-override") if path == "argo/web.yaml"]
    assert found == [files["argo/web.yaml"].splitlines().index("      - registry.example.com/shop/web:v1") + 1]
