"""`[[ignore]]` entries that have expired or match nothing, in runs that look at a part of the repository."""

from __future__ import annotations

import pytest

from tests.suppress.command_in_process import Run, Tree
from tests.suppress.sample_apps import DIGEST, deployment, kustomization

RULES = ("--select", "require-digest,stale-ignore", "-f", "json")
ENDED = 'until = "2020-01-31"\n'
SPEAKS_OF_B = {
    "its target": 'target = "b"\n',
    "its target, as a glob": 'target = "b*"\n',
    "its resource": 'resource = "Deployment/b"\n',
    "its container": 'container = "b"\n',
    "its image": 'image = "docker.io/library/redis*"\n',
}


@pytest.fixture
def two(tree: Tree) -> Tree:
    """Two applications: `a` is pinned, `b` is not."""
    for name, image in (("a", f"nginx@{DIGEST}"), ("b", "docker.io/library/redis:7")):
        tree.write({f"{name}/kustomization.yaml": kustomization("web.yaml"), f"{name}/web.yaml": deployment(name, image)})
    return tree


def entry(words: str, rule: str = "require-digest") -> str:
    return f'[[ignore]]\nrule = "{rule}"\nreason = "until the mirror is up"\n{words}'


def rules(run: Run, tree: Tree, *paths: str) -> list[tuple[str, str, int]]:
    return run("lint", *paths, *RULES, cwd=tree.root).places()


@pytest.mark.sample(4)
@pytest.mark.parametrize("words", SPEAKS_OF_B.values(), ids=SPEAKS_OF_B)
@pytest.mark.parametrize("rule", ["require-digest", "require-*"])
def test_an_expired_entry_is_named_where_it_would_have_matched(run: Run, two: Tree, words: str, rule: str) -> None:
    two.write({".agentslint.toml": entry(words + ENDED, rule)})
    expected = [("stale-ignore", ".agentslint.toml", 1), ("require-digest", "b/web.yaml", 10)]
    assert rules(run, two, "a") == []
    assert rules(run, two, "a/web.yaml") == []
    assert rules(run, two, "b") == expected
    assert rules(run, two, ".") == expected


@pytest.mark.parametrize("words", SPEAKS_OF_B.values(), ids=SPEAKS_OF_B)
def test_an_expired_entry_that_nothing_needs_is_named_by_a_run_of_all(run: Run, two: Tree, words: str) -> None:
    two.write({".agentslint.toml": entry(words + ENDED), "b/web.yaml": deployment("b", f"nginx@{DIGEST}")})
    assert rules(run, two, "a") == []
    assert rules(run, two, ".") == [("stale-ignore", ".agentslint.toml", 1)]


@pytest.mark.parametrize("words", SPEAKS_OF_B.values(), ids=SPEAKS_OF_B)
def test_an_unused_entry_is_named_by_a_run_of_all(run: Run, two: Tree, words: str) -> None:
    two.write({".agentslint.toml": entry(words), "b/web.yaml": deployment("b", f"nginx@{DIGEST}")})
    assert rules(run, two, "a") == []
    assert rules(run, two, ".") == [("stale-ignore", ".agentslint.toml", 1)]


def test_an_expired_comment_is_named_where_its_file_is_read(run: Run, two: Tree) -> None:
    two.write({"b/web.yaml": deployment("b", "redis:7", "# agentslint: ignore[require-digest] ignore-until[2020-01-31] why")})
    assert rules(run, two, "a") == []
    assert rules(run, two, "b") == [("require-digest", "b/web.yaml", 10), ("stale-ignore", "b/web.yaml", 10)]
