"""What people do every day passes, whatever way they lay out their repository; and what only looks like it does not."""

from __future__ import annotations

from promotion import CONFIG, WITHOUT_PATHS, judged
from story import Files, Story, agents, crd, digest, web

ORDER = CONFIG.splitlines()[5]
THREE = 'order = [{ workloads = ["*/controllers"] }, { workloads = ["*/workers"] }, { workloads = ["*/control-plane"] }]'


def image(name: str, sha: str, of: str = "") -> str:
    return f"ghcr.io/acme/agents/{name}:{sha[:8]}@{digest(of or sha, name)}"


def component(folder: str, name: str, sha: str, namespace: str = "", of: str = "") -> dict[str, str | None]:
    """An application of one workload."""
    text = web(image(name, sha, of), name)
    text = text.replace(f"  name: {name}\nspec", f"  name: {name}\n  namespace: {namespace}\nspec") if namespace else text
    return {f"{folder}/kustomization.yaml": f"resources: [{name}.yaml]\n", f"{folder}/{name}.yaml": text}


def together(folder: str, **shas: str) -> Files:
    """An application of several workloads."""
    names = {name.replace("_", "-"): sha for name, sha in shas.items()}
    files = {f"{folder}/{name}.yaml": web(image(name, sha), name) for name, sha in names.items()}
    return {**files, f"{folder}/kustomization.yaml": f"resources: [{', '.join(f'{name}.yaml' for name in names)}]\n"}


def test_a_stage_that_a_target_lacks_is_not_taken_from_another_one(deploy: Story, source: Story) -> None:
    first, second, *_ = source.commits
    staging = together("apps/staging", controllers=second, workers=second, control_plane=second)
    deploy.commit("three stages", {".agentslint.toml": WITHOUT_PATHS.replace(ORDER, THREE), **staging})
    deploy.commit("two in production", together("apps/agents", controllers=first, control_plane=first))
    deploy.write(together("apps/agents", controllers=first, control_plane=second))
    assert [place.partition(":")[0] for place, _ in judged(deploy).findings] == ["apps/agents/control-plane.yaml"]
    deploy.write(together("apps/agents", controllers=second, control_plane=second))
    assert judged(deploy).is_clean


def test_a_target_for_each_component_and_environment(deploy: Story, source: Story) -> None:
    """The namespace tells which belong together."""
    first, second, *_ = source.commits
    names = ("controllers", "control-plane")
    for environment in ("production", "staging"):
        for name in names:
            deploy.write(component(f"apps/{name}/{environment}", name, first, environment))
    deploy.write(dict.fromkeys(("apps/agents/kustomization.yaml", "apps/staging/kustomization.yaml")))
    deploy.commit("a target each", {".agentslint.toml": WITHOUT_PATHS})
    for name in names:
        deploy.write(component(f"apps/{name}/staging", name, second, "staging"))
    assert judged(deploy).is_clean
    deploy.write(component("apps/control-plane/production", "control-plane", second, "production"))
    assert [place.partition(":")[0] for place, _ in judged(deploy).findings] == ["apps/control-plane/production/control-plane.yaml"]


def test_a_sidecar_without_a_commit_that_stays_is_no_obstacle(deploy: Story, source: Story) -> None:
    first, second, *_ = source.commits
    more = "        - name: proxy\n          image: ghcr.io/acme/agents/proxy:v1.2\n"
    files = dict(together("apps/agents", controllers=first, control_plane=first))
    deploy.commit("a sidecar", {**files, "apps/agents/control-plane.yaml": f"{files['apps/agents/control-plane.yaml']}{more}"})
    deploy.write({"apps/agents/controllers.yaml": web(image("controllers", second), "controllers")})
    assert judged(deploy, "--select", "promotion-order").is_clean


def test_controllers_that_catch_up_are_not_accused(deploy: Story, source: Story) -> None:
    first, second, third, _ = source.commits
    deploy.commit("behind, after a rollback", together("apps/agents", controllers=first, control_plane=third))
    deploy.write(together("apps/agents", controllers=second, control_plane=third))
    assert judged(deploy, "--select", "promotion-order").is_clean


