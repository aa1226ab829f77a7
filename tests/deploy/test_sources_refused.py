"""Sources that Argo CD refuses, each at its place, and those that are only not here to look at."""

from __future__ import annotations

import pytest

from tests.suppress.command_fixtures import run, tree
from tests.suppress.command_in_process import Run, Tree

__all__ = ["run", "tree"]

URL = "https://git.example.com/acme/gitops.git"
CONFIG = f'[deploy]\nrepositories = ["{URL}"]\n'
CHART = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/templates/web.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n",
    "charts/web/values.yaml": "tag: v1\n",
}
HEAD = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: web\nspec:\n  destination: {server: x}\n"
PLAIN = HEAD + f"  source:\n    repoURL: {URL}\n    path: "
RULE = "application-source"


def test_a_finding_takes_the_place_of_the_failure(run: Run, tree: Tree) -> None:
    tree.write({".agentslint.toml": CONFIG, "argo/web.yaml": PLAIN + "apps/web\n", **CHART})
    done = run("lint", ".", "-f", "json", cwd=tree.root)
    assert (done.status, done.places()) == (1, [(RULE, "argo/web.yaml", 9)])


@pytest.mark.parametrize("words", [("--ignore", RULE), ("--select", "require-tag")])
def test_without_the_rule_it_is_not_checked(words: tuple[str, str], run: Run, tree: Tree) -> None:
    tree.write({".agentslint.toml": CONFIG, "argo/web.yaml": PLAIN + "apps/web\n", **CHART})
    done = run("lint", ".", *words, cwd=tree.root)
    assert done.status == 2
    assert "argo/web.yaml:9" in done.out + done.err


def test_a_comment_accepts_it(run: Run, tree: Tree) -> None:
    written = (
        PLAIN.replace("    path:", "    # agentslint: ignore[application-source]: it comes with the next change\n    path:") + "apps/web\n"
    )
    tree.write({".agentslint.toml": CONFIG, "argo/web.yaml": written, **CHART})
    done = run("lint", ".", "-f", "json", cwd=tree.root)
    assert (done.status, done.places(), done.suppressed()) == (0, [], [(RULE, "argo/web.yaml", 10)])


def test_an_accepted_finding_is_no_reason_to_say_all_good(run: Run, tree: Tree) -> None:
    config = CONFIG + f'[[ignore]]\nrule = "{RULE}"\ntarget = "argocd/web"\nreason = "it comes with the next change"\n'
    tree.write({".agentslint.toml": config, "argo/web.yaml": PLAIN + "apps/web\n", **CHART})
    done = run("lint", ".", cwd=tree.root)
    assert done.status == 0, done.out
    assert "All good" not in done.out + done.err


@pytest.mark.parametrize(
    ("source", "hidden"),
    [("apps/web\n", "apps/web/web.yaml"), ("charts/web\n    helm:\n      valueFiles: [/values/prod.yaml]\n", "values/prod.yaml")],
)
def test_what_git_has_and_the_work_tree_has_not_is_not_checked(source: str, hidden: str, run: Run, tree: Tree) -> None:
    tree.write({".agentslint.toml": CONFIG, "argo/web.yaml": PLAIN + source, hidden: "a: 1\n", **CHART})
    tree.commit()
    (tree.root / hidden).unlink()
    (tree.root / hidden).parent.rmdir()
    done = run("lint", ".", "-f", "json", cwd=tree.root)
    assert (done.status, done.places(RULE)) == (2, [])
    assert "is not checked out" in done.out


def test_a_reference_to_a_chart_is_refused(run: Run, tree: Tree) -> None:
    sources = (
        f"  sources:\n    - {{repoURL: {URL}, path: charts/web, helm: {{valueFiles: [$other/values.yaml]}}}}\n"
        "    - {repoURL: 'https://charts.example.com', chart: other, targetRevision: 1.0.0, ref: other}\n"
    )
    tree.write({".agentslint.toml": CONFIG, "argo/web.yaml": HEAD + sources, **CHART})
    done = run("lint", ".", "--offline", "-f", "json", cwd=tree.root)
    assert done.places(RULE) == [(RULE, "argo/web.yaml", 8)]
    assert "$other/values.yaml refers to a source with a chart, which Argo CD refuses" in done.messages(RULE)[0]


