"""What the policy is about and a run is not: targets that went away, and those that left an environment."""

from __future__ import annotations

from fork import PINNED, Fork, app, target

PRODUCTION = '[[environments]]\nname = "production"\n{}\n[rules.require-digest]\nenvironments = ["production"]\n'
BY_PATH = {".agentslint.toml": PRODUCTION.format('paths = ["prod/*"]')}
BY_NAMESPACE = {".agentslint.toml": PRODUCTION.format('namespaces = ["prod-*"]')}


def test_targets_that_are_gone_are_listed(fork: Fork) -> None:
    files = target("prod/web", PINNED)
    fork.main({**files, **target("prod/other", PINNED, name="other")}).commit(dict.fromkeys(files))
    done = fork.lint()
    assert done.status == 0
    assert "linted at main but not now: prod/web (deleted)" in done.notes


def test_a_target_that_moves_out_of_its_environment_is_listed(fork: Fork) -> None:
    fork.main({**target("prod/web", PINNED), **BY_PATH})
    fork.git("mv", "prod", "sandbox")
    fork.commit({})

    done = fork.lint()

    assert "prod/web (moved to sandbox/web)" in done.notes
    assert "moved out of an environment: sandbox/web (left production)" in done.notes


def test_a_target_that_becomes_a_part_of_others_is_listed(fork: Fork) -> None:
    fork.main(target("prod/web", PINNED)).commit({"prod/all/kustomization.yaml": "namePrefix: x-\nresources: [../web]\n"})
    assert "prod/web (no target of its own any more)" in fork.lint().notes


def test_a_component_is_no_target_any_more(fork: Fork) -> None:
    fork.main({**target("prod/web", PINNED), **target("prod/other", PINNED, name="other")})
    component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [web.yaml]\n"
    fork.commit({"prod/web/kustomization.yaml": component})
    assert "prod/web" in fork.lint("prod").notes


def test_a_resource_that_leaves_the_namespaces_of_an_environment_is_listed(fork: Fork) -> None:
    there = "namespace: prod-a\nresources: [web.yaml]\n"
    files = {"apps/web/kustomization.yaml": there, "apps/web/web.yaml": app(PINNED)}
    fork.main({**files, **BY_NAMESPACE}).commit({"apps/web/kustomization.yaml": there.replace("prod-a", "sandbox")})
    assert "moved out of an environment: apps/web (left production)" in fork.lint().notes


def test_nothing_is_said_of_a_change_that_leaves_them_alone(fork: Fork) -> None:
    fork.main({**target("prod/web", PINNED), **BY_PATH}).commit(target("prod/web", PINNED.replace("v1.4.2", "v1.5.0")))
    done = fork.lint()
    assert (done.status, len(done.report["notes"])) == (0, 1), done.notes


def test_excluding_has_no_effect(fork: Fork) -> None:
    fork.main({**target("prod/web", PINNED), **target("prod/other", PINNED)}).commit({".agentslint.toml": 'exclude = ["prod/web"]\n'})
    assert fork.lint().report["summary"]["targets"] == 2
