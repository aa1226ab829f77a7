"""ApplicationSets are expanded as Argo CD's own code expands them: the cases beside this file were run through it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from agentslint.deploy.sets import Cluster, Expansion, Helm, Surroundings, expand, filling
from agentslint.yamlread import compose, value

CASES = Path(__file__).with_name("argocd") / "sets"
OURS = "https://git.example.com/acme/gitops.git"
TEMPLATES = "template"
"""The cases that are a single template each: they go through helm together."""
OTHERWISE = {"slugify", "slugify-args", "from-json-bad"}
"""Templates that helm would fill in otherwise."""
NOT_JUDGED = {
    "git-other-repository": "elsewhere",
    "git-files-magic": "colon",
    "clusters-none": "no clusters",
    "others-not-judged-plugin": "service",
}
"""Sets that are not expanded as Argo CD does it, and a word of what is said instead."""
ONLY_HERE = {
    "others-duplicate-names": "two elements make the Application a",
    "matrix-same-key": "two elements make the Application a-first",
    "examples-design-doc-clusters": "two elements make the Application {{.name}}-guestbook",
    "list-list-plain-empty-text": "has no name",
    "others-type-error": "must be text; it is a number; put it in quotes",
}
"""Errors that come later than in the code of the cases: in the API server, or when the Applications are checked."""


@cache
def group(name: str) -> dict[str, Any]:
    text = (CASES / f"{name}.yaml").read_bytes()
    cases: dict[str, Any] = value(compose(text)[0])
    return {**cases, "expected": json.loads((CASES / f"{name}.expected.json").read_bytes())}


def every_case() -> Iterator[Any]:
    for path in sorted(CASES.glob("*.yaml")):
        if path.stem == TEMPLATES:
            continue
        for name in group(path.stem)["cases"]:
            yield pytest.param(path.stem, name, id=f"{path.stem}-{name.removeprefix(path.stem + '-')}")


def set_of(case: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = value(compose(case["set"], duplicate_keys=True)[0])
    return body


def surroundings(tmp_path: Path, cases: dict[str, Any], case: dict[str, Any], helm: Path | None) -> Surroundings:
    tree = cases.get("trees", {}).get(case.get("tree"), {})
    for path, text in tree.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    clusters = [Cluster(**each) for each in cases.get("clusters", {}).get(case.get("clusters"), [])]
    return Surroundings(
        root=tmp_path,
        paths=sorted(tree),
        is_ours=lambda url, _revision: "" if url == OURS else f"{url} is elsewhere",
        clusters=clusters,
        helm=Helm(helm) if helm else None,
    )


def pruned(value: Any) -> Any:
    """Without what Go leaves out of JSON: fields that are empty."""
    if isinstance(value, dict):
        kept = {key: pruned(each) for key, each in value.items() if key not in ("apiVersion", "kind")}
        return {key: each for key, each in kept.items() if each not in (None, "", {}, [], False)}
    return [pruned(each) for each in value] if isinstance(value, list) else value


def by_name(applications: list[dict[str, Any]]) -> list[Any]:
    return sorted((pruned(each) for each in applications), key=lambda each: json.dumps(each, sort_keys=True))


def said(found: Expansion) -> str:
    return "\n".join([each.message for each in found.faults] + [f"{each.subject}: {each.reason}" for each in found.not_judged])


@pytest.mark.sample(150)
@pytest.mark.parametrize(("name", "case"), list(every_case()))
def test_it_expands_as_argo_cd_does(name: str, case: str, tmp_path: Path, helm: Path) -> None:
    cases = group(name)
    expected = cases["expected"][case]
    known = cases["cases"][case]
    found = expand(set_of(known), surroundings(tmp_path, cases, known, helm))
    label = f"{name}-{case.removeprefix(name + '-')}"
    if word := NOT_JUDGED.get(label) or NOT_JUDGED.get(case):
        assert word in said(found), said(found)
        assert found.not_judged
        return
    if found.not_judged:
        assert name == "examples", said(found)
        return
    if "names no project" in said(found):
        # The case's git generators fail, since they look for the project; the others do not look.
        assert name == "examples"
        return
    assert by_name(found.applications) == by_name(expected["applications"] or []), said(found)
    if extra := ONLY_HERE.get(f"{name}-{case}") or ONLY_HERE.get(label.replace("example-", "")) or ONLY_HERE.get(case):
        assert extra in said(found)
    else:
        assert bool(found.faults) == bool(expected.get("error")), f"{said(found)}\nArgo CD: {expected.get('error')}"


UNKNOWN = "[nonsense]"
OPTIONS = sorted({case["options"] for case in group(TEMPLATES)["cases"].values()} - {UNKNOWN})


@pytest.mark.parametrize("options", OPTIONS)
def test_templates_are_filled_in_as_argo_cd_does(options: str, tmp_path: Path, helm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A generator for each template, which has its own element: helm may fail for each of them once."""
    monkeypatch.setattr(filling, "TRIES", 300)
    cases = group(TEMPLATES)
    mine = {name: case for name, case in cases["cases"].items() if case["options"] == options}
    body = set_of({"set": cases["frame"].replace("TEMPLATE", "x").replace("OPTIONS", options)})
    element = body["spec"]["generators"][0]["list"]["elements"][0]
    sources = [{"spec": {"source": {"path": case["template"]}}} for case in mine.values()]
    body["spec"]["generators"] = [{"list": {"elements": [element], "template": source}} for source in sources]
    body["spec"]["template"]["metadata"]["name"] = "web"
    found = expand(body, Surroundings(tmp_path, helm=Helm(helm)))
    paths = {each.generator[-1]: each.application["spec"]["source"]["path"] for each in found.elements if each.application}
    wrong = {each.place.pointer[2] for each in found.faults if "two elements" not in each.message}
    other = {each.place.pointer[2] for each in found.not_judged}
    said = {name: "otherwise" if at in other else "error" if at in wrong else paths.get(at) for at, name in enumerate(mine)}
    expected = {name: cases["expected"][name] for name in mine}
    assert said == {
        name: "otherwise"
        if name in OTHERWISE
        else "error"
        if "error" in each
        else each["applications"][0]["spec"]["source"].get("path", "")
        for name, each in expected.items()
    }


def test_an_option_that_go_does_not_know_stops_the_set(tmp_path: Path) -> None:
    cases = group(TEMPLATES)
    assert "unrecognized option" in cases["expected"]["option-unknown"]["error"]
    body = set_of({"set": cases["frame"].replace("TEMPLATE", "x").replace("OPTIONS", UNKNOWN)})
    found = expand(body, Surroundings(tmp_path))
    assert [(each.message, each.place.pointer) for each in found.faults] == [
        ("Go knows no template option nonsense", ("spec", "goTemplateOptions"))
    ]
