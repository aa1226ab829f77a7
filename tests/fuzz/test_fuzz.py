"""The fuzz sees a fault when there is one, draws the same cases from the same seed, and makes them small."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.fuzz import child, share
from tests.fuzz.case import SECRET, Case
from tests.fuzz.judge import Fault, faults
from tests.fuzz.share import Share

POD = b"apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx}]}\n"
PLAIN = Case((("app/kustomization.yaml", b"resources: [web.yaml]\n"), ("app/web.yaml", POD)), ("lint", "app"))


def test_an_ordinary_case_has_no_fault() -> None:
    assert faults(PLAIN) == ()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("print('Traceback (most recent call last):')", "Traceback"),
        ("raise SystemExit(7)", "undocumented exit 7"),
        (f"print({SECRET!r})", "secret"),
        ("open('app/new', 'w').close()", "changed file"),
        ("import tempfile; tempfile.mkdtemp()", "temporary folder left"),
        ("import time; time.sleep(9)", "hang"),
    ],
)
def test_a_fault_is_seen(code: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_main", lambda: lambda: exec(f"{code}\nraise SystemExit(1)"))
    monkeypatch.setattr(child, "LIMIT", 1.0)

    assert [fault.kind[: len(kind)] for fault in faults(PLAIN)] == [kind]


def test_other_bytes_than_those_of_bare_kustomize_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    from agentslint.model import Rendering
    from agentslint.render.kustomize import KustomizeRenderer

    monkeypatch.setattr(KustomizeRenderer, "render", lambda self, target, options: Rendering(target, POD))

    assert [fault.kind for fault in faults(PLAIN)] == ["renders other bytes than bare kustomize"]


def test_a_target_that_is_passed_over_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_main", lambda: lambda: None)

    assert [fault.kind for fault in faults(PLAIN)] == ["green though app was not rendered"]


def test_the_same_seed_draws_the_same_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[list[Case]] = []

    def harmless(case: Case) -> tuple[Fault, ...]:
        drawn[-1].append(case)
        return ()

    monkeypatch.setattr(share, "faults", harmless)
    for _ in range(2):
        drawn.append([])
        assert Share(0, 5, 20, time.monotonic() + 60).run().tried == 20

    assert drawn[0] == drawn[1]


def test_an_example_is_made_small(monkeypatch: pytest.MonkeyPatch) -> None:
    def built(case: Case) -> tuple[Fault, ...]:
        return (Fault("a kustomization"),) if any(path.endswith("kustomization.yaml") for path, _ in case.files) else ()

    monkeypatch.setattr(share, "faults", built)
    monkeypatch.setattr(share, "SHRINKING", 2.0)

    outcome = Share(0, 5, 50, time.monotonic() + 60).run()

    _, case = outcome.examples["a kustomization"]
    assert outcome.failed == outcome.counts["a kustomization"] > 0
    assert ".agentslint.toml" not in dict(case.files)


def test_a_history_is_laid_out(tmp_path: Path) -> None:
    before = (("app/web.yaml", POD.replace(b"nginx", b"httpd")),)
    Case(PLAIN.files, PLAIN.line, (("a", "app"),), before).lay_out(tmp_path / "repo")

    assert (tmp_path / "repo/a").readlink() == Path("app")
    assert (tmp_path / "repo/app/web.yaml").read_bytes() == POD