def test_a_definition_moves_to_a_target_of_its_own(deploy: Story, source: Story) -> None:
    first = source.commits[0]
    files = dict(together("apps/agents", controllers=first, control_plane=first))
    kustomization = str(files["apps/agents/kustomization.yaml"])
    with_crd = {"apps/agents/kustomization.yaml": kustomization.replace("]", ", crd.yaml]"), "apps/agents/crd.yaml": crd(tag="string")}
    deploy.commit("a definition", {**files, **with_crd})
    deploy.write({"apps/agents/kustomization.yaml": kustomization, "apps/agents/crd.yaml": None})
    deploy.write({"apps/crds/kustomization.yaml": "resources: [crd.yaml]\n", "apps/crds/crd.yaml": crd(tag="string")})
    assert judged(deploy, "--select", "api-lockstep", "--select", "crd-compat").is_clean


def test_images_that_are_known_by_their_digests_alone(deploy: Story) -> None:
    def release(number: str) -> Files:
        pins = {name: f"ghcr.io/acme/agents/{name}@{digest(number, name)}" for name in ("controllers", "control-plane")}
        files = {f"apps/agents/{name}.yaml": web(pin, name) for name, pin in pins.items()}
        return {**files, "apps/agents/kustomization.yaml": "resources: [controllers.yaml, control-plane.yaml, crd.yaml]\n"}

    deploy.commit(
        "one", {**release("one"), "apps/agents/crd.yaml": crd(tag="string"), ".agentslint.toml": WITHOUT_PATHS.replace(ORDER, "")}
    )
    deploy.write({**release("two"), "apps/agents/crd.yaml": crd(tag="string", digest="string")})
    assert judged(deploy, "--select", "api-lockstep").is_clean


def test_another_values_file_is_no_way_back_as_long_as_nobody_knows(deploy: Story, source: Story) -> None:
    """It held that digest, and was not read."""
    first, second, *_ = source.commits
    another = agents(controllers=first, control_plane=first, digests=(first, second))["apps/agents/values.yaml"]
    deploy.commit("prepared", {"apps/agents/green.yaml": another})
    kustomization = (deploy.root / "apps/agents/kustomization.yaml").read_text()
    deploy.write({"apps/agents/kustomization.yaml": kustomization.replace("values.yaml", "green.yaml")})
    verdict = judged(deploy, "--select", "digest-changed-alone")
    assert (verdict.status, verdict.findings) == (2, [])
    assert "apps/agents/green.yaml was not read at the base" in verdict.not_checked[0]


def test_repositories_alone_are_compared_although_there_is_an_order(deploy: Story, source: Story) -> None:
    application = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: {0}}}\n"
        "spec: {{source: {{repoURL: 'https://github.com/acme/agents', path: config, targetRevision: {1}}}}}\n"
    )
    config = WITHOUT_PATHS.replace('images = ["ghcr.io/acme/agents/*"]', 'remotes = ["github.com/acme/agents"]')
    deploy.write({".agentslint.toml": config, "argo/a.yaml": application.format("a", source.commits[0])})
    deploy.write({"argo/b.yaml": application.format("b", source.commits[1])})
    assert [rule for _, rule in judged(deploy, "--select", "image-lockstep").findings] == ["image-lockstep"]


def test_what_differs_beside_a_path_that_is_named_is_compared_too(deploy: Story, source: Story) -> None:
    """The API changes, and the other member gets the new tag with its old digest."""
    first, last = source.commits[0], source.commits[3]
    deploy.write(dict.fromkeys(("apps/agents/kustomization.yaml", "apps/staging/kustomization.yaml")))
    deploy.write(component("apps/a", "controllers", first)).write(component("apps/b", "control-plane", first))
    deploy.commit("a target each")
    deploy.write(component("apps/a", "controllers", last)).write(component("apps/b", "control-plane", last, of=first))
    verdict = judged(deploy, "apps/a", "--select", "api-lockstep")
    assert [place.partition(":")[0] for place, _ in verdict.findings] == ["apps/b/control-plane.yaml"]


def test_a_hotfix_branch_is_left_stage_by_stage(deploy: Story, source: Story) -> None:
    """What ran last is on no other branch, and who goes first goes on."""
    source.git("checkout", "--quiet", "-b", "hotfix", source.commits[0])
    hotfix = source.commit("a hotfix", {"fix.go": "package main\n"})
    source.git("checkout", "--quiet", "main")
    deploy.commit("the hotfix", {**together("apps/agents", controllers=hotfix, control_plane=hotfix), ".agentslint.toml": WITHOUT_PATHS})
    deploy.write(together("apps/agents", controllers=source.commits[2], control_plane=hotfix))
    assert judged(deploy, "--select", "promotion-order").is_clean


