"""Every `exact` is right, and nearly every field is exact: judged by changing what the trace names, with a bare kustomize."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from oracle import Answer, Judge, Name, Verdict, denominator
from oracle_asking import Asking, asking
from oracle_clone import Clone, Place, written_scalars

from agentslint.fleet.rendered_target import RenderedTarget

EXAMPLES = Path(__file__).parents[2] / "examples"
TRAPS = sorted(path for path in (Path(__file__).parent / "traps").iterdir() if path.is_dir() and path.name != "names_drawn_anew")
"""All but the one whose resources have other names in every render: nobody could tell which is which."""
NOTHING: Mapping[str, str] = MappingProxyType({})

NOT_PROVEN = {
    "chart_that_insists_on_its_images": "ghcr.io/acme/web:v1.4.2",
    "fail_unless_it_is_this_one": "ghcr.io/acme/web:v1.4.2",
    "schema_with_pattern_and_enum": "ghcr.io/acme/exporter:only",
    "tag_is_a_checksum": "ghcr.io/acme/web:3b324ef7e09c",
    "two_values_that_are_compared": "ghcr.io/acme/proxy:v1.4.2",
}
"""Of the traps what cannot be proven by changing anything: a chart takes no other value, or nothing of it is in the field."""


def judge(clones: Sequence[Clone], about: Asking, target: RenderedTarget, words: Mapping[str, str] = NOTHING) -> Judge:
    """Ask the trace about every field of a target."""
    folder = str(Path(target.target.file).parent)
    plain = clones[0].rendered(folder)
    assert plain is not None, f"{folder} does not render in the clone"
    root = clones[0].root
    paths = [path.relative_to(root).as_posix() for path in sorted(root.rglob("*")) if path.is_file() and "schema" not in path.name]
    written = written_scalars(root, [path for path in paths if target.target.closure.reads(path)])
    return Judge(clones, folder, plain, about.answers(target, denominator(plain)), written, words)


def verdicts(
    repository: Path, into: Path, kustomize: Path, helm: Path, *paths: str, words: Mapping[str, str] = NOTHING, every: bool = False
) -> list[Verdict]:
    return [judge.verdict() for judge in judges(repository, into, kustomize, helm, *paths, words=words, every=every)]


def judges(
    repository: Path, into: Path, kustomize: Path, helm: Path, *paths: str, words: Mapping[str, str] = NOTHING, every: bool = False
) -> list[Judge]:
    clones = Clone.several(2, repository, into, kustomize, helm)
    with asking(repository.resolve(), *paths, every=every) as about:
        return [judge(clones, about, target, words) for target in about.targets]


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory, kustomize: Path, helm: Path) -> list[Judge]:
    """The answers about the examples."""
    return judges(EXAMPLES, tmp_path_factory.mktemp("examples"), kustomize, helm, "argocd/applications")


def test_every_target_of_the_examples(examples: list[Judge]) -> None:
    found = [judge.verdict() for judge in examples]

    assert [problem for verdict in found for problem in verdict.wrong] == []
    names = {Path(verdict.target).name for verdict in found}
    assert names == {"agents", "basket", "checkout", "frontend", "reports", "storefront"}
    assert sum(verdict.exact for verdict in found) >= 0.99 * sum(verdict.fields for verdict in found), [v.unproven for v in found]
    assert sum(verdict.changes for verdict in found) > 10


def test_every_target_of_the_lab(lab: Path, tmp_path: Path, kustomize: Path, helm: Path) -> None:
    found = verdicts(lab, tmp_path, kustomize, helm, "argocd", every=True)

    assert [problem for verdict in found for problem in verdict.wrong] == []
    assert sum(verdict.exact for verdict in found) >= 0.99 * sum(verdict.fields for verdict in found), [v.unproven for v in found]
    assert len(found) == 17
    agents = next(verdict for verdict in found if verdict.target == "argocd/applications/agents")
    assert agents.fields > 20
    assert agents.decoys > 40


@pytest.mark.sample(8)
@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_every_trap(trap: Path, tmp_path: Path, kustomize: Path, helm: Path) -> None:
    found = verdicts(trap, tmp_path, kustomize, helm, ".", words={"stable": "edge"})

    assert [problem for verdict in found for problem in verdict.wrong] == []
    unproven = [field.rpartition(" ")[2] for verdict in found for field in verdict.unproven]
    assert unproven == [NOT_PROVEN[name] for name in (trap.name,) if name in NOT_PROVEN]


@pytest.fixture
def agents(examples: list[Judge]) -> Judge:
    """The answers about one target, to be falsified."""
    return next(judge for judge in examples if judge.folder.endswith("/agents"))


def field(judge: Judge, text: str) -> Name:
    return next(name for name, whole in denominator(judge.plain).items() if whole.startswith(text) and name.pointer[-1] == "image")


def falsified(judge: Judge, name: Name, places: tuple[Place, ...]) -> list[str]:
    return replace(judge, answers={**judge.answers, name: Answer(True, places)}).verdict().wrong


def test_the_oracle_sees_two_answers_that_are_exchanged(agents: Judge) -> None:
    ours, theirs = field(agents, "ghcr.io/acme/agents-control-plane"), field(agents, "ghcr.io/acme/agents-controllers")

    wrong = falsified(agents, ours, agents.answers[theirs].places)

    assert any(f"is said to decide {ours}, which stays" in problem for problem in wrong)
    assert any(f"also changes {ours}, which is said to come from elsewhere" in problem for problem in wrong)


def test_the_oracle_sees_a_scalar_that_is_left_out(agents: Judge) -> None:
    name = field(agents, "registry.example.com/mirror/curl")

    wrong = falsified(agents, name, agents.answers[name].places[:-1])

    assert any(f"is said to decide nothing, and changes {name}" in problem for problem in wrong)


def test_the_oracle_sees_a_place_beside_the_right_one(agents: Judge) -> None:
    name = field(agents, "ghcr.io/acme/agents-control-plane")
    tag = agents.answers[name].places[1]

    wrong = falsified(agents, name, (*agents.answers[name].places, Place(tag.path, 5, tag.start, tag.end)))

    assert any(f"is said to decide {name}, which stays" in problem for problem in wrong)
