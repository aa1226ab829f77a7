"""What the configuration names and the repository does not have is told, with the nearest that it has; nothing is accused for it."""

from __future__ import annotations

import json

import pytest

from tests.suppress.command_in_process import Done, Run, Tree

SHA = "sha-aaaa1111bbbb2222cccc3333dddd4444eeee5555"
DIGEST = "sha256:" + "1" * 64


def pod(tag: str = SHA, name: str = "web") -> str:
    image = f"registry.example.com/shop/{name}:{tag}@{DIGEST}"
    head = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: shop}}\n"
    return f"{head}spec:\n  containers:\n  - {{name: web, image: '{image}'}}\n"


def overlays(config: str) -> dict[str, str | bytes]:
    """Two overlays of one pod."""
    files: dict[str, str | bytes] = {".agentslint.toml": config}
    for name in ("staging", "production"):
        files |= {f"envs/{name}/kustomization.yaml": "resources: [pod.yaml]\n", f"envs/{name}/pod.yaml": pod()}
    return files


def failures(done: Done) -> list[tuple[str | None, int | None, str]]:
    """What was not checked: the file, the line, the message."""
    found = [(row["location"] or {}, row["message"]) for row in json.loads(done.out)["failures"]]
    return [(place.get("path"), place.get("start_line"), message) for place, message in found]


def about(done: Done) -> list[str]:
    """The notes about the configuration."""
    return [note for note in json.loads(done.out)["notes"] if note.startswith(".agentslint.toml:")]


GROUP = '[[groups]]\nname = "web"\n'
REQUIRED = '[rules.require-digest]\nenvironments = ["production"]\n'
UNCHECKED = {
    "paths of an environment": (
        f'[[environments]]\nname = "production"\npaths = ["envs/production/*"]\n{REQUIRED}',
        (3, "environment production: no target matches 'envs/production/*'; did you mean 'envs/production'?"),
    ),
    "namespaces of an environment": (
        f'[[environments]]\nname = "production"\nnamespaces = [\n  "shops",\n]\n{REQUIRED}',
        (4, "environment production: no namespace matches 'shops'; did you mean 'shop'?"),
    ),
    "inline tables": (
        f'environments = [{{ name = "production", paths = ["envs/prodution"] }}]\n{REQUIRED}',
        (1, "environment production: no target matches 'envs/prodution'; did you mean 'envs/production'?"),
    ),
    "images of a group": (
        f'{GROUP}images = ["registry.example.com/shops/*"]\n',
        (3, "group web: no image matches 'registry.example.com/shops/*'; did you mean 'registry.example.com/shop/web'?"),
    ),
    "workloads of a group": (f'{GROUP}workloads = ["pod/web"]\n', (3, "group web: no workload matches 'pod/web'; did you mean 'Pod/web'?")),
    "targets of a group": (
        f'{GROUP}targets = ["env/*"]\nimages = ["registry.example.com/shop/*"]\n',
        (3, "group web: no target matches 'env/*'"),
    ),
    "globs of a group that fit only one by one": (
        f'{GROUP}images = ["registry.example.com/shop/*"]\nworkloads = ["Pod/api"]\n',
        (4, "group web: no workload matches 'Pod/api'; did you mean 'Pod/web'?"),
    ),
    "targets of a stage": (
        f'{GROUP}images = ["registry.example.com/*"]\norder = [{{ targets = ["envs/staging"] }}, {{ targets = ["envs/production/*"] }}]\n',
        (4, "group web, stage 2 of its order: no target matches 'envs/production/*'; did you mean 'envs/production'?"),
    ),
    "workloads of a stage": (
        f'{GROUP}images = ["registry.example.com/*"]\norder = [{{ workloads = ["*/controller"] }}, {{ workloads = ["*/web"] }}]\n',
        (4, "group web, stage 1 of its order: no workload matches '*/controller'"),
    ),
    "a stage of which another one has all members": (
        f'{GROUP}images = ["registry.example.com/*"]\norder = [{{ targets = ["envs/*"] }}, {{ targets = ["envs/production"] }}]\n',
        (4, "group web, stage 2 of its order: no image of the group matches it"),
    ),
    "chart of a contract": (
        '[[contracts]]\nchart = "web"\nworkload = "Pod/web"\nchain = ["image"]\n',
        (2, "the contract of Pod/web: no chart matches 'web'"),
    ),
    "target of a contract": (
        '[[contracts]]\nworkload = "Pod/web"\nchain = ["image"]\ntarget = "envs/prod"\n',
        (4, "the contract of Pod/web: no target matches 'envs/prod'; did you mean 'envs/production'?"),
    ),
}