def test_value_files_elsewhere_are_a_limit_and_no_finding(run: Run, tree: Tree) -> None:
    source = "charts/web\n    helm:\n      valueFiles: ['https://files.example.com/values.yaml']\n"
    tree.write({".agentslint.toml": CONFIG, "argo/web.yaml": PLAIN + source, **CHART})
    done = run("lint", ".", "-f", "json", cwd=tree.root)
    assert (done.status, done.places(RULE)) == (0, [])
    assert "fetched from the network" in done.out


def test_a_rendered_application_is_pointed_at_where_it_is_written(run: Run, tree: Tree) -> None:
    patch = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: web\nspec:\n  source:\n    path: apps/gone\n"
    files = {
        ".agentslint.toml": CONFIG,
        "argo/kustomization.yaml": "resources: [web.yaml]\npatches: [{path: patch.yaml}]\n",
        "argo/web.yaml": PLAIN + "charts/web\n",
        "argo/patch.yaml": patch,
        **CHART,
    }
    done = run("lint", ".", "-f", "json", cwd=tree.write(files))
    assert (done.status, done.places()) == (1, [(RULE, "argo/patch.yaml", 7)])


def test_two_targets_of_one_name_are_both_judged(run: Run, tree: Tree) -> None:
    """Each cluster may have an Argo CD of its own."""
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec: {containers: [{name: a, image: ghcr.io/acme/web}]}\n"
    files = {".agentslint.toml": CONFIG}
    for cluster in ("eu", "us"):
        files[f"clusters/{cluster}/web.yaml"] = PLAIN + f"apps/{cluster}\n"
        files[f"apps/{cluster}/kustomization.yaml"] = "resources: [pod.yaml]\n"
        files[f"apps/{cluster}/pod.yaml"] = pod % cluster
    tree.write(files)
    done = run("lint", ".", "-f", "json", "--select", f"require-tag,mutable-tag,{RULE}", cwd=tree.root)
    assert {path for _, path, _ in done.places()} == {"apps/eu/pod.yaml", "apps/us/pod.yaml"}


def test_sets_of_one_name_in_two_clusters_are_told_apart(run: Run, tree: Tree) -> None:
    made = (
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: apps}\nspec:\n  goTemplate: true\n  generators:\n"
        "    - list: {elements: [{app: %s-one}, {app: %s-two}]}\n  template:\n    metadata: {name: '{{ .app }}'}\n    spec:\n"
        f"      project: default\n      destination: {{server: x}}\n      source: {{repoURL: {URL}, path: 'gone/{{{{ .app }}}}'}}\n"
    )
    files = {f"clusters/{each}/apps.yaml": made.replace("%s", each) for each in ("eu", "us")}
    done = run("lint", ".", "-f", "json", cwd=tree.write({".agentslint.toml": CONFIG, **files, **CHART}))
    assert sorted(path for _, path, _ in done.places(RULE)) == ["clusters/eu/apps.yaml", "clusters/us/apps.yaml"]
    assert all(message.startswith("2 applications of ApplicationSet/apps") for message in done.messages(RULE))


