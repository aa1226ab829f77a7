"""Tracing that breaks at one target: that is its failure, its findings are told all the same, and the others are located as ever."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentslint.authorship.changeable import ChangeableScalars
from agentslint.engine.open_session import open_session
from agentslint.engine.pipeline import lint
from agentslint.engine.run_options import RunOptions
from agentslint.experiment.idle import Idle
from agentslint.model import Report
from agentslint.query.field_origins import origins
from agentslint.trace.steps import Steps
from agentslint.trace.taint import Taint

POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: main\n      image: nginx:v1\n"
ERRORS = (OSError(5, "Input/output error"), RecursionError("too deep"), KeyError("a"))
KUSTOMIZATION = "resources: [web.yaml]\nimages:\n- name: nginx\n  newTag: latest\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("bad", "good"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "kustomization.yaml").write_text(KUSTOMIZATION)
        (tmp_path / name / "web.yaml").write_text(POD)
    return tmp_path


def linted(tree: Path, *rules: str) -> Report:
    with open_session(RunOptions((str(tree),), root=str(tree), select=rules)) as (run, _):
        return lint(run)


def breaking(monkeypatch: pytest.MonkeyPatch, owner: type, name: str, of: Callable[..., Any], error: Exception) -> None:
    """Let a method raise for the target `bad`; `of` finds the target of a call."""
    whole = getattr(owner, name)

    def broken(self: Any, *args: Any, **kwargs: Any) -> Any:
        if of(self, *args).name == "bad":
            raise error
        return whole(self, *args, **kwargs)

    monkeypatch.setattr(owner, name, broken)


PARTS: dict[str, tuple[type, str, Callable[..., Any]]] = {
    "prove": (Taint, "trace", lambda taint, *_: taint.changing.rendered.target),
    "read": (ChangeableScalars, "_sources", lambda scalars, *_: scalars.target),
    "steps": (Steps, "to", lambda steps, *_: steps._rendered.target),
}


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("part", PARTS)
def test_the_others_are_located(tree: Path, monkeypatch: pytest.MonkeyPatch, part: str, error: Exception) -> None:
    breaking(monkeypatch, *PARTS[part], error)

    report = linted(tree, "require-digest", "mutable-tag")

    assert [(failure.target, failure.message.partition(":")[0]) for failure in report.failures] == [
        ("bad", "bad/kustomization.yaml cannot be traced")
    ]
    assert not any("Traceback" in failure.details for failure in report.failures)
    places = {(result.location.path, result.location.region.start_line) for result in report.results}
    assert ("good/kustomization.yaml", 4) in places
    assert any(path.startswith("bad/") for path, _ in places)


def test_what_decides_nothing_is_found_elsewhere(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, Idle, "among", lambda idle, *_: idle.rendered.target, ValueError("no"))

    report = linted(tree, "inert-override")

    assert [failure.target for failure in report.failures] == ["bad"]
    assert "cannot be traced: ValueError: no" in report.failures[0].message


def test_a_question_names_it_too(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, *PARTS["prove"], OSError(5, "Input/output error"))

    with open_session(RunOptions((str(tree),), root=str(tree))) as (run, _):
        found, failures = origins(run, None, None)

    assert {traced.target for traced in found} == {"bad", "good"}
    assert [failure.target for failure in failures] == ["bad"]