@pytest.mark.parametrize("name", UNCHECKED)
def test_a_table_that_fits_nothing_is_not_checked(name: str, run: Run, tree: Tree) -> None:
    config, (line, message) = UNCHECKED[name]

    done = run("lint", ".", "-f", "json", cwd=tree.write(overlays(config)))

    assert failures(done) == [(".agentslint.toml", line, message)]
    assert (done.status, done.results) == (2, [])


NOTED = {
    "one glob of several": '[[environments]]\nname = "production"\npaths = ["envs/production", "envs/prod"]\n' + REQUIRED,
    "environment that no rule asks for": '[[environments]]\nname = "production"\npaths = ["envs/prod"]\n',
    "render.for": '[[render.for]]\ntargets = ["envs/production/*"]\nkube-version = "1.29"\n',
    "kind of an image field": '[[image-fields]]\nkind = "Pood"\npath = "spec.image"\n',
    "path of an image field": '[[image-fields]]\nkind = "Pod"\npath = "spec.containers[].imgae"\n',
    "remotes beside images": f'{GROUP}images = ["registry.example.com/*"]\nremotes = ["github.com/acme/*"]\n',
    "definitions of a group": f'{GROUP}images = ["registry.example.com/*"]\ncrds = ["*.example.org"]\n',
}


@pytest.mark.parametrize("name", NOTED)
def test_a_glob_too_many_is_a_note(name: str, run: Run, tree: Tree) -> None:
    done = run("lint", ".", "-f", "json", cwd=tree.write(overlays(NOTED[name])))

    assert len(about(done)) == 1
    assert (done.status, failures(done)) == (0, [])


@pytest.mark.parametrize("name", [*UNCHECKED, *NOTED])
def test_a_run_of_some_paths_says_nothing_of_it(name: str, run: Run, tree: Tree) -> None:
    config = NOTED[name] if name in NOTED else UNCHECKED[name][0]

    done = run("lint", "envs/staging", "-f", "json", cwd=tree.write(overlays(config)))

    assert (done.status, failures(done), about(done)) == (0, [], [])


def test_a_configuration_that_fits_is_not_spoken_of(run: Run, tree: Tree) -> None:
    config = (
        f'[[environments]]\nname = "production"\npaths = ["envs/prod*"]\nnamespaces = ["shop"]\n{REQUIRED}'
        f'{GROUP}images = ["registry.example.com/*"]\norder = [{{ targets = ["envs/staging"] }}, {{ targets = ["*/production"] }}]\n'
        '[[render.for]]\ntargets = ["*"]\nkube-version = "1.29"\n[[image-fields]]\nkind = "Pod"\npath = "spec.containers[].image"\n'
    )
    done = run("lint", ".", "-f", "json", cwd=tree.write(overlays(config)))
    assert (done.status, failures(done), about(done)) == (0, [], [])


def test_definitions_of_a_group_are_looked_for_in_what_is_rendered(run: Run, tree: Tree) -> None:
    """No rule of such a run reads them."""
    files = overlays(f'{GROUP}images = ["registry.example.com/*"]\ncrds = ["webs.example.com", "sites.*"]\n')
    files["envs/production/kustomization.yaml"] = "resources: [pod.yaml, crd.yaml]\n"
    files["envs/production/crd.yaml"] = (
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: webs.example.com}\n"
    )

    done = run("lint", ".", "-f", "json", cwd=tree.write(files))

    assert about(done) == [".agentslint.toml:4: group web: no CustomResourceDefinition matches 'sites.*'"]


