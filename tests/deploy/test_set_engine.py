"""The engine of Go templates is helm: what goes wrong with it is said, and is never taken for an error of the set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agentslint.confine import SWITCH
from agentslint.deploy.sets import Expansion, Helm, Surroundings, expand
from agentslint.deploy.sets import filling as filling_module
from agentslint.render.options import Limits

NEEDS_IT = "{{ upper .name }}"


def made(helm: Helm | None, root: Path, path: str = NEEDS_IT, **element: Any) -> Expansion:
    template = {"metadata": {"name": "{{ .name }}"}, "spec": {"project": "p", "source": {"repoURL": "x", "path": path}}}
    generators = [{"list": {"elements": [{"name": "a", **element}]}}]
    body = {"spec": {"goTemplate": True, "goTemplateOptions": ["missingkey=error"], "generators": generators, "template": template}}
    return expand(body, Surroundings(root, helm=helm))


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Write a script that stands for helm."""
    monkeypatch.setenv(SWITCH, "off")

    def write(script: str) -> Helm:
        program = tmp_path / "helm"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        return Helm(program, limits=Limits(timeout=1.0))

    return write


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo nonsense", "helm printed something else than was asked for"),
        ("echo 'Error: no line' >&2; exit 1", "no line"),
        ("""echo 'Error: filled.yaml:8:1: function "upper" not defined' >&2; exit 1""", "this helm has no function upper"),
        ("sleep 30", "helm took longer than 1 s"),
        ("kill -9 $$", "helm was ended by a signal"),
    ],
)
def test_what_helm_cannot_do_is_not_judged(script: str, reason: str, stand_in: Any, tmp_path: Path) -> None:
    found = made(stand_in(script), tmp_path)
    assert not found.faults
    assert not found.applications
    assert found.not_judged[0].subject == NEEDS_IT
    assert reason in found.not_judged[0].reason


def test_a_helm_that_is_gone_is_not_judged(tmp_path: Path) -> None:
    found = made(Helm(tmp_path / "none"), tmp_path)
    assert "helm cannot be run" in found.not_judged[0].reason


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_json_does_not_have_is_not_judged(value: float, tmp_path: Path, helm: Path) -> None:
    assert "JSON" in made(Helm(helm), tmp_path, number=value).not_judged[0].reason


def test_a_broken_template_takes_one_call_for_all_elements(tmp_path: Path, helm: Path) -> None:
    found = made(Helm(helm), tmp_path, path="{{ upper .name ) }}")
    assert not found.not_judged
    assert len(found.faults) == 1


def test_fields_of_fields_are_bounded(tmp_path: Path, helm: Path) -> None:
    path = "{{ " + "(index " * 12 + ".deep" + ' "x").x' * 12 + " }}"
    found = made(Helm(helm), tmp_path, path=path, deep={})
    assert "nested too deeply" in found.not_judged[0].reason


def test_our_own_names_cannot_be_reached(tmp_path: Path, helm: Path) -> None:
    for path in ('{{ template "filled/templates/filled.yaml" . }}', "{{ .Files }}", "{{ $.Values }}", "{{ upper .Release.Name }}"):
        found = made(Helm(helm), tmp_path, path=path)
        assert found.faults, path
        assert not found.applications


def test_an_experiment_asks_for_the_changed_element_alone(tmp_path: Path, helm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    real = filling_module.fill

    def counted(*given: Any) -> Any:
        asked.append(len(given[2]))
        return real(*given)

    monkeypatch.setattr(filling_module, "fill", counted)
    program = Helm(helm)
    for mark in ("a", "a", "b"):
        assert made(program, tmp_path, image=mark).applications
    assert asked == [1, 1]


def test_nothing_is_left_in_the_tree(tmp_path: Path, helm: Path) -> None:
    assert made(Helm(helm), tmp_path).applications
    assert list(tmp_path.iterdir()) == []
