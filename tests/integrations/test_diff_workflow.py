"""The sample workflow that comments on pull requests: shown as it is, and accepted by actionlint and zizmor."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from git_repository import git

SAMPLE = "docs/examples/github-diff.yml"
PINNED = re.compile(r"uses: ([\w./-]+)@(\S+)(?: # (\S+))?")


def test_the_page_shows_the_sample(project: Path) -> None:
    page = (project / "docs/promotion.md").read_text(encoding="utf-8")

    assert f"```yaml\n{(project / SAMPLE).read_text(encoding='utf-8')}```" in page


def test_it_pins_what_the_action_pins(project: Path) -> None:
    ours = PINNED.findall((project / SAMPLE).read_text(encoding="utf-8"))
    theirs = (project / "action.yml").read_text(encoding="utf-8") + (project / "docs/examples/github-workflow.yml").read_text(
        encoding="utf-8"
    )

    assert ours
    assert all(f"{action}@{commit} # {version}" in theirs for action, commit, version in ours)


def test_actionlint_accepts_it(actionlint: Path, project: Path, tmp_path: Path) -> None:
    (tmp_path / ".github/workflows").mkdir(parents=True)
    shutil.copy(project / SAMPLE, tmp_path / ".github/workflows/sample.yml")
    git(tmp_path, "init", "--quiet")

    done = subprocess.run([actionlint, "-no-color"], cwd=tmp_path, stdout=subprocess.PIPE, text=True)

    assert (done.returncode, done.stdout) == (0, "")


def test_zizmor_finds_nothing(zizmor: Path, project: Path) -> None:
    options = ["--offline", "--pedantic", "--strict-collection", "--no-config", "--collect", "all", "--color", "never"]

    done = subprocess.run([zizmor, *options, project / SAMPLE], stdout=subprocess.PIPE, text=True)

    assert done.returncode == 0, done.stdout


def test_the_comment_is_found_by_the_mark_that_is_written(project: Path) -> None:
    from agentslint.diff.markdown_diff import MARK

    assert f'startswith("{MARK}")' in (project / SAMPLE).read_text(encoding="utf-8")