def test_a_table_that_no_rule_of_the_run_reads_is_not_spoken_of(run: Run, tree: Tree) -> None:
    config = f'{GROUP}images = ["ghcr.io/*"]\n[[contracts]]\nchart = "x"\nworkload = "y"\nchain = ["z"]\n'
    done = run("lint", ".", "-f", "json", "--select", "require-tag", cwd=tree.write(overlays(config)))
    assert (done.status, failures(done)) == (0, [])


def test_what_may_be_in_a_target_that_does_not_render_is_not_called_missing(run: Run, tree: Tree) -> None:
    files = overlays(f'{GROUP}images = ["ghcr.io/acme/*"]\n')
    done = run("lint", ".", "-f", "json", cwd=tree.write({**files, "envs/broken/kustomization.yaml": "resources: [gone.yaml]\n"}))
    assert [row[0] for row in failures(done)] == ["envs/broken/kustomization.yaml"]


def test_a_misspelt_order_accuses_nobody(run: Run, tree: Tree) -> None:
    config = (
        f'{GROUP}images = ["registry.example.com/*"]\norder = [{{ targets = ["envs/staging/*"] }}, {{ targets = ["envs/production/*"] }}]\n'
    )
    files = {**overlays(config), "envs/production/pod.yaml": pod("sha-0f1e2d3c4b5a69788796a5b4c3d2e1f001234567")}

    done = run("lint", ".", "-f", "json", "--select", "image-lockstep", cwd=tree.write(files))

    assert done.places() == []
    assert [row[1] for row in failures(done)] == [4, 4]


CHART = {
    "app/kustomization.yaml": "helmCharts:\n- {name: web, releaseName: web, valuesFile: values.yaml}\n",
    "app/values.yaml": "image: {repository: registry.example.com/shop/web, tag: 1.0.0}\n",
    "app/charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n",
    "app/charts/web/values.yaml": 'image: {repository: "", tag: ""}\nworker: {image: {repository: "", tag: ""}}\n',
    "app/charts/web/templates/d.yaml": (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n  - name: web\n"
        "    image: {{ ((.Values.hidden).image).repository | default .Values.image.repository }}:"
        "{{ ((.Values.hidden).image).tag | default .Values.image.tag }}\n"
    ),
}


ALONE = {"app/charts/web/values.yaml": "image: {repository: registry.example.com/shop/web, tag: 1.0.0}\n"}
"""With such values the chart renders on its own."""


def contract(workload: str = "Pod/web", chain: str = '"image"', more: str = "") -> dict[str, str | bytes]:
    return {**CHART, ".agentslint.toml": f'[[contracts]]\nchart = "web"\nworkload = "{workload}"\nchain = [{chain}]\n{more}'}


MISSPELT = {
    "the only block": (contract(chain='"imgae"'), "imgae is in no values of chart web; did you mean image?"),
    "the first of two blocks": (
        contract(chain='"worker.imge", "image"'),
        "worker.imge is in no values of chart web; did you mean worker.image?",
    ),
    "a block that holds no image": (contract(chain='"worker"'), "worker has none of the fields registry, repository, "),
    "a block whose fields are named": (
        contract(chain='"imgae", "image"', more='fields = ["repository", "tag"]\n'),
        "imgae is in no values of chart web; did you mean image?",
    ),
    "a field": (contract(more='fields = ["repository", "tagg"]\n'), "no block of the chain has a field tagg; did you mean tag?"),
}