def test_a_sha_that_is_written_longer_is_the_same_one(deploy: Story, source: Story) -> None:
    first = source.commits[0]
    name = "ghcr.io/acme/agents/controllers"
    deploy.commit("short", together("apps/agents", controllers=first, control_plane=first))
    deploy.write({"apps/agents/controllers.yaml": web(f"{name}:{first}@{digest(first, 'controllers')}", "controllers")})
    assert judged(deploy).is_clean


def test_a_sha_of_digits_alone_is_one_where_shas_are_expected(deploy: Story, source: Story) -> None:
    first, number = source.commits[0], 0
    while not source.commits[-1][:8].isdigit():
        number += 1
        source.commit(f"another {number}")
    digits = source.commits[-1]
    deploy.commit("expected", {".agentslint.toml": WITHOUT_PATHS})
    deploy.write(together("apps/agents", controllers=digits, control_plane=first))
    assert judged(deploy).is_clean
    deploy.write(together("apps/agents", controllers=first, control_plane=digits))
    assert [rule for _, rule in judged(deploy).findings] == ["promotion-order"]


def test_a_workload_that_leaves_the_order_by_its_new_name_is_said(deploy: Story, source: Story) -> None:
    first = source.commits[0]
    deploy.commit("before", together("apps/agents", controllers=first, control_plane=first))
    renamed = web(image("control-plane", first), "api-server")
    deploy.write({"apps/agents/control-plane.yaml": renamed})
    verdict = judged(deploy, "--select", "promotion-order")
    assert (verdict.status, verdict.findings) == (2, [])
    assert "cannot check Deployment/api-server (container main) against the order" in verdict.not_checked[0]


def test_an_accepted_promotion_accepts_no_other_one(deploy: Story, source: Story) -> None:
    """A comment comes with the change that it speaks of."""
    first, second, third, _ = source.commits
    comment = "  # agentslint: ignore[promotion-order] emergency"

    def production(control_plane: str) -> Files:
        files = dict(together("apps/agents", controllers=first, control_plane=control_plane))
        pin = image("control-plane", control_plane)
        return {**files, "apps/agents/control-plane.yaml": str(files["apps/agents/control-plane.yaml"]).replace(pin, pin + comment)}

    deploy.commit("before", together("apps/agents", controllers=first, control_plane=first))
    deploy.write(production(second))
    assert judged(deploy, "--select", "promotion-order").is_clean
    deploy.commit("merged")
    deploy.write(production(third))
    assert [rule for _, rule in judged(deploy, "--select", "promotion-order").findings] == ["promotion-order"]


def test_a_values_file_that_was_split_takes_no_history_along(deploy: Story) -> None:
    """Nobody can say that a digest has never run there."""
    tag, old, new = "51149ac1", "a" * 64, "b" * 64
    kustomization = (
        "helmGlobals:\n  chartHome: ../../charts\nhelmCharts:\n  - name: agents\n    releaseName: agents\n    valuesFile: values.yaml\n"
    )
    image = f"image:\n  tag: {tag}\n  digest: sha256:{'c' * 64}\n"
    own = "controllers:\n  image:\n    tag: {}\n    digest: sha256:{}\n"
    folder = "apps/agents"
    deploy.commit("old", {f"{folder}/kustomization.yaml": kustomization, f"{folder}/values.yaml": image + own.format(tag, old)})
    deploy.commit("new", {f"{folder}/values.yaml": image + own.format(tag, new)})
    more = "    additionalValuesFiles: [controllers.yaml]\n"
    split = {f"{folder}/values.yaml": image, f"{folder}/controllers.yaml": own.format(tag, new)}
    deploy.commit("split", {**split, f"{folder}/kustomization.yaml": kustomization + more})
    deploy.write({f"{folder}/controllers.yaml": own.format(tag, old)})
    verdict = judged(deploy, "--select", "digest-changed-alone")
    assert (verdict.status, verdict.findings) == (2, [])
    assert "another file in apps/agents held it before" in verdict.not_checked[0]
