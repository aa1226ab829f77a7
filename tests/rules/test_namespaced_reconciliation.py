"""namespaced-reconciliation: roles are read as Kubernetes reads them, and whatever cannot be told is no finding."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentslint.config import Config, Loaded
from agentslint.engine.open_session import open_session
from agentslint.engine.pipeline import lint
from agentslint.engine.registry import load_registry
from agentslint.engine.run_options import RunOptions
from agentslint.model import Manifest, Report, Target, TargetKind
from agentslint.model.manifest import ManifestHead
from tests.conftest import PROJECT

MODULE = load_registry(Loaded(Config())).rules["namespaced-reconciliation"].__module__
ROLES = sys.modules[f"{MODULE}.cluster_roles"]
SWITCHES = sys.modules[f"{MODULE}.switches"]
CASES = PROJECT / "rules/namespaced_reconciliation"

NAMESPACED = {
    ("", "pods"),
    ("", "secrets"),
    ("", "events"),
    ("apps", "deployments"),
    ("networking.k8s.io", "ingresses"),
    ("policy", "poddisruptionbudgets"),
    ("acme.dev", "agents"),
}
OF_CLUSTER = {
    ("", "nodes"),
    ("", "namespaces"),
    ("networking.k8s.io", "ingressclasses"),
    ("storage.k8s.io", "storageclasses"),
    ("apiextensions.k8s.io", "customresourcedefinitions"),
    ("authentication.k8s.io", "tokenreviews"),
    ("policy", "podsecuritypolicies"),
    ("acme.dev", "agentclasses"),
}
GROUPS, NAMES = ({each[at] for each in NAMESPACED | OF_CLUSTER} for at in (0, 1))
CUSTOM = {("acme.dev", "agents"): True, ("acme.dev", "agentclasses"): False}
RULE = st.fixed_dictionaries(
    {
        "apiGroups": st.lists(st.sampled_from(sorted(GROUPS)), max_size=2),
        "resources": st.lists(st.sampled_from(sorted(NAMES)).flatmap(lambda name: st.sampled_from([name, f"{name}/status"])), max_size=2),
        "verbs": st.lists(st.sampled_from(["get", "list", "create", "patch"]), max_size=2),
    }
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["false", "*", "a,b"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["rbac", "clusterScoped", "namespaced", "scope", "controller", "namespaces", "watchNamespaces", "enabled"]),
            inner,
        )
    ),
    max_leaves=12,
)


def cluster_role(rules: Any) -> Manifest:
    target = Target("app", TargetKind.MANIFESTS, Path(), "app.yaml")
    return Manifest(target, 0, "", 1, head=ManifestHead("rbac.authorization.k8s.io/v1", "ClusterRole", "role"), body={"rules": rules})


def reaches(rule: dict[str, list[str]]) -> bool:
    """Whether a rule covers anything in a namespace but the writing of events, as `RuleAllows` of Kubernetes has it."""
    return any(
        group in rule["apiGroups"]
        and any(each in (name, f"{name}/status") for each in rule["resources"])
        and any(name != "events" or verb not in ("create", "patch", "update") for verb in rule["verbs"])
        for group, name in NAMESPACED
    )


@given(st.lists(RULE, max_size=3))
def test_a_role_reaches_into_namespaces_as_kubernetes_says(rules: list[dict[str, list[str]]]) -> None:
    # A pair that no API serves gives nothing, and the rule need not know that.
    served = NAMESPACED | OF_CLUSTER
    for rule in rules:
        pairs = ((group, name) for group in rule["apiGroups"] for name in rule["resources"])
        rule["resources"] = list(
            {name for group, name in pairs if all((each, name.partition("/")[0]) in served for each in rule["apiGroups"])}
        )
    found = ROLES.ClusterRoles([cluster_role(rules)], [], lambda *name: CUSTOM.get(name), ["*"]).given("role")

    assert found.known
    assert bool(found.resources) == any(map(reaches, rules))


@given(ANYTHING)
def test_rules_of_any_shape_are_read(rules: Any) -> None:
    ROLES.ClusterRoles([cluster_role(rules)], [], lambda *name: None, ["*"]).given("role")


@given(st.dictionaries(st.sampled_from(["rbac", "agents", "controller"]), ANYTHING))
def test_values_of_any_shape_are_read(values: dict[str, Any]) -> None:
    found = list(SWITCHES.switches_in(values, [("agents",)], "agents", ()))

    assert not found or SWITCHES.has_switch(values, ())
    assert all(str(switch.value).lower() in ("true", "false") for switch in found)


def judged(folder: Path, *paths: str, options: str = "", trace: bool = True) -> Report:
    (folder / ".agentslint.toml").write_text(f"[rules.namespaced-reconciliation]\n{options}")
    chosen = tuple(str(folder / path) for path in paths or (".",))
    run = RunOptions(chosen, select=("namespaced-reconciliation",), root=str(folder), offline=True, trace=trace)
    with open_session(run) as (session, _):
        return lint(session)


@pytest.fixture
def two_targets(tmp_path: Path) -> Path:
    """A chart that renders a role in one of two watched namespaces, and another target with the other role."""
    return Path(shutil.copytree(CASES / "pass/roles_of_another_target", tmp_path / "repo"))


def test_a_role_that_may_be_elsewhere_is_not_missed_but_not_checked(two_targets: Path) -> None:
    report = judged(two_targets, "agents")

    assert report.active == []
    assert [(each.location.path, each.location.region.start_line) for each in report.failures if each.location] == [
        ("agents/values.yaml", 6)
    ]


def test_an_application_that_is_not_judged_may_bring_the_role(two_targets: Path) -> None:
    shutil.rmtree(two_targets / "synthesis")
    assert len(judged(two_targets).active) == 1
    (two_targets / "application.yaml").write_text(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: rbac, namespace: argocd}\nspec:\n  project: default\n"
        "  source: {repoURL: https://git.example.com/other.git, path: rbac, targetRevision: main}\n"
        "  destination: {name: in-cluster, namespace: synthesis}\n"
    )

    report = judged(two_targets)
    assert report.active == []
    assert [each.location.path for each in report.failures if each.location] == ["agents/values.yaml"]


def test_the_pods_of_another_cluster_bring_no_role_for_this_one(two_targets: Path) -> None:
    shutil.copytree(two_targets / "agents", two_targets / "other-cluster")
    values = two_targets / "other-cluster/values.yaml"
    values.write_text(values.read_text().replace("    - agents\n", "").replace("- synthesis", "- agents"))
    shutil.rmtree(two_targets / "synthesis")

    assert [result.location.path for result in judged(two_targets).active] == ["agents/values.yaml"]


def test_an_account_that_nobody_can_tell_is_not_checked_where_the_switch_is_configured(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CASES / "fail/binding_beside_the_chart", tmp_path / "repo"))
    (folder / "charts/agents/templates/rbac.yaml").write_text("")
    web = (
        (folder / "charts/agents/templates/controllers.yaml")
        .read_text()
        .replace("serviceAccountName: {{ .Release.Name }}", "serviceAccountName: web")
    )
    (folder / "charts/agents/templates/web.yaml").write_text(web.replace("-controllers", "-web").partition("---")[0])

    assert judged(folder).active == []
    assert [each.message for each in judged(folder).failures] == []
    report = judged(folder, options='switches = [{switch = "rbac.clusterScoped"}]')
    assert [each.message for each in report.failures] == [
        "cannot tell which service accounts rbac.clusterScoped is about: name them (accounts)"
    ]
    report = judged(folder, options='switches = [{switch = "rbac.clusterScoped", accounts = ["agents"]}]')
    assert {result.location.path for result in report.active} == {"admin.yaml", "kustomization.yaml"}


def test_without_further_renders_names_tell(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CASES / "fail/binding_beside_the_chart", tmp_path / "repo"))

    assert len(judged(folder, trace=False).active) == 1


def test_a_switch_that_no_chart_has_is_reported(two_targets: Path) -> None:
    report = judged(two_targets, options='switches = [{switch = "rbac.clusterScope"}]')

    assert [each.message for each in report.failures] == ["cannot check rbac.clusterScope: no chart has such a value (switches)"]


def many_switches(count: int) -> dict[str, Any]:
    return {f"part{number}": {"rbac": {"namespaced": True}, "watchNamespaces": [f"space{number}"]} for number in range(count)}


def test_each_of_many_switches_has_the_list_of_its_own_block_and_a_pattern_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    plain = SWITCHES.re.compile
    monkeypatch.setattr(SWITCHES.re, "compile", lambda pattern, *flags: compiled.append(pattern) or plain(pattern, *flags))

    found = SWITCHES.switches_in(many_switches(300), [], "agents", ())

    assert [(switch.block, switch.lists[0].names[0].name) for switch in found] == [((f"part{n}",), f"space{n}") for n in range(300)]
    assert all(len(switch.lists) == 1 for switch in found)
    assert len([pattern for pattern in compiled if "watch" in pattern]) <= 1


def test_a_chart_with_very_many_switches_is_not_judged_in_full_and_says_so(two_targets: Path) -> None:
    (two_targets / "agents/values.yaml").write_text(json.dumps(many_switches(53)))

    report = judged(two_targets, trace=False)
    assert [each.message for each in report.failures] == [
        "cannot check 3 of the 53 switches of agents: at most 50 are judged, those of the option switches first"
    ]


def test_switches_of_the_options_are_judged_first() -> None:
    configured = SWITCHES.NamespacedSwitch("part7.rbac.namespaced", namespaced=True)

    found = SWITCHES.switches_in(many_switches(60), [], "agents", (configured,))
    assert found[0].configured is configured
    assert len(found) == 60