@pytest.mark.parametrize("name", MISSPELT)
def test_a_misspelt_contract_is_not_verified_and_accuses_no_chart(name: str, run: Run, tree: Tree) -> None:
    files, message = MISSPELT[name]
    root = tree.write(files)

    shown = run("contract", "app", cwd=root)
    done = run("lint", ".", "-f", "json", "--select", "image-precedence", cwd=root)

    assert shown.status == 2
    assert ": not verified\n" in shown.out
    assert message in shown.err
    assert "not kept" not in shown.err
    assert (done.status, done.places()) == (2, [])
    assert message in failures(done)[0][2]


def test_a_block_that_stands_in_no_values_and_decides_all_the_same_is_verified(run: Run, tree: Tree) -> None:
    root = tree.write(contract(chain='"hidden.image", "image"', more='fields = ["repository", "tag"]\n'))

    shown = run("contract", "app", cwd=root)

    assert (shown.status, shown.err) == (0, "")
    assert "Pod/web: hidden.image, then image: verified" in shown.out


@pytest.mark.parametrize("workload", ["Pod/wbe", "Deployment/web", "pod/web"])
def test_a_workload_that_no_chart_renders_is_told(workload: str, run: Run, tree: Tree) -> None:
    root = tree.write(contract(workload))

    shown = run("contract", "app", cwd=root)
    done = run("lint", ".", "-f", "json", "--select", "image-precedence", cwd=root)

    assert shown.status == 2
    hint = f"chart web renders no {workload}, which [[contracts]] names; did you mean Pod/web?"
    assert hint in shown.err
    assert (done.status, failures(done)) == (2, [(".agentslint.toml", 3, hint)])


def test_a_workload_that_another_target_renders_is_not_missing(run: Run, tree: Tree) -> None:
    files = contract("Pod/web-*")
    files["app/charts/web/templates/d.yaml"] = str(CHART["app/charts/web/templates/d.yaml"]).replace(
        "name: web\nspec", "name: {{ .Values.name }}\nspec"
    )
    files["app/values.yaml"] = f"{CHART['app/values.yaml']}name: api\n"
    other = str(CHART["app/kustomization.yaml"]).replace("helmCharts", "helmGlobals: {chartHome: ../app/charts}\nhelmCharts")
    files |= {"other/kustomization.yaml": other, "other/values.yaml": f"{CHART['app/values.yaml']}name: web-1\n"}
    root = tree.write(files)

    shown = run("contract", "app", cwd=root)
    done = run("lint", ".", "-f", "json", "--select", "image-precedence", cwd=root)

    assert shown.status == 0
    assert "note: chart web renders no Pod/web-*, which" in shown.err
    assert (done.status, failures(done)) == (0, [])


@pytest.mark.parametrize("workload", ["Pod/wbe", "Deployment/web", "Pod/web-*"])
def test_a_workload_that_a_chart_alone_does_not_render_is_a_failure(workload: str, run: Run, tree: Tree) -> None:
    root = tree.write({**contract(workload), **ALONE})

    shown = run("contract", "app/charts/web", "--format", "json", cwd=root)

    message = f"chart web renders no {workload}, which [[contracts]] names; did you mean Pod/web?"
    found = json.loads(shown.out)
    assert (shown.status, found["charts"], [row["message"] for row in found["failures"]]) == (2, [], [message])
    assert "nothing to show" not in shown.err


def test_a_contract_of_any_chart_says_nothing_of_a_chart_alone(run: Run, tree: Tree) -> None:
    files = contract("Pod/api")
    files[".agentslint.toml"] = str(files[".agentslint.toml"]).replace('chart = "web"', 'chart = "w*"')
    shown = run("contract", "app/charts/web", cwd=tree.write({**files, **ALONE}))
    assert shown.status == 0
    assert "note: chart web renders no Pod/api, which [[contracts]] names" in shown.err
    assert "nothing to show" not in shown.err


def test_a_chart_without_image_blocks_has_nothing_to_show_and_says_so(run: Run, tree: Tree) -> None:
    files = {**CHART, "app/values.yaml": "{}\n", "app/charts/web/values.yaml": "{}\n"}
    files["app/charts/web/templates/d.yaml"] = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n"

    shown = run("contract", "app", cwd=tree.write(files))

    assert (shown.status, shown.out) == (0, "")
    assert shown.err.startswith("app: nothing to show: ")