REFUSED = {
    "a list for the spec": ("spec: [a]\n", "spec is a list, where Argo CD expects a mapping", 5),
    "no spec": ("", "it names no source", 1),
    "text for the source": ("spec:\n  source: text\n", "spec.source is text, where Argo CD expects a mapping", 6),
    "no source at all": ("spec:\n  destination: {namespace: web}\n", "it names no source", 6),
    "an empty list of sources": ("spec:\n  sources: []\n", "it names no source", 6),
    "a mapping for the sources": (
        f"spec:\n  sources:\n    web: {{repoURL: '{URL}', path: charts/web}}\n",
        "spec.sources is a mapping, where Argo CD expects a list",
        7,
    ),
    "text among the sources": (
        f"spec:\n  sources:\n  - {{repoURL: '{URL}', path: charts/web}}\n  - charts/web\n",
        "spec.sources.1 is text, where Argo CD expects a mapping",
        8,
    ),
    "an empty hydrator": ("spec:\n  sourceHydrator: {}\n", "the source names no repoURL", 6),
    "no repository": ("spec:\n  source:\n    path: charts/web\n", "the source names no repoURL", 7),
    "an empty repository": ("spec:\n  source:\n    path: charts/web\n    repoURL: ''\n", "the source names no repoURL", 8),
    "neither path nor chart": (f"spec:\n  source:\n    repoURL: {URL}\n", "the source names neither a path nor a chart", 7),
    "a single source with a ref alone": (
        f"spec:\n  source:\n    repoURL: {URL}\n    ref: values\n",
        "the source names neither a path nor a chart",
        7,
    ),
    "an absolute path": (f"spec:\n  source:\n    repoURL: {URL}\n    path: /charts/web\n", "path /charts/web is absolute", 8),
    "a chart without version": (
        "spec:\n  source:\n    repoURL: https://charts.example.com\n    chart: web\n",
        "the source names no version of chart web",
        8,
    ),
    "a chart and a path": (
        f"spec:\n  source:\n    repoURL: {URL}\n    chart: web\n    path: charts/web\n    targetRevision: 1.0.0\n",
        "either a chart or a path",
        9,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_application_that_argo_cd_refuses_is_said_at_its_line(name: str, run: Run, tree: Tree) -> None:
    spec, message, line = REFUSED[name]
    head = HEAD.partition("spec:")[0]
    done = run("lint", ".", "--offline", "-f", "json", cwd=tree.write({".agentslint.toml": CONFIG, "argo/web.yaml": head + spec, **CHART}))
    assert (done.status, done.places(RULE)) == (1, [(RULE, "argo/web.yaml", line)])
    assert message in done.messages(RULE)[0]


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ("directory: {recurse: false}", "helm"),
        ("directory: {include: '*.yaml'}", "directory"),
        ("directory: {jsonnet: {libs: []}}", "helm"),
        ("directory: {recurse: true}", "directory"),
        ("kustomize: {images: []}", "helm"),
        ("kustomize: {forceCommonLabels: true}", "helm"),
        ("kustomize: {namePrefix: a-}", "kustomize"),
        ("helm: {skipCrds: false}\n    directory: {recurse: true}", "directory"),
    ],
)
def test_settings_that_hold_nothing_name_no_type(settings: str, kind: str, run: Run, tree: Tree) -> None:
    """`NormalizeSource`: the folder is a chart, which an empty setting of another type does not change."""
    written = PLAIN + f"charts/web\n    {settings}\n"
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: a, image: ghcr.io/acme/web}]}\n"
    tree.write({".agentslint.toml": CONFIG, "argo/web.yaml": written, **CHART, "charts/web/pod.yaml": pod})
    done = run("lint", ".", "-f", "json", cwd=tree.root)
    read = [path for _, path, _ in done.places("require-digest")]
    found = "kustomize" if "has no kustomization" in done.out else "directory" if read == ["charts/web/pod.yaml"] else "helm"
    assert found == kind, done.out + done.err


@pytest.mark.parametrize(("destination", "line"), [("", 6), ("  destination: {}\n", 6), ("  destination: {namespace: web}\n", 6)])
def test_a_destination_without_a_cluster_is_said_and_its_source_judged(destination: str, line: int, run: Run, tree: Tree) -> None:
    head = PLAIN.replace("  destination: {server: x}\n", destination)
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: a, image: ghcr.io/acme/web}]}\n"
    tree.write({".agentslint.toml": CONFIG, "argo/web.yaml": head + "apps/web\n", "apps/web/pod.yaml": pod})
    done = run("lint", ".", "-f", "json", "--select", f"require-tag,mutable-tag,{RULE}", cwd=tree.root)
    assert done.places(RULE) == [(RULE, "argo/web.yaml", line)]
    assert "names no cluster" in done.messages(RULE)[0]
    assert ("mutable-tag", "apps/web/pod.yaml", 4) in done.places()


