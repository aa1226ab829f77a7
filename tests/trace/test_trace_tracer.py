"""What a run pays for its places, and what becomes of one place in several targets."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from oracle_asking import asking

from agentslint.engine.open_session import open_session
from agentslint.engine.pipeline import lint
from agentslint.engine.run_options import RunOptions
from agentslint.engine.session import Session
from agentslint.experiment.renders import Budget
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.model import Certainty, Field, Report
from agentslint.trace import place_of

TRAPS = Path(__file__).parent / "traps"
PINNED = "ghcr.io/acme/web@sha256:" + "1f" * 32


def linted(root: Path, **changes: bool) -> Report:
    with open_session(RunOptions(paths=(str(root),), select=("require-digest",), root=str(root))) as (run, _):
        return lint(replace(run, **changes))


@pytest.fixture
def component(tmp_path: Path) -> Path:
    shutil.copytree(TRAPS / "component_of_two_overlays", tmp_path / "shop")
    return tmp_path / "shop"


def test_what_several_overlays_inherit_is_one_result_that_names_them(component: Path) -> None:
    (result,) = linted(component).active

    assert result.location.path == "component/proxy.yaml"
    assert result.targets == ("overlays/production", "overlays/staging")


def test_another_overlay_does_not_change_the_fingerprint(component: Path) -> None:
    (before,) = linted(component).active
    shutil.copytree(component / "overlays/staging", component / "overlays/another")
    moved = component / "component/proxy.yaml"
    moved.write_text("# a comment that moves the line\n" + moved.read_text())

    (after,) = linted(component).active

    assert len(after.targets) == 3
    assert after.fingerprint == before.fingerprint
    assert after.location.region.start_line == before.location.region.start_line + 1


def test_a_run_without_findings_renders_nothing_again(tmp_path: Path) -> None:
    root = tmp_path / "app"
    root.mkdir()
    (root / "kustomization.yaml").write_text("resources: [pod.yaml]\n")
    pod = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  containers: [{{name: web, image: {PINNED}}}]\n"
    (root / "pod.yaml").write_text(pod)

    assert linted(root).renders == 1
    (root / "pod.yaml").write_text(pod.replace(PINNED, "ghcr.io/acme/web:v1"))
    assert linted(root).renders == 2


def test_without_tracing_nothing_is_rendered_again_and_nothing_called_exact(component: Path) -> None:
    report = linted(component, trace=False)

    assert report.renders == 2
    assert {result.provenance.certainty for result in report.active} == {Certainty.MATCHED}


@pytest.fixture
def run() -> Iterator[Session]:
    trap = TRAPS / "two_values_that_are_compared"
    with open_session(RunOptions(paths=(str(trap),), select=("require-digest",), root=str(trap))) as (run, _):
        yield run


def test_a_target_costs_no_more_renders_than_its_budget(run: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agentslint.trace.tracer.BUDGET", 3)
    assert lint(run).renders == 1 + 3


def test_a_chart_that_takes_no_other_value_costs_no_more_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "app"
    shutil.copytree(TRAPS / "fail_unless_it_is_this_one", root)
    template = root / "charts/web/templates/web.yaml"
    values = [f"image{number}" for number in range(40)]
    guard = "".join(f'{{{{- if ne .Values.{name} "ghcr.io/acme/{name}:v1" }}}}{{{{ fail "no" }}}}{{{{ end }}}}\n' for name in values)
    containers = "".join(f"        - name: {name}\n          image: {{{{ .Values.{name} }}}}\n" for name in values)
    template.write_text(guard + template.read_text().partition("{{- end }}\n")[2] + containers)
    more = "".join(f"{name}: ghcr.io/acme/{name}:v1\n" for name in values)
    (root / "values.yaml").write_text((root / "values.yaml").read_text() + more)

    report = linted(root)

    assert report.renders == 1 + 16
    assert len(report.active) == 41
    assert Certainty.EXACT not in {result.provenance.certainty for result in report.active if "/image" in result.finding.message}


def test_when_time_is_over_nothing_is_rendered_any_more(run: Session) -> None:
    with asking(TRAPS / "same_text_in_five_places", ".") as about:
        budget = Budget(seconds=0)
        (target,) = about.targets
        target.renders.budget = budget
        fields = image_fields(target)

        target.tracer.prove(fields)

        assert (target.renders.count, budget.cut_short) == (0, True)
        assert {place_of(place, {".": target.tracer}).certainty for place in fields} != {Certainty.EXACT}


def test_the_same_question_costs_nothing_the_second_time() -> None:
    with asking(TRAPS / "same_text_in_five_places", ".") as about:
        fields = image_fields(about.targets[0])

        for _ in range(2):
            about.targets[0].tracer.prove(fields)
            assert about.targets[0].renders.count == 1


def test_one_scalar_of_two_with_the_same_text_is_named_and_the_other_for_nothing(lab: Path) -> None:
    """The `agents` application: `image.digest` and `controllers.image.digest` hold the same text; only the second feeds a field."""
    with asking(lab, "argocd/applications/agents") as about:
        (target,) = about.targets
        fields = [*image_fields(target), *(claim.field for claim in target.claims)]
        target.tracer.prove(fields)

        deciding = {segment.scalar.key_path for place in fields for segment in target.tracer.segments(place)}

        values = {scalar.key_path: scalar for scalar in target.authored if scalar.path.endswith("agents/values.yaml")}
        alike = ("image", "digest"), ("controllers", "image", "digest")
        assert len({values[path].text for path in alike}) == 1
        assert [path in deciding for path in alike] == [False, True]
        assert target.renders.count == 1


def image_fields(target: RenderedTarget) -> list[Field]:
    return [use.field for use in target.image_uses]
