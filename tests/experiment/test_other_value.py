"""A target with another value of a chart, wherever the value is written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from agentslint.engine.checker import Checker
from agentslint.engine.open_session import open_session
from agentslint.engine.run_options import RunOptions
from agentslint.fleet.rendered_target import RenderedTarget
from tests.conftest import PROJECT

CASES = PROJECT / "rules/namespaced_reconciliation/fail"


@pytest.mark.parametrize(
    "name", ["values_of_a_helm_release", "values_of_an_application", "subchart_of_an_umbrella", "binding_beside_the_chart"]
)
def test_a_value_is_changed_in_the_file_and_the_document_that_say_it(tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(CASES / name, tmp_path / name))
    key = ("agents", "rbac", "clusterScoped") if "umbrella" in name else ("rbac", "clusterScoped")
    with open_session(RunOptions((str(folder),), select=("namespaced-reconciliation",), root=str(folder), offline=True)) as (session, _):
        read = [each.outcome for each in session.rendered(session.discovery.targets, Checker(session.rules, session.context).wants)]
        targets = [each for each in read if isinstance(each, RenderedTarget) and each.target.closure.charts]
        (found,) = [target.manifests_with(entry, key, True) for target in targets for entry in target.target.closure.charts]

    plain = {manifest.kind for manifest in targets[0].manifests}
    assert found is not None
    assert "RoleBinding" in plain
    assert {"ClusterRole", "ClusterRoleBinding"} <= {manifest.kind for manifest in found}
    assert "RoleBinding" not in {manifest.kind for manifest in found}


def test_a_target_that_does_not_render_so_is_unknown(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CASES / "binding_beside_the_chart", tmp_path / "case"))
    (folder / "charts/agents/values.schema.json").write_text(
        '{"properties": {"rbac": {"properties": {"clusterScoped": {"const": false}}}}}'
    )
    with open_session(RunOptions((str(folder),), select=("namespaced-reconciliation",), root=str(folder), offline=True)) as (session, _):
        (read,) = session.rendered(session.discovery.targets, Checker(session.rules, session.context).wants)
        assert isinstance(read.outcome, RenderedTarget)
        (entry,) = read.outcome.target.closure.charts
        assert read.outcome.manifests_with(entry, ("rbac", "clusterScoped"), True) is None