def test_a_path_that_is_a_link_is_the_folder_behind_it(run: Run, tree: Tree) -> None:
    """Argo CD builds it there; Flux leaves links out of what it fetches."""
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: a, image: ghcr.io/acme/web:v1}]}\n"
    application = PLAIN + "apps/link\n    kustomize: {images: ['ghcr.io/acme/web:latest']}\n"
    files = {
        ".agentslint.toml": CONFIG,
        "argo/web.yaml": application,
        "apps/web/kustomization.yaml": "resources: [pod.yaml]\n",
        "apps/web/pod.yaml": pod,
    }
    tree.write(files)
    (tree.root / "apps/link").symlink_to("web")
    done = run("lint", ".", "-f", "json", "--select", f"mutable-tag,{RULE}", cwd=tree.root)
    assert done.places() == [("mutable-tag", "argo/web.yaml", tree.line("argo/web.yaml", "latest"))]


def test_a_link_out_of_the_repository_is_no_path(run: Run, tree: Tree) -> None:
    tree.write({".agentslint.toml": CONFIG, "argo/web.yaml": PLAIN + "apps/link\n", "apps/readme.txt": ""})
    (tree.root / "apps/link").symlink_to("../..")
    done = run("lint", ".", "-f", "json", cwd=tree.root)
    assert done.places() == [(RULE, "argo/web.yaml", 9)]
    assert "leads out of the repository" in done.messages(RULE)[0]


def test_flux_gets_no_links(run: Run, tree: Tree) -> None:
    flux = (
        "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: own}\n"
        f"spec: {{url: '{URL}', ref: {{branch: main}}}}\n---\n"
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: web}\nspec:\n"
        "  path: ./apps/link\n  sourceRef: {kind: GitRepository, name: own}\n"
    )
    tree.write({".agentslint.toml": CONFIG, "flux/web.yaml": flux, "apps/web/kustomization.yaml": "resources: []\n"})
    (tree.root / "apps/link").symlink_to("web")
    done = run("lint", ".", "-f", "json", cwd=tree.root)
    assert done.places(RULE) == [(RULE, "flux/web.yaml", 10)]
    assert "symbolic link" in done.messages(RULE)[0]


@pytest.mark.parametrize(("setting", "found"), [("values: '[a]'", "a list"), ("values: text", "text"), ("valuesObject: [a]", "a list")])
def test_values_that_are_no_mapping_are_said_at_their_line(setting: str, found: str, run: Run, tree: Tree) -> None:
    tree.write({".agentslint.toml": CONFIG, "argo/web.yaml": PLAIN + f"charts/web\n    helm:\n      {setting}\n", **CHART})
    done = run("lint", ".", "-f", "json", cwd=tree.root)
    assert done.places(RULE) == [(RULE, "argo/web.yaml", 11)]
    assert "helm expects a mapping" in done.messages(RULE)[0]
    assert found in done.messages(RULE)[0]


def test_a_failure_in_inline_values_names_no_file_of_ours(run: Run, tree: Tree) -> None:
    tree.write({".agentslint.toml": CONFIG, "argo/web.yaml": PLAIN + "charts/web\n    helm:\n      values: 'a: !!binary zz'\n", **CHART})
    done = run("lint", ".", cwd=tree.root)
    assert "failed to parse the deployer's values" in done.out
    assert "values-" not in done.out


@pytest.mark.parametrize(("other", "said"), [("values", "two sources have ref: values"), ("a.b", "letters, digits")])
def test_references_that_argo_cd_refuses(other: str, said: str, run: Run, tree: Tree) -> None:
    sources = f"  sources:\n  - {{repoURL: '{URL}', path: charts/web}}\n" + "".join(
        f"  - {{repoURL: '{URL}', ref: {name}}}\n" for name in ("values", other)
    )
    tree.write({".agentslint.toml": CONFIG, "argo/web.yaml": HEAD + sources, **CHART})
    done = run("lint", ".", "-f", "json", cwd=tree.root)
    assert done.places() == [(RULE, "argo/web.yaml", 10)]
    assert said in done.messages(RULE)[0]