def test_a_misspelt_digest_switch_accuses_no_chart(run: Run, tree: Tree) -> None:
    files = contract()
    files[".agentslint.toml"] = f'digest-switch = "imagePolicy.requireDigset"\n{files[".agentslint.toml"]!s}'
    files["app/charts/web/values.yaml"] = f"{CHART['app/charts/web/values.yaml']}imagePolicy: {{requireDigest: true}}\n"
    done = run("lint", ".", "-f", "json", "--select", "chart-requires-digest", cwd=tree.write(files))
    assert (done.status, done.places()) == (2, [])
    assert "chart web has no value imagePolicy.requireDigset; did you mean imagePolicy.requireDigest?" in failures(done)[0][2]


def test_a_comparison_says_it_too(run: Run, tree: Tree) -> None:
    import subprocess

    config = (
        f'{GROUP}images = ["registry.example.com/*"]\norder = [{{ targets = ["envs/staging/*"] }}, {{ targets = ["envs/production"] }}]\n'
    )
    root = tree.write(overlays(config))
    for words in (["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "base"]):
        subprocess.run(["git", *words], cwd=root, check=True)
    tree.write({"envs/production/pod.yaml": pod("sha-0f1e2d3c4b5a69788796a5b4c3d2e1f001234567")})

    done = run("diff", "--base", "HEAD", cwd=root)

    assert done.status == 2
    assert ".agentslint.toml:4:1 not checked: group web, stage 1 of its order: no target matches 'envs/staging/*'" in done.out


IGNORE = '[[ignore]]\nrule = "image-lockstep"\ntarget = "envs/**"\nreason = "the canary runs ahead"\n'
UNSURE = {
    "targets of a group": f'{GROUP}targets = ["env/*"]\n{IGNORE}',
    "images of a group": f'{GROUP}images = ["ghcr.io/acme/*"]\n{IGNORE}',
    "an environment": f'[[environments]]\nname = "canary"\npaths = ["env/*"]\n[rules.image-lockstep]\nenvironments = ["canary"]\n{IGNORE}',
}


@pytest.mark.parametrize("name", UNSURE)
def test_a_suppression_of_what_was_not_looked_at_is_not_stale(name: str, run: Run, tree: Tree) -> None:
    done = run("lint", ".", "-f", "json", "--select", "image-lockstep,stale-ignore", cwd=tree.write(overlays(UNSURE[name])))
    assert (done.status, done.places()) == (2, [])


def test_a_suppression_of_a_rule_that_reads_no_such_table_is_stale_all_the_same(run: Run, tree: Tree) -> None:
    config = UNSURE["images of a group"].replace("image-lockstep", "mutable-tag")
    done = run("lint", ".", "-f", "json", "--select", "image-lockstep,mutable-tag,stale-ignore", cwd=tree.write(overlays(config)))
    assert (done.status, done.places()) == (2, [("stale-ignore", ".agentslint.toml", 4)])


def test_a_baseline_keeps_what_was_accepted_of_what_is_not_looked_at(run: Run, tree: Tree) -> None:
    config = f'{GROUP}images = ["registry.example.com/*"]\n'
    sha = "sha-0f1e2d3c4b5a69788796a5b4c3d2e1f001234567"
    root = tree.write({**overlays(config), "envs/production/pod.yaml": pod(sha)})
    run("lint", ".", "--select", "image-lockstep", "--baseline-write", cwd=root)
    before = tree.read(".agentslint-baseline.json")
    tree.replace(".agentslint.toml", "registry.example.com", "registry.example.org")

    run("lint", ".", "--select", "image-lockstep", "--baseline-write", cwd=root)

    assert "image-lockstep" in before
    assert tree.read(".agentslint-baseline.json") == before
