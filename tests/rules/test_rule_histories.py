"""Cases of rules about a change: a folder for each commit, judged as a work tree against the commit before."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from agentslint import testing
from agentslint.testing.histories import commit_all, commits, lay_out, today

POD = "apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  containers:\n    - name: web\n      {mark}image: a/web:{tag}\n"
RULE = '''\
from agentslint.rule import Rule


class NewImage(Rule):
    """Images that are not what ran before."""

    def check_change(self, change):
        for target in change.targets:
            for image in target.images:
                if image.differs and image.head:
                    yield self.finding(image.head.tag_field, f"was {image.base and image.base.text}")
'''


def history(folder: Path, *tags: str, mark: str = "") -> testing.Case:
    for number, tag in enumerate(tags, 1):
        commit = folder / f"{number}-{tag}"
        commit.mkdir(parents=True)
        said = mark if number == len(tags) else ""
        (commit / "web.yaml").write_text(POD.format(tag=tag, mark=said))
        (commit / ".agentslint.toml").write_text('plugins = ["rule.py"]\nselect = ["new-image"]\n')
        (commit / "rule.py").write_text(RULE)
    return testing.Case("new-image", folder, fails=bool(mark))


MARK = '# expect: new-image "was a/web:two"\n      '


def test_the_last_folder_is_judged_against_the_one_before(tmp_path: Path) -> None:
    assert testing.problems(history(tmp_path / "case", "one", "two", "three", mark=MARK)) == []


def test_a_history_in_which_nothing_changes_passes(tmp_path: Path) -> None:
    assert testing.problems(history(tmp_path / "case", "one", "one")) == []


@pytest.mark.parametrize("mark", ["", MARK.replace("two", "one")])
def test_what_is_not_marked_is_a_problem(tmp_path: Path, mark: str) -> None:
    assert testing.problems(history(tmp_path / "case", "one", "two", "three", mark=mark))


def test_a_file_that_is_gone_is_gone(tmp_path: Path) -> None:
    case = history(tmp_path / "case", "one", "two")
    (case.folder / "1-one" / "old.yaml").write_text("a: 1\n")
    assert lay_out(case.folder, tmp_path / "out") == "HEAD"
    status = subprocess.run(["git", "status", "--short"], cwd=tmp_path / "out", capture_output=True, text=True, check=True).stdout
    assert status.split() == ["D", "old.yaml", "M", "web.yaml"]


def test_the_tenth_commit_comes_after_the_ninth(tmp_path: Path) -> None:
    case = history(tmp_path / "case", *[f"t{number}" for number in range(11)])
    assert [path.name for path in commits(case.folder)][-2:] == ["10-t9", "11-t10"]
    assert today(case.folder).name == "11-t10"


def test_the_source_has_the_same_commits_wherever_it_is_made(tmp_path: Path) -> None:
    case = history(tmp_path / "case", "one", "two")
    for number in (1, 2):
        (case.folder / f"source/{number}-code").mkdir(parents=True)
        (case.folder / f"source/{number}-code/main.go").write_text(f"package main // {number}\n")
    lay_out(case.folder, tmp_path / "out" / "repo")
    listed = subprocess.run(
        ["git", "rev-list", "--reverse", "HEAD"], cwd=tmp_path / "out/source", capture_output=True, text=True, check=True
    )
    assert listed.stdout.split() == commit_all(case.folder / "source", tmp_path / "again")
    assert listed.stdout.split()[0] == "f4bbe1a9bbf88e11410c3ece1501d4010a916706"
