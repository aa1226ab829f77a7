"""Findings of asserts at the line that somebody wrote, with real renders of three habits."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.asserts.repositories import APPLICATION, DEPLOYED, HELM, PATCHED, lines, report_of, unknown, written

pytest.importorskip("cel_expr_python")

GRPC = """
[[assert]]
name = "grpc-switch"
each = "containers"
match = { kinds = ["Deployment"] }
that = '''
!values.grpc.enabled ||
container.?env.orValue([]).exists(e, e.name.endsWith("GRPC_ENABLED") && e.value == "true")'''
message = "grpc is switched on, and {container.name} does not know"
"""

APP = "Deployment/api (container app)"
SWITCHED = "Deployment/web (container app): grpc is switched on, and app does not know"


def one(that: str, **keys: str) -> str:
    more = "".join(f"{key} = {text}\n" for key, text in keys.items())
    match = "" if "match" in keys else "match = { kinds = ['Deployment'] }\n"
    return f"[[assert]]\nname = 'one'\nthat = '''{that}'''\nmessage = 'm'\n{match}{more}"


@pytest.mark.parametrize(
    ("files", "configuration", "found"),
    [
        (HELM, one("object.spec.replicas >= 2"), ["apps/web/values.yaml:1 Deployment/web: m"]),
        (PATCHED, one("object.spec.replicas >= 2"), ["api/production/kustomization.yaml:8 Deployment/api: m"]),
        (APPLICATION, DEPLOYED + one("object.spec.replicas >= 2"), ["argocd/web.yaml:16 Deployment/web: m"]),
        (HELM, one("object.spec.strategy.type == 'RollingUpdate'"), ["charts/web/values.yaml:2 Deployment/web: m"]),
        (HELM, one("object.?spec.?strategy.?type.orValue('') == 'RollingUpdate'"), ["charts/web/values.yaml:2 Deployment/web: m"]),
        (PATCHED, one("object.spec.strategy.type == 'x'"), ["api/base/deployment.yaml:5 Deployment/api: m: spec.strategy is not there"]),
        (PATCHED, one("has(object.spec.strategy)"), ["api/base/deployment.yaml:5 Deployment/api: m"]),
        (
            PATCHED,
            one("object.spec.template.spec.containers.all(c, quantity(c.resources.limits.memory).isLessThan(quantity('1Gi')))"),
            ["api/production/memory.yaml:12 Deployment/api: m"],
        ),
        (
            PATCHED,
            one("container.resources.requests.memory != ''", each='"containers"'),
            ["api/base/deployment.yaml:14 Deployment/api (container app): m: container.resources.requests is not there"],
        ),
        (
            PATCHED,
            one("workload.pod.containers.all(c, c.image.contains('@'))", each='"workloads"'),
            ["api/base/deployment.yaml:13 Deployment/api: m"],
        ),
        (HELM, one("image.digest != ''", each='"images"'), ["charts/web/values.yaml:7 Deployment/web (container app): m"]),
        (HELM, one("image.repository.endsWith('api')", each='"images"'), ["charts/web/values.yaml:6 Deployment/web (container app): m"]),
        (
            PATCHED,
            one("object.spec.template.spec.containers.filter(c, c.name == 'app').size() == 0"),
            ["api/production/memory.yaml:9 Deployment/api: m"],
        ),
        (
            HELM,
            one("container.env.filter(e, e.name == 'LOG').size() == 0", each='"containers"'),
            ["charts/web/templates/web.yaml:17 Deployment/web (container app): m"],
        ),
        (HELM, one("object.spec.replicas >= 2", at='"values.strategy"'), ["charts/web/values.yaml:2 Deployment/web: m"]),
        (HELM, one("false", at='"spec.replicas"'), ["apps/web/values.yaml:1 Deployment/web: m"]),
        (HELM, one("false", at='"values.nothing.at.all"'), ["apps/web/kustomization.yaml:5 Deployment/web: m"]),
        (
            PATCHED,
            one("container.name == 'x'", each='"containers"', at='"container.image"'),
            [f"api/base/deployment.yaml:13 {APP}: m"],
        ),
        (HELM, GRPC, [f"charts/web/templates/web.yaml:20 {SWITCHED}"]),
        (
            HELM,
            GRPC + 'at = "values.grpc.enabled"\n',
            [f"apps/web/values.yaml:3 {SWITCHED}"],
        ),
        (
            APPLICATION,
            DEPLOYED + GRPC + 'at = "values.grpc.enabled"\n',
            [f"argocd/web.yaml:18 {SWITCHED}"],
        ),
        (
            APPLICATION,
            DEPLOYED + one("application.destination.namespace == 'x'", match="{ applications = ['argocd/w*'], kinds = ['Deployment'] }"),
            ["argocd/web.yaml:13 Deployment/web: m"],
        ),
        (
            PATCHED,
            one("object.items.exists(o, o.kind == 'PodDisruptionBudget')", each='"targets"', match="{}"),
            ["api/production/kustomization.yaml:1 api/production: m"],
        ),
        (
            PATCHED,
            one("object.items.all(o, o.kind != 'Deployment' || o.spec.replicas >= 2)", each='"targets"', match="{}"),
            ["api/production/kustomization.yaml:8 api/production: m"],
        ),
    ],
)
def test_a_finding_is_at_the_authored_line(tmp_path: Path, files: dict[str, str], configuration: str, found: list[str]) -> None:
    names = "grpc-switch" if "grpc-switch" in configuration else "one"
    with report_of(written(tmp_path, files, configuration), names) as report:
        assert lines(report) == found
        assert unknown(report) == []


def test_an_empty_object_is_not_looked_for_as_a_text(tmp_path: Path) -> None:
    """A value "{}" has nothing to do with `resources: {}`."""
    files = {
        **HELM,
        "charts/web/templates/web.yaml": HELM["charts/web/templates/web.yaml"] + "          resources: {}\n",
        "apps/web/values.yaml": HELM["apps/web/values.yaml"] + 'overrides: "{}"\n',
    }
    text = one("has(container.resources.limits)", each='"containers"')
    with report_of(written(tmp_path, files, text), "one") as report:
        assert lines(report) == ["charts/web/templates/web.yaml:21 Deployment/web (container app): m"]


def test_related_places_are_the_other_parts_of_the_condition(tmp_path: Path) -> None:
    with report_of(written(tmp_path, HELM, GRPC), "grpc-switch") as report:
        (found,) = report.active
        assert [(place.path, place.region.start_line) for place in found.related] == [("apps/web/values.yaml", 3)]


def test_without_tracing_the_nearest_place_is_shown(tmp_path: Path) -> None:
    with report_of(written(tmp_path, PATCHED, one("object.spec.replicas >= 2")), "one", trace=False) as report:
        assert [found.location.path for found in report.active] != []
